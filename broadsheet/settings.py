"""The site's settings as frozen types: what config.yaml may say, with the defaults (docs/configuration.md)."""

from __future__ import annotations

from typing import Literal

from broadsheet.errors import Severity
from broadsheet.frozen import FrozenMap, record

# What no region can be called: pages of these names are made already, or folders of theirs mean something else.
RESERVED = frozenset({"authors", "topics", "series", "corrections", "fragments", "pictures", "sitemaps", "pages"})


@record
class Publisher:
    name: str = ""  # empty: the site's title
    logo: str = ""  # a picture, found as pictures of stories are
    policies: FrozenMap[str, str] = FrozenMap()  # what each is about ("corrections", "ethics"…) -> URL or path


@record
class SiteSettings:
    title: str
    description: str = ""
    base_url: str = ""  # "https://host/prefix/", always with the closing slash; empty: only previews can be built
    language: str = "en"
    timezone: str = "UTC"  # an IANA name
    publisher: Publisher = Publisher()


@record
class RegionSettings:
    title: str = ""  # empty: from content/<region>/_index.md, else made from the folder's name
    order: int | None = None
    language: str = ""  # empty: the site's


@record
class RecommendedSettings:
    limit: int = 4
    after_paragraph: int = 3
    window_days: int = 1095
    max_per_author: int = 2


@record
class ExploreSettings:
    limit: int = 15
    mode: Literal["inline", "shared"] = "inline"
    refresh: Literal["script", "ssi", "none"] = "script"


@record
class Rails:
    recommended: RecommendedSettings = RecommendedSettings()
    explore: ExploreSettings = ExploreSettings()


@record
class NavItem:
    title: str
    url: str  # absolute, or a path from the site's root


@record
class FeedSettings:
    limit: int = 50
    content: Literal["full", "standfirst"] = "full"
    formats: tuple[Literal["rss", "atom", "json"], ...] = ("rss",)


@record
class SitemapSettings:
    news: bool = True


@record
class ImageSettings:
    widths: tuple[int, ...] = (360, 480, 620, 720, 960, 1240)  # pixels, rising
    formats: tuple[Literal["webp", "jpeg"], ...] = ("webp", "jpeg")


@record
class MarkdownSettings:
    raw_html: Literal["escape", "sanitize", "trusted"] = "escape"
    smart_quotes: bool = True


@record
class SchemaSettings:
    unknown_keys: Literal["error", "warn"] = "error"
    required: tuple[str, ...] = ("title", "date")


@record
class CspSettings:
    allow: tuple[str, ...] = ()


@record
class DeployTarget:
    """Somewhere to deploy to. `options` are those of its type (docs/deploy.md): texts, numbers, switches and lists."""

    name: str
    type: str
    options: FrozenMap[str, object] = FrozenMap()


@record
class Settings:
    """Everything config.yaml says. Folders are relative to the site folder, in POSIX form, inside it."""

    site: SiteSettings
    content_dir: str = "content"
    templates_dir: str = "templates"
    static_dir: str = "static"
    output_dir: str = "output"
    article_permalink: str = "/{region}/{yyyy}/{mm}/{slug}/"
    regions: FrozenMap[str, RegionSettings] = FrozenMap()
    taxonomies: tuple[Literal["topics", "authors", "series"], ...] = ("topics", "authors", "series")
    rails: Rails = Rails()
    nav: tuple[NavItem, ...] = ()  # empty: the regions in order
    footer: tuple[NavItem, ...] = ()
    feeds: FeedSettings = FeedSettings()
    sitemap: SitemapSettings = SitemapSettings()
    images: ImageSettings = ImageSettings()
    markdown: MarkdownSettings = MarkdownSettings()
    schema: SchemaSettings = SchemaSettings()
    checks: FrozenMap[str, Severity] = FrozenMap()
    csp: CspSettings = CspSettings()
    deploy: tuple[DeployTarget, ...] = ()
    extensions: tuple[str, ...] = ()
    params: FrozenMap[str, object] = FrozenMap()
