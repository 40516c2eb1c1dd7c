"""Where the Recommended card goes in a text that holds HTML: between its paragraphs, never within something else."""

from __future__ import annotations

import pytest
from rendering import codes, rendered

CARD = "\0R\0\n"
FOUR = "\n\n".join(f"P{n}" for n in range(1, 5))


def parts(source: str, after: int = 3, raw: str = "sanitize") -> tuple[str, str]:
    """What stands before and behind the card."""
    before, _, behind = rendered(source, raw_html=raw, after_paragraph=after).body.html.partition(CARD)
    return before, behind


@pytest.mark.parametrize("raw", ["sanitize", "trusted"])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<blockquote>", "</blockquote>"),
        ("<details>", "</details>"),
        ("<ul><li>", "</li></ul>"),
        ("<table><tr><td>", "</td></tr></table>"),
        ("<figure>", "</figure>"),
    ],
)
def test_a_card_stands_in_nothing_that_was_written_as_html(opening: str, closing: str, raw: str) -> None:
    before, behind = parts(f"{opening}\n\n{FOUR}\n\n{closing}\n\nA\n\nB\n\nC\n\nD", raw=raw)
    assert before.rstrip().endswith("<p>C</p>")
    assert behind == "<p>D</p>\n"


@pytest.mark.parametrize("raw", ["sanitize", "trusted"])
@pytest.mark.parametrize(
    "source",
    [
        "<p>1</p>\n<p>2</p>\n<p>3</p>\n<p>4</p>\n\n5",
        "<div>\n<p>1</p>\n<p>2</p>\n\n<p>3</p>\n<p>4</p>\n</div>\n\n5",
        "1\n\n<p>2</p>\n\n3\n\n<p>4</p>\n\n5",
        "1 <b>b</b>\n\n2\n\n3\n\n4\n\n5",
    ],
)
def test_paragraphs_written_as_html_count_like_others(source: str, raw: str) -> None:
    before, behind = parts(source, raw=raw)
    assert before.count("<p>") == 3
    assert behind.count("<p>") == 2


def test_a_paragraph_that_another_one_ends_counts_as_well() -> None:
    before, behind = parts("<p>1<p>2<p>3<!-- <p> --><script>'<p>'</script><p>4", raw="trusted")
    assert before.rstrip().endswith("</script>")
    assert behind.startswith("<p>4")


@pytest.mark.parametrize("raw", ["escape", "sanitize"])
def test_a_short_text_has_its_card_before_its_notes(raw: str) -> None:
    before, behind = parts("A <b>b</b>.[^1]\n\n[^1]: A note.", raw=raw)
    assert before.endswith("</p>\n")
    assert behind.startswith('<section class="footnotes"')


@pytest.mark.parametrize("raw", ["escape", "sanitize"])
@pytest.mark.parametrize("end", ["says:", "says: [^1]", "says:[^1][^2]", "*says:*", "says：[^1]"])
def test_a_card_does_not_come_between_a_colon_and_what_it_announces(end: str, raw: str) -> None:
    notes = "\n\n[^1]: One.\n\n[^2]: Two." if "[^2]" in end else "\n\n[^1]: One." if "[^" in end else ""
    before, behind = parts(f"A <b>b</b>.\n\nShe {end}\n\n- One thing\n\nC.\n\nD.{notes}", after=2, raw=raw)
    assert before.rstrip().endswith("<p>C.</p>")
    assert behind.startswith("<p>D.</p>")


@pytest.mark.parametrize("raw", ["sanitize", "trusted"])
def test_a_card_that_a_writer_puts_into_html_is_an_error(raw: str) -> None:
    inside = rendered("<blockquote>\n\nA\n\n::: recommended\n\n</blockquote>", raw_html=raw)
    assert codes(inside) == ["block"]
    assert (inside.diagnostics[0].line, "inside <blockquote>" in inside.diagnostics[0].message) == (14, True)
    assert codes(rendered("<div>\n\nA\n\n::: recommended\n\n</div>", raw_html=raw)) == []
    assert codes(rendered("<br>\n\nA\n\n::: recommended\n\n<p>B</p>", raw_html=raw)) == []


PIECES = [
    "‹",
    "<",
    "a <b c\n",
    '<sup class="footnote-ref" ',
    '<a "',
    "<a '",
    "</script",
    "<script",
    "<p>",
    "<div>",
    "<p>:</p>",
]


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_takes_longer_than_it_is_long(piece: str) -> None:
    """Some took minutes; a hang fails by the limit for all tests."""
    rendered(f"<p>{piece * (200_000 // len(piece))}</p>", raw_html="trusted", after_paragraph=1)
