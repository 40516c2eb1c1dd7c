"""Regions, authors, topics and translations: which stories the catalog puts together, and under which name."""

from __future__ import annotations

from datetime import timedelta

from newsroom import FUTURE, PAST, Site, article, catalog_of, planned, settings_of, views_of

from broadsheet.frozen import FrozenMap
from broadsheet.model import AuthorMatter, RegionMatter
from broadsheet.settings import RegionSettings
from broadsheet.sources import AuthorSource, ParsedText, RegionSource

TEXT = ParsedText(body=b"", empty=True)


def test_regions_come_from_settings_sources_and_folders_in_order_then_by_title() -> None:
    settings = settings_of(
        regions=FrozenMap({"turkiye": RegionSettings(title="Türkiye", order=1), "z": RegionSettings(title="Africa")})
    )
    sources = (
        RegionSource(id="asia", path="content/asia/_index.md", matter=RegionMatter(title="Asia", order=2), text=TEXT),
    )
    catalog = catalog_of([article("middle-east/a.md", date=PAST)], settings, regions=sources)
    assert [(region.id, region.title) for region in catalog.regions.values()] == [
        ("turkiye", "Türkiye"),
        ("asia", "Asia"),
        ("z", "Africa"),
        ("middle-east", "Middle East"),
    ]
    assert catalog.by_region["turkiye"] == []


def test_settings_win_over_a_regions_own_source() -> None:
    settings = settings_of(regions=FrozenMap({"asia": RegionSettings(title="From settings", language="tr")}))
    matter = RegionMatter(title="From source", language="ar", description="Kept")
    source = RegionSource(id="asia", path="content/asia/_index.md", matter=matter, text=TEXT)
    region = catalog_of([], settings, regions=(source,)).regions["asia"]
    assert (region.title, region.language, region.description) == ("From settings", "tr", "Kept")


def test_an_author_is_matched_by_id_and_then_by_name_and_otherwise_gets_a_plain_page() -> None:
    known = AuthorSource(id="ayse", path="content/authors/ayse.md", matter=AuthorMatter(name="Ayşe Yılmaz"), text=TEXT)
    stories = [
        article("a/1.md", date=PAST, authors=("ayse",)),
        article("a/2.md", date=PAST, authors=("AYŞE YILMAZ",)),
        article("a/3.md", date=PAST, authors=("Ayşe Yılmaz", "ayse")),
        article("a/4.md", date=PAST, authors=("Nobody Known",)),
    ]
    catalog = catalog_of(stories, settings_of(language="tr"), authors=(known,))
    assert [catalog.author_ids(story) for story in catalog.stories] == [
        ("ayse",),
        ("ayse",),
        ("ayse",),
        ("nobody-known",),
    ]
    assert catalog.authors["ayse"].name == "Ayşe Yılmaz"
    assert catalog.authors["nobody-known"].name == "Nobody Known"


def test_a_byline_is_one_author_with_its_accents_and_without() -> None:
    names = ["Jennifer González", "Jennifer Gonzalez", "JENNIFER GONZÁLEZ", "Łukasz Şen", "ليلى", "Æsa Grøn"]
    catalog = catalog_of([article(f"a/{n}.md", date=PAST, authors=(name,)) for n, name in enumerate(names)])
    assert list(catalog.by_author) == ["jennifer-gonzalez", "lukasz-sen", "ليلى", "aesa-gron"]
    assert catalog.authors["jennifer-gonzalez"].name == "Jennifer González"


def test_of_two_author_files_with_one_name_the_first_by_path_has_the_bylines() -> None:
    files = [
        AuthorSource(id=key, path=f"content/authors/{key}.md", matter=AuthorMatter(name=name), text=TEXT)
        for key, name in [("zoe", "Ada Bell"), ("ada", "ADA BELL"), ("other", "Someone Else")]
    ]
    by_name, by_id = article("a/1.md", date=PAST, authors=("Ada Bell",)), article("a/2.md", date=PAST, authors=("zoe",))
    catalog = catalog_of([by_name, by_id], authors=tuple(files))
    assert [catalog.author_ids(story) for story in (by_name, by_id)] == [("ada",), ("zoe",)]
    [found] = catalog.namesakes()
    assert (found.path, found.code) == ("content/authors/zoe.md", "ambiguous")
    assert "content/authors/ada.md" in found.message


def test_names_that_differ_by_a_plus_or_a_sharp_are_different_topics() -> None:
    story = article("a/1.md", date=PAST, topics=("C", "C++", "C#", "#MeToo", "MeToo"), authors=("!!!", "???"))
    catalog = catalog_of([story])
    assert sorted(catalog.topics) == ["c", "cplusplus", "csharp", "metoo"]
    assert list(catalog.by_author) == []  # no address can be made of these
    assert [catalog.author(key).name for key in catalog.author_ids(story)] == ["!!!", "???"]


def test_a_name_without_an_address_is_a_warning_at_its_place(site: Site) -> None:
    site.write(
        "content/eu/a.md", "---\ntitle: A\ndate: 2025-04-09\nauthors: ['???']\ntopics: [Peace, '!!!']\n---\nX.\n"
    )
    built = site.build()
    assert built.ok
    assert [(found.line, found.column) for found in built.of("no-address")] == [(4, 11), (5, 17)]
    page = site.page("/eu/2025/04/a/")
    assert "<bdi>???</bdi>" in page
    assert "/authors/" not in page


def test_what_only_unlisted_stories_know_is_in_no_list(site: Site) -> None:
    site.configure("feeds: {formats: [rss, atom, json]}\nrails: {explore: {mode: shared}}\n")
    site.story("secretplace/a.md", unlisted=True, authors=["Zelda Quux"])
    site.story("eu/b.md", authors=["Ada Bell"]).good()
    page = site.page("/secretplace/2025/04/a/")
    assert "Secretplace" in page
    assert "<bdi>Zelda Quux</bdi>" in page
    assert "/authors/zelda-quux/" not in page
    assert 'href="/secretplace/"' not in page
    for path, data in site.tree().items():
        if path != "secretplace/2025/04/a/index.html":
            assert b"ecretplace" not in data, path
            assert b"Zelda" not in data, path
            assert not path.startswith(("secretplace", "authors/zelda")), path


def test_true_translations_name_each_other_themselves_and_a_default() -> None:
    key = {"translation_key": "talks"}
    tr = article("tr/talks.md", date=PAST - timedelta(days=2), lang="tr", **key)
    en = article("eu/talks.md", date=PAST, lang="en", **key)
    second = article("eu/again.md", date=PAST + timedelta(hours=1), lang="en", **key)
    others = [
        article("eu/de.md", date=PAST, lang="de", unlisted=True, **key),
        article("eu/fr.md", date=PAST, lang="fr", status="withdrawn", **key),
        article("eu/es.md", date=FUTURE, lang="es", **key),
    ]
    views = views_of(catalog_of([tr, en, second, *others]))
    group = {
        "tr": views.base.absolute(tr.url),
        "en": views.base.absolute(en.url),
        "x-default": views.base.absolute(en.url),
    }
    assert dict(views.translations.alternates(tr)) == dict(views.translations.alternates(en)) == group
    assert [dict(views.translations.alternates(story)) for story in (second, *others)] == [{}] * 4
    [found] = [finding for finding in views.links.told_always if finding.code == "ambiguous"]
    assert found.path == second.path
    assert en.path in found.message


def test_without_a_version_in_the_sites_language_the_first_is_the_default() -> None:
    tr = article("tr/talks.md", date=PAST, lang="tr", translation_key="talks")
    de = article("de/talks.md", date=PAST - timedelta(days=2), lang="de", translation_key="talks")
    views = views_of(catalog_of([tr, de]))
    assert views.translations.alternates(tr)["x-default"] == views.base.absolute(de.url)


def test_spellings_of_a_topic_are_one_topic_which_no_newer_story_renames() -> None:
    names = ["Energy Policy", "energy policy", "energy policy", "ENERGY-POLICY"]
    catalog = catalog_of([article(f"a/{n}.md", date=PAST, topics=(name,)) for n, name in enumerate(names)])
    assert list(catalog.topics) == ["energy-policy"]
    assert catalog.topics["energy-policy"].name == "Energy Policy"
    assert len(catalog.by_topic["energy-policy"]) == 4


def test_taxonomies_that_are_turned_off_make_no_groups() -> None:
    story = article(date=PAST, topics=("X",), series="Y", authors=("Z",))
    catalog = catalog_of([story], settings_of(taxonomies=()))
    assert not [*catalog.by_topic, *catalog.by_series, *catalog.by_author]
    pages = planned(views_of(catalog))
    assert not [path for path in pages if path.startswith(("topics/", "series/", "authors/"))]
