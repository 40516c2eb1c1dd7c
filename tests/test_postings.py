"""Who holds a term is told the same by what is kept of a month as by its stories themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broadsheet import planes, postings

TERMS = [f"{word}{end}" for word in ("bridge", "İzmir", "جسر", "#New Café") for end in ("", "s", " x")]
stories = st.lists(
    st.dictionaries(st.sampled_from(TERMS), st.integers(0, 7), max_size=6).map(
        lambda held: (tuple(held), bytes(held.values()))
    ),
    max_size=20,
)


@given(stories, st.sets(st.sampled_from([*TERMS, "nobody's", "~", ""])))
def test_what_is_kept_says_the_same_as_the_stories(month: list[postings.Weighed], asked: set[str]) -> None:
    kept = postings.loads(postings.dumps(month)).held(asked)
    assert kept == postings.held(month, asked)
    expected = {
        term: [(n, dict(zip(*story, strict=True))[term]) for n, story in enumerate(month) if term in story[0]]
        for term in asked
    }
    assert kept == {term: holders for term, holders in expected.items() if holders}


def test_few_of_many_words_are_looked_for_one_by_one() -> None:
    """And many are numbered: both find the same."""
    month = [((f"w{n:03}", f"w{n + 1:03}"), bytes([1, n % 8])) for n in range(200)]
    kept = postings.loads(postings.dumps(month))
    asked = {f"w{n:03}" for n in range(0, 260, 7)}
    one_by_one = {term: holders for one in sorted(asked) for term, holders in kept.held({one}).items()}
    assert kept.held(asked) == one_by_one == postings.held(month, asked)


@given(stories, st.integers(0, 40))
def test_planes_of_those_who_hold_a_term_are_those_of_what_the_stories_hold(
    month: list[postings.Weighed], offset: int
) -> None:
    gathered = planes.gathered([(offset, postings.held(month, set(TERMS)))], offset + len(month))
    appended: dict[str, planes.Planes] = {}
    planes.append(appended, month, offset)
    assert {term: found for term, found in gathered.items() if any(found)} == {
        term: found for term, found in appended.items() if any(found)
    }
