"""The one place where a parser is put together; its switches are the only difference between any two parsers."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import heading
from mdit_py_plugins.footnote.index import footnote_def

from broadsheet.markdown import prose
from broadsheet.markdown.boxes import box
from broadsheet.markdown.limits import MAX_LEVEL
from broadsheet.markdown.links import normalize
from broadsheet.markdown.notes import reference
from broadsheet.markdown.tables import table


@lru_cache(maxsize=8)
def parser(*, html_blocks: bool, extensions: bool) -> MarkdownIt:
    """A parser. Without `html_blocks` tags are seen one by one, and Markdown between them is still Markdown."""
    md = MarkdownIt("commonmark", {"maxNesting": MAX_LEVEL + 2, "store_labels": True})
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005  # links.py judges, and tells
    md.normalizeLink = normalize  # type: ignore[method-assign]  # the same, with a short cut
    md.core.ruler.at("inline", prose.inline)
    md.core.ruler.disable(["normalize", "text_join"])  # document.py has done the one, the writer needs no other
    md.inline.terminator_re = prose.SPECIAL
    md.block.ruler.before("code", "prose", prose.prose, {"alt": []})
    md.block.ruler.before("fence", "early_heading", heading, {"alt": []})  # no rule between the two knows a "#"
    if not html_blocks:
        md.disable("html_block")
    if extensions:
        md.enable(["table", "strikethrough"])
        md.block.ruler.at("table", table, {"alt": ["paragraph", "reference"]})
        md.block.ruler.before("fence", "box", box, {"alt": ["paragraph", "reference", "blockquote", "list"]})
        md.block.ruler.before("reference", "footnote", footnote_def, {"alt": ["paragraph", "reference"]})
        md.inline.ruler.before("link", "footnote", reference)
    return md
