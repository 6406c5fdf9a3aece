"""The second reader: what it covers, how often it is wrong, what it catches.

`python -m tests.benchmarks.second CASES [0|1]` reads saved cases: folders `pages`, `lists`, `calm` and `heal`, each
case with its pages and a `case.json` that names those to learn from, those to read, and the values that are true.
With 0 or 1 only the half of the cases whose names hash to it.

covered: share of the fields with a second way. in dispute: share of the cells that both read, on pages that nobody
changed. swapped: fields that read another one of their type; caught: those in dispute. redesigned: fields that read
something wrong after a redesign; caught: those in dispute.
"""

import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.compare.second import second_opinions
from core.errors import PipelineError
from core.extract import extract
from core.induce import induce
from core.induce.html.apart import FEWEST_DIFFERENT, learned_apart
from core.model import Blueprint, Extraction, Field, ParsedDocument, RecordSet
from core.parse import parse

SUITES = ("pages", "lists", "calm", "heal")
# of a field that reads wrong most values are none that is true
MOSTLY = 0.5


def cases(folder: Path, half: str) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    for suite in SUITES:
        for case in sorted((folder / suite).iterdir()):
            if not half or int(hashlib.sha256(case.name.encode()).hexdigest(), 16) % 2 == int(half):
                yield suite, case, json.loads((case / "case.json").read_text())


def read(case: Path, names: list[str]) -> list[ParsedDocument]:
    return [parse((case / name).read_bytes(), url=(case / name).as_uri()) for name in names]


def measure(suite: str, case: Path, told: dict[str, Any], tally: Counter[str], verbose: bool) -> None:
    learn = read(case, told["learn"])
    began = time.perf_counter()
    blueprint = induce(learn)
    tally["learn_ms"] += round(1000 * (time.perf_counter() - began))
    began = time.perf_counter()
    test = read(case, told["test"])
    # in service there are more pages than those that the extractor was learned from
    more, test = (test[: len(test) // 2], test[len(test) // 2 :]) if suite == "pages" else ([], test)
    second = learned_apart(blueprint, [*learn, *more])
    tally["apart_ms"] += round(1000 * (time.perf_counter() - began))
    tally["fields"] += sum(len(table.fields) for table in blueprint.tables)
    tally["able"] += _able(blueprint, [*learn, *more])
    if second is None:
        return
    tally["covered"] += sum(len(table.fields) for table in second.tables)
    if suite == "heal":
        _redesigned(blueprint, second, test[0], told, tally)
        return
    for page in test:
        found = extract(blueprint, page, second=second)
        opinions = list(second_opinions(blueprint, found))
        tally["compared"] += len(opinions)
        tally["disputed"] += sum(not one.agrees for one in opinions)
        if verbose:
            for one in [one for one in opinions if not one.agrees][:4]:
                ways = [
                    f.selectors for t in second.tables for f in t.fields if (t.name, f.name) == (one.table, one.field)
                ]
                lead = [
                    f.selectors[0]
                    for t in blueprint.tables
                    for f in t.fields
                    if (t.name, f.name) == (one.table, one.field)
                ]
                print(
                    "   ",
                    case.name,
                    one.table,
                    one.field,
                    repr(one.first.raw)[:70],
                    "|",
                    repr(one.other.raw)[:70],
                    lead,
                    ways,
                )
    _swapped(blueprint, second, test, tally)


def _able(blueprint: Blueprint, pages: list[ParsedDocument]) -> int:
    """Fields that say enough different things on the pages for a second way to be proved."""
    said: dict[tuple[str, str], set[str]] = {}
    for page in pages:
        for record in extract(blueprint, page, located=False).records:
            for name, cell in record.fields.items():
                said.setdefault((record.table, name), set()).add(str(cell.raw))
    return sum(len(texts) >= FEWEST_DIFFERENT for texts in said.values())


def _swapped(blueprint: Blueprint, second: Blueprint, test: list[ParsedDocument], tally: Counter[str]) -> None:
    """Each field with a second way reads another field of its type once."""
    for table in second.tables:
        first = blueprint.table(table.name)
        assert first is not None
        for field in table.fields:
            other = _neighbour(first, field.name)
            if other is None:
                continue
            wrong = _reading(first, field.name, other)
            astray = blueprint.model_copy(
                update={"tables": tuple(wrong if one is first else one for one in blueprint.tables)}
            )
            found = [(extract(blueprint, page), extract(astray, page, second=second)) for page in test]
            if any(
                _values(right, table.name, field.name) != _values(bad, table.name, field.name) for right, bad in found
            ):
                tally["swapped"] += 1
                opinions = [one for _, bad in found for one in second_opinions(astray, bad)]
                tally["swapped_caught"] += any(one.field == field.name and not one.agrees for one in opinions)


def _neighbour(table: RecordSet, name: str) -> Field | None:
    """The next field of the same type: a rule about types does not notice it."""
    names = [field.name for field in table.fields]
    kind = table.fields[names.index(name)]
    turned = [*table.fields[names.index(name) + 1 :], *table.fields[: names.index(name)]]
    return next((field for field in turned if field.type == kind.type and field.many == kind.many), None)


def _reading(table: RecordSet, name: str, other: Field) -> RecordSet:
    fields = (
        field.model_copy(update={"selectors": other.selectors[:1]}) if field.name == name else field
        for field in table.fields
    )
    return table.model_copy(update={"fields": tuple(fields)})


def _values(found: Extraction, table: str, field: str) -> list[Any]:
    return [record.fields[field].raw for record in found.of(table) if field in record.fields]


def _redesigned(
    blueprint: Blueprint, second: Blueprint, after: ParsedDocument, told: dict[str, Any], tally: Counter[str]
) -> None:
    """Fields that said what is true before the redesign and now say something else."""
    before = extract(blueprint, read(CASE[0], told["learn"][:1])[0])
    now = extract(blueprint, after, second=second)
    disputed = {(one.table, one.field) for one in second_opinions(blueprint, now) if not one.agrees}
    true = {page: _true(told["truth"].get(page, [])) for page in (told["learn"][0], told["test"][0])}
    for table in blueprint.tables:
        for field in table.fields:
            old, new = (set(map(_folded, _values(found, table.name, field.name))) for found in (before, now))
            for name, values in true[told["learn"][0]].items():
                right = true[told["test"][0]].get(name, set())
                if old and len(old & values) > MOSTLY * len(old) and new and len(new & right) < MOSTLY * len(new):
                    tally["redesigned"] += 1
                    has = second.table(table.name)
                    tally["redesigned_covered"] += has is not None and any(f.name == field.name for f in has.fields)
                    tally["redesigned_caught"] += (table.name, field.name) in disputed
                    break


def _true(rows: list[dict[str, list[str]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for name, values in row.items():
            found.setdefault(name, set()).update(map(_folded, values))
    return found


def _folded(raw: Any) -> str:
    return " ".join((" ".join(raw) if isinstance(raw, list) else str(raw)).split()).casefold()


CASE: list[Path] = []


def main() -> None:
    folder, half = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    tallies = {suite: Counter[str]() for suite in SUITES}
    for suite, case, told in cases(folder, half):
        CASE[:] = [case]
        try:
            measure(suite, case, told, tallies[suite], "-v" in sys.argv)
        except PipelineError as error:
            print(f"{case.name}: {error}")
        tallies[suite]["cases"] += 1
    for suite, tally in tallies.items():
        print(suite, dict(tally))


if __name__ == "__main__":
    main()
