"""From the bytes of a source to what the catalog knows of it: the work of memo 1, done in worker processes."""

from __future__ import annotations

import math
import posixpath
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from broadsheet import contradictions, frontmatter, interface, locale, markdown, sourcetext, store, terms, urls
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic, Severity, judge
from broadsheet.frozen import FrozenMap, record
from broadsheet.model import Article, Mark, Rendered, StoryMatter
from broadsheet.settings import RESERVED, Settings
from broadsheet.sources import (
    AuthorSource,
    HomeSource,
    Matter,
    PageSource,
    ParsedText,
    RegionSource,
    Source,
    Unfit,
    unfit,
)

WORDS_A_MINUTE = 238  # Brysbaert 2019, a review of 190 studies of silent reading in English
CJK_A_MINUTE = 500  # characters
_START: Mark = (1, 1)
_SKELETONS = {"authors": "name: Their name", "pages": "title: Its headline"}  # of the front matter of what is no story


@record
class ParseBatch:
    """Sources with all that is needed to parse them. `locales` are the theme's files of interface strings; `languages`
    those of regions that have one of their own."""

    sources: tuple[tuple[str, bytes], ...]  # path, bytes
    settings: Settings
    locales: FrozenMap[str, str]
    languages: FrozenMap[str, str] = FrozenMap()


@record
class Parsed:
    """One parsed source: `source` is None when it has errors, and `unfit` then what can be looked for nevertheless;
    `body` is encoded by store.py."""

    path: str
    source: Source | None
    body: bytes
    diagnostics: tuple[Diagnostic, ...]
    unfit: Unfit | None = None


def checks(settings: Settings) -> Mapping[str, Severity]:
    """The severities that the settings ask for, `schema.unknown_keys` included."""
    return {"unknown-key": settings.schema.unknown_keys, **settings.checks}


def parse_batch(batch: ParseBatch) -> tuple[Parsed, ...]:
    """Parse every source of a batch. Whatever a writer typed gives findings, never an exception."""
    parser = Parser(batch.settings, batch.locales, batch.languages)
    return tuple(parser.parse(path, data) for path, data in batch.sources)


class Parser:
    """Parses sources of one site; remembers Markdown options by language."""

    def __init__(self, settings: Settings, locales: FrozenMap[str, str], languages: FrozenMap[str, str]) -> None:
        self._settings = settings
        self._locales = locales
        self._languages = dict(languages)
        self._zone = ZoneInfo(settings.site.timezone)
        self._checks = checks(settings)
        self._options: dict[str, markdown.Options] = {}

    def parse(self, path: str, data: bytes) -> Parsed:
        self._found: list[Diagnostic] = []
        self._body = b""
        self._matter: Matter | None = None
        self._text_of: Rendered | None = None
        source = self._read(path, data)
        told = tuple(self._found)
        if source is None or any(finding.severity == "error" for finding in judge(told, self._checks)):
            rest = unfit(path, self._matter, self._text_of)
            return Parsed(path=path, source=None, body=b"", diagnostics=told, unfit=rest)
        return Parsed(path=path, source=source, body=self._body, diagnostics=told)

    def _read(self, path: str, data: bytes) -> Source | None:
        text, problems = sourcetext.decoded(path, data)
        self._found += problems
        if text is None:
            return None
        inner = path.removeprefix(self._settings.content_dir + "/")
        folders = unicodedata.normalize("NFC", inner).split("/")[:-1]  # some file systems decompose letters
        name = inner.rsplit("/", 1)[-1]
        indexed = name == "_index.md"
        kind = folders[0] if folders and not indexed else ""
        parts, problems = (
            frontmatter.split(text, path, skeleton=_SKELETONS[kind])
            if kind in _SKELETONS
            else frontmatter.split(text, path, required=not indexed)
        )
        self._found += problems
        if parts is None:
            return None
        if indexed and len(folders) > 1:
            self._tell(path, "only a region's folder can have an _index.md", "value", "move its words into a story")
            return None
        source = self._of_kind(path, kind, folders, indexed, parts)
        if source is None and self._text_of is None:
            self._rendered(path, parts, self._settings.site.language)  # for what there is to say of it
        return source

    def _of_kind(
        self, path: str, kind: str, folders: list[str], indexed: bool, parts: frontmatter.Parts
    ) -> Source | None:
        if indexed:
            return self._region(path, folders[0], parts) if folders else self._home(path, parts)
        if kind == "authors":
            return self._author(path, parts)
        if kind == "pages":
            return self._page(path, parts)
        return self._story(path, folders, parts)

    # --- the kinds of sources ----------------------------------------------------------------------------------

    def _story(self, path: str, folders: list[str], parts: frontmatter.Parts) -> Article | None:
        settings = self._settings
        matter, problems = frontmatter.story(
            parts.matter, path, settings=settings, zone=self._zone, first_line=parts.matter_line
        )
        self._found += problems
        self._matter = matter
        if matter is None:
            return None
        self._found += contradictions.of_story(path, matter, settings.content_dir)
        lang = matter.lang or self._region_language(matter.region or (folders[0] if folders else ""))
        rendered = self._of_story(path, parts, lang)
        region = self._region_of(path, matter, folders)
        slug = self._slug(path, matter.slug, matter, lang)
        date = matter.date or _LONG_AGO.astimezone(self._zone)  # without a date a story is an error, if required
        self._names_without_address(path, matter)
        if not region or not slug:
            return None
        url = (
            urls.closed(matter.url)
            if matter.url
            else urls.expand(settings.article_permalink, region=region, date=date, slug=slug)
        )
        return Article(
            path=path,
            matter=matter,
            region=region,
            slug=slug,
            url=url,
            date=date,
            published=_published(matter, date),
            lang=lang,
            dir=matter.dir or locale.direction(lang),
            body=self._keep(rendered),
            links=rendered.links,
            pictures=rendered.pictures,
            anchors=rendered.anchors,
            minutes=_minutes(rendered),
            words=rendered.words,
            terms=terms.features(matter.title, matter.description, matter.topics, rendered.text, lang),
        )

    def _region(self, path: str, folder: str, parts: frontmatter.Parts) -> RegionSource | None:
        matter, problems = frontmatter.region(parts.matter, path, zone=self._zone, first_line=parts.matter_line)
        self._found += problems
        self._matter = matter
        if matter is None or not self._usable_region(path, folder, _START):
            return None
        lang = matter.language or self._region_language(folder)
        return RegionSource(id=folder, path=path, matter=matter, text=self._text(path, parts, lang))

    def _home(self, path: str, parts: frontmatter.Parts) -> HomeSource | None:
        matter, problems = frontmatter.home(parts.matter, path, zone=self._zone, first_line=parts.matter_line)
        self._found += problems
        self._matter = matter
        if matter is None:
            return None
        return HomeSource(path=path, matter=matter, text=self._text(path, parts, self._settings.site.language))

    def _author(self, path: str, parts: frontmatter.Parts) -> AuthorSource | None:
        matter, problems = frontmatter.author(parts.matter, path, zone=self._zone, first_line=parts.matter_line)
        self._found += problems
        self._matter = matter
        stem = _stem(path)
        if matter is None or not self._usable_name(path, stem, _START):
            return None
        lang = matter.lang or self._settings.site.language
        return AuthorSource(id=stem, path=path, matter=matter, text=self._text(path, parts, lang))

    def _page(self, path: str, parts: frontmatter.Parts) -> PageSource | None:
        matter, problems = frontmatter.page(parts.matter, path, zone=self._zone, first_line=parts.matter_line)
        self._found += problems
        self._matter = matter
        if matter is None:
            return None
        lang = matter.lang or self._settings.site.language
        slug = matter.slug or urls.slugify(locale.fold(_stem(path), lang))
        if not self._usable_name(path, slug, matter.marks.get("slug", _START)):
            return None
        inner = posixpath.dirname(path.removeprefix(f"{self._settings.content_dir}/pages/"))
        if posixpath.basename(path) == "index.md":
            inner = posixpath.dirname(inner)
        url = urls.closed(matter.url) if matter.url else posixpath.join("/", inner, slug) + "/"
        return PageSource(path=path, url=url, matter=matter, lang=lang, text=self._text(path, parts, lang))

    # --- names and regions -------------------------------------------------------------------------------------

    def _region_of(self, path: str, matter: StoryMatter, folders: list[str]) -> str:
        region = matter.region or (folders[0] if folders else "")
        if not region:
            self._tell(
                path,
                "the story has no region",
                "missing-key",
                "put it into a region's folder, such as content/europe/, or say `region: europe`",
            )
        mark = matter.marks.get("region", _START)
        return region if region and self._usable_region(path, region, mark) else ""

    def _names_without_address(self, path: str, matter: StoryMatter) -> None:
        """A finding for each topic and author of whose name no address can be made."""
        named = [(name, f"{key}.{n}") for key in ("topics", "authors") for n, name in enumerate(getattr(matter, key))]
        named += [(matter.series, "series")] if matter.series else []
        for name, key in named:
            if not name[:1].isalnum() and not self._has_slug(name):
                message = f"“{name}” holds no letter or digit: it gets no page"
                self._tell(path, message, "no-address", "write a name with letters", matter.marks[key])

    def _has_slug(self, name: str) -> bool:
        return bool(urls.slugify(locale.fold(name, self._settings.site.language), signs=True))

    def _usable_region(self, path: str, region: str, mark: Mark) -> bool:
        if region in RESERVED:
            self._tell(
                path,
                f"“{region}” can't be a region: pages of that name are made already",
                "slug",
                "choose another name",
                mark,
            )
            return False
        return self._usable_name(path, region, mark)

    def _slug(self, path: str, written: str, matter: StoryMatter, lang: str) -> str:
        """The story's slug: the one written, else from the file's or bundle's name without its date."""
        if "%" in written:  # copied from an address: encoded once more it would be another
            written = urls.slugify(locale.fold(unquote(written), lang))
        slug = written or urls.slugify(locale.fold(unquote(urls.split_date(_stem(path))[1]), lang))
        if not slug and not matter.url:
            self._tell(path, "no slug can be made from the file's name", "slug", "add one: `slug: my-story`")
        elif slug and not self._usable_name(path, slug, matter.marks.get("slug", _START)):
            return ""
        return slug or "story"

    def _usable_name(self, path: str, name: str, mark: Mark) -> bool:
        if reason := urls.unsafe_name(name):
            self._tell(path, f"can't be an address: {reason}", "slug", "give a plain one: `slug: my-story`", mark)
        return not reason

    def _region_language(self, region: str) -> str:
        return self._languages.get(region) or self._settings.site.language

    # --- text --------------------------------------------------------------------------------------------------

    def _of_story(self, path: str, parts: frontmatter.Parts, lang: str) -> Rendered:
        return self._rendered(path, parts, lang)

    def _rendered(self, path: str, parts: frontmatter.Parts, lang: str) -> Rendered:
        body, problems = sourcetext.without_controls(path, parts.body, parts.body_line)
        self._found += problems
        rendered = markdown.render(
            body,
            path=path,
            first_line=parts.body_line,
            lang=lang,
            options=self._options_for(lang),
        )
        self._found += rendered.diagnostics
        self._text_of = rendered
        return rendered

    def _text(self, path: str, parts: frontmatter.Parts, lang: str) -> ParsedText:
        """The body of a source that is not a story."""
        rendered = self._rendered(path, parts, lang)
        return ParsedText(
            body=self._keep(rendered),
            empty=not rendered.body.html.strip(),
            links=rendered.links,
            pictures=rendered.pictures,
            anchors=rendered.anchors,
        )

    def _keep(self, rendered: Rendered) -> bytes:
        self._body = store.encode(rendered.body)
        return digest(self._body)

    def _options_for(self, lang: str) -> markdown.Options:
        options = self._options.get(lang)
        if options is None:
            settings = self._settings
            strings = interface.strings(lang, self._locales)
            words = {name: str(strings[key]) for name, key in _LABELS.items() if key in strings}
            options = self._options[lang] = markdown.Options(
                raw_html=settings.markdown.raw_html,
                smart_quotes=settings.markdown.smart_quotes,
                after_paragraph=settings.rails.recommended.after_paragraph,
                labels=markdown.Labels(**words),
            )
        return options

    def _tell(self, path: str, message: str, code: str, hint: str, mark: Mark = _START) -> None:
        self._found.append(Diagnostic(path, mark[0], mark[1], message, code, hint))


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_LABELS = {"table": "table", "footnotes": "footnotes", "back": "footnote_back"}


def _stem(path: str) -> str:
    """The name that stands for a source: of the file, or of the folder when it is a bundle's index.md."""
    folder, name = posixpath.split(path)
    return posixpath.basename(folder) if name == "index.md" else name.removesuffix(".md")


def _published(matter: StoryMatter, date: datetime) -> datetime:
    """Date or embargo, whichever is later: nothing comes out before either."""
    return max(date, matter.embargo, key=datetime.timestamp) if matter.embargo else date


def _minutes(rendered: Rendered) -> int:
    """Whole minutes of reading, rounded up."""
    return max(1, math.ceil(rendered.words / WORDS_A_MINUTE + rendered.cjk / CJK_A_MINUTE))
