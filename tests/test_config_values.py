"""config.yaml: every way to get a value wrong, told at its place."""

from __future__ import annotations

import pytest
from configs import PATH, settings, wrong, wrong_line

from broadsheet import config
from broadsheet.errors import CODES
from broadsheet.frozen import FrozenMap


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
    text = "params: {}\nsite: {title: T}"
    (found,) = config.require_base_url(settings(text), PATH, text)
    assert (found.code, found.path, found.line) == ("config", PATH, 2)
    text = "site: {title: T, base_url: 'https://x.org'}"
    assert config.require_base_url(settings(text), PATH, text) == ()


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
