"""A stylesheet loses what only its authors need, and means the same to a browser."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from theme_samples import SOURCES

from broadsheet import policy
from broadsheet.templates.css import minified

SHEETS = {
    name: re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL) for name, text in SOURCES.items() if name.endswith(".css")
}
CSS = SHEETS["partials/style.css"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a { b: c; d: e; }\n\n.f { }\n", "a{b:c;d:e}.f{}"),
        ("/* a */ a { b: c } /* d */", "a{b:c}"),
        ("a{b:calc(1px + 2px - (3 * var(--x)))}", "a{b:calc(1px + 2px - (3 * var(--x)))}"),
        ("a { b: calc( -1 * var( --x ) ) }", "a{b:calc(-1 * var(--x))}"),
        ("@media (min-width: 44rem) and (a) { a { b: c; } }", "@media (min-width:44rem) and (a){a{b:c}}"),
        ("@media print,\n screen { a { b: c } }", "@media print,screen{a{b:c}}"),
        ("a > b + c ~ d  e , f :first-child , * + * { x: y }", "a>b + c ~ d e,f :first-child,* + *{x:y}"),
        ("a { } :is(b, c):hover { d: e }", "a{}:is(b,c):hover{d:e}"),
        ('a::before { content: " ; } /* \\" " }', 'a::before{content:" ; } /* \\" "}'),
        ("a { content: ' {  } ' ; b: c }", "a{content:' {  } ';b:c}"),
        ("a { b: url( x y.png ) c }", "a{b:url( x y.png ) c}"),
        ("a { --x: ; --y:  1px ; }", "a{--x: ;--y:1px}"),
        (".a\\31 b , .c\\:d { e: f }", ".a\\31 b,.c\\:d{e:f}"),
        (".a/**/.b { c: d/**/e }", ".a/**/.b{c:d/**/e}"),
        ("a { b: c /* d */ e; }", "a{b:c e}"),
        ("/*! a licence;  kept */ a { b: c }", "/*! a licence;  kept */ a{b:c}"),
        ('a { font: .8rem/1.4 x, "Y  Z" !important }', 'a{font:.8rem/1.4 x,"Y  Z" !important}'),
        ("", ""),
    ],
)
def test_comments_and_needless_space_go_and_nothing_else(written: str, kept: str) -> None:
    assert minified(written) == kept


@pytest.mark.parametrize("broken", ['a { b: " } \n c { d: e }', "a { b: c } /* open", "a { b: 'x\ny' }"])
def test_what_cannot_be_read_to_its_end_stays_as_it_is(broken: str) -> None:
    assert minified(broken) == broken


@pytest.mark.parametrize("name", SHEETS)
def test_the_themes_own_keeps_every_rule_and_value(name: str) -> None:
    css = SHEETS[name]

    def words(text: str) -> list[str]:
        return re.findall(r"[^\s{};:,>()]+|[{}:,>]", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))

    short = minified(css)
    assert words(short) == words(css)
    assert len(short) < len(css) * 0.95
    assert minified(short) == short


@given(st.text(st.sampled_from("ab:;{},> ()\"'\\/*\n+-!1"), max_size=40))
def test_once_is_enough_for_any_text(text: str) -> None:
    once = minified(text)
    assert minified(once) == once
    assert len(once) <= len(text)


def test_a_page_whose_stylesheet_comes_later_has_the_policy_of_the_whole_page() -> None:
    page = f'<head><meta content="{policy.MARK}"><style>\n{{0}}\n</style></head>“text”'
    whole = policy.in_page(page.format(CSS), script=False)
    sheets = (("\0000", CSS), ("\0001", "a{b:c}"))
    assert policy.in_page(page.format("\0000"), script=False, sheets=sheets).replace("\0000", CSS) == whole
    assert policy.in_page(page.format("\0001"), script=False, sheets=sheets).replace("\0001", CSS) != whole
