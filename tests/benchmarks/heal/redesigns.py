"""Redesigns of the heal lab: each changes a page the same way wherever it is applied, and keeps the marks of truth."""

import copy
import hashlib
import re
from collections.abc import Callable

from lxml import html

from tests.benchmarks.heal.golden import MARK

Redesign = Callable[[html.HtmlElement], None]
TAGS = {"table": "div", "thead": "header", "tbody": "section", "tr": "article", "td": "div", "th": "b", "span": "em"}
TAGS |= {"dl": "div", "dt": "b", "dd": "div", "aside": "section", "p": "div"}
LABELS = {
    "Reference": "Notice no.", "Title": "Subject", "Buyer": "Contracting body", "Published": "Posted on",
    "Deadline": "Closes", "Estimated value": "Budget", "Status": "State", "Contract": "What", "Supplier": "Winner",
    "Award date": "Decided", "Offers": "Bids", "Contract value": "Sum", "Reference number": "Notice no.",
    "City": "Place", "Category": "Field", "CPV code": "Code", "Procedure": "Route",
}  # fmt: skip
NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")


def rename(tree: html.HtmlElement) -> None:
    """Other class names and ids."""
    for node in tree.xpath("//body//*[@class or @id]"):
        for name in ("class", "id"):
            if node.get(name):
                node.set(name, " ".join(_hashed(token) for token in node.get(name).split()))


def _hashed(token: str) -> str:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return "".join(chr(97 + int(c, 16)) for c in digest[:7])


def wrap(tree: html.HtmlElement) -> None:
    """One more element around the content, and inside each marked place that is a cell or a definition."""
    for node in tree.xpath("//main"):
        inner = html.Element("div", {"class": "frame"})
        inner.extend(list(node))
        node.append(inner)
    for node in tree.xpath("//td|//dd"):
        inner = html.Element("div", {"class": "cell"})
        inner.text, node.text = node.text, None
        inner.extend(list(node))
        node.append(inner)
        if node.get(MARK):
            inner.set(MARK, node.attrib.pop(MARK))


def reorder(tree: html.HtmlElement) -> None:
    """The last column and the last definition come first; blocks beside each other change places."""
    for row in tree.xpath("//tr"):
        row.insert(0, row[-1])
    for block in tree.xpath("//dl"):
        for node in list(block)[-2:][::-1]:
            block.insert(0, node)
    for block in tree.xpath("//div[@class='columns']"):
        block[:] = list(block)[::-1]


def retag(tree: html.HtmlElement) -> None:
    """Other elements: no table, no definition list."""
    for node in tree.xpath("//body//*"):
        if node.tag in TAGS:
            node.tag = TAGS[node.tag]


def relabel(tree: html.HtmlElement) -> None:
    """Other words for the same things."""
    for node in tree.xpath("//th|//dt"):
        node.text = LABELS.get(node.text, f"New {node.text}")


def split(tree: html.HtmlElement) -> None:
    """One list becomes two, each under its heading."""
    for table in tree.xpath("//table[tbody][count(tbody/tr)>6]"):
        second = copy.deepcopy(table)
        rows, others = list(table.find("tbody")), list(second.find("tbody"))
        for row in rows[len(rows) // 2 :]:
            table.find("tbody").remove(row)
        for row in others[: len(others) // 2]:
            second.find("tbody").remove(row)
        heading = html.Element("h2")
        heading.text = "Earlier"
        table.addnext(second)
        table.addnext(heading)


def other_units(tree: html.HtmlElement) -> None:
    """Amounts in thousands."""
    for node in tree.xpath(f"//*[@{MARK}='value' or @{MARK}='offers']"):
        node.text = NUMBER.sub(lambda found: f"{float(found[0].replace(',', '')) / 1000:g}", node.text or "")


def swap(tree: html.HtmlElement) -> None:
    """Two columns, or two definitions, change places with their labels."""
    for row in tree.xpath("//tr[count(*)>5]"):
        cells = list(row)
        cells[2], cells[4] = cells[4], cells[2]
        row[:] = cells
    for block in tree.xpath("//dl"):
        nodes = list(block)
        nodes[2:4], nodes[12:14] = nodes[12:14], nodes[2:4]
        block[:] = nodes


def half_migrated(tree: html.HtmlElement) -> None:
    """The later half of each list stands in cards already, and that of each definition list in a box of its own."""
    for table in tree.xpath("//table[tbody/tr]"):
        rows = table.xpath("tbody/tr")
        table.addnext(_moved_to("deck", rows[len(rows) // 2 :], {"tr": "article", "td": "div", "span": "em"}))
    for block in tree.xpath("//dl"):
        nodes = list(block)
        block.addnext(_moved_to("box", nodes[len(nodes) // 4 * 2 :], {"dt": "b", "dd": "div"}))


def _moved_to(name: str, nodes: list[html.HtmlElement], tags: dict[str, str]) -> html.HtmlElement:
    """A new block with these nodes, which go by other tags and classes in it."""
    block = html.Element("div", {"class": name})
    for node in nodes:
        block.append(node)
        for inner in node.iter(*tags):
            inner.tag = tags[inner.tag]
            inner.set("class", _hashed(inner.get("class", inner.tag)))
    return block


def remove(name: str) -> Redesign:
    """One field is gone from the page, with its label."""

    def removed(tree: html.HtmlElement) -> None:
        for node in tree.xpath(f"//*[@{MARK}='{name}']"):
            cell = node if node.tag in ("td", "dd") else node.getparent() if node.getparent().tag == "td" else node
            if cell.tag == "td":
                _drop_column(cell)
            elif cell.tag == "dd" and cell.getprevious() is not None:
                cell.getparent().remove(cell.getprevious())
            cell.getparent().remove(cell)

    return removed


def _drop_column(cell: html.HtmlElement) -> None:
    place = cell.getparent().index(cell)
    for head in cell.xpath("ancestor::table[1]/thead/tr"):
        if len(head) > place and len(head) == len(cell.getparent()):
            head.remove(head[place])


def both(*steps: Redesign) -> Redesign:
    """Several redesigns at once."""

    def applied(tree: html.HtmlElement) -> None:
        for step in steps:
            step(tree)

    return applied


REDESIGNS: dict[str, Redesign] = {
    "rename": rename,
    "wrap": wrap,
    "reorder": reorder,
    "retag": retag,
    "relabel": relabel,
    "split": split,
    "units": other_units,
    "swap": swap,
    "half migrated": half_migrated,
    "rename + wrap": both(rename, wrap),
    "rename + reorder + wrap + retag": both(reorder, rename, wrap, retag),
    "rename + reorder + relabel": both(reorder, relabel, rename),
    "rename + reorder + relabel + wrap + retag": both(reorder, relabel, rename, wrap, retag),
}
