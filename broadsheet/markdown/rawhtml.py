"""Raw HTML in a source: shown as text, cleaned, or trusted (the site's choice)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import escape

import nh3

from broadsheet.frozen import FrozenMap
from broadsheet.markdown import limits
from broadsheet.markdown.draft import Draft
from broadsheet.markdown.entities import unescape
from broadsheet.markdown.links import SCHEMES, address, normalize
from broadsheet.markdown.nesting import repaired
from broadsheet.model import Block, FactBox, LinkRef, PullQuote
from broadsheet.patterns import pattern

_INLINE = (
    "a abbr b bdi bdo br cite code data del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup"
    " time u var wbr"
)
_BLOCK = (
    "blockquote caption col colgroup dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre"
    " section summary table tbody td tfoot th thead tr ul"
)
TAGS = frozenset(_INLINE.split()) | frozenset(_BLOCK.split())
ATTRIBUTES = FrozenMap(
    {
        "*": frozenset({"lang", "dir", "title", "id", "class", "role", "aria-label", "tabindex"}),
        "a": frozenset({"href"}),
        "bdo": frozenset({"dir"}),
        "blockquote": frozenset({"cite"}),
        "col": frozenset({"span"}),
        "colgroup": frozenset({"span"}),
        "data": frozenset({"value"}),
        "del": frozenset({"datetime"}),
        "details": frozenset({"open"}),
        "ins": frozenset({"datetime"}),
        "ol": frozenset({"start", "reversed", "type"}),
        "q": frozenset({"cite"}),
        "td": frozenset({"colspan", "rowspan", "headers"}),
        "th": frozenset({"colspan", "rowspan", "headers", "scope"}),
        "time": frozenset({"datetime"}),
    }
)
_OURS = frozenset({"table", "table-scroll", "left", "center", "right", "footnotes", "footnote-ref", "footnote-back"})
_OUR_ROLES = frozenset({"region", "doc-noteref", "doc-backlink", "doc-endnotes"})
_GONE = frozenset({"script", "style"})  # with their content

# Taken off without loss: what stands between them stays.
_BARE_TAGS = (
    "address article aside basefont big body center font footer head header html main nav nobr section strike tt"
)
_BARE = frozenset(_BARE_TAGS.split())

_FORMATTING = ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
MAX_LEFT_OPEN = 20
# What stands within none of its own kind, or holds nothing.
_VOID = "area base br col embed hr img input link meta param source wbr"
_ROWS_AND_ITEMS = "dd dt li p rp rt tbody td tfoot th thead tr"
_FLAT = frozenset(_VOID.split()) | frozenset(_ROWS_AND_ITEMS.split())

_UNSEEN = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))
_SWALLOWING = pattern(
    r"<(/?)(script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext|template|select)\b[^>]*>",
    re.IGNORECASE,
)
_MARKUP = pattern(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1|$)|<[^>]*>", re.DOTALL | re.IGNORECASE)
_TAGS = pattern(
    r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1[^>]*>|$)|<[/!?a-z](?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_OPEN_CLOSE = pattern(r"<(/?)([a-zA-Z]+)")
_TAG = pattern(r"<([a-zA-Z][a-zA-Z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)")
_ATTRIBUTE = pattern(r"([a-zA-Z_:][\w:.-]*)\s*(?:=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_LINK = pattern(r'<a((?: [a-z-]+="[^"]*")*)>|</a>')
_HEADING = pattern(r"<(/?)h([1-6])(?=[\s>])")
_TABLE = pattern(r'(<div class="table-scroll"[^>]*>)?<(/?)table(?=[\s>])[^>]*>')
_MARKER = pattern("\0[^\0]*\0")
_HREF = pattern(r' href="([^"]*)"')


def guard_for(source: str) -> str:
    """A prefix for ids that stands nowhere in the source, so that what carries it is ours."""
    source, number = source + unescape(source), 0
    while f"mark{number}-" in source:
        number += 1
    return f"mark{number}-"


def visible_text(markup: str) -> str:
    """What a reader reads of some raw HTML, for counting and indexing."""
    return unescape(_MARKUP.sub(" ", markup))


def admit(markup: str) -> str:
    """A stretch of raw HTML that can be cleaned together with what follows it.

    Elements that would take all that follows for their own text lose their tags unless they are closed within the
    stretch; a comment that is never closed is shown as text.
    """
    for opening, closing in _UNSEEN:
        if markup.startswith(opening) and closing not in markup:
            return f"<p>{escape(markup)}</p>\n"
    folded = markup.lower()

    def judge(match: re.Match[str]) -> str:
        name = match[2].lower()
        closed = f"<{name}" in folded[: match.start()] if match[1] else f"</{name}" in folded[match.end() :]
        return match[0] if closed else ""

    return _SWALLOWING.sub(judge, markup)


def sanitize(draft: Draft, html: str, blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """The finished HTML, and that of blocks, with only harmless markup; stand-ins become markers again."""

    def clean(markup: str) -> str:
        cleaned = nh3.clean(
            markup,
            tags=set(TAGS),
            clean_content_tags=set(_GONE),
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            attribute_filter=keep,
            url_schemes=set(SCHEMES),
            link_rel=None,
        )
        return _restore_links(draft, _scrolling(draft, stand_in.sub(restore, repaired(cleaned))))

    def restore(match: re.Match[str]) -> str:
        if match[1] not in waiting:
            return ""
        waiting.remove(match[1])
        return f"\0{match[1]}\0"

    keep = _attribute_filter(draft)
    if problem := _left_open(draft):
        code, message = problem
        draft.report(code, message, "Close each tag.", needle=draft.html[0][0].partition("\n")[0])
        return "", ()
    draft.tables = 0  # all are numbered again, with those that are written as HTML
    stand_in = re.compile(f'<(?:hr|wbr) id="{draft.guard}(B[0-9]+|R)">')
    waiting = set(stand_in.findall("".join((html, *(getattr(block, "html", "") for block in blocks)))))
    cleaned = _relevelled(clean(html))
    before, blocks = blocks, tuple(_with_html(block, clean) for block in blocks)
    _tell_lost_words(draft, _together(html, before), _together(cleaned, blocks))
    lost = sorted(waiting - {"R"})
    if lost:
        message = f"{len(lost)} pictures or blocks stand within HTML that can't hold them: they were put at the end"
        draft.report("sanitized-html", message, "Close the HTML before them.")
    return cleaned + "".join(f"\0{name}\0" for name in lost), blocks


def _together(html: str, blocks: tuple[Block, ...]) -> str:
    return "\n".join((html, *(getattr(block, "html", "") for block in blocks)))


def _tell_lost_words(draft: Draft, html: str, cleaned: str) -> None:
    """Words that go with the element around them (a drawing's, a formula's) are named, at the first of these."""
    kept = Counter(_words(_MARKER.sub("", cleaned)))
    lost: list[str] = []
    for word in _words(html):
        kept[word] -= 1
        if kept[word] < 0:
            lost.append(word)
    if lost:
        markup, line = next((found for found in draft.html if _removals(found[0])), draft.html[0])
        line += next((offset for offset, _ in _removals(markup)), 0)
        message = f"words that stand within HTML that is taken out are lost: {' '.join(lost)[:500]}"
        draft.report("sanitized-html", message, "Write them as Markdown.", span=[line, line + 1])


def _words(html: str) -> list[str]:
    """The words around tags, as whoever takes the tags off leaves them."""
    return unescape(_TAGS.sub("", html)).split()


def _left_open(draft: Draft) -> tuple[str, str] | None:
    """The code and message where more tags are open at once than may be. Those for formatting are opened again, by
    whoever reads HTML, in each new block."""
    formatting: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for markup, _line in draft.html:
        for tag in _OPEN_CLOSE.finditer(markup):
            name = tag[2].lower()
            balance = formatting if name in _FORMATTING else others
            if tag[1]:
                balance[name] = max(0, balance[name] - 1)
            elif name not in _FLAT:
                balance[name] += 1
                if formatting.total() > MAX_LEFT_OPEN:
                    again = "left open, and would be opened again in every paragraph"
                    return "amplification", f"more than {MAX_LEFT_OPEN} HTML tags are {again}"
                if others.total() > limits.MAX_HTML_LEVEL:
                    return "nesting", f"more than {limits.MAX_HTML_LEVEL:,} HTML tags are open at once"
    return None


def _with_html(block: Block, clean: Callable[[str], str]) -> Block:
    if isinstance(block, FactBox):
        return FactBox(title=block.title, html=clean(block.html))
    if isinstance(block, PullQuote):
        return PullQuote(html=clean(block.html), by=block.by)
    return block


def _relevelled(html: str) -> str:
    """Headings written as HTML take their place in the outline, as those of Markdown do: no level is skipped."""
    outline: list[int] = []
    depth = 2

    def replace(match: re.Match[str]) -> str:
        nonlocal outline, depth
        if not match[1]:
            written = int(match[2])
            above = [step for step in outline if step < written]
            outline, depth = [*above, written], min(len(above) + 2, 6)
        return f"<{match[1]}h{depth}"

    return _HEADING.sub(replace, html)


def _scrolling(draft: Draft, html: str) -> str:
    """Tables written as HTML scroll within themselves where they are wider than the page, as those of Markdown do."""
    depth, bare = 0, False

    def replace(match: re.Match[str]) -> str:
        nonlocal depth, bare
        ours, closing = match[1] or "", match[2]
        depth += -1 if closing else 1
        if closing:
            return match[0] + "</div>" if bare and not depth else match[0]
        if depth > 1:
            return match[0]
        bare = not ours
        return draft.scroller() + match[0].removeprefix(ours)

    return _TABLE.sub(replace, html)


def _attribute_filter(draft: Draft) -> Callable[[str, str, str], str | None]:
    headings = frozenset(draft.heading_ids)

    def keep(_tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return value if value in headings or value.startswith((draft.guard, "fn-", "fnref-")) else None
        if name == "class":
            return " ".join(c for c in value.split() if c in _OURS or c.startswith("language-")) or None
        if name == "role":
            return value if value in _OUR_ROLES else None
        if name == "tabindex":
            return value if value == "0" else None
        return value

    return keep


def _restore_links(draft: Draft, html: str) -> str:
    """Links that stand in for markers, and relative links written as HTML, become markers."""
    closings: list[str] = []

    def replace(match: re.Match[str]) -> str:
        if match[1] is None:
            return closings.pop() if closings else ""
        opening, closing = _link(draft, match)
        closings.append(closing)
        return opening

    return _LINK.sub(replace, html)


def _link(draft: Draft, match: re.Match[str]) -> tuple[str, str]:
    href = _HREF.search(match[1])
    if not href:
        return match[0], "</a>"
    target = unescape(href[1])
    if target.startswith(f"#{draft.guard}L"):
        number = target.rpartition("L")[2]
        return f"\0L{number}\0", f"\0/L{number}\0"
    found = address(normalize(target))
    if found.kind == "web":
        return match[0].replace(href[0], f' href="{escape(found.href)}"'), "</a>"
    if found.kind == "page":
        here = found.fragment in draft.heading_ids or found.fragment.startswith(("fn-", "fnref-"))
        return match[0] if here else '<a href="#main">', "</a>"
    if found.kind == "unsafe" or found.kind == "empty":  # spelt so for the type checker
        return "", ""
    number = str(len(draft.links))
    mark = draft.mark_anywhere(target)
    draft.links.append(
        LinkRef(kind=found.kind, target=found.target, fragment=found.fragment, mark=mark, query=found.query)
    )
    return f"\0L{number}\0", f"\0/L{number}\0"


def tell(draft: Draft) -> None:
    """One finding a source: where raw HTML was first met and shown as text, or what cleaning takes out."""
    raw = draft.options.raw_html
    if raw == "escape":
        markup, line = draft.html[0]
        count = len(draft.html)
        message = (
            f"{count} HTML {'tag is' if count == 1 else 'tags are'} shown as text, beginning with {_short(markup)}"
        )
        hint = "Write Markdown instead, or set 'markdown: {raw_html: sanitize}' in config.yaml."
        draft.report("raw-html", message, hint, needle=markup.partition("\n")[0], span=[line, line + 1])
    elif raw == "sanitize":
        _tell_removed(draft)


def _tell_removed(draft: Draft) -> None:
    removed: dict[str, int] = {}
    for markup, line in draft.html:
        for offset, found in _removals(markup):
            removed.setdefault(found, line + offset)
    if removed:
        first = min(removed.values())
        message = f"removed from the HTML here: {', '.join(removed)}"
        hint = "Use Markdown or a block for it (pictures: ![alt](photo.jpg), videos: ::: video)."
        draft.report("sanitized-html", message, hint, span=[first, first + 1])


def _removals(markup: str) -> list[tuple[int, str]]:
    """What cleaning takes out of a stretch of raw HTML: (lines below its start, what)."""
    found: list[tuple[int, str]] = []
    offset = seen = 0
    for tag in _TAG.finditer(markup):
        name, offset, seen = tag[1].lower(), offset + markup.count("\n", seen, tag.start()), tag.start()
        attributes = {m[1].lower(): (m[2] or "").strip("\"'") for m in _ATTRIBUTE.finditer(tag[2])}
        if name not in TAGS and name not in _BARE:
            source = attributes.get("src") or attributes.get("data")
            words = attributes.get("alt") or attributes.get("title")
            found.append(
                (offset, f"<{name}{f' {source[:120]}' if source else ''}>{f' ({words[:200]})' if words else ''}")
            )
        for key, value in attributes.items():
            if key.startswith("on"):
                found.append((offset, f"{key}="))
            elif key in ("href", "cite") and address(normalize(unescape(value))).kind == "unsafe":
                found.append((offset, f"{key}={value[:60]}"))
    return found


def _short(markup: str) -> str:
    line = " ".join(markup.split())
    return line if len(line) <= 60 else line[:59] + "…"
