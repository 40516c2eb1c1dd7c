"""What the links and pictures of a source lead to, once the whole site is known; findings where it is nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from broadsheet import contexts
from broadsheet.catalog import Catalog
from broadsheet.errors import Diagnostic, closest
from broadsheet.frozen import record
from broadsheet.model import Article, ImageRef, LinkRef, Mark
from broadsheet.sources import PageSource
from broadsheet.urls import Base, encode


@record
class PictureFacts:
    """What is known of a picture: how to show it, or why it can't be shown (`problem`: code, message, hint)."""

    show: contexts.Picture | None = None  # without text
    problem: tuple[str, str, str] | None = None


class Links:
    """Resolves the references of sources. Findings gather in `diagnostics`; linked files in `assets`."""

    def __init__(
        self,
        catalog: Catalog,
        base: Base,
        pictures: Mapping[tuple[str, str], PictureFacts],
        files: frozenset[str],
    ) -> None:
        self._catalog = catalog
        self._base = base
        self._pictures = pictures
        self._files = files
        self._root = catalog.settings.content_dir
        self._places = _places(catalog)
        self._hidden = {*catalog.hidden, *(page.path for page in catalog.sources.pages if not catalog.shows(page))}
        self.diagnostics: set[Diagnostic] = set()  # about links and pictures, when `body` or `picture` is asked
        self.skipped: set[Diagnostic] = set()  # about picks, when `pick` is asked
        self.assets: dict[str, str] = {}  # path of a linked file -> its place on the site, from the root
        self.to_check: dict[
            tuple[str, LinkRef], None
        ] = {}  # links to paths from the root, for when all pages are known

    def body(
        self,
        source: str,
        url: str,
        digest: bytes,
        links: Iterable[LinkRef],
        pictures: Iterable[ImageRef],
    ) -> contexts.BodyRef:
        """The body of the page at `url`, with its links and pictures resolved."""
        return contexts.BodyRef(
            digest=digest,
            links=tuple(
                contexts.Anchor(href=href, title=link.title) if (href := self._link(source, url, link)) else None
                for link in links
            ),
            pictures=tuple(self.picture(ref, source) for ref in pictures),
        )

    def mark(self, article: Article) -> tuple[object, ...]:
        """All that `body` and `picture` will make of a story's links and pictures, as plain values. Linked files and
        links to pages are noted as `body` does."""
        folder = posixpath.dirname(article.path)
        found: list[object] = []
        for link in article.links:
            if link.kind == "site":
                self.to_check[article.path, link] = None
                continue
            path = self.resolve(article.path, link.target)
            if link.kind == "story":
                found.append(self._target_mark(link, path))
            else:
                found.append(path in self._files and not self._catalog.in_hidden_bundle(path))
                if found[-1]:
                    found.append(self._asset(path, article.url))
        for src in named_pictures(article):
            facts = self._pictures.get((folder, src))
            show = facts.show if facts else None
            found.append((src, facts and facts.problem, show and (show.src, show.width, show.height, show.remote)))
        return tuple(found)

    def _target_mark(self, link: LinkRef, path: str) -> object:
        place = self._places.get(path)
        if place is None:
            return "hidden" if path in self._hidden else path in self._catalog.sources.unread
        url, target = place
        anchors = _anchors(target) if link.fragment else None
        return (url, anchors is None or link.fragment in anchors)

    def _asset(self, path: str, url: str) -> str:
        """The place on the site of a file that a text links to: beside the first page that does."""
        return self.assets.setdefault(path, posixpath.join(url, posixpath.basename(path)))

    def pick(self, source: str, target: str, mark: Mark) -> str | None:
        """The path of a story that an editor picked (`related`, `lead`, `pins`), or None when it isn't public."""
        path = self.resolve(source, target)
        if path in self._catalog.index:
            return path
        if path in self._catalog.hidden or path in self._catalog.page_of:
            message, code, hint = f"“{target}” isn't public: the pick is skipped for now", "hidden-link", ""
        elif path not in self._catalog.sources.unread:
            message, code, hint = f"there is no story “{target}”", "missing-pick", self._nearest(path)
        else:
            return None
        self.skipped.add(Diagnostic(source, *mark, message, code, hint))
        return None

    def picture(self, ref: ImageRef, source: str) -> contexts.Picture | None:
        """A picture with its text, or None (with a finding) where it can't be shown."""
        facts = self._pictures.get((posixpath.dirname(source), ref.src))
        if facts is None:
            return None
        if facts.problem:
            code, message, hint = facts.problem
            self._report(source, ref.mark, message, code, hint)
        if facts.show is None:
            return None
        if ref.alt is None:
            self._report(
                source,
                ref.mark,
                f"the picture {posixpath.basename(ref.src)} has no text for those who can't see it",
                "missing-alt",
                "say what it shows: `alt:` in the front matter, or ![here](photo.jpg) in the text",
            )
        show = facts.show
        return contexts.Picture(
            src=show.src,
            width=show.width,
            height=show.height,
            alt=ref.alt or "",
            caption=ref.caption,
            credit=ref.credit,
            sources=show.sources,
            absolute=show.absolute,
            thumb=show.thumb,
            focus=ref.focus,
            remote=show.remote,
        )

    # --- links -------------------------------------------------------------------------------------------------

    def _link(self, source: str, url: str, link: LinkRef) -> str | None:
        fragment = "#" + encode(link.fragment) if link.fragment else ""
        if link.kind == "site":
            self.to_check[source, link] = None
            path, question, query = link.target.partition("?")
            return self._base.href(path) + (question and "?" + query) + fragment
        path = self.resolve(source, link.target)
        if link.kind == "story":
            return self._story(source, link, path, fragment)
        if path in self._files and self._catalog.in_hidden_bundle(path):
            self._report(
                source,
                link.mark,
                f"“{link.target}” belongs to a story that isn't public: shown without a link for now",
                "hidden-link",
                "copy the file beside this story if it may be published",
            )
            return None
        if path in self._files:
            return self._base.href(self._asset(path, url)) + fragment
        self._report(
            source,
            link.mark,
            f"there is no file “{link.target}” beside the story: shown without a link",
            "unknown-page",
            "put the file beside the story, or write the whole address (https://…)",
        )
        return None

    def _story(self, source: str, link: LinkRef, path: str, fragment: str) -> str | None:
        place = self._places.get(path)
        if place is not None:
            url, target = place
            anchors = _anchors(target) if link.fragment else None
            if link.fragment and anchors is not None and link.fragment not in anchors:
                near = closest(link.fragment, anchors)
                self._report(
                    source,
                    link.mark,
                    f"{posixpath.basename(path)} has no heading “#{link.fragment}”: the link leads to its top",
                    "broken-anchor",
                    f"did you mean #{near}?" if near else "",
                )
                fragment = ""
            return self._base.href(url) + fragment
        if path in self._hidden:
            self._report(
                source,
                link.mark,
                f"“{link.target}” isn't public: shown without a link for now",
                "hidden-link",
            )
        elif path not in self._catalog.sources.unread:
            self._report(source, link.mark, f"there is no story “{link.target}”", "broken-link", self._nearest(path))
        return None

    def resolve(self, source: str, target: str) -> str:
        """The path, from the site folder, of what a source names; a leading "/" means the content folder."""
        if target.startswith("/"):
            return posixpath.normpath(self._root + target)
        return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))

    def _nearest(self, path: str) -> str:
        """A hint with the source that has the same file name, or nearly so."""
        name = posixpath.basename(path)
        same = sorted(known for known in self._places if posixpath.basename(known) == name and name != "index.md")
        if same:
            return f"did you mean /{posixpath.relpath(same[0], self._root)}?"
        folder = posixpath.dirname(path)
        near = closest(path, (known for known in self._places if posixpath.dirname(known) == folder))
        return f"did you mean {posixpath.basename(near)}?" if near else "paths start from the folder of this file"

    def _report(self, source: str, mark: Mark, message: str, code: str, hint: str = "") -> None:
        self.diagnostics.add(Diagnostic(source, mark[0], mark[1], message, code, hint))


def _anchors(target: Article | PageSource | None) -> tuple[str, ...] | None:
    """The ids that a link may name on the page of a source; None where they are not known."""
    if isinstance(target, Article):
        return None if target.matter.status == "withdrawn" else target.anchors
    return target.text.anchors if target else None


def named_pictures(article: Article) -> tuple[str, ...]:
    """The files of a story's pictures, as written; a story read from the archive knows them by heart."""
    named: tuple[str, ...] | None = getattr(article, "named_pictures", None)
    if named is not None:
        return named
    refs = [*([article.matter.image] if article.matter.image else []), *article.pictures]
    return tuple(dict.fromkeys(ref.src for ref in refs))


def _places(catalog: Catalog) -> dict[str, tuple[str, Article | PageSource | None]]:
    """Every source that has a page: its address from the root, and the source where its anchors are known."""
    sources = catalog.sources
    has_authors = "authors" in catalog.settings.taxonomies
    return {
        **{path: (article.url, article) for path, article in catalog.page_of.items()},
        **{page.path: (page.url, page) for page in sources.pages if catalog.shows(page)},
        **{region.path: (f"/{region.id}/", None) for region in sources.regions},
        **{author.path: (f"/authors/{author.id}/", None) for author in sources.authors if has_authors},
        **({sources.home.path: ("/", None)} if sources.home else {}),
    }
