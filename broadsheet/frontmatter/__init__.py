"""Front matter: a source file's first lines, checked and typed (docs/front-matter.md)."""

from broadsheet.frontmatter.matters import author, home, page, region, story
from broadsheet.frontmatter.split import Parts, split

__all__ = ["Parts", "author", "home", "page", "region", "split", "story"]
