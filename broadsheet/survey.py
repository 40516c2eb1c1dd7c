"""What the file system says about pictures that sources name: which file, its size, which variants will be made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from broadsheet import contexts, images
from broadsheet.catalog import Catalog
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.files import Files, Stamp, settled
from broadsheet.frozen import record
from broadsheet.links import PictureFacts
from broadsheet.model import ImageRef
from broadsheet.urls import Base

_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@record
class SourcePicture:
    """A picture file that the site shows: its path from the site folder, digest, and planned variants."""

    path: str
    digest: bytes
    planned: images.Planned


@record
class Looked:
    """What a look into a picture file told: the picture, or why it can't be shown (code, message, hint)."""

    stamp: Stamp
    picture: SourcePicture | None
    problem: tuple[str, str, str] | None = None
    animated: bool = False


@record
class PictureSurvey:
    """`facts` by (folder of the source, `src` as written); `pictures` by path; `diagnostics` about the files; `looked`
    what to remember of them by path; `tried` the paths outside of content/ and static/ that were asked for."""

    facts: Mapping[tuple[str, str], PictureFacts]
    pictures: Mapping[str, SourcePicture]
    diagnostics: tuple[Diagnostic, ...]
    looked: Mapping[str, Looked]
    tried: frozenset[str]


def pictures(
    catalog: Catalog, base: Base, files: Files, recipe: images.Recipe, before: Mapping[str, Looked]
) -> PictureSurvey:
    """Look at every picture that a page of the catalog shows. Pictures of hidden stories are not even opened, nor are
    those that are as they were `before` (with the same recipe)."""
    since = files.now()
    facts: dict[tuple[str, str], PictureFacts] = {}
    shown: dict[str, PictureFacts] = {}
    looked: dict[str, Looked] = {}
    tried: set[str] = set()
    for folder, src in _named(catalog):
        if (folder, src) in facts:
            continue
        fact = _without_file(src)
        if fact is None:
            path = _resolve(catalog, files, folder, src, tried)
            if path is None:
                fact = _missing(src)
            elif catalog.in_hidden_bundle(path):
                fact = _hidden(src)
            else:
                if path not in looked:
                    stamp, known = files.stamp(path), before.get(path)
                    if known is None or known.stamp != stamp:
                        known = _look(path, stamp if settled(stamp, since) else (), files, recipe)
                    looked[path] = known
                    shown[path] = _facts(looked[path], base)
                fact = shown[path]
        facts[folder, src] = fact
    return PictureSurvey(
        facts=facts,
        pictures={path: look.picture for path, look in looked.items() if look.picture},
        diagnostics=tuple(images.animated(path) for path, look in looked.items() if look.animated),
        looked=looked,
        tried=frozenset(tried),
    )


def _named(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(folder of the source, picture as written) for every picture that a page may show."""
    for path, pictures in zip(catalog.shown.path, catalog.shown.pictures, strict=True):
        if pictures:
            folder = posixpath.dirname(path)
            for src in pictures:
                yield folder, src
    for path, ref in _named_elsewhere(catalog):
        yield posixpath.dirname(path), ref.src


def _named_elsewhere(catalog: Catalog) -> Iterator[tuple[str, ImageRef]]:
    """(source, picture) of what is not a story."""
    sources = catalog.sources
    for author in sources.authors:
        if author.matter.image:
            yield author.path, author.matter.image
    texts: Iterable[tuple[str, tuple[ImageRef, ...]]] = [
        *((page.path, page.text.pictures) for page in sources.pages if catalog.shows(page)),
        *((author.path, author.text.pictures) for author in sources.authors),
        *((region.path, region.text.pictures) for region in sources.regions),
        *([(sources.home.path, sources.home.text.pictures)] if sources.home else []),
    ]
    for path, refs in texts:
        for ref in refs:
            yield path, ref
    logo = catalog.settings.site.publisher.logo
    if logo:
        yield "config.yaml", ImageRef(src=logo, alt="")


def _without_file(src: str) -> PictureFacts | None:
    """What is known of a picture that no file here can hold: one on another host, or one written into the text."""
    if _REMOTE.match(src):
        hint = "put a copy beside the story (with the right to use it); see docs/diagnostics.md to allow links instead"
        return PictureFacts(
            show=_placeholder(src), problem=("remote-picture", f"the picture {src[:80]} is on another host", hint)
        )
    if _SCHEME.match(src):
        hint = "save the picture as a file beside the story and name that file"
        return PictureFacts(
            show=_placeholder(""), problem=("remote-picture", "the picture is written into the text", hint)
        )
    return None


def _missing(src: str) -> PictureFacts:
    hint = "pictures are looked for beside the story, in static/ and in the site folder"
    return PictureFacts(show=_placeholder(""), problem=("missing-picture", f"there is no picture “{src}”", hint))


def _hidden(src: str) -> PictureFacts:
    message = f"the picture “{src}” belongs to a story that isn't public: its text stands in its place for now"
    hint = "copy the picture beside this story if it may be shown"
    return PictureFacts(show=_placeholder(""), problem=("hidden-link", message, hint))


def _placeholder(src: str) -> contexts.Picture:
    """Stands for a picture that isn't ours to show: its text is printed, as a link where there is an address."""
    return contexts.Picture(src=src, width=0, height=0, alt="", absolute=src, remote=True)


def _resolve(catalog: Catalog, files: Files, folder: str, src: str, tried: set[str]) -> str | None:
    """The picture's path from the site folder: beside the source, in static/, or in the site folder; never above it."""
    settings = catalog.settings
    relative = src.lstrip("/")
    for start in ([] if src.startswith("/") else [folder]) + [settings.static_dir, ""]:
        path = posixpath.normpath(posixpath.join(start, relative))
        if not path.startswith((settings.content_dir + "/", settings.static_dir + "/", "../")):
            tried.add(path)  # no scan tells of it
        if not path.startswith("../") and not path.startswith(settings.output_dir + "/") and files.is_file(path):
            return path
    return None


def _look(path: str, stamp: Stamp, files: Files, recipe: images.Recipe) -> Looked:
    data = files.read(path)
    probe = images.probe(data, path)
    if isinstance(probe, Diagnostic):
        return Looked(stamp=stamp, picture=None, problem=(probe.code, f"{path}: {probe.message}", probe.hint))
    key = digest(data)
    picture = SourcePicture(path=path, digest=key, planned=images.plan(probe, key, path, recipe))
    return Looked(stamp=stamp, picture=picture, animated=probe.animated)


def _facts(look: Looked, base: Base) -> PictureFacts:
    if look.picture is None:
        return PictureFacts(show=_placeholder(""), problem=look.problem)
    return PictureFacts(show=images.picture(look.picture.planned, base, alt=""))
