"""Whatever is in a source: a clear finding at its place, or a harmless rendering. Never a traceback, a hang, a silent
change, or a file outside the output folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import some
from newsroom import Site, png, source
from one_story import A, built_from, text_of

# --- one finding for each kind of mistake, at its place ------------------------------------------------------------

# (the lines of front matter after title and date, code, line, column, words of the message or hint)
FRONT_MATTER = {
    "a duplicate key": ("slug: x\nslug: y", "duplicate-key", 5, 1, "twice"),
    "an unknown key": ("topcs: [a]", "unknown-key", 4, 1, "Did you mean `topics`?"),
    "a misspelt draft": ("darft: true", "hidden-key", 4, 1, "Did you mean `draft`?"),
    "a misspelt embargo": ("embargoo: 2099-01-01", "hidden-key", 4, 1, "`embargo`"),
    "a draft that is no yes or no": ("draft: maybe", "value", 4, 8, "draft"),
    "an impossible day": ("updated: 2026-02-30", "date", 4, 10, "30 February 2026 does not exist"),
    "an impossible hour": ("updated: 2026-02-03 25:00", "date", 4, 10, "25"),
    "a year before all time zones": ("updated: 0001-01-01T00:00+14:00", "date", 4, 10, "out of range"),
    "a year after all time zones": ("expires: 9999-12-31T23:59-14:00", "date", 4, 10, "out of range"),
    "an over-long slug": ("slug: " + "x" * 300, "slug", 4, 1, "longer than 240 bytes"),
    "an over-long slug in few letters": ("slug: " + "ğ" * 130, "slug", 4, 1, "longer than 240 bytes"),
    "a slug that climbs": ("slug: ../../etc", "slug", 4, 7, "one part of a path"),
    "a slug of dots": ("slug: ..", "slug", 4, 7, "one part of a path"),
    "a hidden slug": ("slug: .htaccess", "slug", 4, 1, "begins with a dot"),
    "a device's name": ("slug: con", "slug", 4, 1, "device"),
    "a device's name with an ending": ("slug: aux.html", "slug", 4, 1, "device"),
    "a region that climbs": ('region: ".."', "unsafe-path", 4, 9, "folder's name"),
    "a region of two parts": ("region: a/b", "unsafe-path", 4, 9, "folder's name"),
    "a reserved region": ("region: topics", "slug", 4, 1, "can't be a region"),
    "a url that climbs": ("url: /../../etc/passwd", "value", 4, 6, ". or .."),
    "a url that climbs when decoded": ("url: /%2e%2e/x/", "value", 4, 6, ". or .."),
    "a url on another host": ("url: //evil.example/x", "value", 4, 6, "name no host"),
    "a url with a backslash": ("url: /a\\b/", "value", 4, 6, "backslash"),
    "a url with a line break": ('url: "/a\\r\\nSet-Cookie: x/"', "value", 4, 6, "invisible"),
    "a url with NUL": ('url: "/a\\0b/"', "yaml", 4, 6, "control character"),
    "an alias that climbs": ("aliases: [/ok/, /../x/]", "value", 4, 17, ". or .."),
    "an alias on another host": ("aliases: [https://evil.example/]", "value", 4, 11, "name no host"),
    "a picture outside the site": ("image: {src: ../../../../etc/passwd, alt: x}", "missing-picture", 4, 8, "no pic"),
    "a picture by an absolute path": ("image: {src: /etc/passwd, alt: x}", "missing-picture", 4, 8, "no picture"),
    "a picture written into the text": (
        "image: data:image/png;base64,AAAA",
        "value",
        4,
        8,
        "the path of a picture",
    ),
    "a picture without text": ("image: b.png", "missing-alt", 4, 8, "can't see it"),
    "a picture with text that is no picture": ("image: {src: c.png, alt: x}", "broken-picture", 4, 8, "c.png"),
    "a link that is a script": ("source_url: javascript:alert(1)", "value", 4, 13, "http"),
    "a pick outside the site": ("related: [../../../etc/passwd.md]", "missing-pick", 4, 11, "no story"),
    "a pick with a scheme": ("related: [file:///etc/passwd.md]", "value", 4, 11, "must name a story's file"),
    "an anchor": ("params: {a: &a 1}", "yaml", 4, 13, "isn't allowed"),
    "an alias to an anchor": ("params: {a: *a}", "yaml", 4, 13, "isn't allowed"),
    "a tag that would run code": ('params: {a: !!python/object/apply:os.system ["x"]}', "yaml", 4, 13, "isn't allowed"),
    "lists in lists in lists": ("params: " + "[" * 2000 + "]" * 2000, "yaml", 4, 20, "more than 12 deep"),
    "an unfinished list": ("topics: [a, b", "yaml", 4, 9, "isn't closed"),
    "more topics than a story has": ("topics: [" + ", ".join(f"t{n}" for n in range(201)) + "]", "value", 4, 9, "201"),
    "a number beyond counting": ("pin: {position: " + "9" * 5000 + "}", "value", 4, 17, "from 1 to 99"),
    "a label of our own making": ("label: advertorial", "value", 4, 8, "sponsored"),
    "a language that is none": ("lang: <b>", "value", 4, 7, "lang"),
    "a control character": ('kicker: "a\\ab"', "yaml", 4, 9, "control character"),
}


@pytest.mark.parametrize("case", FRONT_MATTER.values(), ids=FRONT_MATTER.keys())
def test_front_matter_mistakes_are_told_at_their_place(site: Site, case: tuple[str, str, int, int, str]) -> None:
    lines, code, line, column, words = case
    site.write("content/eu/b.png", png()).write("content/eu/c.png", b"this is not a picture")
    built = built_from(site, f"---\ntitle: T\ndate: 2025-04-09\n{lines}\n---\nText.\n")
    found = built.of(code)[0]
    assert not built.ok
    assert (found.path, found.line, found.column) == (A, line, column), built.told()
    assert words in found.message + found.hint
    assert found.excerpt
    assert site.tree() == {}


BODIES = {
    "a broken link": ("[x](b.md)", "broken-link", 6, 5, "there is no story “b.md”"),
    "a link that climbs": ("[x](../../../../etc/passwd.md)", "broken-link", 6, 5, "there is no story"),
    "a picture that climbs": ("![x](../../../../etc/passwd)", "missing-picture", 6, 6, "there is no picture"),
    "a picture elsewhere": ("![x](https://cdn.example/x.png)", "remote-picture", 6, 6, "another host"),
    "quotes in quotes": (">" * 100 + " x", "nesting", 6, 1, "more than 40 levels"),
    "lists in lists": ("\n".join("  " * i + "- x" for i in range(60)), "nesting", 25, 39, "more than 40 levels"),
    "links that multiply": (
        "[x]: http://e.example/" + "a" * 3000 + "\n\n" + "[x] " * 8000,
        "amplification",
        8,
        1,
        "many times as long",
    ),
    "too many brackets": ("[" * 30_000, "too-large", 5, 1, "opening brackets"),
    "an unknown block": ("::: factbx Title\nx\n:::", "block", 6, 1, "factbox"),
    "an unclosed block": ("::: factbox Title\nx", "block", 6, 1, ":::"),
    "a video without an address": ("::: video\ntitle: x\n:::", "block", 6, 1, "web address"),
    "a video that is a script": ("::: video javascript:alert(1)\ntitle: x\n:::", "block", 6, 1, "web address"),
}


@pytest.mark.parametrize("case", BODIES.values(), ids=BODIES.keys())
def test_body_mistakes_are_told_at_their_place(site: Site, case: tuple[str, str, int, int, str]) -> None:
    body, code, line, column, words = case
    built = built_from(site, f"---\ntitle: T\ndate: 2025-04-09\n---\n\n{body}\n")
    found = built.of(code)[0]
    assert not built.ok
    assert (found.path, found.line, found.column) == (A, line, column), built.told()
    assert words in found.message + found.hint
    assert site.tree() == {}


FILES = {
    "an empty file": (b"", "front-matter", 1, "no front matter"),
    "no front matter": (b"Just text.\n", "front-matter", 1, "no front matter"),
    "unclosed front matter": (b"---\ntitle: x\n", "front-matter", 1, "no closing ---"),
    "front matter in TOML": (b'+++\ntitle = "x"\n+++\nx\n', "front-matter", 1, "TOML"),
    "front matter that is a list": (b"---\n- a\n---\nx\n", "front-matter", 2, "not a list"),
    "no date": (b"---\ntitle: x\n---\nx\n", "missing-key", 1, "`date` is missing"),
    "no title": (b"---\ndate: 2025-04-09\n---\nx\n", "missing-key", 1, "`title` is missing"),
    "another encoding": ("---\ntitle: Café\n---\nx\n".encode("latin-1"), "encoding", 2, "not UTF-8 (byte 0xe9)"),
    "UTF-16": ("---\ntitle: x\n---\n".encode("utf-16"), "encoding", 1, "not UTF-8"),
    "a lone surrogate": (b"---\ntitle: \xed\xa0\x80\n---\nx\n", "encoding", 2, "not UTF-8"),
    "600 KiB": (source("word " * 123_000, title="T", date="2025-04-09").encode(), "too-large", 1, "600 KiB"),
}


@pytest.mark.parametrize("case", FILES.values(), ids=FILES.keys())
def test_files_that_are_no_sources_are_told(site: Site, case: tuple[bytes, str, int, str]) -> None:
    data, code, line, words = case
    built = built_from(site, data)
    found = built.of(code)[0]
    assert not built.ok
    assert (found.path, found.line) == (A, line)
    assert words in found.message + found.hint
    assert site.tree() == {}


def test_an_impossible_date_in_a_file_name_is_told(site: Site) -> None:
    built = site.story("eu/2026-13-45-x.md", date=None).build()
    assert "no month 13" in built.one("date").message


# --- what is harmless ----------------------------------------------------------------------------------------------

HARMLESS_ENDS = {
    "a byte order mark": lambda text: "\ufeff" + text,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "line ends of old Macs": lambda text: text.replace("\n", "\r"),
    "blanks after the fences": lambda text: text.replace("---\n", "---  \n"),
}


@pytest.mark.parametrize("change", HARMLESS_ENDS.values(), ids=HARMLESS_ENDS.keys())
def test_how_an_editor_saves_a_file_changes_nothing(tmp_path: Path, change) -> None:
    text = source("One.\n\nTwo *and* three.", title="Plain", date="2025-04-09")
    plain, changed = Site(tmp_path / "plain"), Site(tmp_path / "changed")
    plain.write(A, text).good()
    changed.write(A, change(text)).good()
    assert plain.tree() == changed.tree()


def test_control_characters_are_told_and_in_no_file(site: Site) -> None:
    body = "One.\n\nBell \x07, escape \x1b[31m, NUL \x00, C1 \x85, and \ufffe."
    built = built_from(site, source(body, title="T", date="2025-04-09"))
    found = built.one("invisible-character")
    assert built.ok
    assert (found.line, found.column) == (7, 6)
    assert "U+0007" in found.message
    for path, data in site.tree().items():
        if path.endswith((".html", ".xml", ".txt")):
            text = data.decode()
            assert not [c for c in text if (ord(c) < 32 and c not in "\t\n") or c in "\x7f\x85\ufffe"], path
    assert "Bell �, escape �[31m, NUL �, C1 �, and �." in text_of(site.page("/eu/2025/04/a/"))


def test_a_folder_named_like_a_story_is_a_folder(site: Site) -> None:
    site.story("eu/x.md/index.md", title="Within").write("content/eu/y.md/notes.txt", "x").good()
    assert "Within" in site.page("/eu/2025/04/x-md/")


@pytest.mark.parametrize("name", ["😀.md", " .md", "-.md", "!!!.md"])
def test_a_file_name_without_letters_asks_for_a_slug(site: Site, name: str) -> None:
    found = site.story(f"eu/{name}", title="T").build().one("slug")
    assert "no slug can be made" in found.message
    assert "slug:" in found.hint


@pytest.mark.parametrize("name", ["a\nb<img src=x onerror=y>.md", "naïve “quotes” & more.md", "a%2e%2e%2fb.md", "..md"])
def test_hostile_file_names_make_plain_addresses(site: Site, name: str) -> None:
    site.story(f"eu/{name}", title="T").build()
    for path in site.tree():
        assert not set(path) & set("\n<>\"'&%\\ "), path
        assert ".." not in path


def test_a_file_name_never_steers_the_terminal(site: Site) -> None:
    site.write("content/eu/evil\x1b[2J\nfake.md", "no front matter")
    printed = site.build().told()
    assert "\x1b" not in printed
    assert "\nfake" not in printed


@pytest.mark.parametrize("name", ["talks.MD", "talks.markdown", "talks.md.txt"])
def test_a_story_whose_name_has_another_ending_is_told(site: Site, name: str) -> None:
    built = site.story("eu/a.md").story(f"eu/{name}").write("content/eu/notes.txt", "x").build()
    assert built.ok
    found = built.one("unread-file")
    assert found.path == f"content/eu/{name}"
    assert "talks.md" in found.hint


# --- templates -----------------------------------------------------------------------------------------------------

TEMPLATES = {
    "an unfinished tag": ("{% if %}", "Expected an expression"),
    "an unknown name": ("{{ nope }}", "no name “nope”"),
    "a missing field": ("{{ page.titel }}", "did you mean “title”"),
    "a private name": ("{{ site.__class__ }}", "private"),
    "a function": ("{% for i in range(9) %}{% endfor %}", "range"),
    "a way around escaping": ("{{ page.title|safe }}", "safe"),
    "a division by nothing": ("{{ 1 // 0 }}", "zero"),
    "an include that isn't there": ('{% include "nope.html" %}', "nope.html"),
    "an object": ("{{ page }}", "can't be printed"),
}


@pytest.mark.parametrize("case", some(TEMPLATES.values(), 4), ids=some(TEMPLATES, 4))
def test_a_broken_template_is_told_with_its_line(site: Site, case: tuple[str, str]) -> None:
    text, words = case
    site.story("eu/a.md").write("templates/partials/after_article.html", f"\n{text}\n")
    built = site.build()
    found = built.of("template")[0]
    assert not built.ok
    assert (found.path, found.line) == ("templates/partials/after_article.html", 2), built.told()
    assert words in found.message + found.hint
    assert site.tree() == {}


def test_a_template_that_fails_only_on_a_story_names_the_story(site: Site) -> None:
    site.story("eu/a.md").write("templates/partials/after_article.html", "{{ story.titel }}")
    assert f"while rendering {A}" in site.build().of("template")[0].message


def test_a_template_that_fails_on_every_page_is_told_once(site: Site) -> None:
    for n in range(120):
        site.story(f"eu/{n}.md")
    site.write("templates/partials/after_article.html", "{{ story.titel }}\n{{ page.titel }}")
    assert len(site.build().of("template")) == 1


def test_a_template_that_includes_itself_ends_in_an_error(site: Site) -> None:
    site.story("eu/a.md").write("templates/partials/after_article.html", '{% include "article.html" %}')
    assert not site.build().ok


def test_a_locale_file_with_a_few_strings_changes_only_those(site: Site) -> None:
    site.story("eu/a.md").write("templates/locales/en.yaml", "skip: Straight to the story\n").good()
    page = site.page("/eu/2025/04/a/")
    assert "Straight to the story" in page
    assert "Corrections" in page


# --- severities ----------------------------------------------------------------------------------------------------


def test_checks_turn_an_error_into_a_warning_and_back(site: Site) -> None:
    site.story("eu/a.md", "[x](nope.md)")
    assert not site.build().ok
    turned = site.configure("checks: {broken-link: warn}\n").build()
    assert turned.ok
    assert turned.one("broken-link").severity == "warn"
    site.story("eu/b.md").story("eu/a.md", "[x](b.md#nope)")
    assert site.build().ok
    assert not site.configure("checks: {broken-anchor: error}\n").build().ok


def test_a_misspelt_draft_is_an_error_even_where_unknown_keys_are_not(site: Site) -> None:
    site.configure("schema: {unknown_keys: warn}\n").story("eu/a.md", subtitle="x")
    assert site.build().ok
    site.story("eu/a.md", darft=True)
    built = site.build()
    assert not built.ok
    assert "hidden-key" in built.codes()


def test_all_findings_of_a_run_come_at_once(site: Site) -> None:
    site.story("eu/a.md", topcs=["x"], updated="2026-02-30").story("eu/b.md", "[x](nope.md)").story("eu/c.md", "ok")
    site.write("content/eu/d.md", b"\xff").write("templates/topic.html", "{% if %}")
    site.story("eu/e.md", slug="c").story("eu/f.md", "[fine, but the target is broken](a.md)")
    codes = site.build().codes()
    for code in ("unknown-key", "date", "broken-link", "encoding", "template", "url-collision"):
        assert code in codes
    assert codes.count("broken-link") == 1  # a.md is there: what is wrong with it has been said


def test_what_a_story_with_an_error_names_is_looked_for_in_the_same_run(site: Site) -> None:
    text = "[x](nope.md) [y](good.md#nowhere) [z](/nothing/) [f](report.pdf)\n\n![A bridge](bridge.jpg)\n"
    site.story("eu/bad.md", text, topcs=["x"], related=["gone.md"], image="lead.jpg").story("eu/good.md")
    told = ["unknown-key", "broken-link", "broken-anchor", "unknown-page", "unknown-page", "missing-pick"]
    told += ["missing-picture", "missing-picture", "missing-alt"]
    assert sorted(site.build().codes()) == sorted(told)
    assert sorted(site.build().codes()) == sorted(told)  # also of what was kept


def test_what_a_story_names_that_no_address_can_be_made_for_is_looked_for_in_the_same_run(site: Site) -> None:
    site.story("eu/good.md").story("eu/bad.md", "[x](nope.md)", slug="a/b").story("lost.md", "[x](nope.md)")
    assert site.build().codes().count("broken-link") == 2


@pytest.mark.parametrize(
    "hidden",
    [{"draft": True}, {"embargo": "2999-01-01"}, {"expires": "2000-01-02"}, {"status": "withdrawn"}, {"draft": "yess"}],
)
def test_what_a_hidden_story_with_an_error_names_is_not_looked_for(site: Site, hidden: dict[str, object]) -> None:
    site.story("eu/good.md").story("eu/bad.md", "[x](nope.md) ![A bridge](bridge.jpg)", topcs=["x"], **hidden)
    codes = site.build().codes()
    assert "unknown-key" in codes
    assert not {"broken-link", "missing-picture"} & {*codes}


def test_the_text_of_a_story_whose_front_matter_breaks_off_is_read_in_the_same_run(site: Site) -> None:
    site.story("eu/good.md").write("content/eu/bad.md", "---\ntitle: 'x\n---\n\n[x](javascript:alert(1))\n\n::: fact\n")
    codes = site.build().codes()
    assert "unsafe-link" in codes
    assert len(codes) > 2


def test_what_other_sources_with_errors_name_is_looked_for_in_the_same_run(site: Site) -> None:
    site.story("eu/good.md").write("content/eu/_index.md", "---\ntitl: EU\npins: [gone.md]\n---\n[x](nope.md)\n")
    site.write("content/pages/about.md", "---\ntitle: About\nslgu: x\n---\n[x](nope.md)\n")
    site.write("content/authors/ann.md", "---\nname: Ann\nimage: ann.jpg\nrle: x\n---\n[x](nope.md)\n")
    site.write("content/_index.md", "---\nled: x\nlead: [gone.md]\n---\n[x](nope.md)\n")
    codes = site.build().codes()
    assert codes.count("broken-link") == 4
    assert codes.count("missing-pick") == 2
    assert codes.count("missing-picture") == 1
