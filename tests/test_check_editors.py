"""`check` tells what an editor would say: of headlines, pictures, and names that are nearly one."""

from __future__ import annotations

import pytest
from checks import check, codes, only, sound
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Site, png

from broadsheet.nearnames import near, squashed

__all__ = ["sound"]


def test_a_headline_too_long_for_cards_is_told_at_its_line(sound: Site) -> None:
    sound.story("eu/c.md", title="x" * 91).story("eu/d.md", title="y" * 90).story("eu/e.md", title="字" * 46)
    found = [f for f in check(sound)["diagnostics"] if f["code"] == "long-headline"]
    assert [(f["path"], f["line"]) for f in found] == [("content/eu/c.md", 2), ("content/eu/e.md", 2)]


def test_a_picture_without_credit_is_told_in_front_matter_and_in_the_text(sound: Site) -> None:
    sound.write("content/eu/c/one.png", png(1300, 700, "red")).write("content/eu/c/two.png", png(1300, 700, "blue"))
    body = '![Two](two.png "A caption.")\n\n![Two again](two.png "A caption. / AA")\n\n![](one.png "")'
    sound.story("eu/c/index.md", body.replace("![](one.png", "![One](one.png"), image={"src": "one.png", "alt": "1"})
    found = [f for f in check(sound)["diagnostics"] if f["code"] == "missing-credit"]
    assert [f["line"] for f in found] == [4, 6, 10]


def test_a_decoration_needs_no_credit(sound: Site) -> None:
    sound.write("content/eu/c/one.png", png(1300, 700))
    sound.story("eu/c/index.md", image={"src": "one.png", "alt": ""})
    assert codes(sound) == []


def test_a_lead_picture_under_1200_pixels_is_told_to_check_and_not_to_a_build(sound: Site) -> None:
    sound.write("content/eu/a/photo.png", png(1199, 700))
    found = only(sound, "small-picture")
    assert found["severity"] == "warn"
    assert "1199 pixels" in found["message"]
    assert sound.build().findings == ()
    sound.write("content/eu/a/photo.png", png(1200, 700))
    assert codes(sound) == []


def test_widths_that_leave_out_what_cards_want_are_told_once(sound: Site) -> None:
    sound.configure("images: {widths: [360, 720]}\n")
    assert only(sound, "small-picture")["path"] == "config.yaml"


def test_a_picture_that_nothing_shows_is_told_unless_a_draft_names_it(sound: Site) -> None:
    sound.write("content/eu/d/kept.png", png()).write("content/eu/d/lost.PNG", png()).write("content/eu/d/x.csv", "1")
    sound.story("eu/d/index.md", "![x](kept.png)", draft=True)
    assert only(sound, "unused-picture")["path"] == "content/eu/d/lost.PNG"


def test_what_lies_beside_a_story_that_cannot_be_read_is_left_alone(sound: Site) -> None:
    sound.write("content/eu/d/own.png", png()).story("eu/d/index.md", darft=True)
    assert codes(sound) == ["hidden-key"]


def test_a_picture_that_a_text_links_to_is_used(sound: Site) -> None:
    sound.write("content/eu/map.png", png()).story("eu/c.md", "[The map](map.png)")
    assert codes(sound) == []


def test_two_spellings_of_a_topic_are_told_with_the_commoner_one(sound: Site) -> None:
    for n in range(3):
        sound.story(f"eu/c{n}.md", topics=["curl"])
    sound.story("eu/d.md", topics=["cURL"]).story("eu/e.md", topics=["Space", "cURL"])
    found = only(sound, "near-topic")
    assert (found["path"], found["line"]) == ("content/eu/d.md", 4)
    assert found["message"] == "“cURL” is the same topic as “curl”, which 3 stories have"
    assert found["hint"] == "write curl, also in content/eu/e.md"


def test_of_two_spellings_as_common_the_one_that_their_page_bears_is_to_be_written(sound: Site) -> None:
    sound.story("eu/c.md", date="2025-04-01", topics=["Irak"]).story("eu/d.md", date="2025-04-02", topics=["IRAK"])
    assert only(sound, "near-topic")["hint"] == "write Irak"


NEARLY_ONE = [
    ("curl", "cURL"),
    ("Türkiye", "Turkiye"),
    ("U.S.", "US"),
    ("open data", "open-data"),
    ("ferry", "ferrys"),
    ("Diplomacy", "Diplomcay"),
    ("Environment", "Enviroment"),
    ("accessibility", "accessibilaty"),
    ("ISPARTA", "ısparta"),
]
NOT_ONE = [
    ("Iran", "Iraq"),
    ("C", "C++"),
    ("policy", "police"),
    ("Covid-19", "Covid-18"),
    ("election 2024", "election 2025"),
    ("Austria", "Australia"),
    ("north", "worth"),
    ("тема", "тему"),
]


@pytest.mark.parametrize(("common", "rare"), NEARLY_ONE)
def test_names_that_are_nearly_one_are_found(common: str, rare: str) -> None:
    (found,) = near({common: 3, rare: 1, "something else": 2})
    assert (found.common, found.rare) == (common, rare)


@pytest.mark.parametrize(("one", "other"), NOT_ONE)
def test_names_of_different_things_are_left_alone(one: str, other: str) -> None:
    assert list(near({one: 2, other: 1})) == []


@given(st.dictionaries(st.text("abcéÉ -", max_size=8), st.integers(1, 5), max_size=12))
def test_each_rare_name_is_told_once_and_never_as_its_own_cure(names: dict[str, int]) -> None:
    found = list(near(names))
    rare = [pair.rare for pair in found]
    assert len(rare) == len(set(rare))
    assert all(pair.common != pair.rare and names[pair.common] >= names[pair.rare] for pair in found)
    told = {pair.rare for pair in found if pair.same}
    by_key: dict[str, set[str]] = {}
    for name in names:
        if squashed(name):
            by_key.setdefault(squashed(name), set()).add(name)
    assert all(len(group - told) == 1 for group in by_key.values())
