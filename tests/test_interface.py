"""Interface strings: complete in three languages, and in any other as far as a site's file has them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
import yaml
from babel import Locale
from newsroom import Site
from theme_samples import SOURCES

from broadsheet import interface
from broadsheet.frozen import FrozenMap

CATEGORIES = {"zero", "one", "two", "few", "many", "other"}


def own(lang: str) -> dict[str, object]:
    return yaml.load(SOURCES[f"locales/{lang}.yaml"], Loader=yaml.BaseLoader)  # noqa: S506  # makes text only


@pytest.mark.parametrize("lang", ["tr", "ar"])
def test_a_language_has_every_string_with_the_same_places_to_fill(lang: str) -> None:
    english, other = own("en"), own(lang)
    assert list(other) == list(english)
    for key, text in english.items():
        if isinstance(text, str):
            assert _places(other[key]) == _places(text), key
            assert other[key], key
        elif not set(text) <= CATEGORIES:  # type: ignore[arg-type]  # a group
            assert list(other[key]) == list(text), key  # type: ignore[call-overload]  # a group
            assert all(other[key].values()), key  # type: ignore[attr-defined]  # a group


@pytest.mark.parametrize("lang", ["en", "tr", "ar"])
def test_plural_forms_are_the_languages_own(lang: str) -> None:
    categories = set(Locale.parse(lang).plural_form.rules) | {"other"}
    for key, value in own(lang).items():
        if isinstance(value, dict) and set(value) <= CATEGORIES:
            assert set(value) == categories, key
            assert "{n}" in value["other"]


def test_the_templates_use_every_string_and_only_strings_that_exist() -> None:
    text = "".join(source for name, source in SOURCES.items() if name.endswith(".html"))
    used = set(re.findall(r"\bt\.(\w+)", text))
    # In breadcrumbs, titles of archives, and within the texts of stories.
    for_python = {"home", "archive_of", "table", "footnotes", "footnote_back"}
    made = {"language", "locale", "borrowed"}  # of the file's name, and of what it lacks
    assert used | for_python | made == {*own("en"), "borrowed"}


def test_a_missing_string_comes_from_the_base_language_and_then_from_english() -> None:
    sources = {
        "locales/en.yaml": "home: Home\nlive: Live\nlabels: {opinion: Opinion, review: Review}\n"
        "n: {one: '{n} day', other: '{n} days'}",
        "locales/tr.yaml": "home: Ana sayfa\nlabels: {opinion: Görüş}\nn: {other: '{n} gün'}",
        "locales/tr-CY.yaml": "home: Giriş",
    }
    found = interface.strings("tr-CY", sources)
    assert (found["home"], found["live"]) == ("Giriş", "Live")
    assert found["labels"] == FrozenMap({"opinion": "Görüş", "review": "Review"})
    assert found["n"] == FrozenMap({"other": "{n} gün"})  # forms of two languages are never mixed
    assert interface.strings("xx", sources)["home"] == "Home"


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("home: Home\nhome: Again", 2, "stands twice"),
        ("home: Home\nlabels: {a: {b: c}}", 2, "“labels.a” must be a text"),
        ("home: Home\nlive: [a]", 2, "must hold a text"),
        ("- a\n- b", 1, "keys with their texts"),
        ("home: Home\nlive: [", 3, "isn't closed"),
        ("home: Home\nn: {one: a day}", 2, "needs the form “other”"),
        ("home: *a", 1, "isn't allowed here"),
        ("\x00", 1, "a control character"),
    ],
)
def test_a_broken_locale_file_is_a_finding_at_its_place(text: str, line: int, expected: str) -> None:
    sources = {"locales/en.yaml": text}
    (found, *_) = interface.findings(sources, sources, "templates")
    assert found.where().startswith(f"templates/locales/en.yaml:{line}:")
    assert expected in found.message
    assert interface.strings("en", sources)["language"] == "en"


def _places(text: object) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", str(text)))


POLISH = """by: "Autor: {names}"
labels: {opinion: Opinia}
minutes: {one: "{n} minuta", few: "{n} minuty", many: "{n} minut", other: "{n} minuty"}
"""


def test_a_language_that_the_theme_lacks_is_added_by_a_file_with_a_few_texts(site: Site) -> None:
    site.configure(language="pl").write("templates/locales/pl.yaml", POLISH)
    for stem in ("a", "b"):
        site.story(f"eu/{stem}.md", label="opinion", authors=["Anna Nowak", "Jan Kowalski"])
    site.story("eu/c.md", label="analysis").good()
    page = site.page("/eu/2025/04/a/")
    assert '<strong class="label">Opinia</strong>' in page
    assert "Anna Nowak i Jan Kowalski" in page
    assert '<meta property="og:locale" content="pl_PL">' in page
    assert "Autor: " in page
    # What the file lacks is English, and says so where it stands in capitals.
    assert '<bdi lang="en">Analysis</bdi>' in page
    assert '<span lang="en">Opinia' not in page


def test_a_language_of_a_region_is_named_after_the_file_of_its_base() -> None:
    found = interface.strings("pl-PL", {**SOURCES, "locales/pl.yaml": POLISH})
    assert (found["language"], found["locale"]) == ("pl", "pl_PL")


@pytest.mark.parametrize(("lang", "shared"), [("de", "de_DE"), ("eo", "eo"), ("pt-BR", "pt_BR"), ("ar", "ar_AR")])
def test_shared_pages_name_a_language_by_its_file(lang: str, shared: str) -> None:
    files = {f"locales/{lang}.yaml": "home: x\n", **SOURCES}
    assert interface.strings(lang, files)["locale"] == shared


@pytest.mark.parametrize("line", ["language: en", "locale: en_US"])
def test_a_file_that_was_copied_from_another_language_is_told_of_what_it_still_claims(site: Site, line: str) -> None:
    site.write("templates/locales/pl.yaml", f"{POLISH}{line}\n").story("eu/a.md")
    finding = site.build().one("template")
    assert finding.where() == "templates/locales/pl.yaml:4:1"
    assert "by its name this file is in “pl”" in finding.message


def test_all_that_is_wrong_with_a_locale_file_is_told_at_once_each_with_a_hint_of_its_own(site: Site) -> None:
    site.write(
        "templates/locales/tr.yaml",
        "stories: {one: '{n} haber'}\nupdated: Güncelleme {kiedy}\ncorrection_kinds: Düzeltme\nprevios: Önceki\n"
        "labels: {opinon: Görüş}\nminutes: {two: 'iki', other: '{n} dk'}\n",
    )
    site.story("eu/a.md", topcs=["x"])
    found = [finding for finding in site.build().findings if finding.path == "templates/locales/tr.yaml"]
    assert [(finding.line, finding.code, finding.message, finding.hint) for finding in found] == [
        (
            1,
            "template",
            "“stories” is a plural and needs the form “other”",
            "add it: it is for every number that has no form of its own",
        ),
        (2, "template", "“updated” must hold {when}, not {kiedy}", "what stands in braces is filled in"),
        (
            3,
            "template",
            "“correction_kinds” must hold keys with their texts: {correction: …, clarification: …, update: …, note: …}",
            "indent them below this key",
        ),
        (4, "unknown-key", "unknown key “previos”", "did you mean “previous”?"),
        (5, "unknown-key", "unknown key “labels.opinon”", "did you mean “opinion”?"),
        (
            6,
            "unknown-key",
            "“minutes” has the form “two”, which no number has in Turkish",
            "its forms are one, other",
        ),
    ]


def test_findings_about_stories_come_with_those_about_a_locale_file(site: Site) -> None:
    site.write("templates/locales/en.yaml", "by: Anonymous\n").story("eu/a.md", topcs=["x"])
    assert {*site.build().codes()} >= {"template", "unknown-key"}


def test_a_template_may_have_strings_of_its_own(site: Site) -> None:
    site.write("templates/locales/en.yaml", "letter: Write to us\n")
    site.write("templates/partials/after_article.html", "<p>{{ t.letter }}</p>")
    site.story("eu/a.md").good()
    assert "Write to us" in site.page("/eu/2025/04/a/")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("locales/pl.yml", "rename it to pl.yaml"),
        ("locales/PL.yaml", "rename it to pl.yaml"),
        ("locales/pl_PL.yaml", "rename it to pl-PL.yaml"),
        ("locales/polski plik.yaml", "for example tr.yaml or pt-BR.yaml"),
        ("artcle.html", "did you mean article.html?"),
        ("style.css", "did you mean partials/style.css?"),
        ("static/favicon.svg", "files to publish lie in static/"),
    ],
)
def test_a_file_of_the_templates_that_nothing_reads_is_told(site: Site, name: str, hint: str) -> None:
    built = site.write(f"templates/{name}", "<p>").story("eu/a.md").build()
    assert built.ok
    finding = built.one("unread-file")
    assert (finding.path, finding.hint) == (f"templates/{name}", hint)


THEMES: Mapping[str, Mapping[str, str]] = {
    "included": {"partials/after_article.html": '{% include "promo.html" %}', "promo.html": "<p>"},
    "by a name put together": {
        "partials/after_article.html": '{% include "partials/" ~ story.kind ~ ".html" %}',
        "partials/article.html": "<p>",
    },
    "notes": {"README.txt": "How we work", "locales/README.md": "How we translate"},
    "another language": {"locales/pt-BR.yaml": "home: Início\n"},
}


@pytest.mark.parametrize("files", THEMES.values(), ids=THEMES)
def test_what_a_theme_of_ones_own_may_hold_is_not_told(site: Site, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        site.write(f"templates/{name}", text)
    site.story("eu/a.md").good()
