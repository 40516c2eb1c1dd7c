"""Drawings: published as they are, unless they could act or load something."""

from __future__ import annotations

import pytest
from small_pictures import HERE, SMALL, encoded, probed, refused

from broadsheet import images, svg
from broadsheet.digest import digest
from broadsheet.urls import base

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 20 10">'


def drawing(inside):
    return f"{OPEN}{inside}</svg>".encode()


def test_a_drawing_is_published_as_it_is():
    data = (HERE / "chart.svg").read_bytes()
    found = probed(data, "chart.svg")
    assert (found.width, found.height, found.format) == (610, 190, "svg")
    planned = images.plan(found, digest(data), "chart.svg", SMALL)
    assert [variant.kind for variant in planned.variants] == ["svg"]
    assert encoded(data) == (data,)
    shown = images.picture(planned, base(""), alt="")
    assert shown.src.endswith(".svg")
    assert shown.sources == ()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<path onload="alert(1)"/>',
        '<path ONCLICK="alert(1)"/>',
        "<foreignObject/>",
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<a xlink:href=" JavaScript:alert(1)"><text>x</text></a>',
        '<a><set attributeName="href" to="javascript:alert(1)"/></a>',
        '<image href="https://example.org/x.png"/>',
        '<image href="/x.png"/>',
        '<image href="data:image/svg+xml,&lt;svg/&gt;"/>',
        '<use xlink:href="other.svg#a"/>',
        '<path fill="url(https://example.org/a.svg#b)"/>',
        '<path style="fill:url(//example.org/a)"/>',
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>path{background:URL( 'https://example.org/a.png')}</style>",
        "<style>path{background:u\\72l(https://example.org/a.png)}</style>",
        '<style>path{background:image-set("https://example.org/a.png" 1x)}</style>',
        '<g xml:base="https://example.org/"/>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        '<x:handler xmlns:x="http://www.w3.org/2001/xml-events"/>',
        "<?xml-stylesheet href='https://example.org/a.css'?>",
        "<unclosed>",
        "<g>" * 200 + "</g>" * 200,
    ],
)
def test_a_drawing_that_could_act_or_load_is_refused(inside):
    assert refused(drawing(inside)).code == "broken-picture"


def test_a_drawing_may_use_what_it_holds():
    inside = (
        '<style>path{fill:url(#g)}</style><defs><linearGradient id="g"/></defs><path d="M0 0" fill="url(#g)"/>'
        '<use href="#g"/><use xlink:href="#g"/><image href="data:image/png;base64,AAAA"/>'
        '<a href="https://example.org/"><text>x</text></a>'
        '<i:view xmlns:i="http://www.inkscape.org/namespaces/inkscape"/>'
    )
    assert probed(drawing(inside)).width == 20


def test_entities_are_refused():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + drawing("<text>&b;</text>")
    finding = refused(bomb)
    assert "entity" in finding.message
    plain = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert probed(plain + drawing("")).width == 20


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="300" height="150"', (300, 150)),
        ('width="300px" viewBox="0 0 20 10"', (300, 150)),
        ('height="1in" viewBox="0,0 20,10"', (192, 96)),
        ('width="100%" height="100%" viewBox="0 0 20.4 10"', (20, 10)),
        ('viewBox="-5 -5 20 10"', (20, 10)),
    ],
)
def test_a_drawings_size(attributes, size):
    assert svg.size(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()) == size


@pytest.mark.parametrize("attributes", ["", 'width="100%"', 'viewBox="0 0 0 0"', 'viewBox="a b c d"', 'width="1e300"'])
def test_a_drawing_without_a_size_is_refused(attributes):
    with pytest.raises(svg.UnsafeDrawingError):
        svg.size(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode())


def test_a_finding_names_the_line():
    data = f"{OPEN}\n<g/>\n<script/>\n</svg>".encode()
    finding = refused(data)
    assert finding.line == 3
    assert "<script>" in finding.message
