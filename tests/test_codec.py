"""Records as bytes: what went in comes out, equal values give equal bytes, and nothing else can come out."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import archive
from broadsheet.codec import Codec, microseconds, moment
from broadsheet.frozen import FrozenMap, record

ZONE = ZoneInfo("Europe/Istanbul")
CODER = archive.coder("Europe/Istanbul")

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
moments = st.integers(-(10**15), 10**16).map(lambda value: moment(value, ZONE))
plain = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), text, st.binary(max_size=9)),
    *(moments, st.dates()),
)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(text, inner, max_size=3).map(FrozenMap),
    max_leaves=6,
)


@given(values)
def test_plain_values_come_back_as_they_went_in(value: object) -> None:
    found = CODER.loads(CODER.dumps(value))
    assert found == value
    assert type(found) is type(value)
    assert repr(found) == repr(value)


# The fields of every record type, filled with any values: the codec does not know what belongs where.
@pytest.mark.parametrize("kind", archive._TYPES, ids=lambda kind: kind.__name__)
@settings(max_examples=examples(10, least=4))
@given(data=st.data())
def test_every_record_comes_back_as_it_went_in(kind: type, data: st.DataObject) -> None:
    names = list(kind.__dataclass_fields__)  # type: ignore[attr-defined]  # all are records
    given_values = {name: data.draw(values) for name in names}
    made = kind(**given_values)
    found = CODER.loads(CODER.dumps((made, FrozenMap({"x": made}))))
    assert found == (made, FrozenMap({"x": made}))
    assert type(found[0]) is kind


@given(values, values)
def test_only_equal_values_have_equal_bytes(one: object, other: object) -> None:
    if CODER.dumps(one) == CODER.dumps(other):
        assert repr(one) == repr(other)
    else:
        assert repr(one) != repr(other)


@given(moments)
def test_a_moment_is_kept_to_the_microsecond_in_its_zone(value: datetime) -> None:
    found = moment(microseconds(value), ZONE)
    assert (found, found.isoformat()) == (value, value.isoformat())


def test_a_repeated_hour_keeps_its_side() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2025, 10, 26, 0, 30, tzinfo=UTC).astimezone(zone)
    second = first.astimezone(UTC) + timedelta(hours=1)
    found = [moment(microseconds(value), zone) for value in (first, second)]
    assert [value.isoformat() for value in found] == ["2025-10-26T02:30:00+02:00", "2025-10-26T02:30:00+01:00"]


@record
class Stranger:
    x: int = 0


@pytest.mark.parametrize("value", [Stranger(), object(), {1, 2}, [1], timedelta(1), print, Exception("x"), int])
def test_other_types_are_refused(value: object) -> None:
    for packed in (value, (1, value), FrozenMap({"x": value})):
        with pytest.raises(TypeError, match="is not packed"):
            CODER.dumps(packed)


@contextmanager
def little_memory() -> Iterator[None]:
    """Room for 256 MiB more: bytes that claim to be a list of two thousand million fail at once, and not after filling
    16 GiB."""
    with open("/proc/self/statm", encoding="ascii") as file:
        taken = int(file.read().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (taken + (256 << 20), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a process to its share of memory")
@given(st.binary(max_size=60))
def test_bytes_of_any_kind_give_a_value_or_one_of_the_errors_that_are_told(data: bytes) -> None:
    with little_memory(), suppress(ValueError, EOFError, TypeError, KeyError, IndexError, MemoryError):
        CODER.loads(data)


def test_a_date_is_not_a_moment() -> None:
    found = Codec((), UTC).loads(Codec((), UTC).dumps((date(2025, 1, 2), datetime(2025, 1, 2, tzinfo=UTC))))
    assert [type(value) for value in found] == [date, datetime]
