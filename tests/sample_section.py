"""A small section that shows every part of every page, for tests that look at finished pages."""

from __future__ import annotations

from pathlib import Path

from newsroom import Site, png

AT = "2025-06-01T12:00:00+03:00"
TALKS = "/turkiye/2025/04/second-round/"
OPINION = "/turkiye/2025/04/column/"
FEATURE = "/turkiye/2025/03/tombstones/"
CORRECTED = "/turkiye/2025/04/ferries/"
TURKISH = "/haberler/2025/04/gorusmeler/"
ARABIC = "/mashreq/2025/04/muhadathat/"

HEADLINES = (
    "Ferries return to the Golden Horn after repairs",
    "Ministers meet over grain and the price of bread",
    "A library reopens in Izmir with its lamps relit",
    "Basketball team takes silver after a long night",
    "Envoys talk of consulates, visas and broken boilers",
    "Rain fills the reservoirs that feed the city",
    "Bridge tolls to be read by satellite from autumn",
    "A lighthouse keeper hands over the key",
    "Trains to the east run again at night",
    "Fishermen count what the strait gives back",
    "Museum lends its maps to four cities",
    "Students build a boat from one tree",
    "Markets open an hour early for the feast",
    "A village votes to keep its school",
    "Engineers listen to the fault by cable",
    "Two consulates swap keys and paperwork",
)


def write(folder: Path, mode: str = "inline") -> Site:
    """The section's sources; `mode` is that of the Explore rail."""
    site = Site(folder).configure(
        f"regions:\n  turkiye: {{title: Türkiye, order: 1}}\nrails: {{explore: {{mode: {mode}}}}}\n"
        "footer: [{title: About, url: /about/}]\n",
        title="The Strait Courier",
        description="News from both shores.",
        timezone="Europe/Istanbul",
    )
    site.write(
        "content/_index.md", "---\ntitle: The Strait Courier\nlead: [turkiye/2025-04-09-second-round/index.md]\n---\n"
    )
    site.write("content/mashreq/_index.md", "---\ntitle: المشرق\nlanguage: ar\norder: 2\n---\n")
    site.write("content/haberler/_index.md", "---\ntitle: İstanbul haberleri\nlanguage: tr\norder: 3\n---\n")
    site.write("content/pages/about.md", "---\ntitle: About us\n---\nWe print what we know.\n")
    site.write("content/authors/elif.md", "---\nname: Elif Yıldırım\nrole: Columnist\n---\nWrites from the quay.\n")
    _talks(site)
    for n, headline in enumerate(HEADLINES):
        site.story(
            f"turkiye/2025-{'03' if n < 6 else '04'}-{n + 10:02}-news-{n}.md",
            f"{headline}, officials said on the quay.\n\nNothing else was said.",
            date=None,
            title=headline,
            description=f"What is known so far: {headline.lower()}.",
            topics=["Diplomacy"] if "onsulates" in headline else ["City"],
        )
    _opinions(site)
    _others(site)
    return site


def _talks(site: Site) -> None:
    site.write("content/turkiye/2025-04-09-second-round/consulate.png", png(1400, 900, "slategrey"))
    site.story(
        "turkiye/2025-04-09-second-round/index.md",
        "Delegations from Russia and the United States sat down in Istanbul for a second time.\n\n"
        "The American side drove up to the consulate in the morning.\n\n"
        'A spokesperson said that the aim was to "steady the work" of both missions.\n\n'
        "Ukraine was not on the table, she added.\n\n"
        "The first round had lasted six hours.",
        date="2025-04-09T09:45:00+03:00",
        title="Second round of Russia-US talks begins in Istanbul",
        description="Both sides look for ways to steady the work of their embassies.",
        topics=["Diplomacy"],
        image={
            "src": "consulate.png",
            "alt": "A car at the gate of a consulate",
            "caption": "Reporters wait as a delegation arrives at the consulate",
            "credit": "AA",
        },
    )


def _opinions(site: Site) -> None:
    site.story(
        "turkiye/2025-04-28-column.md",
        "A quay is a room without walls.\n\nSo I think.",
        date=None,
        title="What the quay knows",
        slug="column",
        label="opinion",
        authors=["elif"],
        topics=["City"],
    )
    site.story(
        "turkiye/2025-03-27-tombstones.md",
        "Stones lean in the grass.",
        title="Tombstones tell of a game for kings",
        slug="tombstones",
        date="2025-04-29",
        url=FEATURE,
        label="feature",
        authors=["Esra Karataş", "elif"],
        topics=["City"],
    )
    site.story(
        "turkiye/2025-04-05-ferries.md",
        "The ferry left at eight.[^1]\n\nIt came back.\n\n[^1]: By the harbour's clock.",
        title="Ferry leaves and returns",
        date="2025-04-05T10:00:00",
        topics=["City"],
        corrections=[
            {"date": "2025-04-06T08:30:00", "kind": "correction", "text": "An earlier version gave nine as the hour."},
            {"date": "2025-04-07", "kind": "update", "text": "Adds the ferry's return."},
        ],
    )


def _others(site: Site) -> None:
    site.story(
        "haberler/2025-04-09-gorusmeler.md",
        "Heyetler İstanbul'da buluştu.\n\nIşıklar açıldı.",
        date=None,
        title="İkinci tur görüşmeler başladı",
        description="Büyükelçiliklerin işleyişi ele alındı.",
        topics=["Diplomasi"],
    )
    for n in range(16):
        site.story(
            f"mashreq/2025-04-{n + 10:02}-khabar-{n}.md",
            "قال مسؤولون إن الأمر قيد البحث.",
            date=None,
            title=f"خبر رقم {n + 1} من المدينة",
        )
    site.story(
        "mashreq/2025-04-09-muhadathat.md",
        "بدأت الجولة الثانية في إسطنبول.\n\nووصل الوفد صباحًا.\n\nوانتهى اللقاء.\n\nثم غادر الجميع.",
        date=None,
        title="بدء الجولة الثانية من المحادثات",
        description="يبحث الطرفان عمل السفارتين.",
    )
