"""Few columns, and good ones: no text that others spell out, no part that overlaps another."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.dom.page_index import PageIndex
from core.extract import extract
from core.extract.scopes import spans
from core.extract.selectors import Match, segments, slice_of
from core.induce import induce
from core.induce.html.columns import MOST_LABELS, list_columns
from core.model.scope import RowsScope
from core.model.selector import LabelSelector, PieceSlice
from core.parse import parse
from core.text.urls import absolute, split_address


def columns(cards: list[str]) -> dict[str, list[Any]]:
    """The raw texts by column of the main list of a page of cards."""
    page = "".join(f"<li class=card><a href='/s/{n}'>Ship {n}</a>{card}</li>" for n, card in enumerate(cards))
    document = parse(f"<html><body><ul class=list>{page}</ul></body></html>".encode(), url="https://l.test/")
    blueprint = induce([document])
    found: dict[str, list[Any]] = {}
    for record in extract(blueprint, document).records:
        if record.table == blueprint.tables[0].name:
            for name, cell in record.fields.items():
                found.setdefault(name, []).append(cell.raw)
    return found


SHIPS = ["Aurora", "Borealis", "Corvus", "Draco", "Electra", "Fornax"]


def test_a_card_is_not_told_again_as_one_text() -> None:
    found = columns([f"<h3>{s}</h3><p>Built {1900 + n}</p><i>Port {n}</i>" for n, s in enumerate(SHIPS)])
    texts = [" ".join(map(str, values)) for values in found.values()]
    assert not any("Aurora" in text and "Port" in text for text in texts)


def test_marks_and_labels_are_no_columns() -> None:
    found = columns([f"<i>[</i><h3>{s}</h3><b>Built:</b><u>{1900 + n}</u>" for n, s in enumerate(SHIPS)])
    assert not {"[", "Built:"} & {str(text) for texts in found.values() for text in texts}


def test_a_title_with_a_word_in_italics_stays_whole() -> None:
    cards = [
        f"<p class=t>{s} {'<i>rediviva</i> of' if n == 2 else 'of'} the sea</p><b>{n} t</b>"
        for n, s in enumerate(SHIPS)
    ]
    assert (
        "Corvus rediviva of the sea"
        in columns(cards)[next(name for name, values in columns(cards).items() if "Aurora of the sea" in values)]
    )


def test_a_labelled_text_gives_its_value_alone() -> None:
    found = columns([f"<b>{s}</b><p>Master: Captain {s[::-1]}</p>" for s in SHIPS])
    assert found["master"] == [f"Captain {s[::-1]}" for s in SHIPS]
    assert not any(str(values[0]).startswith("Master:") for values in found.values())


def test_delimited_parts_become_columns_that_do_not_overlap() -> None:
    found = columns([f"<b>{s}</b><p>No. 10{n}, Filed May {n + 1}, 2024, Pier {s[0]}</p>" for n, s in enumerate(SHIPS)])
    values = list(found.values())
    assert [f"10{n}" for n in range(6)] in values
    assert [f"May {n + 1}, 2024" for n in range(6)] in values
    assert [f"Pier {s[0]}" for s in SHIPS] in values


def test_the_label_before_a_number_names_its_column() -> None:
    found = columns([f"<b>{s}</b><p>Hull No. {n}0{n}</p>" for n, s in enumerate(SHIPS, 1)])
    assert any(name.startswith("hull_no") and values[0] == "101" for name, values in found.items())


def test_a_list_of_any_length_is_one_column() -> None:
    cards = [f"<b>{s}</b>" + "".join(f"<em>flag {k}</em>" for k in range(n + 1)) for n, s in enumerate(SHIPS)]
    found = columns(cards)
    assert any(values[-1] == [f"flag {k}" for k in range(6)] for values in found.values())


def spot(text: str) -> Match:
    return Match(text, 0, len(text), str)


def test_delimiters_within_a_date_do_not_split_it() -> None:
    pieces = segments(spot(", Case 12, Filed May 3, 2024, Riga"), ", ")
    assert [piece.raw for piece in pieces] == ["Case 12", "Filed May 3, 2024", "Riga"]
    assert slice_of(spot("Riga"), PieceSlice(delimiter=", ", piece=1)) is None


@given(st.text(max_size=80), st.sampled_from([", ", "|", ";", " - "]))
def test_pieces_stand_in_the_text_in_order(text: str, delimiter: str) -> None:
    ends = [0]
    for piece in segments(spot(text), delimiter):
        assert piece.start >= ends[-1]
        assert piece.raw == text[piece.start : piece.end] != ""
        ends.append(piece.end)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_is_an_error_where_an_address_is_due(base: str, reference: str) -> None:
    split_address(absolute("http://[" + base, reference))
    split_address(absolute("https://l.test/", "//[" + reference))


def test_a_class_that_tells_the_value_does_not_split_the_column() -> None:
    states = ["open", "closed", "open", "awarded", "closed", "open"]
    cards = [f"<b>{s}</b><span class='badge is-{t}'>{t.title()}</span>" for s, t in zip(SHIPS, states, strict=True)]
    found = columns(cards)
    assert [state.title() for state in states] in found.values()
    assert sum("Open" in values for values in found.values()) == 1


def test_a_class_that_one_record_alone_has_does_not_lose_its_value() -> None:
    cards = [f"<b>{s}</b><p><em class='status open'>Open</em></p><i>{n}</i>" for n, s in enumerate(SHIPS)]
    cards[4] = cards[4].replace("status open'>Open", "status under-repair'>Under repair")
    assert ["Open"] * 4 + ["Under repair", "Open"] in columns(cards).values()


def test_a_note_of_another_class_is_no_value_of_the_column() -> None:
    cards = [f"<b>{s}</b><p><em class='status'>{s[0]}-{n}</em></p>" for n, s in enumerate(SHIPS)]
    cards[4] = cards[4].replace("class='status'>E-4", "class='note'>Sold to Riga")
    assert not any("Sold to Riga" in values and "A-0" in values for values in columns(cards).values())


def test_of_labels_that_are_as_frequent_the_first_of_the_page_are_looked_at() -> None:
    labels = [f"Label {one}{two}" for one in "abcde" for two in "fghijklm"]
    record = "".join(f"<dt>{label}</dt><dd>{{}} {label[-2:]}</dd>" for label in labels)
    page = "".join(f"<dl>{record.format(*([n] * len(labels)))}</dl>" for n in range(6))
    index = PageIndex(parse(f"<html><body><div>{page}</div></body></html>".encode(), url="https://c.test/"))
    columns = list_columns(spans(RowsScope(element_path="div>dl"), index), index)
    used = {each.label for column in columns for each in column.selectors if isinstance(each, LabelSelector)}
    assert used
    assert used & set(labels) <= set(labels[:MOST_LABELS])
