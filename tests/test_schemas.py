"""The JSON Schemas for editors: current, complete, and of one mind with the parser."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from command_line import run
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from newsroom import settings_of

from broadsheet import config, frontmatter
from broadsheet.errors import CODES
from broadsheet.frozen import FrozenMap
from broadsheet.schemas import documents
from broadsheet.yamlnodes import Findings, parse
from broadsheet.yamlnodes.values import core

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("UTC")
PATH = "content/europe/2025-04-09-talks.md"
KINDS = ("story", "page", "author", "region", "home", "config")


@cache
def schema(kind: str) -> Draft7Validator:
    return Draft7Validator(json.loads(documents()[f"{kind}.json"]))


def as_an_editor_sees(text: str) -> Any:
    """A text in the types of YAML 1.2's core schema, which editors' YAML support reads by default."""
    findings = Findings(PATH, text)
    node = parse(findings, 64 * 1024)
    assert node is not None, text
    return _plain(core(findings, node, "x"))


def _plain(value: object) -> object:
    if isinstance(value, FrozenMap):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def red(kind: str, text: str) -> list[str]:
    """What an editor underlines."""
    value = as_an_editor_sees(text)
    return [f"{error.json_path}: {error.message}" for error in schema(kind).iter_errors(value)]


def refused(kind: str, text: str) -> list[str]:
    """The codes of what the parser refuses."""
    if kind == "config":
        found = config.parse(text, "config.yaml")[1]
    elif kind == "story":
        found = frontmatter.story(text, PATH, settings=settings_of(), zone=ZONE)[1]
    else:
        found = getattr(frontmatter, kind)(text, PATH, zone=ZONE)[1]
    return [finding.code for finding in found if CODES[finding.code].severity == "error"]


def test_the_committed_files_are_what_the_command_writes(tmp_path: Path) -> None:
    assert run("schema", "-o", str(tmp_path)).returncode == 0
    made = {file.name: file.read_text() for file in tmp_path.iterdir()}
    committed = {file.name: file.read_text() for file in (ROOT / "docs" / "schema").iterdir()}
    assert made == committed, "run: python build.py schema -o docs/schema"


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_can_be_printed_and_is_one(kind: str) -> None:
    done = run("schema", kind)
    assert done.returncode == 0
    Draft7Validator.check_schema(json.loads(done.stdout))


@pytest.mark.parametrize("arguments", [[], ["story", "-o", "x"], ["tale"]])
def test_what_to_write_must_be_said(arguments: list[str]) -> None:
    assert run("schema", *arguments).returncode == 2


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_explained(kind: str) -> None:
    without = [
        key
        for key, entry in json.loads(documents()[f"{kind}.json"])["properties"].items()
        if not entry.get("description")
    ]
    assert not without


def test_a_snippet_for_every_key_reads_as_front_matter() -> None:
    snippets = json.loads(documents()["broadsheet.code-snippets"])
    assert {"A story", *frontmatter.KINDS["story"][0]} == set(snippets)
    filled = "\n".join(snippets["draft"]["body"] + snippets["title"]["body"]).replace("$0", "The talks")
    assert refused("story", filled) == []


# Where parser and schema must agree: kind, text, whether it is right.
SAMPLES = [
    ("story", "title: The talks", True),
    ("story", "title: 2025", True),
    ("story", 'title: "Talks: what we know"', True),
    ("story", "{title: T, date: 2025-04-09}", True),
    ("story", "{title: T, date: 2025-04-09 16:30}", True),
    ("story", "{title: T, date: 2025-04-09T16:30:00+03:00}", True),
    ("story", "{title: T, published: 2025-04-09}", True),
    ("story", "{title: T, draft: true, label: opinion, kind: live}", True),
    ("story", "{title: T, draft: }", True),
    ("story", "{title: T, tags: one, byline: [A, B]}", True),
    ("story", "{title: T, topics: [1.10, no, 12:30]}", True),
    ("story", "{title: T, image: photo.jpg}", True),
    ("story", "{title: T, cover: {src: photo.jpg, alt: '', focus: 30% 60%}}", True),
    ("story", "{title: T, pin: true}", True),
    ("story", "{title: T, pin: {position: 2, until: 2025-05-01}}", True),
    ("story", "{title: T, corrections: [{date: 2025-04-10, kind: update, text: Now right.}]}", True),
    ("story", "{title: T, related: [../europe/x.md], aliases: /old/}", True),
    ("story", "{title: T, lang: pt-BR, dir: ltr, params: {anything: [1, true]}}", True),
    ("story", "{title: T, status: withdrawn, source_url: 'https://example.org/a'}", True),
    ("story", "title:", False),
    ("story", 'title: ""', False),
    ("story", "date: 2025-04-09", False),
    ("story", "title: |\n  two\n  lines\n", False),
    ("story", "{title: T, darft: true}", False),
    ("story", "{title: T, topcs: [Energy]}", False),
    ("story", "{title: T, tags: [A], topics: [B]}", False),
    ("story", "{title: T, date: 09.04.2025}", False),
    ("story", "{title: T, date: 2025}", False),
    ("story", "{title: T, updated: yesterday}", False),
    ("story", "{title: T, draft: yes}", False),
    ("story", "{title: T, label: opinon}", False),
    ("story", "{title: T, topics: 'Energy, Diplomacy'}", False),
    ("story", "{title: T, topics: {a: b}}", False),
    ("story", "{title: T, slug: europe/talks}", False),
    ("story", "{title: T, region: ../drafts}", False),
    ("story", "{title: T, url: talks}", False),
    ("story", "{title: T, aliases: [/a?b]}", False),
    ("story", "{title: T, image: [a.jpg]}", False),
    ("story", "{title: T, image: {alt: x}}", False),
    ("story", "{title: T, image: {src: a.jpg, caption: x, height: 3}}", False),
    ("story", "{title: T, image: {src: a.jpg, focus: left}}", False),
    ("story", "{title: T, pin: {position: 100}}", False),
    ("story", "{title: T, corrections: {date: 2025-04-10}}", False),
    ("story", "{title: T, corrections: [{date: 2025-04-10, text: x}]}", False),
    ("story", "{title: T, related: ['https://example.org/']}", False),
    ("story", "{title: T, lang: english language}", False),
    ("story", "{title: T, source_url: example.org}", False),
    ("story", "{title: T, status: gone}", False),
    ("page", "{title: About, modified: 2025-04-09}", True),
    ("page", "{title: About, topics: x}", False),
    ("page", "date: 2025-04-09", False),
    ("author", "{name: Ayşe Kaya, type: person, links: ['mailto:a@example.org']}", True),
    ("author", "{title: Ayşe Kaya}", True),
    ("author", "{role: Editor}", False),
    ("author", "{name: A, title: B}", False),
    ("author", "{name: A, type: robot}", False),
    ("author", "{name: A, links: [example.org]}", False),
    ("region", "{title: Europe, order: 1, lang: de, pins: [a.md]}", True),
    ("region", "order: first", False),
    ("region", "order: 10000", False),
    ("home", "{title: Home, lead: [europe/a.md]}", True),
    ("home", "lead: {a: b}", False),
    ("config", "site: {title: T}", True),
    ("config", "{site: {title: T, base_url: 'https://example.org/', timezone: Europe/Istanbul}, nav: []}", True),
    (
        "config",
        "{site: {title: T, publisher: {policies: {ethics: /standards/}}}, regions: {eu: , as: {order: 2}}}",
        True,
    ),
    ("config", "{site: {title: T}, rails: {explore: {mode: shared, limit: 10}}, feeds: {formats: [rss, atom]}}", True),
    ("config", "{site: {title: T}, checks: {missing-alt: warn, yaml: error}, images: {widths: [320, 640]}}", True),
    ("config", "{site: {title: T}, permalinks: {article: '/{region}/{slug}/'}, extensions: []}", True),
    ("config", "{site: {title: T}, deploy: {targets: {a: {type: folder, path: /srv}}}, params: {a: {b: 1}}}", True),
    ("config", "{site: {title: T}, deploy: {targets: {a: {type: s3, url: 's3://b/p', keep: 3}}}}", False),
    ("config", "{site: {title: T}, deploy: {targets: {a: {type: rsync}}}}", False),
    ("config", "{site: {title: T}, deploy: {targets: {a: {type: git, squash: true, compress: [br]}}}}", True),
    ("config", "site:", False),
    ("config", "site: {base_url: 'https://example.org/'}", False),
    ("config", "{site: {title: T, base_url: example.org}}", False),
    ("config", "{site: {title: T, timezone: 3}}", False),
    ("config", "{site: {title: T}, rails: {explore: {mode: share}}}", False),
    ("config", "{site: {title: T}, rails: {recommended: {limit: 21}}}", False),
    ("config", "{site: {title: T}, checks: {missing-alt: warning}}", False),
    ("config", "{site: {title: T}, checks: {yaml: warn}}", False),
    ("config", "{site: {title: T}, checks: {no-such-code: warn}}", False),
    ("config", "{site: {title: T}, permalinks: {article: '/{region}/'}}", False),
    ("config", "{site: {title: T}, permalinks: {article: '/{year}/{slug}/'}}", False),
    ("config", "{site: {title: T}, nav: [{title: About}]}", False),
    ("config", "{site: {title: T}, nav: {title: About, url: /about/}}", False),
    ("config", "{site: {title: T}, feeds: {formats: [pdf]}}", False),
    ("config", "{site: {title: T}, images: {widths: []}}", False),
    ("config", "{site: {title: T}, images: {formats: []}}", False),
    ("config", "{site: {title: T}, extensions: [my.module]}", False),
    ("config", "{site: {title: T}, output_dir: /srv/www}", False),
    ("config", "{site: {title: T}, deploy: {targets: {a: {url: x}}}}", False),
    ("config", "{site: {title: T}, sitemaps: {news: true}}", False),
]


@pytest.mark.parametrize(("kind", "text", "right"), SAMPLES, ids=[f"{kind}: {text}" for kind, text, _ in SAMPLES])
def test_editor_and_parser_agree(kind: str, text: str, right: bool) -> None:
    assert (refused(kind, text) == []) is right, refused(kind, text)
    assert (red(kind, text) == []) is right, red(kind, text)


# Values as people type them, fit for one key or another.
_VALUES = st.sampled_from(
    "|".join(
        [
            'The talks|2025|1.10|010|true|false|yes|True|"true"|null|~|""|\'#\'|2025-04-09|2025-04-09 16:30|2025-13-09',
            "2026-02-30|2025-04-09T16:30+03:00|[a, b]|[]|[a, a]|[null]|[[a]]|{a: b}|{}|{src: a.jpg}",
            "{src: a.jpg, alt: x, focus: .5 .5}|a, b|{position: 3}|{position: x}|opinion|article|live|ltr|rtl",
            "withdrawn|person|organization|/a/b/|/a b/|//a|/a/../b|a/b|.a|../a.md|https://example.org/",
            "HTTPS://Example.org/x|http://|mailto:a@b.c|ftp://x|en|pt-BR|zh-Hant|x-klingon|12|-3|+4|4.0",
            "[{date: 2025-04-09, kind: note, text: t}]|[{date: 2025-04-09, kind: note}]|Europe/Istanbul|UTC|error|warn",
            '[rss, json]|50% 50%|50%|a\\b|"a\\nb"|/{slug}/|/{region}/{slug}/|{recommended: {limit: 3}}',
            "{explore: {mode: shared}}|{article: /{slug}/}|{title: T}|{title: T, base_url: https://a.org/}",
            "{missing-alt: warn}|{yaml: warn}|[webp]|[720, 360]|720|{news: true}|[{title: A, url: /a/}]",
            "{targets: {a: {type: git}}}|{targets: }|{unknown_keys: warn, required: [title]}|12:30:45|.5|1e3",
            "{raw_html: sanitize}|{allow: [https://a.org]}|{europe: {title: E}}|{europe: }|[title, date]",
            "{limit: 5, content: full}",
        ]
    ).split("|")
)


def _texts(kind: str) -> st.SearchStrategy[str]:
    properties = json.loads(documents()[f"{kind}.json"])["properties"]
    keys = st.sampled_from([*properties, "titel", "darft"])
    lines = st.dictionaries(keys, _VALUES, max_size=4)
    return lines.map(lambda chosen: "\n".join(f"{key}: {value}" for key, value in chosen.items()))


@given(st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), _texts(kind))))
def test_no_red_line_stands_under_what_a_build_takes(case: tuple[str, str]) -> None:
    kind, text = case
    whole = {"story": "title: T\n", "page": "title: T\n", "author": "name: N\n", "config": "site: {title: T}\n"}
    if not text.startswith(tuple(whole.get(kind, "\0").split(":")[:1])):
        text = whole.get(kind, "") + text
    codes = refused(kind, text)
    if not codes:
        assert red(kind, text) == [], text


@given(st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), _texts(kind))))
def test_an_unknown_key_or_an_unfit_word_is_red(case: tuple[str, str]) -> None:
    """What only a parser can know (days that don't exist, zones, folders inside each other) is left to it."""
    kind, text = case
    codes = set(refused(kind, text))
    if codes & {"unknown-key", "hidden-key", "config-key"} and "yaml" not in codes:
        assert red(kind, text), text
