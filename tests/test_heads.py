"""What is told of a story by a look at its source is what parsing all of it tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from examples import examples
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from newsroom import Site

from broadsheet import articles, sitefolder
from broadsheet.errors import judge
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap
from broadsheet.heads import HeadBatch, Terms, head_batch, stands_in
from broadsheet.markdown import Options, render
from broadsheet.markdown.plain import words_of
from broadsheet.model import Article, Stand, Trait
from broadsheet.stands import stand
from broadsheet.terms import features

HERE = Path(__file__).parent
SPEC = [one["markdown"] for one in json.loads(next((HERE / "commonmark").glob("*.json")).read_text(encoding="utf-8"))]
STORIES = sorted((HERE / "corpora" / "digitalgov" / "articles").rglob("*.md"))

# What a look can tell, and what it must not try to, between words that would be told apart.
PLAIN = st.sampled_from(
    [
        *("Ferry", "grain", "Straße", "2024", "7", "ınce", "İzmir", "naïve", "snake_case", "it's", "R&D", "A.B."),
        *(
            " ",
            " ",
            " ",
            "\n",
            "\n\n",
            "\n\n",
            "    ",
            "\t",
            "  \n",
            "\x0b",
            "\u00a0",
            "“x”",
            "—",
            '"',
            "'",
            "...",
            "--",
        ),
        *("*", "*", "**", "_", "__", "!", "]", "(", ")", ">", "&", "#", "## ", "---", ":", "|", " | ", "\n===", "\n- "),
        *("\n* ", "\n+ ", "\n1. ", "\n12) ", "\n> ", "\n>     ", "\n-     ", "\n| a | b |\n|---|---|\n| "),
        *("[tide](/x/y)", "[*low* tide](https://a.test/b_c)", "[a b](c.md)", "https://a.test/?q=z"),
    ]
)
OTHER = st.sampled_from(
    [
        *("`", "``", "~~", "\\", "[", "<", "&amp;", "![alt](x.png)", "[^1]", "[^1]: note", "<b>", "<!-- c -->"),
        *("\n2024. ", "\n```\n", "\n~~~\n", "\n::: factbox Tides\n", "\n:::\n", "{#id}", "[a]: /x", "\0", "\r\n"),
        *("<https://a.test>", "[x](<y z>)", "[x](y 'title')", "[x]()", "\\[x](y)", "日本"),
    ]
)
PIECES = st.one_of(*[PLAIN] * 30, OTHER)


def features_of(text: str, lang: str) -> FrozenMap[str, int]:
    return features("", "", (), text, lang)


@settings(max_examples=examples(1500))
@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["en", "tr", "de", "fr", "fi"]))
@example("a*b*c", "en")
@example("*a*_b_", "en")
@example("un[do](x)ing", "en")
@example("| [a|b](x) |\n|---|\n", "en")
@example("    [a](b)", "en")
@example("2024. A list that begins there", "en")
@example("1. 2024. A list in a list", "en")
@example("[tide](x)_snake_", "en")
@example("_a_[b](c)", "en")
@example("Jose\u0301*phine*", "en")
@example("[alpha](harbour\\)", "en")
@example("[code](x`y) z`", "en")
@example("[unsafe](javascript:x)", "en")
@example("[unsafe](//someone@host/)", "en")
@example("> " * 45 + "deep", "en")
@example("> | head |\n> |---|\n> b | cargo |", "en")
@example("\n| a | b |\n|---|---|\n| x | y | lost |", "en")
def test_the_words_of_a_source_are_those_of_its_text_where_they_are_told(source: str, lang: str) -> None:
    words = words_of(source)
    event("told" if words is not None else "not told")
    if words is not None:
        rendered = render(source, path="a.md", lang=lang, options=Options())
        assert features_of(words, lang) == features_of(rendered.text, lang)
        assert not [found for found in judge(rendered.diagnostics, {}) if found.severity == "error"]


@pytest.mark.parametrize("raw_html", ["escape", "sanitize"])
def test_they_are_in_the_examples_of_commonmark_and_in_a_real_archive(raw_html: str) -> None:
    bodies = [path.read_text(encoding="utf-8").split("\n---\n", 1)[-1] for path in STORIES]
    told = 0
    for source in [*SPEC, *bodies]:
        words = words_of(source)
        if words is not None:
            told += 1
            text = render(source, path="a.md", options=Options(raw_html=raw_html)).text  # type: ignore[arg-type]
            assert features_of(words, "en") == features_of(text, "en"), source
    assert told > 150


def test_plain_stories_are_told_at_a_look() -> None:
    story = (
        "The *ferry* left **at seven**, “said” [the harbour](https://a.test/x?y=z#w).\n\n## A heading\n\n- a list\n"
        "- of [two](../two.md)\n\n> A quotation.\n\n1. First\n2. Second\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    assert words_of(story) is not None


def test_heads_are_those_of_parsed_stories(site: Site) -> None:
    site.story("europe/plain.md", "A *ferry* of [one](code.md) and more.", topics=["Ferries", "Sea"], authors=["Ada"])
    site.story("europe/code.md", "`ferry` ![Map](map.png) and [a file](map.png) in the harbour.", image="map.png")
    site.story("asia/tr.md", "İzmir’de ışıklar ve ılık çay, ığdır yolunda.", lang="tr", draft=True, date="2026-02-03")
    site.story("asia/ar.md", "الحديقة والمدينة في الربيع، والحديقة مفتوحة.", lang="ar", expires="2027-01-01")
    site.story("asia/late.md", "Later.", embargo="2026-05-01", slug="other", region="europe")
    site.write("content/asia/torn.md", "---\ntitle: [\n---\n")
    files = Files(str(site.folder))
    settings_ = sitefolder.load_settings(files, base_url="")
    paths = tuple(sorted(str(path.relative_to(site.folder)) for path in site.folder.glob("content/*/*.md")))
    batch = {"settings": settings_, "locales": FrozenMap[str, str](), "languages": FrozenMap[str, str]()}
    heads = head_batch(HeadBatch(root=files.root, paths=paths, **batch))  # type: ignore[arg-type]
    sources = tuple((path, files.read(path)) for path in paths)
    parsed = articles.parse_batch(articles.ParseBatch(sources=sources, **batch))  # type: ignore[arg-type]
    stands = stands_in(heads.stands)
    assert len(stands) == len(parsed) == 6
    for told, terms, whole in zip(stands, Terms(heads.terms), parsed, strict=True):
        if told is None:
            assert whole.source is None
            continue
        assert isinstance(whole.source, Article)
        wanted = stand(whole.source, "content")
        assert sure(told) == sure(wanted)
        assert terms == dict(whole.source.terms)
    assert stands.count(None) == 1


def test_where_more_is_an_error_than_usual_all_of_a_story_is_looked_at(site: Site) -> None:
    site.configure("checks: {heading-level: error}\n").story("europe/a.md", "# A heading").story("europe/b.md", "None.")
    files = Files(str(site.folder))
    batch = HeadBatch(
        root=files.root,
        paths=("content/europe/a.md", "content/europe/b.md"),
        settings=sitefolder.load_settings(files, base_url=""),
        locales=FrozenMap(),
        languages=FrozenMap(),
    )
    assert [bool(stand) for stand in stands_in(head_batch(batch).stands)] == [False, True]


def sure(stand: Stand) -> Stand:
    """What of a stand is no matter of the text."""
    return stand._replace(pictures=(), targets=(), sites=(), traits=stand.traits | Trait.FILE_LINKS)
