"""Front matter: a source file's first lines, checked and typed (docs/front-matter.md)."""

from broadsheet.frontmatter.matters import KINDS, author, home, page, region, story
from broadsheet.frontmatter.split import Parts, split

__all__ = ["KINDS", "Parts", "author", "home", "page", "region", "split", "story"]
