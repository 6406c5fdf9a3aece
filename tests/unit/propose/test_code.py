"""The written source compiles whatever the names are, and takes the same rows in all three languages."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.schema import SchemaField, SchemaTable
from core.propose.code import json_schema, pydantic_source, zod_source
from tests.effort import tries

HOSTILE = (
    "class", "str", "list", "date", "datetime", "model_config", "__proto__", "constructor", "copy", "Money", "Field",
    'a"b', "a'b", "a\nb", "a\\", " ", "1st", "日付", "ünï", "a-b", "a b", "A_B", "a_b", "Decimal", "self", "None",
    '"""', "*/", "${x}", "\u2028", "_private", "é" * 300,
)  # fmt: skip

ALL_TYPES = SchemaTable(
    name="notices",
    key=("id",),
    fields=(
        SchemaField(name="id", type="identifier", required=True, pattern=r"^[A-Z]{2}-\d{3}$"),
        SchemaField(name="title", type="string", required=True, description='It says "title"\n'),
        SchemaField(name="value", type="money", unit="EUR"),
        SchemaField(name="weight", type="quantity"),
        SchemaField(name="share", type="percent"),
        SchemaField(name="score", type="decimal"),
        SchemaField(name="lots", type="integer"),
        SchemaField(name="day", type="date"),
        SchemaField(name="sent", type="datetime"),
        SchemaField(name="runs", type="duration"),
        SchemaField(name="open", type="boolean"),
        SchemaField(name="state", type="enum", enum=("active", "closed")),
        SchemaField(name="codes", type="identifier", many=True, pattern=r"^\d{2}$"),
    ),
)
ITEMS = SchemaTable(name="items", parent="notices", fields=(SchemaField(name="price", type="decimal"),))
TABLES = (ALL_TYPES, ITEMS)

GOOD: dict[str, Any] = {
    "id": "AB-123",
    "title": "Chairs",
    "value": {"amount": "12.50", "currency": "EUR"},
    "weight": {"amount": "2", "unit": "kg"},
    "share": "12.5",
    "score": 3.5,
    "lots": 4,
    "day": "2024-05-01",
    "sent": "2024-05-01T10:00:00",
    "runs": "PT5M",
    "open": True,
    "state": "active",
    "codes": ["12", "34"],
    "items": [{"price": "5"}, {"price": None}],
}
ROWS: list[tuple[dict[str, Any], bool]] = [
    (GOOD, True),
    ({"id": "AB-123", "title": "Chairs"}, True),
    ({"id": "AB-123", "title": "Chairs", "value": None, "lots": None, "state": None}, True),
    ({"title": "no id"}, False),
    (GOOD | {"id": "123"}, False),
    (GOOD | {"state": "lost"}, False),
    (GOOD | {"lots": "many"}, False),
    (GOOD | {"value": "12 EUR"}, False),
    (GOOD | {"codes": ["1"]}, False),
    (GOOD | {"items": [{"price": "cheap"}]}, False),
]

CHECK_ROWS = """
import json, pathlib, sys
space = {"__name__": "written"}
exec(compile(pathlib.Path(sys.argv[1]).read_text("utf-8"), "written.py", "exec"), space)
model, answers = space[sys.argv[2]], []
for row in json.loads(pathlib.Path(sys.argv[3]).read_text("utf-8")):
    try:
        model.model_validate(row)
        answers.append(True)
    except ValueError:
        answers.append(False)
print(json.dumps(answers))
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_pydantic_source_takes_rows_in_another_process(tmp_path: Path) -> None:
    source = written(tmp_path, "rows.py", pydantic_source(TABLES))
    rows = written(tmp_path, "rows.json", json.dumps([row for row, _ in ROWS]))
    command = [sys.executable, "-c", CHECK_ROWS, str(source), "Notices", str(rows)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(ran.stdout) == [fits for _, fits in ROWS]


def test_the_json_schema_takes_the_same_rows() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads(json.dumps(json_schema(TABLES)))
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    assert [checker.is_valid(row) for row, _ in ROWS] == [fits for _, fits in ROWS]


def zod_folder() -> str:
    """The folder with the zod package: that of ZOD_DIR, or where npm installs for all."""
    node = shutil.which("node")
    places = [os.environ.get("ZOD_DIR", ""), "/usr/lib/node_modules", "/usr/local/lib/node_modules"]
    found = next((place for place in places if place and (Path(place) / "zod").is_dir()), "")
    if not node or not found:
        pytest.skip("needs node and the zod package (ZOD_DIR: the folder that holds it)")
    return found


def javascript(source: str) -> str:
    """The source without the lines that only TypeScript knows."""
    return "\n".join(line for line in source.splitlines() if not line.startswith("export type"))


def test_the_zod_source_takes_the_same_rows_in_node(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(zod_folder())
    written(tmp_path, "rows.mjs", javascript(zod_source(TABLES)))
    rows = json.dumps([row for row, _ in ROWS])
    asked = 'import { Notices } from "./rows.mjs";\n'
    asked += f"console.log(JSON.stringify({rows}.map((row) => Notices.safeParse(row).success)));\n"
    script = written(tmp_path, "check.mjs", asked)
    ran = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(ran.stdout) == [fits for _, fits in ROWS]


def hostile_tables() -> tuple[SchemaTable, ...]:
    """Fields of hostile names in a table of such a name and in a child of it."""
    fields = tuple(
        SchemaField(name=name, type="date", aliases=(name,), description=name, enum=(name, "x")) for name in HOSTILE
    )
    return SchemaTable(name='"""\n', fields=fields), SchemaTable(name="rows()", parent='"""\n', fields=fields)


def test_hostile_names_make_sound_python() -> None:
    space: dict[str, Any] = {"__name__": "written"}
    source = pydantic_source(hostile_tables())
    source.encode("utf-8")
    exec(compile(source, "written.py", "exec"), space)
    model = space["Table"]
    row: dict[str, Any] = dict.fromkeys(HOSTILE, "x") | {"rows()": [dict.fromkeys(HOSTILE, "x")]}
    assert len(model.model_fields) == len(HOSTILE) + 1
    assert model.model_validate(row).model_dump(by_alias=True) == row


def test_hostile_names_make_sound_javascript(tmp_path: Path) -> None:
    if not (node := shutil.which("node")):
        pytest.skip("needs node")
    script = written(tmp_path, "rows.mjs", javascript(zod_source(hostile_tables())))
    subprocess.run([node, "--check", str(script)], check=True, timeout=60)


def test_hostile_names_make_a_sound_json_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads(json.dumps(json_schema(hostile_tables())))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema.Draft202012Validator(schema).is_valid({"__proto__": "x", "rows()": [{"a b": "x"}]})


@settings(max_examples=tries(60), deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=8, unique=True), st.text(min_size=1, max_size=8))
def test_any_names_make_python_that_keeps_each_field(names: list[str], table: str) -> None:
    space: dict[str, Any] = {"__name__": "written"}
    fields = tuple(SchemaField(name=name, type="string", required=True) for name in names)
    exec(compile(pydantic_source([SchemaTable(name=table, fields=fields)]), "written.py", "exec"), space)
    [model] = [made for made in space.values() if isinstance(made, type) and made.__module__ == "written"]
    row = {name: str(number) for number, name in enumerate(names)}
    assert model.model_validate(row).model_dump(by_alias=True) == row  # type: ignore[attr-defined]


def test_the_same_schema_is_written_alike() -> None:
    again = tuple(SchemaTable.model_validate_json(table.model_dump_json()) for table in TABLES)
    for write in (pydantic_source, json_schema, zod_source):
        assert write(again) == write(TABLES)
