"""What there is no room for is counted and said: columns, tables, parts of documents."""

import json

from core.extract import extract
from core.induce import induce
from core.model.blueprint import Blueprint, Field, RecordSet
from core.model.pagination import NumberedPagination
from core.model.scope import RowsScope
from core.model.selector import PathSelector
from core.pagination.numbered import MOST_PAGES
from core.parse import parse


def test_a_file_with_hundreds_of_columns_gives_all_of_them() -> None:
    names = [f"measure {n:03d}" for n in range(300)]
    text = "\n".join([",".join(names), *(",".join(str(n * k) for n in range(300)) for k in (3, 5, 7))])
    blueprint = induce([parse(text.encode(), url="x.csv")])
    assert len(blueprint.tables[0].fields) == 300
    assert blueprint.omissions == []


def test_columns_without_room_are_counted() -> None:
    records = [{f"key_{n}": f"{n}-{k}" for n in range(90)} for k in range(4)]
    blueprint = induce([parse(json.dumps(records).encode(), url="x.json")])
    [table] = blueprint.tables
    assert len(table.fields) + table.left_out == 90
    assert blueprint.omissions == [
        f"{table.left_out} more columns of “{table.name}” were seen and are not read; teach those that you need."
    ]


def test_tables_without_room_are_counted() -> None:
    lists = {f"list_{n}": [{f"a{n}": i, f"b{n}": str(i)} for i in range(3)] for n in range(20)}
    blueprint = induce([parse(json.dumps(lists).encode(), url="x.json")])
    assert len(blueprint.tables) + blueprint.left_out >= 20
    assert f"{blueprint.left_out} more tables were seen and are not read." in blueprint.omissions


def test_every_link_of_a_long_list_is_followed() -> None:
    rows = "".join(f"<tr><td><a href='/n/{n}'>Notice {n}</a></td><td>{n} May 2026</td></tr>" for n in range(2_500))
    document = parse(f"<table>{rows}</table>".encode(), url="https://notices.example/")
    blueprint = induce([document])
    assert blueprint.details is not None
    assert len(extract(blueprint, document).detail_urls) == 2_500


def test_a_list_that_is_left_says_so() -> None:
    field = Field(name="a", type="string", selectors=(PathSelector(path_key="b/text"),))
    table = RecordSet(name="t", scope=RowsScope(element_path="p"), fields=(field,))
    pages = NumberedPagination(number_at="?page={}")
    blueprint = Blueprint(kind="html", tables=(table,), pagination=pages)
    text = b"<p><b>x</b></p><p><b>y</b></p>"
    before, last = (parse(text, url=f"https://a.example/?page={n}") for n in (MOST_PAGES, MOST_PAGES + 1))
    assert extract(blueprint, before).warnings == ()
    left = extract(blueprint, last)
    assert (left.next_url, len(left.warnings)) == (None, 1)
    assert f"followed for {MOST_PAGES:,} pages" in left.warnings[0]


def test_what_a_reader_leaves_out_is_said_of_the_records() -> None:
    deep = "<r><b><c>1</c></b><b><c>2</c></b>" + "<a>" * 5_000 + "x" + "</a>" * 5_000 + "</r>"
    document = parse(deep.encode(), url="x.xml")
    assert extract(induce([document]), document).warnings == document.warnings != ()
