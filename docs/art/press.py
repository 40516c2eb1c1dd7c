"""A small printing press: pictures as a few ink plates, cut, screened and overprinted on paper.

Coordinates are those of the finished picture, in pixels from its top left corner. Plates are drawn at twice the size
and reduced at the end. The same seed gives the same picture: the only chance comes from `Sheet.rng`.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]

PAPER = (249, 244, 233)
INKS: dict[str, tuple[int, int, int]] = {
    "ochre": (219, 170, 84),
    "slate": (88, 116, 143),
    "red": (176, 45, 36),
    "ink": (31, 29, 28),
}
SCALE = 2
EVERY = tuple(INKS)


class Pen:
    """Draws on one plate or mask. `value` is the ink left there: 255 covers, 0 cuts away."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.image = Image.new("L", (size[0] * SCALE, size[1] * SCALE), 0)
        self._draw = ImageDraw.Draw(self.image)

    def poly(self, points: Iterable[Point], value: int = 255) -> Pen:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=value)
        return self

    def rect(self, left: float, top: float, right: float, bottom: float, value: int = 255) -> Pen:
        self._draw.rectangle((left * SCALE, top * SCALE, right * SCALE - 1, bottom * SCALE - 1), fill=value)
        return self

    def disc(self, x: float, y: float, radius: float, value: int = 255) -> Pen:
        return self.oval(x, y, radius, radius, value)

    def oval(self, x: float, y: float, rx: float, ry: float, value: int = 255) -> Pen:
        self._draw.ellipse(((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE), fill=value)
        return self

    def ring(self, x: float, y: float, rx: float, ry: float, width: float, value: int = 255) -> Pen:
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self._draw.ellipse(box, outline=value, width=max(1, round(width * SCALE)))
        return self

    def arc(self, x: float, y: float, r: float, start: float, end: float, width: float, value: int = 255) -> Pen:
        """A part of a circle between two angles in degrees, clockwise from three o'clock."""
        steps = max(4, int(abs(end - start) / 3))
        angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
        return self.stroke([(x + r * math.cos(a), y + r * math.sin(a)) for a in angles], width, value)

    def stroke(self, points: Sequence[Point], width: float, value: int = 255) -> Pen:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=value, width=max(1, round(width * SCALE)), joint="curve")
        radius = width * SCALE / 2
        if width > 3:
            for x, y in (scaled[0], scaled[-1]):
                self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=value)
        return self

    def taper(self, points: Sequence[Point], start: float, end: float, value: int = 255) -> Pen:
        """A stroke whose width runs from `start` to `end`, as a cut made with a gouge."""
        last = len(points) - 1
        left, right = [], []
        for i, (x, y) in enumerate(points):
            before, after = points[max(0, i - 1)], points[min(last, i + 1)]
            dx, dy = after[0] - before[0], after[1] - before[1]
            length = math.hypot(dx, dy) or 1.0
            half = (start + (end - start) * i / last) / 2
            left.append((x - dy / length * half, y + dx / length * half))
            right.append((x + dy / length * half, y - dx / length * half))
        return self.poly(left + right[::-1], value)


class Sheet:
    """One picture in the making."""

    def __init__(self, seed: int, size: tuple[int, int] = (1600, 900)) -> None:
        self.size = size
        self.w, self.h = size
        self.seed = seed
        self.rng = random.Random(seed)  # noqa: S311 - a drawing hides no secret
        self.plates = {ink: Pen(size) for ink in INKS}

    def __getitem__(self, ink: str) -> Pen:
        return self.plates[ink]

    def mask(self) -> Pen:
        return Pen(self.size)

    def all(self) -> Pen:
        return self.mask().rect(0, 0, self.w, self.h)

    # --- ink on plates ---

    def ink(self, ink: str, shape: Pen, tone: float | Image.Image = 1.0, screen: Image.Image | None = None) -> None:
        """Lays ink where `shape` is. A tone under 1, or a tone picture, goes through a screen of lines or dots."""
        mark = shape.image
        if isinstance(tone, Image.Image) or tone < 1.0:
            dark = tone if isinstance(tone, Image.Image) else Image.new("L", mark.size, round(tone * 255))
            pattern = screen if screen is not None else dots(self.size, 7)
            mark = ImageChops.multiply(mark, _threshold(dark, pattern))
        plate = self.plates[ink]
        _put(plate, ImageChops.lighter(plate.image, mark))

    def cut(self, shape: Pen, *inks: str) -> None:
        """Takes ink away where `shape` is: from the plates named, or from all."""
        keep = ImageChops.invert(shape.image)
        for ink in inks or EVERY:
            plate = self.plates[ink]
            _put(plate, ImageChops.multiply(plate.image, keep))

    def solid(self, ink: str, shape: Pen) -> None:
        """Lays one ink alone: what was printed below is cut away first."""
        self.cut(shape)
        self.ink(ink, shape)

    # --- tones, as pictures: 255 is full ink ---

    def fade(self, top: float, bottom: float) -> Image.Image:
        """A tone from `top` to `bottom` down the picture (0 to 1)."""
        ramp = Image.linear_gradient("L").point([round(255 * (top + (bottom - top) * v / 255)) for v in range(256)])
        return ramp.resize(self.plates["ink"].image.size, Image.Resampling.BILINEAR)

    def across(self, left: float, right: float) -> Image.Image:
        ramp = Image.linear_gradient("L").rotate(90)
        ramp = ramp.point([round(255 * (left + (right - left) * v / 255)) for v in range(256)])
        return ramp.resize(self.plates["ink"].image.size, Image.Resampling.BILINEAR)

    def glow(self, x: float, y: float, radius: float, inner: float, outer: float) -> Image.Image:
        """A tone that runs from `inner` at a point to `outer` at `radius` and beyond."""
        full = self.plates["ink"].image.size
        tone = Image.new("L", full, round(outer * 255))
        ramp = Image.radial_gradient("L")
        edge = [min(1.0, v / 180) for v in range(256)]
        ramp = ramp.point([round(255 * (inner + (outer - inner) * share)) for share in edge])
        side = round(radius * 2 * SCALE * 1.0)
        corner = (round((x - radius) * SCALE), round((y - radius) * SCALE))
        tone.paste(ramp.resize((side, side), Image.Resampling.BILINEAR), corner)
        return tone

    def cloud(self, cells: int, low: float = 0.0, high: float = 1.0) -> Image.Image:
        """A smooth irregular tone; `cells` is how many blotches stand across the picture."""
        picture = _noise(self.rng.randrange(1 << 30), cells, self.plates["ink"].image.size)
        return picture.point([round(255 * (low + (high - low) * v / 255)) for v in range(256)])

    # --- lines found by chance ---

    def ridge(self, base: float, height: float, detail: float = 0.5, step: int = 8, wave: float = 700) -> list[Point]:
        """A skyline from left to right: `base` is its mean y, `height` its reach, `wave` the width of its hills."""
        parts = []
        reach, length = height, wave
        for _ in range(6):
            parts.append((reach, length, self.rng.uniform(0, 6.3), self.rng.uniform(0.8, 1.25)))
            reach, length = reach * detail, length / 2
        points = []
        for x in range(-step, self.w + 2 * step, step):
            y = sum(a * math.sin(x / n * 2 * math.pi * k + p) for a, n, p, k in parts)
            points.append((float(x), base - y / 2))
        return points

    def below(self, line: Sequence[Point]) -> Pen:
        return self.mask().poly([*line, (line[-1][0], self.h + 9), (line[0][0], self.h + 9)])

    # --- printing ---

    def pull(self) -> Image.Image:
        """The finished print: each plate a little out of register and unevenly inked."""
        sheet = Image.new("RGB", self.size, PAPER)
        for number, (ink, colour) in enumerate(INKS.items()):
            plate = self.plates[ink].image.resize(self.size, Image.Resampling.LANCZOS)
            plate = ImageChops.offset(plate, (0, 1, -1, 0)[number], (1, -1, 0, 0)[number])
            plate = ImageChops.multiply(plate, _grain(self.seed * 7 + number, self.size))
            layer = Image.composite(
                Image.new("RGB", self.size, colour), Image.new("RGB", self.size, (255, 255, 255)), plate
            )
            sheet = ImageChops.multiply(sheet, layer)
        return sheet


# --- screens -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=12)
def lines(
    size: tuple[int, int], period: float = 9, angle: float = 0, wobble: float = 0.0, seed: int = 1
) -> Image.Image:
    """An engraver's lines: thin where the tone is light, thick where it is dark. `wobble` bends them, in periods."""
    width, height = size[0] * SCALE, size[1] * SCALE
    turn = math.radians(angle)
    period *= 1.25
    per_x, per_y = math.sin(turn) * 256 / (period * SCALE), math.cos(turn) * 256 / (period * SCALE)
    base = bytes(int(x * per_x) % 256 for x in range(width))
    shifted = [bytes((v + k) % 256 for v in range(256)) for k in range(256)]
    phase = Image.frombytes(
        "L", (width, height), b"".join(base.translate(shifted[int(y * per_y) % 256]) for y in range(height))
    )
    if wobble:
        bend = _noise(seed, 7, phase.size)
        for _ in range(max(1, round(wobble))):
            phase = ImageChops.add_modulo(phase, bend)
    return phase.point([min(255, abs(v - 128) * 2) for v in range(256)])


@lru_cache(maxsize=12)
def dots(size: tuple[int, int], period: int = 8) -> Image.Image:
    """A halftone screen of round dots set at 45 degrees; `period` in pixels."""
    side = round(period * 1.4) * SCALE
    tile = Image.new("L", (side, side))
    for y in range(side):
        for x in range(side):
            u, v = 2 * math.pi * x / side, 2 * math.pi * y / side
            tile.putpixel((x, y), round(127.5 + 63.7 * (math.cos(u) + math.cos(v))))
    row = Image.new("L", (size[0] * SCALE, side))
    for x in range(0, row.width, side):
        row.paste(tile, (x, 0))
    screen = Image.new("L", (row.width, size[1] * SCALE))
    for y in range(0, screen.height, side):
        screen.paste(row, (0, y))
    return screen.point([min(254, v) for v in range(256)])


def _threshold(tone: Image.Image, screen: Image.Image) -> Image.Image:
    """Ink where the tone is darker than the screen, with a soft edge."""
    return ImageChops.subtract(tone, screen).point([min(255, v * 9) for v in range(256)])


@lru_cache(maxsize=8)
def _noise(seed: int, cells: int, size: tuple[int, int]) -> Image.Image:
    rows = max(2, round(cells * size[1] / size[0]))
    chance = random.Random(seed)  # noqa: S311 - a drawing hides no secret
    small = Image.frombytes("L", (cells, rows), chance.randbytes(cells * rows))
    return small.resize(size, Image.Resampling.BICUBIC)


@lru_cache(maxsize=8)
def _grain(seed: int, size: tuple[int, int]) -> Image.Image:
    """Where a plate took no ink: specks of paper. Their edges are hard so that the print has few colours."""
    chance = random.Random(seed)  # noqa: S311 - a drawing hides no secret
    width, height = size[0] // 5, size[1] // 5
    specks = Image.frombytes("L", (width, height), chance.randbytes(width * height))
    specks = specks.resize(size, Image.Resampling.BICUBIC)
    return specks.point([255 if v < 243 else max(0, 255 - (v - 243) * 60) for v in range(256)])


def _put(pen: Pen, image: Image.Image) -> None:
    pen.image.paste(image)


# --- files ---------------------------------------------------------------------------------------------------------


def encode(picture: Image.Image, limit: int) -> bytes:
    """The print as lossless WebP: the inks as they are, and as many shades between as stay under `limit` bytes."""
    for shades in (24, 18, 14, 11, 8, 5):
        out = io.BytesIO()
        flat = picture.quantize(palette=_palette(shades), dither=Image.Dither.NONE).convert("RGB")
        flat.save(out, "WEBP", lossless=True, quality=80, method=5)
        if out.tell() <= limit:
            return out.getvalue()
    raise ValueError(f"a picture needs more than {limit} bytes: draw it with fewer lines")


def _palette(shades: int) -> Image.Image:
    """Paper, the four inks, and what lies between them at the edges, the most useful first."""
    ochre, slate, red, ink = INKS.values()

    def between(a: tuple[int, ...], b: tuple[int, ...], share: float = 0.5) -> tuple[int, ...]:
        return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))

    def over(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(x * y // 255 for x, y in zip(a, b, strict=True))

    colours: list[tuple[int, ...]] = [
        *(PAPER, ochre, slate, red, ink),
        *(between(PAPER, slate), between(PAPER, ink), between(ink, ochre)),
        *(between(PAPER, ochre), between(slate, ink), between(PAPER, red)),
        *(between(red, ink), between(ochre, red), over(ochre, slate)),
        *(
            between(PAPER, ink, 0.25),
            between(PAPER, ink, 0.75),
            between(PAPER, slate, 0.25),
            between(PAPER, slate, 0.75),
        ),
        *(over(ochre, red), between(ochre, ink, 0.25), between(slate, ochre), between(slate, ink, 0.75)),
        *(between(PAPER, ochre, 0.25), between(PAPER, red, 0.75)),
    ]
    chosen = colours[:shades]
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in (chosen + [PAPER] * (256 - len(chosen))) for channel in colour])
    return palette


def soften(shape: Pen, radius: float) -> Image.Image:
    """A shape with a soft edge, to be used as a tone."""
    return shape.image.filter(ImageFilter.GaussianBlur(radius * SCALE))


def smooth(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """A curve through the points (Catmull-Rom)."""
    out: list[Point] = []
    last = len(points) - 1
    for i in range(last):
        p0, p1, p2, p3 = points[max(0, i - 1)], points[i], points[i + 1], points[min(last, i + 2)]
        for s in range(steps):
            t = s / steps
            out.append((_curve(p0[0], p1[0], p2[0], p3[0], t), _curve(p0[1], p1[1], p2[1], p3[1], t)))
    return [*out, points[-1]]


def _curve(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


Scene = Callable[[], Image.Image]
