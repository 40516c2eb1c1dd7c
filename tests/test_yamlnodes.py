"""YAML text to nodes: what is accepted, what is refused, and that every finding has its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml_trees import LIMIT, only, plain, read

from broadsheet.errors import CODES
from broadsheet.yamlnodes import Mapping, Scalar, Sequence, nodes


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
        ("a:\n  - b\n  -c\nd: e\n", 3, 3, "without a blank after its hyphen"),
        ("a:\n  - b\n  -c\n", 3, 3, "without a blank after its hyphen"),
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
