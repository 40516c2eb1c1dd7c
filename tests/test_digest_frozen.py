"""Canonical fingerprints, records and frozen mappings: what lets a page's key be trusted."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import MISSING, FrozenInstanceError, asdict, dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import article

from broadsheet.contexts import NavLink
from broadsheet.digest import SIZE, digest, fingerprint
from broadsheet.frozen import FrozenMap, record
from broadsheet.model import Figure, StoryMatter

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple), st.dictionaries(st.text(max_size=4), inner, max_size=4).map(FrozenMap)
    ),
    max_leaves=12,
)


def exact(value: object) -> object:
    """A value with its types, so that 1, 1.0 and True differ, as do 0.0 and -0.0."""
    if isinstance(value, tuple):
        return ("tuple", tuple(exact(item) for item in value))
    if isinstance(value, FrozenMap):
        return ("map", tuple((key, exact(item)) for key, item in value.items()))
    return (type(value).__name__, repr(value))


@given(values, values)
def test_fingerprints_are_equal_exactly_where_values_are(one: object, other: object) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (exact(one) == exact(other))


@given(st.dictionaries(st.text(max_size=4), scalars, max_size=6))
def test_the_order_of_a_mapping_matters_as_it_does_to_a_template(items: dict[str, object]) -> None:
    turned = FrozenMap(dict(reversed(items.items())))
    assert (fingerprint(FrozenMap(items)) == fingerprint(turned)) == (len(items) < 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        ((("a",), "b"), (("a", "b"),)),
        ("a", b"a"),
        (1, True),
        (0, None),
        (1, 1.0),
        ((), FrozenMap()),
        (date(2025, 1, 1), datetime(2025, 1, 1, tzinfo=UTC)),
        (datetime(2025, 1, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, 2, tzinfo=timezone(timedelta(hours=1)))),
        (Figure(picture=1), (1, False)),
        (FrozenMap({"a": 1}), (("a", 1),)),
    ],
)
def test_values_that_print_differently_have_different_fingerprints(one: object, other: object) -> None:
    assert fingerprint(one) != fingerprint(other)


@dataclass
class Loose:
    a: int = 1


@pytest.mark.parametrize(
    "value",
    [
        *([], {}, set(), frozenset({"a"}), object(), Loose(), bytearray(b"a"), 1j, lambda: 0, int),
        datetime(2025, 1, 1),  # noqa: DTZ001  # what is refused
        ("a", ["b"]),
        FrozenMap({"a": {"b": 1}}),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        fingerprint(value)


def test_every_field_of_a_record_counts() -> None:
    story = article(title="A")
    seen = {fingerprint(story)}
    for change in (
        {"path": "x"},
        {"minutes": 9},
        {"dir": "rtl"},
        {"matter": replace(story.matter, topics=("x",))},
        {"terms": FrozenMap({"a": 1})},
    ):
        seen.add(fingerprint(replace(story, **change)))
    assert len(seen) == 6


def test_a_digest_has_sixteen_bytes() -> None:
    assert len(digest(b"")) == len(fingerprint(())) == SIZE == 16


def test_fingerprints_are_the_same_in_every_process() -> None:
    program = (
        "from broadsheet.digest import fingerprint; from broadsheet.frozen import FrozenMap;"
        "print(fingerprint((1, 'ş', FrozenMap({'b': 2.5, 'a': None, 'c': (True,)}))).hex())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert found == {fingerprint((1, "ş", FrozenMap({"b": 2.5, "a": None, "c": (True,)}))).hex() + "\n"}


# --- records -------------------------------------------------------------------------------------------------------


@record
class One:
    only: str


@record
class Two:
    one: One
    many: tuple[One, ...] = ()


@pytest.mark.parametrize("value", [One(only="a"), Two(one=One(only="b"), many=(One(only="c"),)), article()])
def test_a_record_survives_pickling(value: object) -> None:
    copy = pickle.loads(pickle.dumps(value))  # noqa: S301  # our own bytes
    assert copy == value
    assert hash(copy) == hash(value)
    assert fingerprint(copy) == fingerprint(value)


def test_a_record_cannot_change_or_gain_fields() -> None:
    one: Any = One(only="a")
    with pytest.raises(FrozenInstanceError):
        one.only = "b"
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        one.other = "b"
    copy: Any = pickle.loads(pickle.dumps(one))  # noqa: S301  # our own bytes
    with pytest.raises(FrozenInstanceError):
        copy.only = "b"


def test_dataclasses_knows_a_record_and_what_it_inherits() -> None:
    @record
    class Page:
        title: str
        lang: str = "en"

    @record
    class Story(Page):
        """Tells something."""

        words: int
        lang: str = "tr"
        topics: tuple[str, ...] = ()

    story = Story(title="A", words=3)
    assert is_dataclass(Story)
    assert is_dataclass(Page)
    assert not hasattr(story, "__dict__")
    assert [(f.name, f.default) for f in fields(Page)] == [("title", MISSING), ("lang", "en")]
    names = {"title": MISSING, "lang": "tr", "words": MISSING, "topics": ()}
    assert [(f.name, f.default, f.kw_only) for f in fields(Story)] == [(k, v, True) for k, v in names.items()]
    assert (fields(story), [f.type for f in fields(story)]) == (fields(Story), ["str", "str", "int", "tuple[str, ...]"])
    assert replace(story, words=4) == Story(title="A", lang="tr", words=4) != story
    assert asdict(story) == {"title": "A", "lang": "tr", "words": 3, "topics": ()}
    assert (Story.__doc__, Page.__doc__, Story.__qualname__.rpartition(".")[2]) == ("Tells something.", "Page", "Story")
    assert get_type_hints(Story) == {"title": str, "lang": str, "words": int, "topics": tuple[str, ...]}


def test_a_default_that_can_change_is_refused_and_one_of_a_base_is_gone_where_the_field_is_given_anew() -> None:
    with pytest.raises(ValueError, match=r"Bad\.names"):

        @record
        class Bad:
            names: list[str] = []  # noqa: RUF012  # what must not work

    @record
    class Base:
        title: str = "x"

    @record
    class Story(Base):
        title: str

    assert [f.default for f in fields(Story)] == [MISSING]
    with pytest.raises(TypeError, match="title"):
        Story()


def test_a_records_fields_are_given_by_name() -> None:
    with pytest.raises(TypeError):
        NavLink("title", "url")  # type: ignore[misc]  # what must not work


@pytest.mark.parametrize("before", [0, 1, 40])
def test_a_record_is_made_and_refused_alike_however_many_were_made_before(before: int) -> None:
    @record
    class Told:
        what: str
        where: str = "here"
        often: tuple[int, ...] = ()

    made = [Told(what="x", often=(n,)) for n in range(before)]
    assert [one.often for one in made] == [(n,) for n in range(before)]
    for wrong in ({}, {"where": "x"}, {"what": "x", "when": "y"}, {"whar": "x", "where": "y", "often": ()}):
        with pytest.raises(TypeError, match="argument"):
            Told(**wrong)  # type: ignore[arg-type]
    for _ in range(2):
        assert Told(where="there", what="x") == Told(what="x", where="there", often=())
        assert repr(Told(what="x")).endswith("Told(what='x', where='here', often=())")


def test_records_that_differ_in_one_field_are_not_equal() -> None:
    assert StoryMatter(title="a") != StoryMatter(title="a", noindex=True)
    assert StoryMatter(title="a") == StoryMatter(title="a")


# --- frozen mappings -----------------------------------------------------------------------------------------------


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=6))
def test_a_frozen_map_is_the_mapping_it_was_made_of(items: dict[str, int]) -> None:
    made = FrozenMap(items)
    assert made == items
    assert hash(made) == hash(FrozenMap(dict(reversed(items.items()))))
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301  # our own bytes
    assert list(made) == list(items)


def test_a_frozen_map_does_not_see_later_changes_of_its_source() -> None:
    source = {"a": 1}
    made = FrozenMap(source)
    source["a"] = 2
    assert made["a"] == 1


def test_a_frozen_map_cannot_change() -> None:
    made: Any = FrozenMap({"a": 1})
    with pytest.raises(TypeError):
        made["a"] = 2
    with pytest.raises(TypeError):
        del made["a"]
    with pytest.raises(AttributeError):
        made._items = {}
    with pytest.raises(AttributeError):
        made.other = 1
