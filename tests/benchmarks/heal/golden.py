"""Golden pages of the heal lab: pages of the sample portal with marked values, so that truth survives redesigns."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from jobs.portal.answers import ENVIRONMENTS
from jobs.portal.content import AWARDED, TENDERS, Tender

MARK = "data-truth"
TENDER_LIST = {
    "reference": "//td[@class='ref']",
    "title": "//td[@class='title']/a",
    "buyer": "//td[@class='buyer']",
    "published": "//td[@class='published']",
    "deadline": "//td[@class='deadline']",
    "status": "//td/span",
}
AWARD_LIST = {
    "reference": "//td[1]",
    "title": "//td[2]/a",
    "buyer": "//td[3]",
    "supplier": "//td[4]",
    "awarded": "//td[5]",
    "offers": "//td[6]",
    "value": "//td[7]",
}
TENDER_PAGE = {
    "title": "//h1",
    "reference": "//dd[1]",
    "buyer": "//dd[2]",
    "city": "//dd[3]",
    "procedure": "//dd[6]",
    "published": "//dd[7]",
    "deadline": "//dd[8]",
    "description": "//p[@class='description']",
    "contact": "//p[@class='contact-name']",
    "phone": "//p[@class='contact-phone']",
}


@dataclass(frozen=True)
class Case:
    """Pages of one kind before and after: `learned` are archived, `fresh` is what they became, `test` is what is read.

    On list pages half of the records are new; on pages about one thing the page that is read shows another thing.
    """

    kind: str
    learned: Sequence[html.HtmlElement]
    fresh: Sequence[html.HtmlElement]
    test: html.HtmlElement
    fields: Sequence[str]


def cases(seed: int) -> list[Case]:
    """The golden pages with the records of a seed."""
    start = seed * 4
    lists = ((TENDERS, "tenders.html", TENDER_LIST), (AWARDED, "awards.html", AWARD_LIST))
    return [*(_list(tenders[start:], template, fields) for tenders, template, fields in lists), _page(start)]


def _list(tenders: Sequence[Tender], template: str, fields: dict[str, str]) -> Case:
    before, after = tenders[:14], tenders[7:21]
    fresh = render(template, fields, tenders=after, number=1, last=3)
    learned = render(template, fields, tenders=before, number=1, last=3)
    return Case("list", [learned], [fresh], fresh, list(fields))


def _page(start: int) -> Case:
    plain = [tender for tender in TENDERS[start:] if tender.value][:4]
    before, after = _pages(plain), _pages(plain)
    return Case("page", before[:3], after[:3], after[3], list(TENDER_PAGE))


def _pages(tenders: Sequence[Tender]) -> list[html.HtmlElement]:
    return [render("tender.html", TENDER_PAGE, tender=tender, json_ld=None) for tender in tenders]


def render(template: str, fields: dict[str, str], **values: object) -> html.HtmlElement:
    """A page of the sample portal with its values marked."""
    text = ENVIRONMENTS["classic"].get_template(template).render(path="/", home="/", redesigned=False, **values)
    tree = html.document_fromstring(text)
    for name, path in fields.items():
        for node in tree.xpath(path):
            node.set(MARK, name)
    return tree


def truth(tree: html.HtmlElement, name: str) -> list[str]:
    """The marked values of a field in the order of the page."""
    return [" ".join(node.text_content().split()) for node in tree.xpath(f"//*[@{MARK}='{name}']")]


def unmarked(tree: html.HtmlElement) -> bytes:
    """The page as a browser gets it."""
    copy = html.document_fromstring(html.tostring(tree))
    for node in copy.xpath(f"//*[@{MARK}]"):
        del node.attrib[MARK]
    return bytes(html.tostring(copy, doctype="<!doctype html>"))
