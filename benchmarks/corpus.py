"""A made-up newsroom's archive, the same bytes for the same seed, laid out for Broadsheet or for Hugo.

    python benchmarks/corpus.py --stories 10000 --out DIR [--layout broadsheet|hugo] [--seed 1] [--pictures] [--lean]

Story i depends on (seed, i) alone, so an archive of 1,000 stories is a part of one of 10,000. Both layouts hold the
same files under content/<region>/<yyyy>/<mm>/<slug>.md: two to five topics, one or two authors, 250 to 900 words, ten
years of dates up to the end of October 2026. The words of a body are the same with pictures and without.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import unicodedata
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate
from typing import Literal, TypeAlias

Layout: TypeAlias = Literal["broadsheet", "hugo"]

HERE = os.path.dirname(os.path.abspath(__file__))
AFTER_THE_LAST_STORY = "2026-11-02T00:00:00Z"  # the clock that a build must be given to publish every story
FIRST_DAY = datetime(2016, 11, 1, tzinfo=UTC)
DAYS = 3652
SECONDS_A_DAY = 86_400
SLUG_LENGTH = 80


def _words(text: str) -> list[str]:
    return text.split()


# folder: (title, minutes east of Greenwich, share of the stories)
REGIONS: dict[str, tuple[str, int, int]] = {
    "turkiye": ("Türkiye", 180, 24),
    "europe": ("Europe", 60, 18),
    "middle-east": ("Middle East", 180, 14),
    "africa": ("Africa", 0, 10),
    "asia-pacific": ("Asia-Pacific", 480, 12),
    "north-america": ("North America", -300, 11),
    "latin-america": ("Latin America", -180, 6),
    "central-asia": ("Central Asia", 300, 5),
}
COMMON_WORDS = _words(
    "the of and to in a that is was for on with as by at from it he his they be are had were which have an "
    "not has this but their said will would who been one after also more its about she new two when than there "
    "year over could all into first out last people up other some time government no her what against between "
    "before under while during because many most now country three years president state city since any "
    "made party only still where through company market public police school court water children report week "
    "minister national local office group million home work world month part power days former early"
)
ONSETS = [*_words("b br c ç ch d f fr g gr h k kl l m n p pr r s ş st t tr v w y z sl th"), ""]
NUCLEI = _words("a e i ı o ö u ü a e i o ai ea ou")
CODAS = ["", "", "", "n", "r", "l", "s", "t", "m", "k", "n", "r", "s", "ğ", "ş", "nt", "st"]
FIRST_NAMES = _words(
    "Elif Deniz Ayşe Çağla Mehmet Oğuz Şule Ümit İrem Zeynep Kerem Anna James Maria Tomás Ingrid Noor Samuel "
    "Fatima Chen Aiko Kwame Lucía Pierre Olga Ravi Hannah Marek Leila Diego"
)
LAST_NAMES = _words(
    "Yılmaz Kaya Çelik Şahin Öztürk Aydın Güneş Doğan Smith Okafor García Müller Nowak Rossi Dubois Tanaka "
    "Ivanova Haddad Mensah Silva Andersen Kowalski Petrov Lindqvist O’Connor Brown Karimov Nguyen"
)

CONFIG = """\
site:
  title: Broadsheet
  description: A made-up newsroom
  base_url: https://news.example.org/
  language: en
  timezone: UTC
rails:
  explore: {{mode: {explore}}}
"""
# Without what the peer's site lacks: pages and feeds of topics and authors, whole texts in feeds, a news sitemap.
LEAN = """\
taxonomies: []
feeds: {content: standfirst}
sitemap: {news: false}
"""


@dataclass(frozen=True, slots=True)
class Story:
    region: str
    month: str  # "2025/04", by the story's own clock
    slug: str
    text: str  # front matter and body
    pictures: tuple[str, ...]  # "media/2025/04/….jpg", to be drawn into the static folder


def write_site(
    folder: str,
    stories: int,
    layout: Layout,
    *,
    seed: int = 1,
    pictures: bool = False,
    explore: str = "inline",
    lean: bool = False,
) -> None:
    """Writes a whole site of that many stories into a new or empty folder."""
    content = os.path.join(folder, "content")
    if layout == "hugo":
        shutil.copytree(os.path.join(HERE, "hugo"), folder, dirs_exist_ok=True)
    else:
        _write(os.path.join(folder, "config.yaml"), CONFIG.format(explore=explore) + LEAN * lean)
    for region, (title, _, _) in REGIONS.items():
        _write(os.path.join(content, region, "_index.md"), f"---\ntitle: {_quoted(title)}\n---\n")
    for story in archive(stories, seed, pictures):
        _write(os.path.join(content, story.region, story.month, story.slug + ".md"), story.text)
        for picture in story.pictures:
            _draw(os.path.join(folder, "static", picture), f"{seed}:{picture}")


def archive(stories: int, seed: int = 1, pictures: bool = False) -> Iterator[Story]:
    world = World(seed)
    return (story(world, seed, index, pictures) for index in range(stories))


class World:
    """What all stories of a seed share: a vocabulary of Zipf's shape, topics with their own words, people, places."""

    def __init__(self, seed: int, vocabulary: int = 7000, topics: int = 200, authors: int = 60) -> None:
        rng = random.Random(f"{seed}:world")
        self.words = _vocabulary(rng, vocabulary)
        self.word_weights = _zipf(vocabulary, 1.05, 2.0)
        self.topics = _topics(rng, self.words, topics)
        self.topic_weights = _zipf(topics, 0.8, 5.0)
        self.topic_words = [rng.sample(self.words[600:], 40) for _ in range(topics)]
        self.authors = rng.sample([f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES], authors)
        self.places = [word.capitalize() for word in rng.sample(self.words[200:3000], 300)]


def story(world: World, seed: int, index: int, pictures: bool = False) -> Story:
    rng = random.Random(f"{seed}:{index}")
    region = rng.choices(list(REGIONS), [share for _, _, share in REGIONS.values()])[0]
    offset = REGIONS[region][1] + (60 if rng.random() < 0.3 else 0)
    when = FIRST_DAY + timedelta(seconds=int(rng.random() * DAYS * SECONDS_A_DAY))
    when = when.astimezone(timezone(timedelta(minutes=offset)))
    topics: list[int] = []
    count = rng.randint(2, 5)
    while len(topics) < count:
        topic = bisect(world.topic_weights, rng.random() * world.topic_weights[-1])
        if topic not in topics:
            topics.append(topic)
    length = int(min(900, max(250, rng.gauss(500, 140))))
    prose = Prose(world, rng, topics, length)
    body, inline = prose.body(index, length, pictures)
    title = prose.title()
    standfirst = prose.phrase(rng.randint(14, 28)).capitalize() + "."
    slug = f"{_slug(title)[:SLUG_LENGTH].strip('-') or 'story'}-{index:x}"
    authors = rng.sample(world.authors, 1 if rng.random() < 0.8 else 2)
    lead = f"media/{when:%Y/%m}/{slug}.jpg"
    matter = [
        f"title: {_quoted(title)}",
        f"slug: {slug}",
        f"date: {when.isoformat()}",
        f"region: {region}",
        "authors:" + "".join(f"\n  - {author}" for author in authors),
        "topics:" + "".join(f"\n  - {_quoted(world.topics[topic])}" for topic in topics),
        f"description: {_quoted(standfirst)}",
    ]
    if pictures:
        matter += [
            f"image:\n  src: /{lead}",
            f"  alt: {_quoted(prose.phrase(8).capitalize())}",
            f"  caption: {_quoted(prose.phrase(12).capitalize() + '.')}",
            f"  credit: {_quoted(rng.choice(world.authors) + ' / ' + rng.choice(world.places))}",
        ]
    text = "---\n" + "\n".join(matter) + "\n---\n\n" + body + "\n"
    return Story(region, f"{when:%Y/%m}", slug, text, (lead, *inline) if pictures else ())


class Prose:
    """A writer with one story's words in hand: common ones by Zipf's law, one in eight from the story's topics."""

    def __init__(self, world: World, rng: random.Random, topics: list[int], length: int) -> None:
        self.world, self.rng = world, rng
        own = [word for topic in topics for word in world.topic_words[topic]]
        self.pool = self._common(length + 240)
        for place in range(len(self.pool)):
            if rng.random() < 0.12:
                self.pool[place] = rng.choice(own)
        self.used = 0

    def title(self) -> str:
        rng, places = self.rng, self.world.places
        words = self.take(rng.randint(5, 9))
        words[rng.randrange(len(words))] = rng.choice(places)
        title = " ".join(words)
        title = title[0].upper() + title[1:]
        if rng.random() < 0.2:
            title = f"{rng.choice(places)}: {title}"
        if rng.random() < 0.1:
            title += rng.choice(("?", " – live", " ‘explained’", " & after"))
        return title

    def body(self, index: int, length: int, pictures: bool) -> tuple[str, list[str]]:
        """The body's Markdown, and the paths of the pictures in it (drawn only if `pictures`)."""
        rng = self.rng
        blocks: list[str] = []
        inline: list[str] = []
        words = since_heading = 0
        while words < length:
            kind = rng.random()
            if since_heading > 4 and kind < 0.30:
                blocks.append("## " + self.phrase(rng.randint(3, 6)).capitalize())
                since_heading, words = 0, words + 4
                continue
            since_heading += 1
            if kind < 0.05 and blocks:
                blocks.append(f"> {self.sentence()}\n>\n> — {rng.choice(self.world.authors)}")
                words += 18
            elif kind < 0.08 and blocks:
                items = rng.randint(3, 6)
                ordered = rng.random() < 0.3
                blocks.append("\n".join(self._item(n + 1 if ordered else None) for n in range(items)))
                words += items * 8
            elif kind < 0.095 and blocks:
                inline.append(f"media/inline/{index}-{len(blocks)}.jpg")
                block = f'![{self.phrase(5)}](/{inline[-1]} "{self.phrase(4)}")'
                blocks += [block] if pictures else []
                words += 9
            elif kind < 0.105 and blocks:
                rows = [
                    f"| {self.phrase(2)} | {rng.randrange(10**5):,} | {rng.random() * 100:.1f}% |"
                    for _ in range(rng.randint(3, 7))
                ]
                head = f"| {self.phrase(1)} | {self.phrase(1)} | {self.phrase(1)} |\n| --- | ---: | ---: |\n"
                blocks.append(head + "\n".join(rows))
                words += 4 * len(rows)
            else:
                paragraph = " ".join(self.sentence() for _ in range(rng.choice((1, 2, 2, 3, 3, 4))))
                blocks.append(paragraph)
                words += paragraph.count(" ") + 1
        return "\n\n".join(blocks), inline

    def _item(self, number: int | None) -> str:
        marker = "- " if number is None else f"{number}. "
        return marker + self.phrase(self.rng.randint(4, 12)).capitalize()

    def sentence(self) -> str:
        """Eight to 26 words, sometimes with a link, emphasis, a quotation or a figure."""
        rng = self.rng
        count = rng.randint(8, 26)
        words = self.take(count)
        words[0] = words[0].capitalize()
        if rng.random() < 0.5:
            words[rng.randrange(1, count)] = rng.choice(self.world.places)
        if count > 12:
            words[rng.randrange(4, count - 3)] += ","
        kind = rng.random()
        if kind < 0.06:
            at = rng.randrange(1, count - 3)
            words[at] = f"[{words[at]}"
            target = f"https://www.example.org/{_slug(words[at + 1]) or 'x'}/{rng.randrange(10**6)}"
            words[at + 2] = f"{words[at + 2].rstrip(',')}]({target})"
        elif kind < 0.08:
            at = rng.randrange(1, count - 3)
            words[at] = f"[{words[at]}"
            words[at + 1] = f"{words[at + 1].rstrip(',')}](/{rng.choice(list(REGIONS))}/)"
        elif kind < 0.12:
            at = rng.randrange(1, count - 2)
            words[at] = f"**{words[at]}"
            words[at + 1] = f"{words[at + 1].rstrip(',')}**"
        elif kind < 0.17:
            at = rng.randrange(1, count - 2)
            words[at] = f"*{words[at].rstrip(',')}*"
        elif kind < 0.25:
            at = rng.randrange(2, count - 2)
            words[at] = f"“{words[at]}"
            words[-1] += "”"
        elif kind < 0.30:
            figure = rng.choice(
                (
                    f"{rng.randrange(2, 99)}%",
                    f"${rng.randrange(1, 900)}m",
                    f"{rng.randrange(1000, 99999):,}",
                    "US–EU",
                    "Ankara’s",
                )
            )
            words[rng.randrange(1, count)] = figure
        return " ".join(words) + rng.choice((".", ".", ".", ".", "?"))

    def phrase(self, count: int) -> str:
        return " ".join(self.take(count))

    def take(self, count: int) -> list[str]:
        words = self.pool[self.used : self.used + count]
        self.used += count
        return words + self._common(count - len(words)) if len(words) < count else words

    def _common(self, count: int) -> list[str]:
        return self.rng.choices(self.world.words, cum_weights=self.world.word_weights, k=count)


def _vocabulary(rng: random.Random, size: int) -> list[str]:
    words, seen = list(COMMON_WORDS), set(COMMON_WORDS)
    while len(words) < size:
        syllables = rng.choice((1, 1, 2) if len(words) < 1500 else (1, 2, 2, 3))
        word = "".join(rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS) for _ in range(syllables))
        if 3 <= len(word) <= 14 and word not in seen:
            seen.add(word)
            words.append(word)
    return words


def _topics(rng: random.Random, words: list[str], count: int) -> list[str]:
    topics: dict[str, str] = {}  # by slug: no two topics may share an address
    while len(topics) < count:
        topic = " ".join(rng.sample(words[300:2500], rng.choice((1, 1, 2))))
        if slug := _slug(topic):
            topics.setdefault(slug, topic)
    return list(topics.values())


def _zipf(count: int, exponent: float, shift: float) -> list[float]:
    """Cumulative weights of the first `count` ranks."""
    return list(accumulate(1.0 / (rank + shift) ** exponent for rank in range(count)))


def _slug(text: str) -> str:
    text = text.replace("ı", "i").replace("İ", "I").replace("’", "")
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar: JSON's strings are a subset of those."""
    return json.dumps(text, ensure_ascii=False)


def _draw(path: str, seed: str) -> None:
    """A soft blur of colours, 1,600 by 1,067 pixels, different for each seed."""
    from PIL import Image

    small = Image.frombytes("RGB", (24, 16), random.Random(seed).randbytes(24 * 16 * 3))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    small.resize((1600, 1067), Image.Resampling.BICUBIC).save(path, "JPEG", quality=85)


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, required=True)
    parser.add_argument("--out", required=True, help="a new folder")
    parser.add_argument("--layout", choices=("broadsheet", "hugo"), default="broadsheet")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", action="store_true", help="a lead picture for each story, and some within bodies")
    parser.add_argument(
        "--explore", choices=("inline", "shared"), default="inline", help="Broadsheet's rails.explore.mode"
    )
    parser.add_argument("--lean", action="store_true", help="Broadsheet's site without topics, authors and long feeds")
    options = parser.parse_args()
    if os.path.exists(options.out):
        parser.error(f"{options.out} is there already")
    write_site(
        options.out,
        options.stories,
        options.layout,
        seed=options.seed,
        pictures=options.pictures,
        explore=options.explore,
        lean=options.lean,
    )


if __name__ == "__main__":
    main()
