"""config.yaml: every key, the defaults, and every way to get it wrong."""

from __future__ import annotations

import os
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import config
from broadsheet.errors import CODES, Diagnostic
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

PATH = "config.yaml"
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


def settings(text: str) -> Settings:
    made, found = config.parse(text, PATH)
    assert not found, [d.format() for d in found]
    assert made is not None
    return made


def wrong(text: str) -> tuple[Diagnostic, ...]:
    made, found = config.parse(text, PATH)
    assert made is None
    assert found
    for diagnostic in found:
        assert diagnostic.path == PATH
        assert diagnostic.code in CODES
        assert diagnostic.hint
    return found


def wrong_line(line: str) -> list[tuple[int, int, str]]:
    """Places and codes of what is wrong with a line below a sound `site`."""
    return [(d.line, d.column, d.code) for d in wrong(f"site: {{title: T}}\n{line}\n")]


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


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("content_dir: /abs", 14),
        ("content_dir: ../up", 14),
        ("content_dir: a/../b", 14),
        ("content_dir: .", 14),
        ("content_dir: ~/x", 14),
        ('content_dir: "a\\\\b"', 14),
        ("output_dir: .git", 13),
        ("output_dir: .broadsheet/out", 13),
        ("permalinks: {article: '/{year}/{slug}/'}", 23),
        ("permalinks: {article: '/{region}/{yyyy}/'}", 23),
        ("permalinks: {article: '{slug}/'}", 23),
        ("permalinks: {article: '/{slug}'}", 23),
        ("permalinks: {article: '/../{slug}/'}", 23),
        ("permalinks: {article: '//{slug}/'}", 23),
        ("permalinks: {article: '/a b/{slug}/'}", 23),
        ("permalinks: {article: '/{{slug}}/'}", 23),
        ("permalinks: {article: '/x?{slug}/'}", 23),
        ("regions: [a]", 10),
        ("regions: {../a: }", 11),
        ("regions: {_a: }", 11),
        ("regions: {a: {order: first}}", 22),
        ("regions: {a: {language: en_US}}", 25),
        ("taxonomies: [tags]", 14),
        ("rails: {recommended: {limit: -1}}", 30),
        ("rails: {recommended: {window_days: 0}}", 36),
        ("rails: {explore: {mode: both}}", 25),
        ("rails: {explore: {refresh: ajax}}", 28),
        ("nav: {About: /about/}", 6),
        ("nav: [{title: A}]", 7),
        ("nav: [{title: A, url: ''}]", 23),
        ("nav: [{title: A, url: }]", 7),
        ("nav: [{title: '', url: /a/}]", 7),
        ("nav: [~]", 7),
        ("nav: [{title: A, url: 'javascript:alert(1)'}]", 23),
        ("nav: [{title: A, url: //evil.example/}]", 23),
        ("nav: [{title: A, url: about}]", 23),
        ("footer: [x]", 10),
        ("feeds: {limit: 0}", 16),
        ("feeds: {content: none}", 18),
        ("feeds: {formats: [rdf]}", 19),
        ("sitemap: {news: yes}", 17),
        ("images: {widths: [0]}", 19),
        ("images: {widths: []}", 18),
        ("images: {widths: [99999]}", 19),
        ("images: {formats: [gif]}", 20),
        ("markdown: {raw_html: allow}", 22),
        ("markdown: {smart_quotes: 1}", 26),
        ("schema: {unknown_keys: ignore}", 24),
        ("schema: {required: [titel]}", 21),
        ("checks: {missing-alt: ignore}", 23),
        ("checks: {missing-alt: }\nchecks2: ", 1),
        ("csp: {allow: ['x; script-src *']}", 15),
        ("csp: {allow: [\"'unsafe-inline'\"]}", 15),
        ("csp: {allow: ['*']}", 15),
        ("csp: {allow: ['data:']}", 15),
        ('csp: {allow: ["a\\r\\nb"]}', 15),
        ("deploy: {targets: {p: {type: ftp}}}", 30),
        ("deploy: {targets: {p: {url: x}}}", 23),
        ("deploy: {targets: {p: git}}", 23),
        ("deploy: {targets: {p: {type: }}}", 30),
        ("deploy: {targets: {p: {type: git, url: [a]}}}", 40),
        ("extensions: [my-site]", 14),
        ("extensions: ['a..b']", 14),
        ("params: [a]", 9),
        ("params: {n: .nan}", 13),
    ],
)
def test_unfit_values_are_told_with_their_place(line: str, column: int) -> None:
    ((_, found_column, code),) = wrong_line(line)
    assert found_column == column
    assert code in ("config", "config-key")


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://example.com", "https://example.com/"),
        ("HTTP://Example.COM:8080/", "http://example.com:8080/"),
        ("https://example.com/news/today/", "https://example.com/news/today/"),
        ("https://xn--mnchen-3ya.example/~desk", "https://xn--mnchen-3ya.example/~desk/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("http://localhost", "http://localhost/"),
    ],
)
def test_base_urls_get_their_closing_slash(written: str, normal: str) -> None:
    assert settings(f"site: {{title: T, base_url: '{written}'}}").site.base_url == normal
    assert config.normal_base_url(written) == (normal, "")


@pytest.mark.parametrize(
    "written",
    [
        *["example.com", "ftp://example.com/", "https://", "https:///news/", "//example.com/", "/news/"],
        *["https://example.com/?a=b", "https://example.com/?", "https://example.com/#x", "https://u:p@example.com/"],
        *["https://example.com:port/", "https://exa mple.com/", "https://-x.com/", "https://münchen.example/"],
        *["https://example.com/a/../b/", "https://example.com/a//b/", "https://example.com/%2e%2e/", "https://[x/"],
    ],
)
def test_unfit_base_urls_are_refused(written: str) -> None:
    (found,) = wrong(f"site:\n  title: T\n  base_url: '{written}'\n")
    assert (found.line, found.column, found.code) == (3, 13, "config")


def test_only_a_production_build_demands_a_base_url() -> None:
    plain = settings("site: {title: T}")
    (found,) = config.require_base_url(plain, PATH)
    assert (found.code, found.path) == ("config", PATH)
    assert config.require_base_url(settings("site: {title: T, base_url: 'https://x.org'}"), PATH) == ()


@pytest.mark.parametrize(
    "written",
    ["Europe/Istambul", "Europe", "../UTC", "/etc/localtime", "localtime", "right/UTC", "GMT+3h", "utc+3", "\\0"],
)
def test_unknown_time_zones_are_refused(written: str) -> None:
    (found,) = wrong(f"site:\n  title: T\n  timezone: '{written}'\n")
    assert (found.line, found.column, found.code) == (3, 13, "config")
    if written == "Europe/Istambul":
        assert found.hint == "Did you mean Europe/Istanbul?"


@pytest.mark.parametrize(
    ("folders", "where"),
    [
        ("output_dir: content", (2, 1)),
        ("output_dir: content/html", (2, 1)),
        ("content_dir: output/stories", (2, 1)),
        ("static_dir: Templates", (2, 1)),
        ("content_dir: site/a\noutput_dir: site", (3, 1)),
        ("templates_dir: static/theme", (2, 1)),
    ],
)
def test_no_folder_may_hold_another(folders: str, where: tuple[int, int]) -> None:
    assert wrong_line(folders) == [(*where, "config")]


def test_folders_side_by_side_are_fine() -> None:
    assert settings("site: {title: T}\ncontent_dir: site/content\noutput_dir: site/content-html").output_dir


@pytest.mark.parametrize("code", [code for code, how in CODES.items() if how.guarded])
def test_guarded_codes_keep_their_severity(code: str) -> None:
    own = CODES[code].severity
    other = "warn" if own == "error" else "error"
    (found,) = wrong(f"site: {{title: T}}\nchecks: {{{code}: {other}}}\n")
    assert "always" in found.message
    assert settings(f"site: {{title: T}}\nchecks: {{{code}: {own}}}\n").checks == FrozenMap()


@pytest.mark.parametrize("code", [code for code, how in CODES.items() if not how.guarded])
def test_other_codes_can_be_set(code: str) -> None:
    for severity in ("error", "warn"):
        assert settings(f"site: {{title: T}}\nchecks: {{{code}: {severity}}}\n").checks == FrozenMap({code: severity})


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


# --- where folders lead ----------------------------------------------------------------------------------------------


def test_a_source_folder_may_lead_neither_out_of_the_site_nor_into_another_one() -> None:
    leads: dict[str, str | None] = {"content": "content", "templates": "theme", "static": "static"}
    text = "site: {title: T}\ntemplates_dir: templates\n"
    assert config.parse(text, PATH, None, leads.__getitem__)[1] == ()
    out = "leads out of the site folder, of which nothing else is read"
    into = "leads to the same place as `{}`, or into it"
    cases: list[tuple[dict[str, str | None], int, str]] = [
        ({"content": None}, 0, f"`content_dir` (content) {out}"),
        ({"templates": None}, 2, f"`templates_dir` (templates) {out}"),
        ({"static": ".git"}, 0, "`static_dir` (static) leads into a hidden folder, of which nothing may be published"),
        (
            {"static": "a/.b/c"},
            0,
            "`static_dir` (static) leads into a hidden folder, of which nothing may be published",
        ),
        ({"static": "content"}, 0, f"`static_dir` (static) {into.format('content_dir')}"),
        ({"static": "Content/europe"}, 0, f"`static_dir` (static) {into.format('content_dir')}"),
        ({"content": "static"}, 0, f"`static_dir` (static) {into.format('content_dir')}"),
        ({"templates": "static/theme"}, 0, f"`static_dir` (static) {into.format('templates_dir')}"),
    ]
    for change, line, message in cases:
        made, (found,) = config.parse(text, PATH, None, {**leads, **change}.__getitem__)
        assert made is None
        assert (found.line, found.message, found.code) == (line, message, "config")


def test_folders_whose_names_say_that_they_overlap_are_told_once() -> None:
    text = "site: {title: T}\nstatic_dir: content/static\n"
    _, found = config.parse(text, PATH, None, lambda name: name)
    assert [(told.line, told.code) for told in found] == [(2, "config")]
