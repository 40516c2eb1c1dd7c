"""What the links and pictures of a source lead to, once the whole site is known; findings where it is nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain, compress
from typing import NamedTuple

from broadsheet import contexts
from broadsheet.catalog import Catalog
from broadsheet.codec import packed
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic, closest
from broadsheet.frozen import record
from broadsheet.model import Article, ImageRef, LinkRef, Mark
from broadsheet.sources import PageSource
from broadsheet.stands import resolved
from broadsheet.urls import Base, encode


@record
class PictureFacts:
    """What is known of a picture: how to show it, or why it can't be shown (`problem`: code, message, hint)."""

    show: contexts.Picture | None = None  # without text
    problem: tuple[str, str, str] | None = None


class _Sources(NamedTuple):
    """All sources that have pages by the names of their files, and these names by folder."""

    named: dict[str, list[str]]
    within: dict[str, list[str]]


HINTED = ("broken-link", "broken-anchor")  # findings with a hint that other sources have a part in


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
        self._others = _others(catalog)
        self._hidden = {*catalog.hidden, *(page.path for page in catalog.sources.pages if not catalog.shows(page))}
        self.diagnostics: set[Diagnostic] = set()  # about links and pictures, when `body` or `picture` is asked
        self.told_always: set[Diagnostic] = set()  # what every build finds: of picks, and of names that aren't clear
        # Path of a linked file -> its place on the site, from the root: beside the first page that links to it.
        self.assets = self._of_stories()
        self.placed: set[str] = set()  # those that pages were found to link to
        self.to_check: dict[
            tuple[str, LinkRef], None
        ] = {}  # links to paths from the root, for when all pages are known

    def body(
        self,
        source: str,
        url: str,
        key: bytes,
        links: Iterable[LinkRef],
        pictures: Iterable[ImageRef],
    ) -> contexts.BodyRef:
        """The body of the page at `url`, with its links and pictures resolved."""
        return contexts.BodyRef(
            digest=key,
            links=tuple(
                contexts.Anchor(href=href, title=link.title) if (href := self._link(source, url, link)) else None
                for link in links
            ),
            pictures=tuple(self.picture(ref, source) for ref in pictures),
        )

    def tell(self, article: Article) -> None:
        """Find anew what `body` has to say of a story's links to others: what comes nearest to a target that isn't
        there may be another one."""
        for link in article.links:
            if link.kind == "story":
                self._link(article.path, article.url, link)

    def mark(self, article: Article, pictures: Iterable[str]) -> tuple[object, ...]:
        """All that `body` and `picture` will make of a story's links and `pictures`, as plain values."""
        folder = posixpath.dirname(article.path)
        found: list[object] = []
        for link in article.links:
            if link.kind == "site":
                continue
            path = self.resolve(article.path, link.target)
            if link.kind == "story":
                found.append(self._target_mark(link, path))
            else:
                found.append(self._file_mark(path))
        found += [(src, picture_mark(self._pictures.get((folder, src)))) for src in pictures]
        return tuple(found)

    def marks_of_others(self) -> Mapping[str, object]:
        """What `mark` can tell of each source that a text may link to, but for stories."""
        told = {path: (url, page and page.text.anchors) for path, (url, page) in self._others.items()}
        hidden = {page.path: "hidden" for page in self._catalog.sources.pages if page.path in self._hidden}
        return {**told, **hidden, **dict.fromkeys(self._catalog.sources.unread, "unread")}

    def _target_mark(self, link: LinkRef, path: str) -> object:
        url = self._url(path)
        if url is None:
            return "hidden" if path in self._hidden else path in self._catalog.sources.unread
        anchors = self._anchors(path) if link.fragment else None
        return (url, anchors is None or link.fragment in anchors)

    def _url(self, path: str) -> str | None:
        """The address, from the root, of the page of a source; None where it has none."""
        story = self._catalog.stand_of(path)
        other = self._others.get(path)
        return story.url if story else other[0] if other else None

    def _anchors(self, path: str) -> tuple[str, ...] | None:
        """The ids that a link may name on the page of a source; None where they are not known."""
        story = self._catalog.stand_of(path)
        if story:
            return None if story.withdrawn else self._catalog.page_of[path].anchors
        page = self._others[path][1]
        return page.text.anchors if page else None

    def marks_of_files(self) -> Mapping[str, object]:
        """What `mark` tells of each file that a story links to."""
        return {path: self._file_mark(path) for path in dict.fromkeys(chain.from_iterable(self._catalog.shown.files))}

    def _file_mark(self, path: str) -> object:
        """Where a file lies on the site; or whether there is one that may not be published."""
        return self.assets.get(path) or path in self._files

    def _of_stories(self) -> dict[str, str]:
        """The files that stories link to, as `assets`."""
        shown, found = self._catalog.shown, dict[str, str]()
        for i in compress(range(len(shown)), shown.files):
            for path in shown.files[i]:
                if path not in found and self._is_there(path):
                    found[path] = posixpath.join(shown.url[i], posixpath.basename(path))
        return found

    def _is_there(self, path: str) -> bool:
        """Whether there is such a file, and it may be published."""
        return path in self._files and not self._catalog.in_hidden_bundle(path)

    def _asset(self, path: str, url: str) -> str:
        """The place on the site of a file that the page at `url` links to."""
        self.placed.add(path)
        return self.assets.setdefault(path, posixpath.join(url, posixpath.basename(path)))

    def pick(self, source: str, target: str, mark: Mark) -> str | None:
        """The path of a story that an editor picked (`related`, `lead`, `pins`), or None when it isn't public."""
        path = self.resolve(source, target)
        if path in self._catalog.index:
            return path
        if path in self._catalog.hidden:
            message, code, hint = f"“{target}” isn't public: the pick is skipped for now", "hidden-link", ""
        elif path in self._catalog.page_of:
            told = "was withdrawn" if self._catalog.page_of[path].matter.status == "withdrawn" else "is unlisted"
            message, code, hint = f"“{target}” {told}: no list shows it", "hidden-link", "take the pick out"
        elif path in self._others or path in self._hidden:
            message, code, hint = f"“{target}” is no story: only stories can be picked", "missing-pick", ""
        elif path not in self._catalog.sources.unread:
            message, code, hint = f"there is no story “{target}”", "missing-pick", self._nearest(path, stories=True)
        else:
            return None
        self.told_always.add(Diagnostic(source, *mark, message, code, hint))
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
            return self._base.href(link.target) + link.query + fragment
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
        url = self._url(path)
        if url is not None:
            anchors = self._anchors(path) if link.fragment else None
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
        return resolved(self._root, source, target)

    def _nearest(self, path: str, *, stories: bool = False) -> str:
        """A hint with the source that has the same file name, or nearly so; `stories`: only they will do."""
        folder, name = posixpath.split(path)
        same = [one for one in self._sources.named.get(name, ()) if not stories or one in self._catalog.page_of]
        if same and name != "index.md":
            return f"did you mean /{posixpath.relpath(min(same), self._root)}?"
        near = closest(name, self._sources.within.get(folder, ()))
        return f"did you mean {near}?" if near else "paths start from the folder of this file"

    @cached_property
    def _sources(self) -> _Sources:
        found = _Sources(named={}, within={})
        for known in (*self._catalog.page_of, *self._others):
            folder, name = posixpath.split(known)
            found.named.setdefault(name, []).append(known)
            found.within.setdefault(folder, []).append(name)
        return found

    def _report(self, source: str, mark: Mark, message: str, code: str, hint: str = "") -> None:
        self.diagnostics.add(Diagnostic(source, mark[0], mark[1], message, code, hint))


def picture_mark(facts: PictureFacts | None) -> bytes:
    """Stands for all that pages show of a picture, besides what their sources say of it."""
    show = facts.show if facts else None
    return digest(packed((facts and facts.problem, show and (show.src, show.width, show.height, show.remote))))


def _others(catalog: Catalog) -> dict[str, tuple[str, PageSource | None]]:
    """Every source that has a page, but for stories: its address from the root, and the source where its anchors are
    known."""
    sources = catalog.sources
    has_authors = "authors" in catalog.settings.taxonomies
    return {
        **{page.path: (page.url, page) for page in sources.pages if catalog.shows(page)},
        **{region.path: (f"/{region.id}/", None) for region in sources.regions},
        **{author.path: (f"/authors/{author.id}/", None) for author in sources.authors if has_authors},
        **({sources.home.path: ("/", None)} if sources.home else {}),
    }
