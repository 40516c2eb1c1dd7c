"""YAML text to nodes: what is accepted, what is refused, and that every finding has its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import CODES
from broadsheet.frozen import FrozenMap
from broadsheet.yamlnodes import Findings, Mapping, Node, Scalar, Sequence, nodes, parse, simple, values
from broadsheet.yamlnodes.text import clean

LIMIT = 64 * 1024
ROOT = Path(__file__).resolve().parent.parent


def read(text: str, first_line: int = 1) -> tuple[Node | None, Findings]:
    findings = Findings("a.md", text, first_line)
    return parse(findings, LIMIT), findings


def plain(node: Node | None) -> object:
    """A tree as text, lists and dictionaries."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return None if node is None else node.text


def only(findings: Findings) -> tuple[int, int, str]:
    assert len(findings.found) == 1, [d.format() for d in findings.found]
    found = findings.found[0]
    return found.line, found.column, found.code


def test_no_scalar_gets_a_type_of_its_own() -> None:
    text = "a: no\nb: 010\nc: 12:30:45\nd: 1.10\ne: 2026-02-30\nf: ~\n"
    tree, findings = read(text)
    assert plain(tree) == {"a": "no", "b": "010", "c": "12:30:45", "d": "1.10", "e": "2026-02-30", "f": "~"}
    assert not findings.found


def test_nodes_know_their_place_in_the_file() -> None:
    tree, _ = read('title: "İstanbul 😀"\ntopics: [é, x]\n', first_line=2)
    assert isinstance(tree, Mapping)
    (key, title), (_, topics) = tree.entries
    assert key == Scalar("title", 2, 1, True)
    assert title == Scalar("İstanbul 😀", 2, 8, False)
    assert isinstance(topics, Sequence)
    assert [(item.line, item.column) for item in topics.items] == [(3, 10), (3, 13)]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "~"])
def test_a_text_without_content_is_an_empty_scalar(text: str) -> None:
    tree, findings = read(text)
    assert isinstance(tree, Scalar)
    assert tree.empty
    assert not findings.found


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_kind_give_the_same_places(ends: str) -> None:
    tree, findings = read(ends.join(["a: b", "c:", "  - d", "e: @x", ""]))
    assert only(findings)[:2] == (4, 4)
    assert findings.found[0].excerpt == "e: @x"
    assert isinstance(tree, Mapping)
    assert [key.line for key, _ in tree.entries] == [1, 2]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("title: Foo: bar\n", 1, 11, "second colon"),
        ('date: x\ntitle: "abc\n', 2, 8, "never closed"),
        ("title: @foo\n", 1, 8, "can't begin with @"),
        ("title: `x`\n", 1, 8, "can't begin with `"),
        ("title: %x\n", 1, 8, "can't begin with %"),
        ("title: *Bold* x\n", 1, 13, "can't begin with *"),
        ("topics: [a, b\nd: x\n", 1, 9, "isn't closed"),
        ("a: {a b\n", 1, 4, "isn't closed"),
        ("a: [\n", 2, 1, "isn't closed"),
        ("a:\n\tb: c\n", 2, 1, "a tab"),
        ("a:\n - b\n c: d\n", 3, 2, "doesn't fit the list"),
        ("a: b\n- c\n", 2, 1, "doesn't fit the lines"),
        ("title: x\n  foo: y\n", 2, 6, "indented"),
        ("title x\ndate: y\n", 2, 5, "a colon"),
        ("title: 'it's'\n", 1, 12, "closing quotation mark"),
        ('a: "\\q"\n', 1, 5, "backslash"),
        ("a: |x\n", 1, 5, "on the line of |"),
        ("a: - b\n", 1, 4, "a list can't begin"),
        ("date: y\ntitle\n", 3, 1, "without a key"),
        ("a: b\n...\nc: d\n", 3, 1, "after the end"),
        ("a: x\x07y\n", 1, 5, "U+0007"),
        ("a: \x00\n", 1, 4, "U+0000"),
        ("a: \ud800\n", 1, 4, "half of a pair"),
    ],
)
def test_broken_syntax_is_explained_where_it_is(text: str, line: int, column: int, words: str) -> None:
    _, findings = read(text)
    assert only(findings) == (line, column, "yaml")
    assert words in findings.found[0].message
    assert findings.found[0].hint
    assert not findings.complete


def test_what_stands_before_a_syntax_error_is_still_read() -> None:
    tree, findings = read("tilte: A\ntopics:\n  - x\ntitle: B: C\ndate: 2025\n")
    assert plain(tree) == {"tilte": "A", "topics": ["x"]}
    assert not findings.complete


@pytest.mark.parametrize(
    ("text", "column"),
    [("a: &x b\n", 4), ("a: *x\n", 4), ("a: !!int 3\n", 4), ("a: &x [b]\n", 4), ("a: !x {b: c}\n", 4), ("a: ! b\n", 4)],
)
def test_anchors_aliases_and_tags_are_refused(text: str, column: int) -> None:
    _, findings = read(text)
    assert only(findings) == (1, column, "yaml")


def test_alias_bombs_grow_nothing() -> None:
    text = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    tree, findings = read(text)
    assert len(str(plain(tree))) < 1000
    assert {d.code for d in findings.found} == {"yaml"}


def test_a_key_twice_names_both_lines() -> None:
    tree, findings = read("title: A\ndate: x\ntitle: B\n", first_line=2)
    assert only(findings) == (4, 1, "duplicate-key")
    assert "line 2" in findings.found[0].message
    assert plain(tree) == {"title": "A", "date": "x"}


def test_all_duplicates_are_told_at_once() -> None:
    _, findings = read("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n")
    assert sorted((d.line, d.code) for d in findings.found) == [
        (2, "duplicate-key"),
        (3, "duplicate-key"),
        (4, "duplicate-key"),
    ]


@pytest.mark.parametrize("text", ["{{ x }}", "? [a]\n: b\n", ": x\n", "a: {{ b }}\n"])
def test_keys_are_plain_text(text: str) -> None:
    _, findings = read(text)
    assert {d.code for d in findings.found} == {"yaml"}


def test_a_second_document_is_refused() -> None:
    tree, findings = read("a: b\n---\nc: d\n")
    assert only(findings) == (2, 1, "yaml")
    assert plain(tree) == {"a": "b"}


@pytest.mark.parametrize("text", ["a: " + "[" * 40_000, "a: " + "{a: " * 9_000, "[" * 40_000, "- " * 30_000])
def test_deep_nesting_is_refused_early(text: str) -> None:
    _, findings = read(text)
    assert only(findings)[2] == "yaml"
    assert "deep" in findings.found[0].message


def test_nesting_up_to_the_limit_is_read() -> None:
    text = "[" * nodes.MAX_DEPTH + "]" * nodes.MAX_DEPTH
    tree, findings = read(text)
    assert not findings.found
    assert isinstance(tree, Sequence)


def test_a_block_over_the_limit_is_refused_by_bytes() -> None:
    fits = "a: " + "é" * ((LIMIT - 3) // 2)
    assert not read(fits)[1].found
    tree, findings = read(fits + "éé")
    assert tree is None
    assert only(findings) == (1, 1, "too-large")


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_unicode_line_separators_do_not_end_a_line(sign: str) -> None:
    tree, findings = read(f"title: a{sign}b: c\ndate: x\n".replace(": c", " c"))
    assert plain(tree) == {"title": "a b c", "date": "x"}
    assert only(findings) == (1, 9, "invisible-character")


@pytest.mark.parametrize("escape", ["\\0", "\\a", "\\x1b", "\\x7f", "\\u0085x\\b"])
def test_control_characters_by_escape_are_refused(escape: str) -> None:
    tree, findings = read(f'a: "x{escape}y"\n')
    assert only(findings) == (1, 4, "yaml")
    assert "\0" not in str(plain(tree))


@pytest.mark.parametrize(
    ("text", "column"), [("title: We're #1\n", 14), ("a: b #c\n", 6), ("a: b # a comment\n", 0), ("a: 'b' #c\n", 0)]
)
def test_text_lost_to_a_comment_is_told(text: str, column: int) -> None:
    _, findings = read(text)
    assert [(d.column, d.code) for d in findings.found] == ([(column, "yaml-comment")] if column else [])


def test_the_parser_in_python_gives_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'title: "É: x"\ntopics:\n- a\n- b # c\nimage: {src: x.jpg}\nlong: >\n  one\n  two\n'
    expected = read(text)[0]
    pure = nodes._names()._replace(parser=nodes.pure_parser())
    monkeypatch.setattr(nodes, "_names", lambda: pure)
    assert read(text)[0] == expected
    for broken in ("a: b: c\n", "a: [\n", "a: x\x07\n", "a: &b c\n", "\ta: b\n", "a: \ud800\n", 'a: "\\ud800"\n'):
        _, findings = read(broken)
        assert only(findings)[2] == "yaml"


@given(
    st.text(alphabet=st.characters(codec=None), max_size=200)
    | st.text("ab:-[]{}\"'#&*!|>%@` \n\t\r\\0\ufeff", max_size=60)
)
def test_any_text_gives_a_tree_or_findings_with_places(text: str) -> None:
    tree, findings = read(text, first_line=2)
    assert tree is not None or findings.found
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for found in findings.found:
        assert found.code in CODES
        assert 2 <= found.line <= lines + 2
        assert found.column >= 1
        assert found.message
        assert found.hint
        assert found.format()


# Lines of simple front matter, and lines that look much like them: any two may stand below each other.
USUAL = [
    "title: Two words",
    "date: 2025-04-09 16:30",
    'a-b_9: "Quoted: é # \' "',
    "other:   'Single “quoted” \" '",
    "last: x y  ",
    "empty:",
    "topics:",
    "topics:",
    "image:",
    "- a",
    '- "b c"',
    "  - indented",
    "  - 'item'",
    "  src: photo.jpg",
    '  alt: "What it shows"',
    "  none:",
    "",
    'slug: "" ',
    "kicker: a :b",
    "label: C#, [x] {y} & *z* ! | > % @ `?",
    "series: = -a",
    "x: ~",
    "authors: 12:30",
    "# A comment of its own.",
    "  # indented",
    "footer:",
    "- title: About",
    "  url: /about/",
    "- {title: About, url: /about/}",
    '-   name: "Two  words"',
    "    deeper:",
    "      - deep",
    "      key: value",
    "    - list: x",
    "formats: [rss, atom, json]",
    "mode: {mode: shared, limit: 15 , a: 'b, c'}",
    '  more: ["a: b", c d ]  ',
    "none: []",
    "none: {}",
    "title: words   # and a comment",
    "close: words #",
    'quoted: "a # b"   # c',
    "key:   # a comment",
    "  list: [a, b] ## c",
]
NEARLY = [
    "nested: [a, [b]]",
    "nested: {a: {b: c}}",
    "pair: [a: b]",
    "single: {a}",
    "empty: {a: }",
    "empty: [a, ]",
    "open: [a, b",
    "close: a]",
    "mixed: [a}",
    "url: [https://a.example/]",
    "url: {a: b:c}",
    "dash: [-a, - b]",
    "hash: [a #b]",
    'hash: [a, "b #c"]',
    'hash: [a, "] # c"]',
    "more: [a] b",
    "quote: [a'b, c\"d]",
    "twice: {a: b, a: c}",
    "- title: a: b",
    "- - title: a",
    "- title:",
    "-   # nothing",
    "- title: a #b",
    "        deep: x",
    "         uneven: x",
    "    ",
    "-",
    " one: more",
    "-  d: e",
    "    - deeper",
    "    four: more",
    "  plain continuation",
    "title: again",
    "colon: a: b",
    "colon: a:",
    "close:x",
    "comment: a #b",
    'comment: "a" #b',
    '"key": quoted',
    "é: letter",
    "- - nested",
    "list: [a, b]",
    "map: {a: b}",
    "text: |",
    "text: -",
    "text: - a",
    "text: -a",
    'text: "open',
    'text: "a" b',
    "text: 'it''s'",
    "text: a 'b' \"c\"",
    "text: *a",
    "text: ,",
    "text: ?",
    "text: back\\slash",
    'text: "\\t"',
    "text: tab\tbed",
    "\ttext: a",
    "text: no\xa0break",
    "text: \u2028",
    "text: a\r",
    "...",
    "---",
    "? key",
    "- ''",
    "%TAG",
]


@settings(max_examples=examples(600), deadline=None)
@given(st.lists(st.sampled_from([*USUAL * 6, *NEARLY]), max_size=8).map("\n".join))
def test_simple_front_matter_is_read_as_libyaml_reads_it(text: str) -> None:
    tree = simple.read(text, 2)
    if tree is not None:
        findings = Findings("a.md", text, 2)
        assert nodes._build(findings, text) == tree
        assert not findings.found


def test_front_matter_as_it_is_usually_written_is_simple() -> None:
    text = (
        "title: \"Who pays: “the city”\"\ndate: 2025-04-09T16:30:00+03:00\nslug:\nauthors:\n  - Ada\n  - 'Élif'\n"
        "topics:\n- a\n- b c\nimage:\n  src: x.jpg\n  alt:\n\ndraft: true  \n"
    )
    tree = simple.read(text, 2)
    assert tree == nodes._build(Findings("a.md", text, 2), text)
    assert plain(tree) == {
        "title": "Who pays: “the city”",
        "date": "2025-04-09T16:30:00+03:00",
        "slug": "",
        "authors": ["Ada", "Élif"],
        "topics": ["a", "b c"],
        "image": {"src": "x.jpg", "alt": ""},
        "draft": "true",
    }


@pytest.mark.parametrize(
    "line",
    [f'x: "{" #" * 30_000}"', f"x: [a{' ' * 60_000}[", f"x: [a{' ' * 60_000}]", f"x: [{'a, ' * 20_000}a]"],
    ids=["signs of comments", "spaces in a list left open", "spaces in a list", "a long list"],
)
def test_a_long_line_takes_no_longer_than_its_length(line: str) -> None:
    """Were it looked through again at each of its letters, nobody would wait for the end."""
    tree = simple.read(line, 1)
    assert tree is None or tree == nodes._build(Findings("a.md", line, 1), line)


@pytest.mark.parametrize("path", ["config.yaml", "broadsheet/starter/config.yaml"])
def test_settings_as_they_are_usually_written_are_simple(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    if "{title}" in text:  # as `init` fills it
        text = text.format(title="A", base_url="https://a.example/", language="en", timezone="UTC")
    findings = Findings(path, text, 1)
    assert simple.read(text, 1) == nodes._build(findings, text)
    assert not findings.found


SAFE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30)


@given(
    st.recursive(
        SAFE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SAFE, inner, max_size=4), max_leaves=12
    )
)
def test_what_a_yaml_writer_quotes_is_read_back(value: object) -> None:
    import yaml

    text = yaml.dump(value, Dumper=_Quoting, allow_unicode=True, sort_keys=False)
    tree, findings = read(text)
    if all("deep" not in d.message for d in findings.found):
        assert plain(tree) == value
        assert not findings.found


def _dumper() -> type:
    import yaml

    class Quoting(yaml.SafeDumper):
        def ignore_aliases(self, _data: object) -> bool:
            return True

    def quoted(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"')

    Quoting.add_representer(str, quoted)
    return Quoting


_Quoting = _dumper()

# --- values --------------------------------------------------------------------------------------------------------


def value(reader: values.Reader[Findings, object], text: str) -> tuple[object, list[str]]:
    tree, findings = read(f"key: {text}")
    assert isinstance(tree, Mapping), [d.message for d in findings.found]
    result = reader(findings, tree.entries[0][1], "key")
    return result, [d.code for d in findings.found]


@pytest.mark.parametrize("text", ["yes", "no", "on", "off", "True", "1", "y", "", "[true]", "truth"])
def test_only_true_and_false_are_booleans(text: str) -> None:
    assert value(values.boolean, text) == (None, ["value"])
    assert value(values.boolean, "true") == (True, [])
    assert value(values.boolean, "false") == (False, [])


def test_the_hint_of_a_boolean_says_what_to_write() -> None:
    findings = Findings("a", "")
    values.boolean(findings, Scalar("yes", 1, 1, True), "draft")
    assert findings.found[0].hint == "Write draft: true"


@pytest.mark.parametrize("text", ["010", "1.0", "1e3", "0x10", "five", "21", "-1", "९", "9" * 5000, "[1]"])
def test_whole_numbers_are_bounded_and_plain(text: str) -> None:
    assert value(values.integer(0, 20), text) == (None, ["value"])
    assert value(values.integer(0, 20), "20") == (20, [])


def test_a_word_out_of_a_list_gets_a_suggestion() -> None:
    findings = Findings("a", "")
    values.choice("opinion", "analysis")(findings, Scalar("Opinon", 1, 1, True), "label")
    assert findings.found[0].hint == "Did you mean `opinion`?"


def test_an_item_that_comes_twice_is_kept_once_with_a_warning() -> None:
    assert value(values.items(values.text), "[a, b, a]") == (("a", "b"), ["duplicate-item"])
    assert CODES["duplicate-item"].severity == "warn"


def test_a_single_item_needs_no_list_unless_it_holds_commas() -> None:
    assert value(values.items(values.text), "Kristen Honey, PhD") == (("Kristen Honey, PhD",), [])
    assert value(values.items(values.text, commas=False), "a, b") == (None, ["value"])
    assert value(values.items(values.text), "{a: b}") == (None, ["value"])
    assert value(values.items(values.text), "[a, ~]") == (("a",), ["value"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("010", 10),
        ("0o17", 15),
        ("0xff", 255),
        ("-3", -3),
        ("1.10", 1.1),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("12:30:45", "12:30:45"),
        ("2026-01-01", "2026-01-01"),
        ("null", None),
        ('"null"', "null"),
        ("'1'", "1"),
        ("1_000", "1_000"),
        ("[a, [1]]", ("a", (1,))),
        ("{a: {b: no}}", FrozenMap({"a": FrozenMap({"b": "no"})})),
    ],
)
def test_free_values_have_yaml_1_2_core_types(text: str, expected: object) -> None:
    result, codes = value(values.core, text)
    assert (result, codes) == (expected, [])
    assert type(result) is type(expected)


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan", "1e999", "9" * 40])
def test_numbers_without_a_canonical_form_are_refused(text: str) -> None:
    assert value(values.core, text) == (None, ["value"])


@pytest.mark.parametrize(
    ("written", "usual"),
    [("en", "en"), ("TR", "tr"), ("pt-br", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")],
)
def test_language_tags_are_put_in_their_usual_case(written: str, usual: str) -> None:
    assert value(values.language, written) == (usual, [])


@pytest.mark.parametrize("written", ["en_US", "english language", "e", "en-", "-en", "en--US", "türk", "abcdefghi"])
def test_malformed_language_tags_are_refused(written: str) -> None:
    assert value(values.language, written) == (None, ["value"])


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "https://x.org/a",
        "//x.org",
        "/../x",
        "/a/./b",
        "/%2e%2e/x",
        "/a?b",
        "/a#b",
        "/a\\\\b",
        "/%2Fx",
        "/%ff",
        "/a\u200bb",
    ],
)
def test_site_paths_stay_on_the_site(path: str) -> None:
    assert value(values.site_path, f'"{path}"') == (None, ["value"])


def test_site_paths_are_decoded_and_normalised() -> None:
    assert value(values.site_path, '"/caf%65%CC%81/"') == ("/café/", [])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://x.org",
        "https:///x",
        "http://[x",
        "https://a b",
        "x.org",
        "https://u:p@x.org/",
        "http://x:y/",
    ],
)
def test_only_web_addresses_are_web_addresses(url: str) -> None:
    assert value(values.http_url, f'"{url}"') == (None, ["value"])
    assert value(values.http_url, "https://x.org/a?b=c#d") == ("https://x.org/a?b=c#d", [])


# --- text ----------------------------------------------------------------------------------------------------------


def cleaned(text: str) -> tuple[str, list[str]]:
    findings = Findings("a.md", "")
    return clean(findings, Scalar(text, 1, 1, False), text, "title"), [d.code for d in findings.found]


@pytest.mark.parametrize(
    ("text", "expected", "codes"),
    [
        ("  AT&T & sons; ok ", "AT&T & sons; ok", []),
        ("Q&amp;A", "Q&A", ["html-entity"]),
        ("U&#46;S&#x2e;", "U.S.", ["html-entity"]),
        ("&lt;script&gt;", "<script>", ["html-entity"]),
        ("&amp;amp;", "&amp;", ["html-entity"]),
        ("&nosuch; thing", "&nosuch; thing", []),
        ("a&#8203;b", "ab", ["html-entity", "invisible-character"]),
        ("a\u200bb\ufeff", "ab", ["invisible-character"]),
        ("a\u2028b", "a b", ["invisible-character"]),
        ("so\u00adft and no\u00a0break", "so\u00adft and no\u00a0break", []),
        ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻", []),
        ("\u2067שלום\u2069 x", "\u2067שלום\u2069 x", []),
        ("a\u202ecod.exe", "acod.exe", ["invisible-character"]),
        ("\u2067a\u202cb\u2069", "ab", ["invisible-character"]),
        ("e\u0301", "é", []),
        ("one\n  two\tthree", "one two three", []),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            [],
        ),
        ("a\U000e0068\U000e0069", "a", ["invisible-character"]),
        ("\u200b", "", ["invisible-character"]),
    ],
)
def test_text_is_what_a_reader_can_see(text: str, expected: str, codes: list[str]) -> None:
    assert cleaned(text) == (expected, codes)


@given(st.text(st.characters(codec=None), max_size=60))
def test_cleaning_settles_and_never_raises(text: str) -> None:
    once, _ = cleaned(text)
    assert "\n" not in once
    assert "\0" not in once
    if "&" not in once:
        assert cleaned(once) == (once, [])
