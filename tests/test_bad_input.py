"""Whatever is in a source: a clear finding at its place, or a harmless rendering. Never a traceback, a hang, a silent
change, or a file outside the output folder."""

from __future__ import annotations

import os
from pathlib import Path

import html5lib
import pytest
from examples import some
from newsroom import Built, Site, png, source

A = "content/eu/a.md"


def built_from(site: Site, text: str | bytes) -> Built:
    """The result of a build whose one story has this source."""
    return site.write(A, text).build()


def text_of(html: str) -> str:
    return "".join(html5lib.parse(html, namespaceHTMLElements=False).itertext())


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


# --- raw HTML and links (nothing a writer types runs in a reader's browser) ----------------------------------------

SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a href=javascript:alert(1)>x</a></svg>",
    "<iframe src=//evil.example></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input></form>",
    "</p></div></article><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<b onmouseover=alert(1)>x</b>",
    "<scr<script>ipt>alert(1)</script>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]
LINKS = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](  javascript:alert(1))",
    "[a](java&#x09;script:alert(1))",
    "[a](java&NewLine;script:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](&#x1;javascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](\\javascript:alert(1))",
    "[a](javascript%3Aalert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "[a](file:///etc/passwd)",
    "[a](blob:https://example.org/x)",
    "[a](http:javascript:alert(1))",
    "<javascript:alert(1)>",
    "[a]:\n\n[a]: javascript:alert(1)\n\n",
    "[![x](b.png)](javascript:alert(1))",
    "[a](//evil.example/x 'title\" onclick=\"alert(1)')",
]


def unsafe_parts(html: str) -> list[str]:
    """What could run, load or send something in a page: elements and attributes a body has no use for."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    bad = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        kind = element.get("type", "")
        if name in ("iframe", "object", "embed", "base", "form", "input", "svg", "math", "frame", "template"):
            bad.append(name)
        if name == "script" and kind != "application/ld+json":
            bad.append("script")
        if name == "meta" and element.get("http-equiv", "").lower() == "refresh":
            bad.append("refresh")
        for key, value in element.attrib.items():
            if str(key).startswith("on") or key == "style":
                bad.append(f"{name} {key}")
            if key in ("href", "src", "action", "formaction", "data", "poster"):
                scheme = "".join(c for c in value if c > " ").partition(":")
                if scheme[1] and "/" not in scheme[0] and scheme[0].lower() not in ("http", "https", "mailto", "tel"):
                    bad.append(f"{name} {key}={value}")
    return bad


@pytest.mark.parametrize("raw_html", ["escape", "sanitize"])
def test_a_body_never_brings_in_what_could_run(site: Site, raw_html: str) -> None:
    site.configure(f"markdown: {{raw_html: {raw_html}}}\nchecks: {{raw-html: warn, missing-alt: warn}}\n")
    regions = {f"region-{n}": snippet for n, snippet in enumerate([*SCRIPTS, *LINKS])}
    for region, snippet in regions.items():
        body = f"Before {snippet} after.\n\n{snippet}\n\n> {snippet}\n\n::: factbox Facts\n{snippet}\n:::\n"
        site.write(f"content/{region}/a.md", source(body, title="T", date="2025-04-09"))
        site.write(f"content/{region}/b.png", png())
    built = site.build()
    if not built.ok:
        assert all(found.line for found in built.errors), built.told()
        for path in {found.path for found in built.errors}:
            del regions[path.split("/")[1]]
            site.remove(path)
        assert len(regions) > len(SCRIPTS)
        built = site.build()
    assert built.ok, built.told()
    for region, snippet in regions.items():
        assert unsafe_parts(site.page(f"/{region}/2025/04/a/")) == [], snippet
        feed = site.page(f"/{region}/feed.xml")
        assert "<script" not in feed.lower(), snippet
        from xml.etree import ElementTree

        texts = [e.text or "" for e in ElementTree.fromstring(feed).iter() if e.tag.endswith("encoded")]  # noqa: S314  # we wrote it
        assert texts
        for text in texts:
            assert unsafe_parts(text) == [], snippet


@pytest.mark.parametrize("snippet", LINKS[:16])
def test_a_link_that_could_run_is_text_and_told(site: Site, snippet: str) -> None:
    built = built_from(site, source(f"Before {snippet} after.", title="T", date="2025-04-09"))
    assert built.ok
    page = site.page("/eu/2025/04/a/")
    assert "<p>Before a after.</p>" in page
    told = built.one("unsafe-link") if "unsafe-link" in built.codes() else built.one("unknown-page")
    assert told.line == 5


def test_raw_html_is_shown_as_text_and_told_with_its_place(site: Site) -> None:
    built = built_from(site, source("One.\n\n<b>bold</b> words", title="T", date="2025-04-09"))
    found = built.one("raw-html")
    assert (found.line, found.severity) == (7, "warn")
    assert "<b>bold</b> words" in text_of(site.page("/eu/2025/04/a/"))


# --- files that are not what they seem -----------------------------------------------------------------------------


def test_a_pipe_among_the_sources_is_told_and_never_opened(site: Site) -> None:
    site.story("eu/a.md")
    os.mkfifo(site.folder / "content/eu/pipe.md")
    found = site.build().one("unsafe-path")
    assert found.path == "content/eu/pipe.md"
    assert "neither a file nor a folder" in found.message


def test_a_pipe_in_place_of_a_picture_is_a_missing_picture(site: Site) -> None:
    site.story("eu/a.md", "![x](pipe.png)")
    os.mkfifo(site.folder / "content/eu/pipe.png")
    assert "missing-picture" in site.build().codes()


@pytest.mark.parametrize("folder", ["content/eu", "static"])
@pytest.mark.parametrize("target", ["/etc/passwd", "../../../outside.txt", "nowhere", "loop"])
def test_a_link_that_leaves_the_site_folder_is_refused(site: Site, folder: str, target: str) -> None:
    site.story("eu/a.md")
    (site.folder.parent / "outside.txt").write_text("secret")
    place = site.folder / folder / ("loop" if target == "loop" else "link.md")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
    found = site.build().one("unsafe-path")
    assert found.path == f"{folder}/{place.name}"
    assert found.severity == "error"


def test_a_linked_folder_is_refused(site: Site) -> None:
    site.story("eu/a.md")
    (site.folder / "content/eu/all").symlink_to("/etc", target_is_directory=True)
    assert "unsafe-path" in site.build().codes()
    assert site.tree() == {}


@pytest.mark.parametrize("folder", ["content", "static", "templates"])
def test_a_source_folder_that_leads_out_of_the_site_is_refused(site: Site, folder: str) -> None:
    site.story("eu/a.md").write("static/a.txt", "a").write("templates/partials/footer.html", "<footer></footer>")
    site.good()
    before = site.tree()
    os.rename(site.folder / folder, site.folder.parent / folder)
    (site.folder / folder).symlink_to(site.folder.parent / folder, target_is_directory=True)
    found = site.build().one("config")
    assert found.message.startswith(f"`{folder}_dir` ({folder}) leads out of the site folder")
    assert site.tree() == before


def test_static_files_are_no_sources_by_another_way(site: Site) -> None:
    """A draft would be published as it is written."""
    site.story("eu/a.md").story("eu/secret.md", draft=True)
    (site.folder / "static").symlink_to("content", target_is_directory=True)
    assert "leads to the same place as `content_dir`" in site.build().one("config").message
    assert site.tree() == {}


def test_a_picture_through_a_linked_folder_is_never_read(site: Site) -> None:
    outside = site.folder.parent / "outside"
    outside.mkdir()
    (outside / "x.png").write_bytes(png())
    site.story("eu/a.md", "![x](shots/x.png)")
    (site.folder / "content/eu/shots").symlink_to(outside, target_is_directory=True)
    codes = site.build().codes()
    assert "missing-picture" in codes
    assert "unsafe-path" in codes


def test_a_link_within_the_site_folder_is_a_file_like_any_other(site: Site) -> None:
    site.story("eu/a.md", title="Twice told")
    (site.folder / "content/eu/2025-04-10-b.md").symlink_to("a.md")
    site.good()
    assert site.has("/eu/2025/04/b/")


def test_a_file_name_that_is_not_utf8_is_told(site: Site) -> None:
    site.story("eu/a.md")
    Path(os.fsdecode(os.fsencode(site.folder) + b"/content/eu/\xff.md")).write_text("x", encoding="utf-8")
    found = site.build().one("unsafe-path")
    assert "not UTF-8" in found.message
    assert found.path.isprintable()


# --- addresses -----------------------------------------------------------------------------------------------------

ADDRESSES = {
    "an alias below a hidden folder": "aliases: [/.git/config/]",
    "an alias that is a device": "aliases: [/con/]",
    "an alias that file systems refuse": 'aliases: ["/what?/"]',
    "a url that is a device": "url: /eu/nul/",
    "a url longer than hosts take": "url: /" + "x/" * 1000,
    "a url into our own state": "url: /.broadsheet/manifest.json",
}


@pytest.mark.parametrize("lines", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_addresses_that_can_not_be_files_are_told(site: Site, lines: str) -> None:
    built = built_from(site, f"---\ntitle: T\ndate: 2025-04-09\n{lines}\n---\nText.\n")
    assert not built.ok
    assert {found.path for found in built.errors} == {A}
    assert site.tree() == {}


COLLISIONS = {
    "one slug twice": ("slug: same", "slug: same"),
    "letters' case": ("slug: same", "slug: SAME"),
    "forms of a letter": ("slug: caf\u00e9", "slug: cafe\u0301"),
    "an alias and a story": ("slug: same", "slug: b\naliases: [/eu/2025/04/same/]"),
    "an alias twice": ("aliases: [/old/]", "slug: b\naliases: [/old/]"),
    "a story and a region's front": ("url: /eu/", "slug: b"),
    "a story and a topic's page": ("url: /topics/peace/", "slug: b\ntopics: [Peace]"),
    "a file where a folder must be": ("url: /eu/2025/04/b", "slug: b"),
    "a story and the feed": ("url: /feed.xml", "slug: b"),
}


@pytest.mark.parametrize("pair", COLLISIONS.values(), ids=COLLISIONS.keys())
def test_two_claims_on_one_address_are_an_error(site: Site, pair: tuple[str, str]) -> None:
    for name, lines in zip("ab", pair, strict=True):
        site.write(f"content/eu/{name}.md", f"---\ntitle: T\ndate: 2025-04-09\n{lines}\n---\nText.\n")
    built = site.build()
    found = built.of("url-collision")
    assert found, built.told()
    assert not built.ok
    assert site.tree() == {}
    told = found[0].path + found[0].message
    assert "content/eu/" in told
    assert "same address as" in told or "also a folder" in told


def test_a_static_file_that_stands_where_a_page_goes_names_both(site: Site) -> None:
    site.story("eu/a.md").write("static/eu/2025/04/a/index.html", "x")
    found = site.build().one("url-collision")
    assert found.path == A
    assert "static/eu/2025/04/a/index.html" in found.message
    assert str(site.folder) not in found.message


@pytest.mark.parametrize("name", ["CON.txt", "a:b", "what?.txt", "back\\slash", "new\nline"])
def test_a_static_file_that_hosts_would_refuse_is_told(site: Site, name: str) -> None:
    site.story("eu/a.md").write(f"static/{name}", "x")
    found = site.build().one("unsafe-path")
    assert found.path == f"static/{name}"
    assert site.tree() == {}


def test_hidden_static_files_stay_home_but_for_well_known_ones_and_are_told(site: Site) -> None:
    site.story("eu/a.md").write("static/.env", "SECRET=1").write("static/.well-known/security.txt", "Contact: x")
    site.write("static/maps/.private/a/b.png", "x").write("static/maps/.private/c.png", "x")
    for n in range(4):  # the second build has nothing to do, others leave static/ as it is: each tells what it holds
        if n > 1:
            site.story("eu/a.md", f"Edited {n} times.")
        told = site.build()
        assert [found.path for found in told.of("hidden-file")] == ["static/.env", "static/maps/.private"]
        assert len(told.findings) == 2
        assert ".well-known/security.txt" in site.tree()
        assert [path for path in site.tree() if "env" in path or "private" in path] == []


def test_what_systems_and_editors_leave_behind_in_static_is_not_told(site: Site) -> None:
    site.story("eu/a.md").write("static/a.txt", "a")
    for name in (
        ".DS_Store",
        "._a\nb.txt",
        ".swp",
        ".nfs0001",
        ".a.txt.swp",
        ".#a.txt",
        ".git/config",
        ".gitkeep",
        ".nojekyll",
        "m/.gitignore",
    ):
        site.write(f"static/{name}", "x")
    site.good()


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


@pytest.mark.parametrize("case", some(TEMPLATES.values(), 2), ids=some(TEMPLATES, 2))
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
