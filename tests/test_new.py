"""`new`: a story begun, with what its picture says of itself; nothing is ever written over."""

from __future__ import annotations

import io
import json
import os
import pty
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command_line import COMMAND, process, run
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Site, png
from PIL import Image

from broadsheet.newstory import SLUG_LIMIT, scalar, slug_of
from broadsheet.photonotes import photo_notes
from broadsheet.yamlnodes import Findings, Mapping, Scalar, parse

AT = ("--at", "2026-05-04T14:20")
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
xmlns:i="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" {attributes}>{elements}</rdf:Description>
</rdf:RDF></x:xmpmeta>"""


@pytest.fixture
def desk(site: Site) -> Site:
    site.configure(timezone="Europe/Istanbul").write(
        "content/turkiye/_index.md", "---\ntitle: Türkiye\nlang: tr\n---\n"
    )
    return site.write("content/europe/_index.md", "---\ntitle: Europe\n---\n")


def new(site: Site, *arguments: str) -> str:
    """The text of the story that `new` makes."""
    done = run("new", *arguments, "--json", *AT, cwd=site.folder)
    assert done.returncode == 0, done.stderr
    return (site.folder / json.loads(done.stdout)["path"]).read_text(encoding="utf-8")


def photo(
    *, xmp: str = "", iim: dict[tuple[int, int], bytes] | None = None, exif: dict[int, str] | None = None
) -> bytes:
    """A JPEG of 1,300 × 700 pixels with metadata as agencies' programs write it."""
    out = io.BytesIO()
    notes = Image.Exif()
    for tag, text in (exif or {}).items():
        notes[tag] = text
    more: dict[str, Any] = {"exif": notes} if exif else {}
    Image.new("RGB", (1300, 700), "teal").save(out, "JPEG", xmp=xmp.encode() or None, **more)
    data = out.getvalue()
    if not iim:
        return data
    records = b"".join(struct.pack(">BBBH", 0x1C, *place, len(text)) + text for place, text in iim.items())
    resource = b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(records)) + records
    segment = b"Photoshop 3.0\0" + resource + b"\0" * (len(records) % 2)
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


# --- where it goes -------------------------------------------------------------------------------------------------


def test_a_story_is_begun_as_a_draft_that_a_build_takes_once_it_is_published(desk: Site) -> None:
    done = process("new", "europe/night-ferries", "--title", "Night ferries return", *AT, cwd=desk.folder)
    assert done.returncode == 0
    assert done.stdout.startswith("content/europe/2026-05-04-night-ferries.md\n")
    assert "It is a draft" in done.stdout
    text = (desk.folder / "content/europe/2026-05-04-night-ferries.md").read_text()
    assert text == "---\ntitle: Night ferries return\ndate: 2026-05-04 14:20\ndraft: true\ndescription:\n---\n\n"
    desk.good(at="2026-06-01")
    assert not desk.has("/europe/2026/05/night-ferries/")
    desk.edit("content/europe/2026-05-04-night-ferries.md", "draft: true\n", "")
    desk.good(at="2026-06-01")
    assert "Night ferries return" in desk.page("/europe/2026/05/night-ferries/")


def test_flags_fill_in_the_front_matter(desk: Site) -> None:
    flags = [
        "--author",
        "Elif Kaya",
        "--author",
        "AA",
        "--topic",
        "Sea: a view",
        "--label",
        "opinion",
        "--kind",
        "live",
    ]
    flags += ["--series", "#1", "--lang", "de", "--standfirst", "Two boats.", "--publish", "--folder"]
    text = new(desk, "europe/x", "--title", "Yes", *flags)
    assert text == (
        "---\ntitle: Yes\ndate: 2026-05-04 14:20\ndescription: Two boats.\nkind: live\nlabel: opinion\n"
        'series: "#1"\nlang: de\nauthors:\n  - Elif Kaya\n  - AA\ntopics: "Sea: a view"\n---\n\n'
    )
    assert (desk.folder / "content/europe/2026-05-04-x/index.md").is_file()
    desk.good(at="2026-06-01")


def test_the_slug_is_made_from_the_title_in_the_regions_language(desk: Site) -> None:
    new(desk, "turkiye", "--title", "ISPARTA’da güller İstanbul’a")
    assert (desk.folder / "content/turkiye/2026-05-04-ispartada-guller-istanbula.md").is_file()


@pytest.mark.parametrize(
    ("title", "lang", "slug"),
    [
        ("Night ferries return", "en", "night-ferries-return"),
        ("Über die Größe", "de", "ueber-die-groesse"),
        ("Über", "en", "uber"),
        ("Московские новости", "ru", "moskovskie-novosti"),
        ("Ελλάδα", "el", "ellada"),
        ("What C++ is", "en", "what-cplusplus-is"),
        ("…", "en", ""),
    ],
)
def test_titles_are_transliterated(title: str, lang: str, slug: str) -> None:
    assert slug_of(title, lang) == slug


@given(st.text(max_size=200), st.sampled_from(["en", "tr", "de", "ar"]))
def test_a_slug_is_plain_and_short(title: str, lang: str) -> None:
    slug = slug_of(title, lang)
    assert len(slug) <= SLUG_LIMIT
    assert slug == "" or (slug.isascii() and slug == slug.lower() and " " not in slug and "/" not in slug)


def test_a_date_before_the_slug_is_the_storys(desk: Site) -> None:
    assert "date: 2025-04-09\n" in new(desk, "content/europe/2025-04-09-talks.md", "--title", "Talks")
    assert (desk.folder / "content/europe/2025-04-09-talks.md").is_file()


@pytest.mark.parametrize("there", ["2026-05-04-talks.md", "2026-05-01-talks/index.md", "talks.md", "talks/index.md"])
def test_a_story_that_is_there_is_never_written_over(desk: Site, there: str) -> None:
    desk.story(f"europe/{there}", "Mine.")
    before = desk.tree(desk.folder)
    done = run("new", "europe/talks", "--title", "Other", *AT, cwd=desk.folder)
    assert done.returncode == 2
    assert f"content/europe/{there} is there already" in done.stderr
    assert desk.tree(desk.folder) == before


def test_the_same_slug_in_another_month_is_another_story(desk: Site) -> None:
    desk.story("europe/2026-04-04-briefing.md")
    new(desk, "europe/briefing", "--title", "Briefing")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["turkye", "--title", "T"], "did you mean turkiye?"),
        (["topics", "--title", "T"], "pages of that name are made already"),
        (["../x", "--title", "T"], "write a region and a slug"),
        (["a/b/c", "--title", "T"], "write a region and a slug"),
        (["europe", "--title", "…"], "no slug can be made"),
        (["europe/.x", "--title", "T"], "can't be a slug"),
        (["europe", "--title", "T", "--label", "opinon"], "Did you mean `opinion`?"),
        (["europe", "--title", "T", "--lang", "in english"], "must be a language tag"),
        (["europe", "--title", "T", "--picture", "nowhere.jpg"], "nowhere.jpg: No such file"),
        (["europe", "--title", "T", "--picture", "config.yaml"], "not a picture"),
        (["europe"], "a story needs a headline"),
    ],
)
def test_what_can_not_be_begun_is_told_and_nothing_is_written(desk: Site, arguments: list[str], words: str) -> None:
    before = desk.tree(desk.folder)
    done = run("new", *arguments, cwd=desk.folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert desk.tree(desk.folder) == before


def test_a_new_region_is_made_and_told(desk: Site) -> None:
    done = run("new", "oceania", "--title", "T", *AT, cwd=desk.folder)
    assert "oceania is a new region" in done.stdout


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), min_size=1, max_size=40))
def test_any_text_is_read_back_as_it_was_given(text: str) -> None:
    findings = Findings("", f"k: {scalar(text)}")
    node = parse(findings, 64 * 1024)
    assert not findings.found
    assert isinstance(node, Mapping)
    value = node.entries[0][1]
    assert isinstance(value, Scalar)
    assert value.text == " ".join(text.split())


# --- pictures ------------------------------------------------------------------------------------------------------


def test_a_picture_is_copied_and_what_it_says_is_filled_in(desk: Site) -> None:
    elements = (
        '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">The  deck\n: at dawn.</rdf:li></rdf:Alt>'
        "</dc:description>"
        '<i:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="en">People on a deck</rdf:li></rdf:Alt>'
        "</i:AltTextAccessibility>"
    )
    data = photo(xmp=XMP.format(attributes='photoshop:Credit="AA"', elements=elements))
    desk.write("inbox/IMG 2041 Güverte.JPG", data)
    text = new(desk, "europe/ferries", "--title", "Ferries", "--picture", "inbox/IMG 2041 Güverte.JPG")
    assert "image:\n  src: img-2041-guverte.jpg\n  alt: People on a deck\n" in text
    assert '  caption: "The deck : at dawn."\n  credit: AA\n---' in text
    assert (desk.folder / "content/europe/2026-05-04-ferries/img-2041-guverte.jpg").read_bytes() == data
    assert json.loads(run("check", "-D", "--json", "--at", "2026-06-01", cwd=desk.folder).stdout)["diagnostics"] == []


def test_flags_go_before_what_the_picture_says(desk: Site) -> None:
    desk.write("a.jpg", photo(exif={270: "From Exif", 315: "Someone"}))
    text = new(desk, "europe", "--title", "T", "--picture", "a.jpg", "--credit", "AA", "--alt", "A quay")
    assert "  alt: A quay\n  caption: From Exif\n  credit: AA\n" in text


def test_without_alt_text_the_place_for_it_is_shown_and_a_build_would_ask_for_it(desk: Site) -> None:
    desk.write("a.png", png(800, 600))
    done = run("new", "europe/x", "--title", "T", "--picture", "a.png", "--publish", *AT, cwd=desk.folder)
    assert "800 × 600 pixels: news cards want 1,200" in done.stdout
    assert "Say what the picture shows" in done.stdout
    assert desk.build(at="2026-06-01").one("missing-alt").line == 6


def test_xmp_goes_before_iim_and_iim_before_exif() -> None:
    iim = {(1, 90): b"\x1b%G", (2, 120): "IIM ü".encode(), (2, 110): b"IIM credit", (2, 80): b"By"}
    exif = {270: "Exif caption", 315: "Exif artist"}
    described = '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">XMP</rdf:li></rdf:Alt></dc:description>'
    every = photo_notes(photo(xmp=XMP.format(attributes="", elements=described), iim=iim, exif=exif), "en")
    assert (every.caption, every.credit) == ("XMP", "IIM credit")
    without = photo_notes(photo(iim=iim, exif=exif), "en")
    assert (without.caption, without.credit) == ("IIM ü", "IIM credit")
    least = photo_notes(photo(exif=exif), "en")
    assert (least.caption, least.credit, least.alt) == ("Exif caption", "Exif artist", "")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Boğaz’da şafak".encode(), "Boğaz’da şafak"),
        ("Boğaz’da şafak".encode("cp1254"), "Boğaz’da şafak"),
        (b"\x81", "\x81"),
    ],
)
def test_old_records_are_decoded_as_they_were_written(data: bytes, text: str) -> None:
    assert photo_notes(photo(iim={(2, 120): data}), "tr").caption == text


def test_of_texts_in_several_languages_the_storys_is_taken() -> None:
    listed = "".join(f'<rdf:li xml:lang="{tag}">{tag}</rdf:li>' for tag in ("x-default", "en-GB", "tr-TR"))
    data = photo(
        xmp=XMP.format(attributes="", elements=f"<dc:description><rdf:Alt>{listed}</rdf:Alt></dc:description>")
    )
    assert [photo_notes(data, lang).caption for lang in ("en", "tr", "de")] == ["en-GB", "tr-TR", "x-default"]


@pytest.mark.parametrize("noise", ["OLYMPUS DIGITAL CAMERA", "          ", "SONY DSC", "Untitled"])
def test_what_a_camera_writes_by_itself_is_no_caption(noise: str) -> None:
    assert photo_notes(photo(exif={270: noise}), "en").caption == ""


@pytest.mark.parametrize(
    "xmp", ["<x", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", XMP.format(attributes='photoshop:Credit=""', elements="")]
)
def test_odd_metadata_says_nothing_and_breaks_nothing(xmp: str) -> None:
    assert photo_notes(photo(xmp=xmp), "en").credit == ""
    data = photo(xmp=XMP.format(attributes="", elements=""), iim={(2, 120): b"x" * 300})
    for end in range(0, len(data), len(data) // 60):
        photo_notes(data[:end], "en")


# --- asking --------------------------------------------------------------------------------------------------------


def test_on_a_terminal_it_asks_for_what_is_not_given(desk: Site) -> None:
    desk.write("a.png", png(1300, 700))
    leader, follower = pty.openpty()
    command = [*COMMAND, "new", "europe", "--topic", "Sea", *AT]
    child = subprocess.Popen(command, cwd=desk.folder, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    os.write(leader, b"\nNight ferries\nTwo boats.\nElif Kaya, Can Su\n'a.png'\n")
    assert child.wait(timeout=60) == 0
    os.close(leader)
    text = (desk.folder / "content/europe/2026-05-04-night-ferries/index.md").read_text()
    assert "description: Two boats.\nauthors:\n  - Elif Kaya\n  - Can Su\ntopics: Sea\nimage:\n  src: a.png\n" in text


def test_a_picture_that_is_there_is_never_written_over(desk: Site) -> None:
    desk.write("content/europe/2026-05-04-x/a.png", b"mine").write("a.png", png(1300, 700))
    done = run("new", "europe/x", "--title", "X", "--picture", "a.png", *AT, cwd=desk.folder)
    assert done.returncode == 2
    assert "nothing was written over" in done.stderr
    assert Path(desk.folder / "content/europe/2026-05-04-x/a.png").read_bytes() == b"mine"
    assert not (desk.folder / "content/europe/2026-05-04-x/index.md").exists()
