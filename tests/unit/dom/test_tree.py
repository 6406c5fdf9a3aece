import pytest
from lxml import html as lxml_html

from core.dom.tree import TEXT, follow, text_of, xpath
from core.parse.html import read_html

PAGE = "<p>a<b>c</b>d<!-- note -->e<ul><li>1<li>2</ul><table><tr><td>x</table><script>var a = 1 < 2;</script>"


def test_every_node_is_found_again_by_its_xpath() -> None:
    tree = read_html(PAGE)
    assert all(follow(tree, xpath(node)) is node for node in tree.nodes)


def test_subtrees_are_slices_of_the_document_order() -> None:
    tree = read_html(PAGE)
    for node in tree.nodes:
        assert all(child in tree.below(node) for child in node.children)
        assert tree.below(node)[0] is node


def test_xpaths_hold_in_lxml() -> None:
    page = "<html><body><div><p>one</p><p>two <b>bold</b> tail</p></div></body></html>"
    tree = read_html(page)
    other = lxml_html.fromstring(page)
    for node in tree.nodes:
        if node.tag == TEXT:
            assert other.xpath(xpath(node)) == [node.text]


def test_a_missing_place_is_none() -> None:
    assert follow(read_html(PAGE), "/html/body/p[9]/text()[1]") is None


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>one <b>two</b>three</p>", "one twothree"),
        ("<div>one</div><div>two</div>", "one two"),
        ("<p>one<br>two</p>", "one two"),
        ("<p>one<script>no()</script></p>", "one"),
    ],
)
def test_text_reads_as_a_browser_shows_it(page: str, text: str) -> None:
    assert text_of(read_html(page).root) == text


def test_deep_pages_do_not_recurse() -> None:
    tree = read_html("<div>" * 3000 + "deep")
    assert text_of(tree.root) == "deep"
