"""The second site of a platform is read at the first try the way people decided for the first."""

from collections.abc import Sequence
from pathlib import Path

from core.blueprint.edit import with_table
from core.model import Draft
from core.pipeline import Pipeline
from jobs.commands.sources import scouted

FIRST = [
    ("Oak stool", "85.00 EUR", "Sweden", 4),
    ("Tin bucket", "9.90 EUR", "Poland", 12),
    ("Flax rope", "31.50 EUR", "Ireland", 7),
]
SECOND = [
    ("Trail tent", "310.00 EUR", "Norway", 3),
    ("Head lamp", "38.40 EUR", "Japan", 42),
    ("Map case", "19.90 EUR", "Spain", 9),
]


def saved(folder: Path, motto: str, things: Sequence[tuple[str, str, str, int]]) -> Path:
    """A site of the platform as a folder of pages."""
    folder.mkdir()
    for number, (name, price, origin, left) in enumerate(things):
        (folder / f"{number}.html").write_text(
            f"<html><body><header><p>{motto}</p></header><div class='sf-page'><h1>{name}</h1>"
            f"<div class='sf-v'>{price}</div><p class='sf-q'>Only {left} left</p><table class='sf-facts'>"
            f"<tr><th>Orig.</th><td>{origin}</td></tr></table></div></body></html>"
        )
    return folder


def fields(draft: Draft) -> list[str]:
    return [field.name for field in draft.blueprints["main"].tables[0].fields]


def test_names_and_taught_fields_of_the_first_site_are_taken_over(pipeline: Pipeline, tmp_path: Path) -> None:
    first = scouted(pipeline, str(saved(tmp_path / "first", "Made by hand", FIRST)), "first")
    alone = fields(scouted(pipeline, str(saved(tmp_path / "other", "Made by hand", FIRST)), "other"))
    table = first.blueprints["main"].tables[0]
    names = {"title": "product", "orig": "country"}
    assert set(names) < set(alone)
    chosen = tuple(
        field.model_copy(update={"name": names[field.name]}) for field in table.fields if field.name in names
    )
    only = with_table(first.blueprints["main"], table.name, lambda found: found.model_copy(update={"fields": chosen}))
    pipeline.sources.editor(first.draft_id).revise("main", only)
    pipeline.sources.editor(first.draft_id).teach("main", "stock", first.documents["main"][0], ["4"])
    pipeline.sources.accept(first.draft_id)

    second = scouted(pipeline, str(saved(tmp_path / "second", "For all weathers", SECOND)), "second")
    assert (first.named_as, second.named_as) == ("", "first")
    assert {"product", "country", "stock"} <= set(fields(second))
    assert fields(second).index("stock") < 3
    [record] = pipeline.sources.preview(second, "main")[0][1].records
    assert (record.fields["product"].value, record.fields["stock"].value) in {
        (name, left) for name, _, _, left in SECOND
    }


def test_a_site_of_another_kind_is_left_as_it_was_learned(pipeline: Pipeline, tmp_path: Path) -> None:
    folder = saved(tmp_path / "first", "Made by hand", FIRST)
    pipeline.sources.accept(scouted(pipeline, str(folder), "first").draft_id)
    other = tmp_path / "other"
    other.mkdir()
    for n in range(3):
        (other / f"{n}.html").write_text(
            f"<html><body><h1>Notice {n}</h1><dl><dt>Office</dt><dd>Roads {n}</dd></dl></body></html>"
        )
    assert "office" in fields(scouted(pipeline, str(other), "other"))
