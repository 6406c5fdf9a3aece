"""The tree of a page is the one that lexbor built, whichever way it was read; keys find what the whole index holds."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from core.dom.lookup import Lookup
from core.dom.page_index import PageIndex
from core.dom.path_trie import PathTrie
from core.dom.paths import Leaf, View, record_view
from core.dom.record_lookup import RecordLookup
from core.dom.tree import TEXT, UNSEEN, Tree
from core.evidence.resolve import resolve
from core.extract.scopes import elements_at
from core.extract.selectors import match_of
from core.model.document import ParsedDocument
from core.model.extraction import Evidence
from core.parse import parse
from core.parse.html import convert, read_html
from tests.effort import tries

ODD = [
    '<p a"b=1 <c=2 =d=3 e>x</p><pre>\n\nx</pre><br/>',
    "<p>one<!-- a > b <i> -->two<!doctype x>three</p>",
    "<template><p>hi<template>deep</template></p></template>behind",
    "<script>if (a<b) '</p>'</script>after<style>a>b</style><xmp><b></xmp><iframe><p></iframe>",
    "<svg><style>a<b</style><path d='1'/></svg><math><mi>x</mi></math>",
    "<svg><style>a{b:c}&amp;</style><script>1 & 2</script></svg>",
    "<svg><link>x</link><foreignObject><p>k</foreignObject><title>t<b></title></svg>",
    "<table><tr><td>a<td>b</table><table>lost<tr><td>&nbsp;</table>",
    "<plaintext><x>",
    "<title>a<b</title><textarea><b></textarea><p title='a<b>&amp;\"'>1 &lt; 2&nbsp;&amp;amp; 3",
    "\x00<p>\x00x\r\ny</p><?php a>b ?><![CDATA[x]]>",
]
PARTS = st.sampled_from(
    "<div> </div> <p> </p> <li class='a b'> <b> </b> text more &nbsp; &amp;lt; <br> <td> <table> </table> <!--x--> "
    "<script>a<b</script> <h1> </h1> <span id=price> <i itemprop=name> </i> <a href='/x?a=1&b=2'> </a> \n "
    "Pages: • <td\tcolspan=2> <tr> <th> </tr> <svg> </svg> <b\tdata-x=1> <p\tdata-x={> <tr\tonclick=go('/x')>".split(
        " "
    )
)


def shape(tree: Tree) -> list[Any]:
    return [(n.tag, n.attrs, n.text, n.order, n.end, n.path, [c.order for c in n.children]) for n in tree.nodes]


def asked(text: str) -> Tree:
    root = LexborHTMLParser(text).root
    assert root is not None
    return convert(root)


@pytest.mark.parametrize("text", ODD)
def test_odd_markup_gives_the_same_tree_both_ways(text: str) -> None:
    assert shape(read_html(text)) == shape(asked(text))


@settings(max_examples=tries(200), deadline=None)
@given(st.lists(PARTS, max_size=40).map("".join))
def test_any_markup_gives_the_same_tree_both_ways(text: str) -> None:
    assert shape(read_html(text)) == shape(asked(text))


@settings(max_examples=tries(100), deadline=None)
@given(st.lists(PARTS, max_size=40).map("".join))
def test_every_key_of_a_page_finds_what_the_whole_index_holds(text: str) -> None:
    document = ParsedDocument("html", "", "", read_html(text))
    view, lookup = PageIndex(document).view, PageIndex(document).lookup
    assert same(view, lookup)
    assert lookup.at("#nowhere>b[1]/text") == []
    for leaf in view.leaves:
        assert resolve(Evidence(match_of(leaf).locate()), document) == leaf.text


@settings(max_examples=tries(150), deadline=None)
@given(st.lists(PARTS, max_size=40).map("".join))
def test_every_key_of_a_record_finds_what_the_whole_view_holds(text: str) -> None:
    index = PageIndex(ParsedDocument("html", "", "", read_html(text)))
    tops = index.tree.children(index.tree.body)
    elements = [node.order for node in index.tree.below(index.body) if node.tag not in (TEXT, *UNSEEN)]
    for run in [*((order,) for order in elements[:8]), tuple(tops)] if tops else []:
        for flat in (False, True):
            view = record_view(index.tree, run, index.grid, flat=flat)
            assert same(view, RecordLookup(index.tree, run, index.grid, PathTrie(view.by_key), flat=flat))


def same(view: View, lookup: Lookup) -> bool:
    """Whether a lookup finds what a view holds, by key, by label, and as paragraphs."""
    told = [leaf._replace(path_key="") for leaf in view.texts]
    return (
        all(alike(lookup.at(key), leaves) for key, leaves in view.by_key.items())
        and [leaf._replace(path_key="") for leaf in lookup.texts] == told
        and all(alike(lookup.behind(label), leaves) for label, leaves in view.inline.items())
        and all(alike(some(lookup.paragraph(text)), some(view.paragraph(text))) for text in view.texts)
        and all(lookup.path_key_of(text) == view.path_key_of(text) for text in view.texts)
    )


def some(leaf: Leaf | None) -> list[Leaf]:
    return [leaf] if leaf else []


def alike(mine: list[Leaf], theirs: list[Leaf]) -> bool:
    return [leaf._replace(path_key="") for leaf in mine] == [leaf._replace(path_key="") for leaf in theirs]


def test_a_page_of_a_megabyte_is_read_in_seconds() -> None:
    row = "<tr><td class=n>{0}</td><td><a href='/r/{0}'>Row {0}</a></td></tr>"
    content = ("<table>" + "".join(row.format(n) for n in range(16_000)) + "</table>").encode()
    assert len(content) > 1_000_000
    assert len(parse(content).root.nodes) > 90_000


def test_the_path_of_an_element_is_the_one_it_is_listed_under() -> None:
    rows = "".join(f"<li class='row odd n{n}'><b>{n}</b></li>" for n in range(3))
    text = f"<div class='[&>p]:mt list'><ul class=a>{rows}</ul></div><noscript><ul class=a>{rows}</ul></noscript>"
    index = PageIndex(parse(text.encode(), media_type="text/html"))
    assert all(index.element_path(node) == path for path, nodes in index.elements.items() for node in nodes)
    for path in index.elements:
        assert elements_at(path, "", index) == [node.order for node in index.elements[path]]
    assert [index.tree.path(order) for order in elements_at("ul.a>li.*", "", index)] == [
        f"/html/body/div[1]/ul[1]/li[{n}]" for n in (1, 2, 3)
    ]
