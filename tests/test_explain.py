"""What `explain` says of a page or a source is so: looked up in what the site really publishes."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from newsroom import NOW, Site, png, source, unwatched

from broadsheet import engine, related
from broadsheet.commands.explain import lines
from broadsheet.errors import UsageError
from broadsheet.explain import Explanation, explain
from broadsheet.reasons import Reason

CONFIG = "rails: {explore: {limit: 3, mode: shared}, recommended: {limit: 3, max_per_author: 1}}\n"


@pytest.fixture
def paper(site: Site) -> Site:
    """A published section in which stories have words, topics, authors and a series in common."""
    site.configure(CONFIG, timezone="Europe/Istanbul")
    words = ("grain ferry harbour", "ferry strike harbour", "grain mill price", "dam river price", "harbour crane")
    for n in range(10):
        site.story(
            f"{'asia' if n % 4 == 3 else 'europe'}/s{n}.md",
            f"Of the {words[n % 5]} and the {words[(n + 1) % 5]}. See [that](/europe/s0.md)." if n else "Of grain.",
            title=f"The {words[n % 5]} {n}",
            date=f"2025-12-{n * 2 + 1:02}",
            topics=[("Energy", "Water", "Trade")[n % 3]],
            authors=[("Ada", "Bob")[n % 2]],
            series="Harbours" if n in (2, 5) else None,
        )
    site.story("europe/picked.md", "A pick.", date="2026-01-02", related=["/asia/s3.md"], related_exclude=["s9.md"])
    site.good()
    return site


def explained(site: Site, target: str, at: datetime = NOW, **options: Any) -> Explanation:
    return explain(engine.Request(site=str(site.folder), now=at, **options), target, unwatched)


def told(found: Explanation) -> str:
    return "\n".join(lines(found, every=True))


# --- why a story is not on the site --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matter", "status", "words"),
    [
        ({}, "public", "on the site since 2025-04-09 00:00 (Europe/Istanbul)"),
        ({"draft": True}, "draft", "it is a draft"),
        ({"embargo": "2026-03-01T06:00"}, "embargoed", "not on the site before 2026-03-01 06:00 (Europe/Istanbul)"),
        ({"date": "2026-02-01T09:30"}, "scheduled", "not on the site before 2026-02-01 09:30 (Europe/Istanbul)"),
        ({"expires": "2026-01-01"}, "expired", "no longer on the site since 2026-01-01 00:00 (Europe/Istanbul)"),
        (
            {"embargo": "2026-03-01", "expires": "2026-02-01"},
            "never",
            "never be on the site: it expires on 2026-02-01 00:00",
        ),
        ({"status": "withdrawn"}, "withdrawn", "a notice stands at its address"),
        ({"unlisted": True}, "unlisted", "in no list"),
    ],
)
def test_a_source_is_told_whether_it_is_on_the_site(
    site: Site, matter: dict[str, Any], status: str, words: str
) -> None:
    site.configure("", timezone="Europe/Istanbul").story("europe/a.md", "Of tea.", **matter).story("europe/b.md")
    site.build()
    found = explained(site, "content/europe/a.md")
    assert (found.status, bool(found.path)) == (status, site.has("/europe/2025/04/a/"))
    assert words in told(found)
    month = "2026/02" if status == "scheduled" else "2025/04"
    by_address = explained(site, f"https://example.org/europe/{month}/a/")
    assert by_address.status == status


def test_a_source_with_errors_is_told_so_with_its_errors(paper: Site) -> None:
    paper.write("content/europe/bad.md", "---\ntitel: x\ndate: 2025-01-01\n---\nText.\n")
    found = explained(paper, "content/europe/bad.md")
    assert found.status == "error"
    assert {finding.code for finding in found.findings} == {f.code for f in paper.build().errors}
    assert "bad.md:2:1" in told(found)
    other = explained(paper, "content/europe/s1.md")
    assert (other.status, other.stopped) == ("public", found.stopped)
    assert "the next build publishes nothing" in told(other)


def test_a_page_that_comes_is_told_of_its_hour(paper: Site, tmp_path: Path) -> None:
    paper.write("content/pages/about.md", source("Of us.", title="About", date="2026-02-01"))
    paper.write("content/pages/more.md", source("Of us.", title="More", draft=True))
    assert explained(paper, "content/pages/about.md").status == "scheduled"
    assert explained(paper, "content/pages/more.md").status == "draft"
    assert explained(paper, "content/pages/about.md", future=True, output=str(tmp_path / "o")).status == "public"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/late/", "scheduled"),
        ("/late", "scheduled"),
        ("late/index.html", "scheduled"),
        ("/dr/", "draft"),
        ("/old/late/", "scheduled"),
        ("/old/emb/", "embargoed"),
        ("/old/emb", "embargoed"),
    ],
)
def test_what_is_not_on_the_site_is_found_by_its_address_and_its_former_ones(
    site: Site, target: str, status: str
) -> None:
    site.write("content/pages/late.md", source("x", title="Late", date="2026-05-01", aliases=["/old/late/"]))
    site.write("content/pages/dr.md", source("x", title="Draft", date="2026-05-01", draft=True))
    site.story("europe/emb.md", embargo="2026-03-01", aliases=["/old/emb/"])
    assert explained(site, target).status == status
    site.write("content/europe/bad.md", "---\ntitel: x\n---\n")
    assert explained(site, target).status == status


# --- what recommends what ------------------------------------------------------------------------------------------


def test_the_points_of_each_recommended_story_add_up_to_its_score(paper: Site) -> None:
    with_terms = 0
    for n in range(10):
        path = f"content/{'asia' if n % 4 == 3 else 'europe'}/s{n}.md"
        found = explained(paper, path)
        shown = re.findall(r'href="(/[^"]*/)"', _recommended_part(paper.page(found.url)))
        assert list(dict.fromkeys(shown)) == [explained(paper, choice.path).url for choice in found.recommended]
        scores = _scores(paper, path)
        for choice in found.recommended:
            if choice.how == "score":
                assert choice.points == sum(points for _, points in choice.terms) + choice.nearness
                assert choice.points == scores[choice.path]
                with_terms += len(choice.terms) > 1
    assert with_terms > 5


def _recommended_part(page: str) -> str:
    return "".join(re.findall(r'<aside class="(?:recommended|after)".*?</aside>', page, re.DOTALL))


def _scores(site: Site, path: str) -> dict[str, int]:
    """What a ranking of the whole archive from nothing gives each candidate of a story."""
    from broadsheet import dryrun

    with dryrun.rehearsed(engine.Request(site=str(site.folder), now=NOW, full=True), unwatched) as (job, _, _):
        stories = job.catalog.stories
        entries = [
            related.Entry(
                published=int(article.published.timestamp()),
                month=article.published.year * 12 + article.published.month - 1,
                terms=article.terms,
            )
            for article in stories
        ]
        return {stories[i].path: score for i, score in related.Ranker(entries, 1095).best(job.catalog.index[path])}


def test_a_new_story_is_explained_before_it_is_built(paper: Site) -> None:
    paper.story("europe/new.md", "Of the grain ferry.", title="Grain ferry", date="2026-01-05", topics=["Energy"])
    found = explained(paper, "content/europe/new.md")
    assert found.reasons == (Reason(kind="new", name="content/europe/new.md"),)
    scores = _scores(paper, "content/europe/new.md")
    assert [choice.points for choice in found.recommended] == [scores[choice.path] for choice in found.recommended]
    assert any(term == "#energy" for choice in found.recommended for term, _ in choice.terms)


def test_picks_and_instalments_are_told_as_such(paper: Site) -> None:
    picked = explained(paper, "content/europe/picked.md")
    assert (picked.recommended[0].path, picked.recommended[0].how) == ("content/asia/s3.md", "pick")
    assert "content/europe/s9.md" not in {choice.path for choice in picked.recommended}
    part = explained(paper, "content/europe/s2.md")
    assert (part.recommended[0].path, part.recommended[0].how) == ("content/europe/s5.md", "next instalment")
    assert "the next part of the series" in told(part)


# --- who shows a story ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["europe/s0", "europe/s4", "asia/s3", "europe/picked"])
def test_the_files_that_show_a_story_are_those_that_hold_its_address(paper: Site, name: str) -> None:
    found = explained(paper, f"content/{name}.md")
    holds = re.compile(rb"(?:https://example.org)?" + re.escape(found.url.encode()) + rb'(?=["<#\s]|$)', re.MULTILINE)
    files = {path for path, data in paper.tree().items() if holds.search(data)}
    assert {place.path for place in found.places} == files - {found.path}


def test_the_place_on_each_page_is_named(paper: Site) -> None:
    paper.story("europe/near.md", "See [it](s8.md).", date="2025-12-18")
    places = {(place.path, place.place) for place in explained(paper, "content/europe/s8.md").places}
    assert ("europe/2025/12/near/index.html", "link") in places
    assert ("europe/2025/12/near/index.html", "Explore") in places
    assert ("europe/2025/12/near/index.html", "previous story") in places
    assert ("europe/index.html", "stories") in places


# --- what is asked -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "content/europe/s1.md",
        "./content/europe/s1.md",
        "/europe/2025/12/s1/",
        "europe/2025/12/s1",
        "europe/2025/12/s1/index.html",
        "output/europe/2025/12/s1/index.html",
        "https://example.org/europe/2025/12/s1/?from=feed#top",
    ],
)
def test_a_page_is_found_by_its_address_its_file_and_its_source(paper: Site, target: str) -> None:
    found = explained(paper, target)
    assert (found.source, found.path) == ("content/europe/s1.md", "europe/2025/12/s1/index.html")
    assert found == explained(paper, str(paper.folder / "content/europe/s1.md"))
    assert {"article.html", "base.html"} <= set(found.templates)


@pytest.mark.parametrize(
    "target",
    ["CNAME", "/CNAME", "output/CNAME", "static/CNAME", "https://example.org/CNAME", "/.well-known/x", "_headers"],
)
def test_a_file_without_an_ending_is_found(paper: Site, target: str) -> None:
    paper.write("static/CNAME", "example.org\n").write("static/.well-known/x", "y").good()
    name = target.removeprefix("https://example.org").removeprefix("output").removeprefix("static").removeprefix("/")
    assert explained(paper, target).path == name
    (paper.folder / "static/CNAME").unlink()
    if name == "CNAME" and "static" not in target:
        assert explained(paper, target).status == "gone"


def test_a_page_that_becomes_a_redirect_says_so(paper: Site) -> None:
    address = "/europe/2025/12/s1/"
    paper.edit("content/europe/s1.md", "---\ntitle", f"---\naliases: [{address}]\ntitle")
    paper.move("content/europe/s1.md", "content/asia/s1.md")
    reasons = explained(paper, address).reasons
    assert any("made with redirect.html" in reason.detail for reason in reasons)
    assert not any("title" in reason.detail for reason in reasons)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("content/europe/s11.md", "did you mean content/europe/s1.md"),
        ("/europ/", "did you mean"),
        ("https://other.example/europe/", "addresses begin with https://example.org/"),
        ("", "no such page"),
        ("\0", "no such page"),
    ],
)
def test_what_the_site_does_not_have_is_told_with_what_comes_nearest(paper: Site, target: str, words: str) -> None:
    if target:
        with pytest.raises(UsageError, match=re.escape(words)):
            explained(paper, target)
    else:
        assert explained(paper, target).path == "index.html"


def test_what_changed_and_what_goes_is_told(paper: Site) -> None:
    assert explained(paper, "/europe/2025/12/s4/").action == "keep"
    assert "nothing that it shows has changed" in told(explained(paper, "/"))
    paper.edit("content/europe/s4.md", "Of the harbour", "Of a harbour").remove("content/asia/s7.md")
    found = explained(paper, "/europe/2025/12/s4/")
    assert found.action == "make"
    assert Reason(kind="story", name="content/europe/s4.md", detail="text", place="story") in found.reasons
    gone = explained(paper, "/asia/2025/12/s7/")
    assert (gone.status, gone.action) == ("gone", "delete")
    assert gone.reasons == (Reason(kind="story", name="content/asia/s7.md", detail="it was removed, or renamed"),)


def test_a_draft_that_was_public_says_why_it_goes(paper: Site) -> None:
    paper.edit("content/europe/s4.md", "date:", "draft: true\ndate:")
    found = explained(paper, "content/europe/s4.md")
    assert (found.status, found.reasons) == (
        "draft",
        (Reason(kind="story", name="content/europe/s4.md", detail="it is a draft"),),
    )


def test_other_sources_and_pictures_are_explained_by_the_page_they_make(paper: Site) -> None:
    paper.write("content/authors/ada.md", source("She wrote.", name="Ada")).write("static/a.txt", "one")
    paper.write("content/europe/_index.md", source("Of Europe.", title="Europe"))
    assert explained(paper, "content/authors/ada.md").path == "authors/ada/index.html"
    assert explained(paper, "content/europe/_index.md").path == "europe/index.html"
    assert explained(paper, "a.txt").source == "static/a.txt"


def test_nothing_is_written_and_nothing_need_be_built_before(site: Site) -> None:
    site.story("europe/a.md", "Of tea.", image={"src": "p.png", "alt": "x"}).write("content/europe/p.png", png())
    before = sorted(site.folder.rglob("*"))
    assert explained(site, "content/europe/a.md").reasons == (Reason(kind="start"),)
    assert sorted(site.folder.rglob("*")) == before


def test_the_command_tells_people_and_machines(paper: Site) -> None:
    where = ("-s", str(paper.folder), "--at", "2026-01-15T12:00")
    done = run("explain", "content/europe/s8.md", *where)
    assert done.returncode == 0
    assert "it recommends" in done.stdout
    assert "near in time" in done.stdout
    found = json.loads(run("explain", "/europe/2025/12/s8/", *where, "--format", "json").stdout)
    assert found["source"] == "content/europe/s8.md"
    for choice in found["recommended"]:
        if choice["how"] == "score":
            assert choice["points"] == sum(choice["terms"].values()) + choice["nearness"]
    assert run("explain", "/nowhere/at/all/", *where).returncode == 2
    assert run("explain", *where).returncode == 2
