"""Bodies between parsing and rendering, and how a body is joined with what the site resolved for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Site

from broadsheet import bodies, contexts, store
from broadsheet.contexts import Anchor, BodyRef, Picture
from broadsheet.model import Block, Body, Embed, FactBox, Figure, Gallery, PullQuote

ROOT = Path(__file__).resolve().parent.parent
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
blocks = st.one_of(
    st.builds(Figure, picture=st.integers(0, 99), inline=st.booleans()),
    st.builds(Gallery, pictures=st.lists(st.integers(0, 99), max_size=4).map(tuple), title=text),
    st.builds(PullQuote, html=text, by=text),
    st.builds(FactBox, title=text, html=text),
    st.builds(
        Embed,
        kind=st.sampled_from(("video", "post", "audio")),
        url=text,
        title=text,
        by=text,
        provider=text,
        text=text,
        picture=st.none() | st.integers(0, 9),
    ),
)
whole = st.builds(Body, html=text, blocks=st.lists(blocks, max_size=4).map(tuple))

# --- as bytes -----------------------------------------------------------------------------------------------------


@given(whole, whole)
def test_a_body_comes_back_as_it_went_in_and_only_equal_bodies_have_equal_bytes(one: Body, other: Body) -> None:
    assert store.decode(store.encode(one)) == one
    assert (store.encode(one) == store.encode(other)) == (one == other)


def test_every_kind_of_block_can_be_stored() -> None:
    made: tuple[Block, ...] = (
        Figure(picture=1),
        Gallery(pictures=(1, 2)),
        PullQuote(html="x"),
        FactBox(title="t", html="x"),
        Embed(kind="video", url="u", title="t"),
    )
    assert {type(block).__name__ for block in made} == {kind.__name__ for kind in Block.__args__}  # type: ignore[attr-defined]  # a union's own
    assert store.decode(store.encode(Body(html="", blocks=made))).blocks == made


# --- joining -------------------------------------------------------------------------------------------------------

LINK = Anchor(href="/a/?x=1&y=2", title='A "title"')


def picture(name: str) -> Picture:
    return Picture(src=f"/{name}.jpg", width=1, height=1, alt=name)


def ref(links: tuple[Anchor | None, ...] = (), pictures: tuple[Picture | None, ...] = ()) -> BodyRef:
    return BodyRef(digest=b"", links=links, pictures=pictures)


def html(parts: tuple[contexts.Part, ...]) -> str:
    assert all(isinstance(part, contexts.Html) for part in parts)
    return "".join(part.html for part in parts if isinstance(part, contexts.Html))


def test_links_are_filled_in_and_escaped() -> None:
    body = Body(html="<p>See \0L0\0this\0/L0\0.</p>")
    made = bodies.parts(body, ref((LINK,)))
    assert html(made) == '<p>See <a href="/a/?x=1&amp;y=2" title="A &#34;title&#34;">this</a>.</p>'
    assert len(made) == 1


def test_a_link_that_leads_nowhere_leaves_its_text() -> None:
    body = Body(html="<p>See \0L0\0<em>this</em>\0/L0\0 and \0L1\0that\0/L1\0.</p>")
    made = bodies.parts(body, ref((None, Anchor(href="/b/"))))
    assert html(made) == '<p>See <em>this</em> and <a href="/b/">that</a>.</p>'


def test_blocks_and_the_recommended_card_stand_between_stretches_of_text() -> None:
    body = Body(
        html="<p>1</p>\0B0\0<p>2</p>\0R\0<p>3</p>\0B1\0",
        blocks=(Figure(picture=0), Gallery(pictures=(0, 1), title="G")),
    )
    made = bodies.parts(body, ref(pictures=(picture("one"), picture("two"))))
    assert [part.kind for part in made] == ["html", "figure", "html", "recommended", "html", "gallery"]
    gallery = made[-1]
    assert isinstance(gallery, contexts.GalleryPart)
    assert [shown.alt for shown in gallery.pictures] == ["one", "two"]


def test_quotes_and_boxes_hold_parts_with_links_of_their_own() -> None:
    body = Body(
        html="\0B0\0\0B1\0",
        blocks=(
            PullQuote(html="\0L0\0said\0/L0\0", by="Ada"),
            FactBox(title="Facts", html="<p>1</p>\0B2\0"),
            Figure(picture=0),
        ),
    )
    quote, box = bodies.parts(body, ref((LINK,), (picture("one"),)))
    assert isinstance(quote, contexts.PullQuotePart)
    assert "<a href=" in html(quote.parts)
    assert isinstance(box, contexts.FactBoxPart)
    assert [part.kind for part in box.parts] == ["html", "figure"]


def test_pictures_that_cannot_be_shown_leave_no_hole() -> None:
    body = Body(
        html="<p>1</p>\0B0\0<p>2</p>\0B1\0\0B2\0",
        blocks=(Figure(picture=0), Gallery(pictures=(0, 1)), Gallery(pictures=(0,))),
    )
    made = bodies.parts(body, ref(pictures=(None, picture("two"))))
    galleries = [part for part in made if isinstance(part, contexts.GalleryPart) and part.pictures]
    assert not [part for part in made if isinstance(part, contexts.FigurePart)]
    assert [[shown.alt for shown in part.pictures] for part in galleries] == [["two"]]


def test_an_empty_body_has_no_parts() -> None:
    assert bodies.parts(Body(html=""), ref()) == ()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_texts_that_are_rendered(tmp_path: Path) -> None:
    """Twice as many stories of 170 KB: 19 MB more of pages, made in one process, which never holds them all."""
    peaks = []
    for stories in (90, 180):
        site = Site(tmp_path / str(stories), "feeds: {limit: 2}\n")
        for n in range(stories):
            lines = (
                f"Words {n} and {k} of the tea and of the dam on the river, as said by a man." for k in range(2000)
            )
            site.story(f"eu/s{n}.md", "\n\n".join(lines))
        command = [sys.executable, str(ROOT / "build.py"), "-q", "-s", str(site.folder), "-j", "1"]
        build = subprocess.Popen(command)
        _, status, used = os.wait4(build.pid, 0)
        build.returncode = os.waitstatus_to_exitcode(status)
        assert build.returncode == 0
        peaks.append(used.ru_maxrss / 1024)  # MiB
    assert peaks[1] - peaks[0] < 6, peaks
