"""How heavy pages may be: the demonstration section, whole, but for pictures that are flat colour of the same size."""

from __future__ import annotations

import gzip
import io
import re
import shutil
from pathlib import Path

import pytest
from newsroom import Site
from PIL import Image

ROOT = Path(__file__).parent.parent
HTML = 14_600  # bytes, compressed: what a server sends before it waits for the browser's first answer
SCRIPT = 1_024  # bytes
AT = "2026-11-20T09:00:00+03:00"


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The built section by mode of the Explore rail."""
    site = Site(tmp_path_factory.mktemp("budgets") / "site")
    _flat_pictures(site)
    for name in ("content", "static"):
        shutil.copytree(ROOT / name, site.folder / name, ignore=shutil.ignore_patterns("*.webp"), dirs_exist_ok=True)
    written = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert "mode: shared" in written
    built = {}
    for mode in ("shared", "inline"):
        site.write("config.yaml", written.replace("mode: shared", f"mode: {mode}"))
        assert site.build(at=AT).ok
        built[mode] = site.tree()
    return built


def _flat_pictures(site: Site) -> None:
    """A picture of one colour in place of each of the section's, all variants of the few sizes encoded beforehand."""
    sizes: dict[tuple[int, int], bytes] = {}
    for path in [*ROOT.glob("content/**/*.webp"), *ROOT.glob("static/*.webp")]:
        with Image.open(path) as picture:
            size = picture.size
        if size not in sizes:
            out = io.BytesIO()
            Image.new("RGB", size, "teal").save(out, "WEBP")
            sizes[size] = out.getvalue()
            site.story(f"warm/{len(sizes)}/index.md", image={"src": "flat.webp", "alt": "teal"})
            site.write(f"content/warm/{len(sizes)}/flat.webp", sizes[size])
        site.write(path.relative_to(ROOT).as_posix(), sizes[size])
    aside = site.folder / "aside"
    for name in [entry.name for entry in (site.folder / "content").iterdir() if entry.name != "warm"]:
        aside.mkdir(exist_ok=True)
        shutil.move(site.folder / "content" / name, aside / name)
    site.good(at=AT)
    shutil.rmtree(site.folder / "content")
    shutil.move(aside, site.folder / "content")


@pytest.mark.parametrize("mode", ["shared", "inline"])
def test_a_page_arrives_in_the_first_flight(demonstration: dict[str, dict[str, bytes]], mode: str) -> None:
    weights = {
        path: len(gzip.compress(data, 9, mtime=0))
        for path, data in demonstration[mode].items()
        if path.endswith(".html")
    }
    assert len(weights) > 100
    assert {path: weight for path, weight in weights.items() if weight > HTML} == {}


@pytest.mark.parametrize("mode", ["shared", "inline"])
def test_the_first_story_has_each_part_of_an_article_in_its_place(
    demonstration: dict[str, dict[str, bytes]], mode: str
) -> None:
    (name,) = [path for path in demonstration[mode] if path.endswith("/istanbul-talks/index.html")]
    page = demonstration[mode][name].decode()
    parts = [
        '<p class="kicker"><a href="/turkiye/"',
        '<span class="minutes">',
        "<h1>Russia and the US open a second round of talks in Istanbul</h1>",
        '<p class="standfirst">',
        '<figure class="lead">',
        "<figcaption>The press waits outside a consulate in Istanbul.",
        '<span class="credit">',
        '<p class="byline">',
        '<time datetime="2025-04-10T11:30:00+03:00">April 10, 2025</time>',
        "<p>Washington had announced the meeting",  # the third paragraph
        '<aside class="recommended"',
        "<p>She drew the limits of the agenda",
        '<aside class="factbox"',
        ">Explore<",
    ]
    places = [page.find(part) for part in parts]
    assert -1 not in places, dict(zip(parts, places, strict=True))
    assert places == sorted(places)
    rail = page[places[-1] : page.index("</ol>", places[-1])]
    assert rail.count("<li") == 15


@pytest.mark.parametrize("mode", ["shared", "inline"])
def test_scripts_are_none_or_next_to_none(demonstration: dict[str, dict[str, bytes]], mode: str) -> None:
    files = demonstration[mode]
    scripts = [data for path, data in files.items() if path.endswith((".js", ".mjs"))]
    assert len(scripts) == int(mode == "shared")
    assert sum(map(len, scripts)) < SCRIPT
    for path, data in files.items():
        if path.endswith(".html"):
            found = re.findall(rb"<script(?! type=\"application/ld\+json\")[^>]*>", data)
            assert found in ([], [b'<script type="module" src="/explore.js">']), path
            assert mode == "shared" or not found, path
