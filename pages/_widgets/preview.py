"""A raw document with the values marked on it, in the safe frame."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import streamlit as st

from core.model import Evidence, Extraction, ParsedDocument
from pages._widgets.drawn import Drawn, drawn
from pages._widgets.safe_page import safe_page

COLORS = ("#ffe08a", "#a9e5c5", "#a8d4f5", "#f7b8b0", "#d6c2f5", "#ffcf9e", "#b9ece6", "#f2c0dd", "#d3e59b", "#c9cfd6")
# marks on a page: each is an element that the browser lays out
MOST_MARKS = 2_000

FRAME = st.components.v2.component(
    "evidence_page",
    html='<iframe sandbox="allow-scripts" title="The saved page, with the values marked"></iframe>',
    css="""
    iframe { display: block; box-sizing: border-box; width: 100%; background: #fff; color-scheme: light;
             border: 1px solid var(--st-border-color); border-radius: 8px; }
    """,
    js="""
    export default function (component) {
      const { parentElement, data, setTriggerValue } = component;
      const frame = parentElement.querySelector('iframe');
      const paint = () => frame.contentWindow.postMessage(data.marks, '*');
      frame.style.height = data.height + 'px';
      frame.onload = paint;
      const listen = event => {
        if (event.source !== frame.contentWindow) return;
        if (event.data && event.data.ready) paint();
        if (event.data && event.data.picked) setTriggerValue('picked', String(event.data.picked));
        if (event.data && event.data.painted !== undefined) frame.dataset.painted = event.data.painted;
      };
      window.addEventListener('message', listen);
      if (frame.dataset.page !== data.page) { frame.dataset.page = data.page; frame.srcdoc = data.html; } else paint();
      return () => window.removeEventListener('message', listen);
    }
    """,
)


class ShownDocument(NamedTuple):
    """A document in the safe frame, and where values stand on it that no XPath leads to."""

    html: str
    drawn: Drawn | None = None


@st.cache_data(max_entries=30, show_spinner=False)
def _cached_page(_content: bytes, _document: ParsedDocument, version: str, locator: str) -> ShownDocument:
    """The safe page of a document version, which is the key."""
    if _document.kind == "html":
        return ShownDocument(safe_page(_content.decode(_document.encoding, "replace")))
    page = drawn(_document, locator)
    return ShownDocument(safe_page(page.html), page)


def draw_document(content: bytes, document: ParsedDocument, marks: list[dict[str, Any]], *, height: int = 640) -> str:
    """Show a saved document with marks on it, scrolled to the first one in focus; of a long file the part around it.

    Returns:
        The text that a person has just clicked or marked in it, or "".
    """
    focus_first = sorted(marks, key=lambda mark: not mark["focus"])
    first = str(focus_first[0]["locator"]) if focus_first and document.kind != "html" else ""
    version = f"{document.content_hash}-{document.kind}-{document.encoding}"
    page = _cached_page(content, document, version, first)
    if page.drawn is not None and not page.drawn.whole:
        st.caption("This is a part of a long file: the beginning, or what is around the value in focus.")
    placed = [found for mark in focus_first if (found := _placed(mark, page.drawn)) is not None]
    data = {"html": page.html, "page": f"{version}-{first}", "marks": placed[:MOST_MARKS], "height": height}
    key = f"page-{document.content_hash[:12]}"
    shown = FRAME(data=data, key=key, height=height + 4, on_picked_change=lambda: None)
    return str(shown.picked or "")


def _placed(mark: dict[str, Any], page: Drawn | None) -> dict[str, Any] | None:
    """A mark at the XPath of its locator on the page that is shown."""
    locator = str(mark["locator"])
    if page is None:
        return mark | {"path": locator.removeprefix("xpath:")} if locator.startswith("xpath:") else None
    place = page.place_of(locator)
    if place is None:
        return None
    return mark | {"path": place.path} | ({} if place.start is None else {"start": place.start, "end": place.end})


def color_of(names: Iterable[str]) -> dict[str, str]:
    """A colour for each field name, the same ones in the same order everywhere."""
    return {name: COLORS[index % len(COLORS)] for index, name in enumerate(names)}


def evidence_marks(extraction: Extraction, table: str, colors: dict[str, str], focus: str = "") -> list[dict[str, Any]]:
    """The places of the values of one table, as marks; those of the field in focus are framed too."""
    return [
        mark
        for record in extraction.of(table)
        for name, cell in record.fields.items()
        if name in colors
        for mark in marks_for(cell.evidence, colors[name], focus == name)
    ]


def marks_for(evidence: Any, color: str, focus: bool = False) -> list[dict[str, Any]]:
    """Marks for the evidence of one cell, which is one place or a list of places."""
    places = [evidence] if isinstance(evidence, Evidence) else [Evidence(*place) for place in evidence or ()]
    return [
        {
            "locator": place.locator,
            "start": place.start,
            "end": place.end,
            "color": color,
            "focus": focus,
        }
        for place in places
    ]
