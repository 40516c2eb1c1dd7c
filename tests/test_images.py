"""Pictures: what is read from a file, which variants are planned, and that nothing but pixels is published."""

from __future__ import annotations

import struct
import zlib

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from small_pictures import (
    BLUE,
    GREEN,
    HERE,
    RED,
    SMALL,
    WHITE,
    corners,
    encoded,
    near,
    opened,
    probed,
    quartered,
    refused,
    saved,
)

from broadsheet import images
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.images import Encoded, Probe, Recipe
from broadsheet.settings import ImageSettings
from broadsheet.urls import base

# --- orientation, colours, metadata --------------------------------------------------------------------------------

UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_picture_is_published_upright(kind, turn):
    upright = quartered()
    stored = upright.transpose(UNDO[turn]) if turn in UNDO else upright
    exif = Image.Exif()
    exif[0x0112] = turn
    data = saved(stored, kind, exif=exif)

    found = probed(data)
    assert (found.width, found.height) == (40, 24)
    for made in encoded(data):
        picture = opened(made)
        assert picture.width > picture.height
        for colour, wanted in zip(corners(picture), (RED, GREEN, BLUE, WHITE), strict=True):
            assert near(colour, wanted, 60)


def test_an_impossible_orientation_is_ignored():
    exif = Image.Exif()
    exif[0x0112] = 77
    assert probed(saved(quartered(), exif=exif)).width == 40
    assert probed(saved(quartered(), exif=b"Exif\0\0garbage")).width == 40


def test_nothing_but_pixels_is_published():
    exif = Image.Exif()
    exif[0x010E] = "CANARY description"
    exif[0x8298] = "CANARY copyright"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (41.0, 0.0, 30.0)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>CANARY place</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    jpeg = saved(quartered(), exif=exif, comment=b"CANARY comment", xmp=xmp, icc_profile=profile)
    transparent = saved(quartered(mode="RGBA"), "PNG", exif=exif, icc_profile=profile)
    webp = saved(quartered(), "WEBP", exif=exif, xmp=xmp, icc_profile=profile)
    assert jpeg.count(b"CANARY") == 4
    for data in (jpeg, transparent, webp):
        for made in encoded(data):
            assert b"CANARY" not in made
            assert b"Exif" not in made
            assert b"ICC" not in made.upper()
            picture = opened(made)
            assert not picture.getexif()
            assert not picture.info.get("comment")


def test_colours_follow_the_pictures_own_profile():
    """A profile whose red and blue have changed places: what it stores as red is meant as blue."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    swapped = swapped.replace(b"rXYZ", b"?XYZ", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"?XYZ", b"bXYZ", 1)
    data = saved(Image.new("RGB", (40, 40), RED), "PNG", icc_profile=swapped)
    assert all(near(opened(made).getpixel((5, 5)), BLUE) for made in encoded(data))
    with_alpha = saved(Image.new("RGBA", (40, 40), (*RED, 128)), "PNG", icc_profile=swapped)
    assert all(near(opened(made).getpixel((5, 5)), (*BLUE, 128)) for made in encoded(with_alpha))


def test_a_damaged_profile_is_ignored():
    data = saved(Image.new("RGB", (40, 40), RED), icc_profile=b"no profile at all" * 20)
    assert all(near(opened(made).getpixel((5, 5)), RED) for made in encoded(data))


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P", "LA", "RGBA"])
def test_every_kind_of_pixel_becomes_rgb(mode):
    kind = "JPEG" if mode in ("CMYK", "L") else "PNG"
    picture = Image.new("RGB", (40, 40), WHITE).convert(mode)
    for made in encoded(saved(picture, kind)):
        assert opened(made).mode in ("RGB", "RGBA")
        assert near(opened(made).convert("RGB").getpixel((5, 5)), WHITE)


def test_sixteen_bits_of_grey_are_scaled_not_clipped():
    data = saved(Image.new("I;16", (40, 40), 0x8000), "PNG")
    assert all(near(opened(made).getpixel((5, 5)), (128, 128, 128), 6) for made in encoded(data))


def test_transparency_is_kept():
    data = (HERE / "wide-alpha-3840.png").read_bytes()
    found = probed(data)
    assert found == Probe(width=3840, height=721, format="png", alpha=True)
    planned = images.plan(found, digest(data), "wide-alpha-3840.png", SMALL)
    assert {variant.kind for variant in planned.variants} == {"webp", "png"}
    for made in encoded(data, Recipe(widths=(400,), formats=("webp", "jpeg"))):
        assert opened(made).mode == "RGBA"
        assert opened(made).getextrema()[3][0] < 255


def test_of_a_moving_picture_the_first_frame_is_published_and_said():
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, GREEN, BLUE)]
    for kind in ("GIF", "WEBP", "PNG"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert probed(data).animated
        assert all(near(opened(made).convert("RGB").getpixel((5, 5)), RED) for made in encoded(data))
        assert not any(getattr(opened(made), "is_animated", False) for made in encoded(data))
    assert not probed(saved(frames[0], "GIF")).animated
    assert images.animated("a.gif").code == "animated-picture"


# --- what can't be published ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"not a picture", b"<html><body>404</body></html>", b"\xff\xd8\xff", b"%PDF-1.7"]
)
def test_what_is_no_picture_is_said(data):
    assert refused(data).code == "broken-picture"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_cut_off_is_said(kind):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    assert refused(saved(noise, kind)[:-3000]).code == "broken-picture"


def png_header(width, height):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(100_000, 100_000), (12_000, 9_000), (8_000, 7_600), (20, 16_400), (16_400, 20)])
def test_too_many_pixels_are_refused_before_they_are_read(size):
    finding = refused(png_header(*size))
    assert finding.code == "too-large"


def test_a_huge_file_is_refused():
    assert refused(saved(quartered()) + bytes(images.MAX_BYTES)).code == "too-large"


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "AVIF", "svg"]), st.data())
def test_damaged_files_never_raise(kind, data):
    good = (HERE / "chart.svg").read_bytes() if kind == "svg" else saved(quartered(), kind)
    damaged = bytearray(good)
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(good) - 1), st.integers(0, 255)), max_size=8)):
        damaged[at] = value
    cut = data.draw(st.integers(0, len(damaged)))
    made = images.encode(bytes(damaged[:cut]), "photo.jpg", SMALL)
    assert isinstance(made, Encoded | Diagnostic)


# --- plans ---------------------------------------------------------------------------------------------------------


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from(["RGB", "RGBA", "L"]))
def test_the_bytes_are_what_was_planned(width, height, mode):
    data = saved(Image.new(mode, (width, height), 90), "PNG")
    planned = images.plan(probed(data), digest(data), "photo.png", SMALL)
    files = encoded(data)
    assert len(files) == len(planned.variants)
    for variant, made in zip(planned.variants, files, strict=True):
        picture = opened(made)
        assert picture.size == (variant.width, variant.height)
        assert picture.format == {"jpeg": "JPEG", "webp": "WEBP", "png": "PNG"}[variant.kind]
        assert variant.width <= width  # never upscaled
    assert len({variant.path for variant in planned.variants}) == len(planned.variants)
    assert planned.fallback.width == min(width, 48)


def test_the_widths_are_those_of_the_recipe_and_the_pictures_own():
    def widths(width):
        planned = images.plan(Probe(width=width, height=100, format="jpeg"), b"d", "a.jpg", SMALL)
        return [variant.width for variant in planned.variants if variant.kind == "webp"]

    assert widths(4000) == [16, 32, 48]
    assert widths(48) == [16, 32, 48]
    assert widths(40) == [16, 32, 40]
    assert widths(9) == [9]


def test_a_plan_gives_all_that_a_page_prints():
    how = images.recipe(ImageSettings(widths=(360, 1240)))
    planned = images.plan(Probe(width=3000, height=2000, format="jpeg"), b"digest", "w/Ayşe Fotoğraf 1.JPG", how)
    shown = images.picture(planned, base("https://example.org/news/"), alt="Alt", caption="C", credit="AA")
    assert shown.src.startswith("/news/pictures/ayse-fotograf-1-")
    assert shown.src.endswith("-1240.jpg")
    assert shown.absolute == "https://example.org" + shown.src
    assert (shown.width, shown.height) == (1240, 827)
    assert [source.type for source in shown.sources] == ["image/webp", "image/jpeg"]
    srcset = shown.sources[0].srcset
    assert [part.split()[1] for part in srcset.split(", ")] == ["360w", "1240w"]
    assert all(part.startswith("/news/pictures/") for part in srcset.split(", "))
    assert (shown.alt, shown.caption, shown.credit) == ("Alt", "C", "AA")


def test_a_thumbnail_is_offered_only_files_of_its_size():
    def small(widths, width):
        how = images.recipe(ImageSettings(widths=widths))
        planned = images.plan(Probe(width=width, height=width, format="jpeg"), b"digest", "a.jpg", how)
        shown = images.picture(planned, base(""), alt="")
        assert shown.sources[0].srcset.startswith(shown.sources[0].small)
        return [part.split()[1] for part in shown.sources[0].small.split(", ")], shown.thumb.rsplit("-", 1)[1]

    assert small((360, 480, 620, 720, 960, 1240), 3000) == (["360w", "480w", "620w", "720w"], "720.jpg")
    assert small((360, 480), 200) == (["200w"], "200.jpg")
    assert small((960, 1240), 3000) == (["960w"], "960.jpg")


def test_the_fallback_is_jpeg_whatever_the_order():
    for formats in (("webp", "jpeg"), ("jpeg", "webp"), ("jpeg",)):
        how = Recipe(widths=(10,), formats=formats)
        assert images.plan(Probe(width=20, height=20, format="png"), b"d", "a.png", how).fallback.kind == "jpeg"


def test_a_name_changes_with_the_bytes_and_with_the_recipe_only():
    found = Probe(width=100, height=100, format="jpeg")

    def path(data, how):
        return images.plan(found, data, "a.jpg", how).fallback.path

    assert path(b"1", SMALL) == path(b"1", SMALL)
    assert path(b"1", SMALL) != path(b"2", SMALL)
    assert path(b"1", SMALL) != path(b"1", Recipe(widths=(16, 32, 48), formats=("webp", "jpeg"), encoder="other"))


@given(st.text(max_size=300))
def test_names_are_plain_whatever_the_file_is_called(name):
    path = images.plan(Probe(width=9, height=9, format="jpeg"), b"d", name, SMALL).fallback.path
    stem = path.removeprefix("/pictures/")
    assert stem.isascii()
    assert all(c.isalnum() or c in "-." for c in stem)
    assert stem == stem.lower()
    assert len(stem) < 100
    assert stem[0].isalnum()


def test_equal_pictures_give_equal_bytes():
    data = saved(Image.effect_noise((120, 80), 60).convert("RGB"))
    assert encoded(data) == encoded(bytes(data))
