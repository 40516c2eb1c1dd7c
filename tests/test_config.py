"""config.yaml: every key, the defaults, and what holds of any text."""

from __future__ import annotations

import os
from dataclasses import fields

import pytest
from configs import PATH, settings, wrong, wrong_line
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import config
from broadsheet.errors import CODES
from broadsheet.frozen import FrozenMap
from broadsheet.settings import (
    CspSettings,
    DeployTarget,
    ExploreSettings,
    FeedSettings,
    ImageSettings,
    MarkdownSettings,
    NavItem,
    Publisher,
    Rails,
    RecommendedSettings,
    RegionSettings,
    SchemaSettings,
    Settings,
    SitemapSettings,
    SiteSettings,
)

FULL = """\
site:
  title: The Section
  description: News of the world
  base_url: https://www.Example.com/news
  language: TR
  timezone: Europe/Istanbul
  publisher:
    name: The Desk
    logo: logo.svg
    policies: {corrections: /corrections/, ethics: "https://example.com/ethics"}
content_dir: ./stories/
templates_dir: theme
static_dir: assets/files
output_dir: public
permalinks: {article: "/{yyyy}/{mm}/{dd}/{region}-{slug}/"}
regions:
  turkiye: {title: Türkiye, order: 1, language: tr}
  europe:
taxonomies: [topics, series]
rails:
  recommended: {limit: 3, after_paragraph: 2, window_days: 365, max_per_author: 1}
  explore: {limit: 10, mode: shared, refresh: none}
nav: [{title: About, url: /about/}]
footer:
  - title: Contact
    url: mailto:desk@example.com
feeds: {limit: 20, content: standfirst, formats: [rss, atom, json]}
sitemap: {news: false}
images: {widths: [720, 360], formats: [jpeg]}
markdown: {raw_html: sanitize, smart_quotes: false}
schema: {unknown_keys: warn, required: [title, date, description]}
checks: {missing-alt: warn, dst-gap: error}
csp: {allow: ["https://stats.example.com", "*.example.org", "wss://x.example:8443/feed"]}
deploy:
  targets:
    production: {type: git, url: "git@example.com:site.git", branch: pages}
params: {year: 2025, nested: {on: true, list: [a, 1.5, null]}}
"""


def test_a_title_is_enough() -> None:
    assert settings("site: {title: T}") == Settings(site=SiteSettings(title="T"))


def test_every_key_is_read() -> None:
    assert settings(FULL) == Settings(
        site=SiteSettings(
            title="The Section",
            description="News of the world",
            base_url="https://www.example.com/news/",
            language="tr",
            timezone="Europe/Istanbul",
            publisher=Publisher(
                name="The Desk",
                logo="logo.svg",
                policies=FrozenMap({"corrections": "/corrections/", "ethics": "https://example.com/ethics"}),
            ),
        ),
        content_dir="stories",
        templates_dir="theme",
        static_dir="assets/files",
        output_dir="public",
        article_permalink="/{yyyy}/{mm}/{dd}/{region}-{slug}/",
        regions=FrozenMap(
            {"turkiye": RegionSettings(title="Türkiye", order=1, language="tr"), "europe": RegionSettings()}
        ),
        taxonomies=("topics", "series"),
        rails=Rails(
            recommended=RecommendedSettings(limit=3, after_paragraph=2, window_days=365, max_per_author=1),
            explore=ExploreSettings(limit=10, mode="shared", refresh="none"),
        ),
        nav=(NavItem(title="About", url="/about/"),),
        footer=(NavItem(title="Contact", url="mailto:desk@example.com"),),
        feeds=FeedSettings(limit=20, content="standfirst", formats=("rss", "atom", "json")),
        sitemap=SitemapSettings(news=False),
        images=ImageSettings(widths=(360, 720), formats=("jpeg",)),
        markdown=MarkdownSettings(raw_html="sanitize", smart_quotes=False),
        schema=SchemaSettings(unknown_keys="warn", required=("title", "date", "description")),
        checks=FrozenMap({"missing-alt": "warn", "dst-gap": "error"}),
        csp=CspSettings(allow=("https://stats.example.com", "*.example.org", "wss://x.example:8443/feed")),
        deploy=(
            DeployTarget(
                name="production", type="git", options=FrozenMap({"url": "git@example.com:site.git", "branch": "pages"})
            ),
        ),
        params=FrozenMap({"year": 2025, "nested": FrozenMap({"on": True, "list": ("a", 1.5, None)})}),
    )


def test_the_full_example_changes_every_default() -> None:
    full, plain = settings(FULL), settings("site: {title: T}")
    for field in fields(Settings):
        if field.name != "extensions":  # can't have any yet
            assert getattr(full, field.name) != getattr(plain, field.name), field.name


def test_extensions_are_refused_until_they_can_be_loaded() -> None:
    assert settings("site: {title: T}\nextensions: []\n").extensions == ()
    (found,) = wrong("site: {title: T}\nextensions: [my_site.podcast]\n")
    assert (found.line, found.column, found.code) == (2, 13, "config")
    assert "can't be loaded yet" in found.message


def test_a_missing_folder_below_another_is_told_with_the_one_that_is_there() -> None:
    tree = {"": ["site"], "site": ["static", "stories"]}
    text = "site: {title: T}\ncontent_dir: site/storys\n"
    _, (found,) = config.parse(text, PATH, lambda parent: tree[parent])
    assert (found.line, found.column, found.code) == (2, 1, "config")
    assert found.hint == "Did you mean site/stories?"


def test_keys_without_a_value_keep_their_defaults() -> None:
    keys = [line.partition(":")[0] for line in FULL.splitlines() if line[0] not in " -" and not line.startswith("site")]
    assert settings("site: {title: T}\n" + "".join(f"{key}:\n" for key in keys)) == settings("site: {title: T}")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("", 1, 1), ("nav: []", 1, 1), ("site:\n", 1, 1), ("site: {}", 1, 1), ("nav: []\nsite:\n  title: ''\n", 3, 3)],
)
def test_a_site_needs_a_title(text: str, line: int, column: int) -> None:
    (found,) = wrong(text)
    assert (found.line, found.column, found.code) == (line, column, "config")
    assert "site.title" in found.message


@pytest.mark.parametrize("text", ["- a", "words", "site: T", "site: [T]"])
def test_blocks_hold_keys(text: str) -> None:
    (found,) = wrong(text)
    assert found.code == "config"


def test_a_byte_order_mark_and_crlf_are_fine() -> None:
    assert settings("\ufeffsite:\r\n  title: T\r\n").site.title == "T"


@pytest.mark.parametrize(
    ("line", "column", "hint"),
    [
        ("rail: {}", 1, "`rails`"),
        ("rails: {explore: {modes: shared}}", 19, "`mode`"),
        ("images: {width: [300]}", 10, "`widths`"),
        ("checks: {missing-atl: warn}", 10, "`missing-alt`"),
        ("permalinks: {articles: /x/}", 14, "`article`"),
        ("regions: {a: {titel: A}}", 15, "`title`"),
        ("nav: [{title: A, url: /a/, titel: B}]", 28, "`title`"),
        ("deploy: {target: {}}", 10, "`targets`"),
    ],
)
def test_unknown_keys_get_a_suggestion(line: str, column: int, hint: str) -> None:
    (found,) = wrong(f"site: {{title: T}}\n{line}\n")
    assert (found.line, found.column, found.code) == (2, column, "config-key")
    assert found.hint == f"Did you mean {hint}?"


def test_a_key_twice_is_refused() -> None:
    assert wrong_line("nav: []\nnav: []") == [(3, 1, "duplicate-key")]


def test_all_mistakes_come_at_once() -> None:
    text = "site:\n  tilte: T\n  base_url: x\nnav: 3\nfeeds: {limit: 0}\nchecks: {yaml: warn}\nparms: {}\n"
    assert sorted(d.line for d in wrong(text)) == [1, 2, 3, 4, 5, 6, 7]


def test_a_width_given_twice_is_kept_once_with_a_warning() -> None:
    made, found = config.parse("site: {title: T}\nimages: {widths: [360, 720, 360]}\n", PATH)
    assert [d.code for d in found] == ["duplicate-item"]
    assert made is not None
    assert made.images.widths == (360, 720)


def test_a_syntax_error_comes_with_the_mistakes_above_it() -> None:
    assert sorted(d.code for d in wrong("parms: {}\nsite: {title: T}\nnav: a: b\n")) == ["config-key", "yaml"]


def test_a_config_has_a_size_limit() -> None:
    (found,) = wrong("site: {title: T}\n# " + "x" * 300_000)
    assert found.code == "too-large"


@given(st.text(st.characters(codec=None) | st.sampled_from("-:\n {}[]\"'"), max_size=150))
def test_any_text_gives_settings_or_findings_and_never_raises(text: str) -> None:
    made, found = config.parse(text, PATH)
    assert made is not None or found
    for diagnostic in found:
        assert diagnostic.format()


PATHS = sorted(
    {
        *["site", "site.title", "site.base_url", "site.language", "site.timezone", "site.publisher"],
        *["site.publisher.policies", "site.publisher.logo", "content_dir", "output_dir", "permalinks.article"],
        *["regions", "regions.a", "regions.a.order", "taxonomies", "rails", "rails.explore.limit", "nav", "footer"],
        *["feeds.formats", "sitemap.news", "images.widths", "markdown", "schema.required", "checks", "csp.allow"],
        *["deploy", "deploy.targets", "deploy.targets.p", "extensions", "params"],
    }
)
ODD = st.sampled_from(
    ["", "~", "[]", "{}", "[[]]", "{a: b}", "{a: }", "[~]", "true", '"\\0"', "9" * 400, "/", "..", "'%'", "{{a}}"]
)


@given(st.sampled_from(PATHS), ODD | st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=12))
def test_any_value_of_any_key_gives_settings_or_findings(path: str, value: str) -> None:
    *blocks, key = path.split(".")
    text = "".join(f"{'  ' * depth}{block}:\n" for depth, block in enumerate(blocks))
    made, found = config.parse(f"{text}{'  ' * len(blocks)}{key}: {value}\n", PATH)
    assert made is not None or found
    for diagnostic in found:
        assert diagnostic.code in CODES
        assert diagnostic.hint


def test_the_documented_example_is_sound_and_complete() -> None:
    page = os.path.join(os.path.dirname(__file__), "..", "docs", "configuration.md")
    with open(page, encoding="utf-8") as file:
        example = file.read().split("```yaml\n")[1].split("```")[0]
    made, plain = settings(example), Settings(site=SiteSettings(title="T"))
    shown = {"site", "regions", "deploy"}  # these have no default worth showing
    for field in fields(Settings):
        if field.name not in shown:
            assert getattr(made, field.name) == getattr(plain, field.name), field.name
            assert field.name.replace("article_permalink", "permalinks") + ":" in example
    assert (made.site.language, made.site.timezone) == (plain.site.language, plain.site.timezone)
