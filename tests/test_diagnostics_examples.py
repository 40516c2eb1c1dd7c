"""What docs/diagnostics.md shows as wrong gives its section's finding, and what it says literally to write, none."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from checks import check
from command_line import run
from newsroom import Site, png
from test_diagnostics_docs import SECTIONS

from broadsheet.errors import CODES

TALKS = "content/europe/2025-04-09-talks.md"  # the story that examples are written into
TRAMS = "2025-05-02-trams.md"
BY_ITSELF = {"damaged-picture", "vanished-page", "foreign-file"}  # a build tells of them, not `check`: at the end
LEFT_OUT = {"outside-link", "moved-link"}  # they ask other hosts: test_check_links.py has some of its own


def test_every_code_is_tried() -> None:
    assert sorted(EXAMPLES.keys() | BY_ITSELF | LEFT_OUT) == sorted(CODES)


# --- where an example goes -----------------------------------------------------------------------------------------


def file(site: Site, text: str) -> None:
    """The whole file of a story."""
    site.write(TALKS, text)


def matter(site: Site, lines: str) -> None:
    """Lines of its front matter; what they lack is added."""
    more = "" if re.search("^title:", lines, re.MULTILINE) else "title: The talks\n"
    file(site, f"---\n{more}{lines}\n---\n\nThey went on for a third day.\n")


def body(site: Site, text: str) -> None:
    file(site, f"---\ntitle: The talks\n---\n\n{text}\n")


def both(site: Site, lines: str) -> None:
    """A line of front matter and one of its text."""
    first, second = lines.split("\n")
    file(site, f"---\ntitle: The talks\n{first}\n---\n\n{second}\n")


def setting(site: Site, lines: str) -> None:
    """Lines of config.yaml."""
    if lines.startswith("site:"):
        site.write("config.yaml", f"{lines}\n  base_url: https://example.org/\n")
    else:
        site.configure(lines)


def template(site: Site, line: str) -> None:
    site.story("africa/dam.md")
    site.write(
        "templates/article.html", f'{{% extends "base.html" %}}\n{{% block main %}}\n\n{line}\n{{% endblock %}}\n'
    )


def saved_as_latin_1(site: Site, line: str) -> None:
    title = line.partition("  ")[0].encode().replace(rb"\xe9", b"\xe9")
    site.write(TALKS, b"---\n" + title + b"\n---\n\nText.\n")


def names(site: Site, lines: str) -> None:
    """Stories with these names."""
    for name in re.findall(r"content/\S+", lines):
        site.write(name, "---\ntitle: The talks\ndate: 2025-04-09\n---\n\nText.\n")


def empty_files(site: Site, names: str) -> None:
    for name in names.split():
        site.write(name, "")


def few_topics(site: Site, lines: str) -> None:
    matter(site, lines.replace("[one, two, …]", str([f"topic {n}" for n in range(201)])))


def twice(site: Site, line: str) -> None:
    matter(site, line)
    site.story("europe/other.md", translation_key="talks")


def often(site: Site, text: str) -> None:
    definition, uses = text.split("\n")
    uses = uses.removesuffix(" …") + " [a]" * 996
    body(site, definition.replace("…", "-" * 800) + "\n\n" + uses)


def a_thousand_times(site: Site, text: str) -> None:
    body(site, text.partition(" …")[0] * 334)


def printed(site: Site, told: str) -> None:
    """The example is what is printed: the site has what it tells of already."""
    assert told in run("check", "--at", "2026-01-15", cwd=site.folder).stdout.split("\n")


# --- what else is there --------------------------------------------------------------------------------------------


def nothing(_: Site) -> None:
    pass


def sanitized(site: Site) -> None:
    site.configure("markdown: {raw_html: sanitize}\n")


def new_york(site: Site) -> None:
    site.configure(timezone="America/New_York")


def trams(site: Site) -> None:
    site.story(f"europe/{TRAMS}", "## The costs\n\nThey are high.")


def embargoed(site: Site) -> None:
    site.story("europe/2030-01-01-embargoed.md", date=None)


def turkiye(site: Site) -> None:
    site.write("content/turkiye/_index.md", "---\ntitle: Türkiye\n---\n")


def pictures(site: Site) -> None:
    from PIL import Image

    site.write("content/europe/harbour.jpg", jpeg()).write("content/europe/photo.png", png())
    site.write("content/europe/half-copied.jpg", jpeg()[:700])
    frames, out = [Image.new("RGB", (40, 30), colour) for colour in ("teal", "red")], io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    site.write("content/europe/march.gif", out.getvalue())


def a_web_page_as_a_picture(site: Site) -> None:
    site.write("content/europe/half-copied.jpg", "<!DOCTYPE html><title>Not found</title>")


def a_narrow_lead(site: Site) -> None:
    site.write("content/europe/photo.png", png(640, 400))
    image = {"src": "photo.png", "alt": "A room", "credit": "AA"}
    site.story("europe/2025-04-09-talks.md", description="They met.", image=image)


def a_picture_of_nobody(site: Site) -> None:
    site.write("content/europe/talks/IMG_2041.jpg", jpeg())
    site.story("europe/talks/index.md")


def a_rare_spelling(site: Site) -> None:
    for number in range(12):
        site.story(f"europe/{number}.md", topics=["cURL"])
    site.write("content/europe/curl.md", "---\ntitle: The talks\ndate: 2025-04-09\ntopics: [curl]\n---\nText.\n")


def jpeg() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((60, 40), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


# --- the examples --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """How the example of a section is tried: what it is written into, in which surroundings, and how many findings it
    gives. Where it is told in words, `bad` has the words' example. `cures` are said in the section, and go where the
    example goes, or into `cured`."""

    put: Callable[[Site, str], object]
    cures: Sequence[str] = ()
    around: Callable[[Site], object] = nothing
    bad: str = ""
    count: int = 1
    cured: Callable[[Site, str], object] | None = None
    as_written: Mapping[str, str] = field(default_factory=dict)  # of a cure: what it is a part of


def line(key: str) -> Callable[[Site, str], object]:
    """Into the value of a key."""
    return lambda site, value: matter(site, f"{key}: {value}")


BLOCK = ("",)  # the cure is a block of code

EXAMPLES: dict[str, Example] = {
    "encoding": Example(saved_as_latin_1),
    "unread-file": Example(names, count=2),
    "hidden-file": Example(empty_files),
    "too-large": Example(body, bad="word " * 110_000),
    "front-matter": Example(file, BLOCK),
    "yaml": Example(matter, BLOCK),
    "yaml-comment": Example(matter, ['title: "We\'re #1"']),
    "duplicate-key": Example(matter, ["topics: [Energy, Diplomacy]"]),
    "unknown-key": Example(matter, ["topics"], as_written={"topics": "topics: [Energy]"}),
    "hidden-key": Example(matter, BLOCK),
    "missing-key": Example(matter, ["title: The talks"]),
    "value": Example(few_topics, BLOCK, count=3),
    "duplicate-item": Example(matter, ["topics: [Energy, Diplomacy]"]),
    "contradiction": Example(matter, ["updated: 2025-04-10"]),
    "date": Example(
        matter, ["2025-04-09", "2025-04-09 16:30", "2025-04-09T16:30:00+03:00"], count=2, cured=line("updated")
    ),
    "dst-gap": Example(matter, ["2025-03-09 03:30", "2025-03-09T03:30-04:00"], around=new_york, cured=line("date")),
    "dst-overlap": Example(
        matter, ["2025-11-02T01:30-04:00", "2025-11-02T01:30-05:00"], around=new_york, cured=line("date")
    ),
    "html-entity": Example(matter, ["title: Q&A with the minister"]),
    "invisible-character": Example(matter, bad="title: The\u200b talks"),
    "unknown-region": Example(matter, ["region: turkiye"], around=turkiye),
    "no-address": Example(matter),
    "ambiguous": Example(twice),
    "not-public": Example(matter),
    "block": Example(body, BLOCK),
    "table": Example(body),
    "footnote": Example(body, count=2),
    "heading-level": Example(body),
    "code-words": Example(body, ["~~~ python"]),
    "raw-html": Example(body, ["*Bosphorus*"], as_written={"*Bosphorus*": "The *Bosphorus* is 31 km long."}),
    "sanitized-html": Example(body, around=sanitized),
    "unsafe-link": Example(body, count=2),
    "empty-link": Example(body, ["[their site](https://example.org)"], count=2),
    "unused-definition": Example(body, [r"\[Note]: this"]),
    "nesting": Example(body),
    "amplification": Example(often),
    "broken-link": Example(body),
    "broken-anchor": Example(body, around=trams),
    "unknown-page": Example(body, count=2),
    "hidden-link": Example(matter, around=embargoed),
    "missing-pick": Example(matter),
    "missing-picture": Example(matter, around=pictures),
    "broken-picture": Example(matter, around=a_web_page_as_a_picture),
    "animated-picture": Example(matter, around=pictures),
    "missing-alt": Example(
        matter,
        ["alt: Fishing boats in the old harbour", 'alt: ""'],
        around=pictures,
        cured=lambda site, alt: matter(site, f"image: {{src: harbour.jpg, {alt}}}"),
    ),
    "remote-picture": Example(body),
    "slug": Example(matter, ["slug: talks", "url: /europe/talks/"]),
    "unsafe-path": Example(matter, ["region: europe"]),
    "url-collision": Example(names),
    "long-headline": Example(matter),
    "missing-credit": Example(both, around=pictures, count=2),
    "small-picture": Example(printed, around=a_narrow_lead),
    "unused-picture": Example(printed, around=a_picture_of_nobody),
    "near-topic": Example(printed, around=a_rare_spelling),
    "template": Example(template, ["story.title"], as_written={"story.title": "<h1>{{ story.title }}</h1>"}),
    "config": Example(
        setting,
        ["timezone: Europe/Istanbul"],
        cured=lambda site, line: setting(site, f"site:\n  title: The Section\n  {line}"),
    ),
    "config-key": Example(setting, ["sitemap"], as_written={"sitemap": "sitemap: {news: true}"}),
}


def parts(code: str) -> tuple[str, str]:
    """A section's example, and what it says of its cure."""
    before, _, after = SECTIONS[code].partition("\nCure:")
    return before, after


def blocks(text: str) -> list[str]:
    """The blocks of code in a text, without their fences or indents."""
    found = re.findall(r"^```\w*\n(.*?)\n```$|(^    [^\n]*(?:\n+    [^\n]*)*)", text, re.MULTILINE | re.DOTALL)
    return [fenced or re.sub("^    ", "", indented, flags=re.MULTILINE).rstrip() for fenced, indented in found]


def found(site: Site, code: str) -> int:
    return sum(finding["code"] == code for finding in check(site)["diagnostics"])


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_an_example_gives_its_finding(site: Site, code: str) -> None:
    example = EXAMPLES[code]
    example.around(site)
    example.put(site, example.bad or blocks(parts(code)[0])[0])
    assert found(site, code) == example.count


@pytest.mark.parametrize(("code", "cure"), [(code, cure) for code, tried in EXAMPLES.items() for cure in tried.cures])
def test_a_cure_does_away_with_it(site: Site, code: str, cure: str) -> None:
    example, (_, said) = EXAMPLES[code], parts(code)
    assert cure in said
    example.around(site)
    (example.cured or example.put)(site, example.as_written.get(cure, cure) or blocks(said)[0])
    told = check(site)["diagnostics"]
    assert [finding for finding in told if finding["severity"] == "error" or finding["code"] == code] == []


def test_tags_that_are_never_closed_are_nesting(site: Site) -> None:
    (tags,) = blocks(parts("nesting")[1])
    sanitized(site)
    a_thousand_times(site, tags)
    assert found(site, "nesting") == 1


def test_what_is_said_of_a_template_is_what_is_printed(site: Site) -> None:
    line, told = blocks(parts("template")[0])
    template(site, line)
    assert f"{told} [template]" in run("check", cwd=site.folder).stdout.split("\n")


def test_a_picture_that_is_half_copied_is_told_by_the_build(site: Site) -> None:
    (example,) = blocks(parts("damaged-picture")[0])
    pictures(site)
    matter(site, example)
    assert site.build().one("damaged-picture").severity == "error"


def test_a_page_that_is_gone_is_told_with_the_line_to_paste(site: Site) -> None:
    (example,) = blocks(parts("vanished-page")[0])
    (address,) = re.findall(r"/\S+", example)
    site.write(f"content/europe/{TRAMS}", "---\ntitle: Trams\n---\n\nText.\n").good()
    site.move(f"content/europe/{TRAMS}", "content/europe/2025-06-03-trams.md")
    gone = site.build().one("vanished-page")
    assert example in gone.message
    (line,) = re.findall(r"`(aliases: .*?)`", parts("vanished-page")[1])
    assert address in line
    assert line in gone.hint


def test_files_of_others_are_named_where_a_folder_is_adopted(site: Site) -> None:
    (example,) = blocks(parts("foreign-file")[0])
    for name in ("google123.html", "report.pdf"):
        site.write(f"output/{name}", "theirs")
    assert site.build(adopt=True).one("foreign-file").message == example
