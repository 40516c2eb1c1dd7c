"""Draws every picture of the demonstration section into content/ and static/.

    python docs/art/make_art.py            all of them
    python docs/art/make_art.py tulips     those whose path holds one of the words

Needs Pillow alone. The pictures are the same on every run: chance is seeded in each drawing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import portraits
import scenes_africa
import scenes_americas
import scenes_anatolia
import scenes_charts
import scenes_europe
import scenes_flowers
import scenes_istanbul
import scenes_middle_east
import scenes_pacific
import scenes_strait
from press import encode

CONTENT = Path(__file__).resolve().parents[2] / "content"
LIMIT = 88_000  # bytes of one picture
PORTRAIT_LIMIT = 60_000


def main(words: list[str]) -> None:
    modules = (
        scenes_africa,
        scenes_americas,
        scenes_anatolia,
        scenes_charts,
        scenes_europe,
        scenes_flowers,
        scenes_istanbul,
        scenes_middle_east,
        scenes_pacific,
        scenes_strait,
        portraits,
    )
    for module in modules:
        for name, draw in module.SCENES.items():
            if words and not any(word in name for word in words):
                continue
            target = CONTENT / f"{name}.webp"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(encode(draw(), PORTRAIT_LIMIT if module is portraits else LIMIT))


if __name__ == "__main__":
    main(sys.argv[1:])
