"""The columns of a table, to be ticked, named and typed. A change is in the draft as soon as it is made.

A grid of Streamlit's own sends what was typed only after a pause: who clicks Accept within it loses the edit.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from core.blueprint.drafting import Change, Click
from core.errors import PipelineError
from core.model import Draft, FieldType, RecordSet, stable_id
from core.pipeline import Pipeline
from pages._widgets import address

HERE = Path(__file__).parent
TYPES: tuple[FieldType, ...] = FieldType.__args__  # type: ignore[attr-defined]  # a Literal lists its values
EDITED = {"keep", "name", "type"}

EDITOR = st.components.v2.component(
    "column_editor",
    html='<div class="columns"></div>',
    css=(HERE / "column_editor.css").read_text(encoding="utf-8"),
    js=(HERE / "column_editor.js").read_text(encoding="utf-8"),
)


def focus_on(template: str) -> str:
    """The parameter of the address that names the column to show on the page."""
    return f"focus-{template}"


def take_clicks(pipeline: Pipeline, draft: Draft) -> Draft:
    """The draft with what was done in its lists of columns, as the first thing of each run of the page.

    Streamlit may break off whatever is under way when the next click comes, and then does not tell of the last one
    again; what the browser sent stays until it is answered, so here nothing of it is lost and nothing done twice.
    """
    for template, blueprint in draft.blueprints.items():
        for table in blueprint.tables:
            draft = _taken(pipeline, draft, template, table.name)
    return draft


def draw_columns(
    pipeline: Pipeline, draft: Draft, template: str, table: RecordSet, colors: Mapping[str, str]
) -> str | None:
    """The list of the columns of a table; the name of the one to show on the page, or None for all."""
    key = _key(draft, template, table.name)
    names = [field.name for field in table.fields]
    focus = address.asked(focus_on(template))
    EDITOR(
        data={
            "layout": _layout(table),
            "types": list(TYPES),
            "rows": _rows(draft, template, table, colors),
            "seen": draft.answered.get(_sender(template, table.name, _sent(key)), 0),
            "focus": names.index(focus) if focus in names else -1,
        },
        key=key,
        # that something changed draws the page anew, and that is all it is for
        on_edits_change=lambda: None,
        on_focus_change=partial(_look, template, names, key),
    )
    if problem := st.session_state.pop(f"{key}-problem", ""):
        st.error(problem)
    return focus if focus in names else None


def _look(template: str, names: Sequence[str], key: str) -> None:
    """A column was clicked to be shown on the page, or the one that is shown to be one of all again."""
    at = st.session_state[key].focus
    if isinstance(at, int):
        address.change(**{focus_on(template): names[at] if 0 <= at < len(names) else ""})


def _layout(table: RecordSet) -> str:
    """What positions mean: it changes when fields come, go or change places."""
    return stable_id(*(field.model_dump_json(include={"selectors"}) for field in table.fields))


def _rows(draft: Draft, template: str, table: RecordSet, colors: Mapping[str, str]) -> list[dict[str, Any]]:
    out = draft.left_out.get(template, ())
    return [
        {
            "keep": (table.name, field.name) not in out,
            "name": field.name,
            "type": field.type,
            "color": colors[field.name],
            "examples": " · ".join(field.examples[:3]),
            "filled": field.fill,
            "sure": field.confidence,
        }
        for field in table.fields
    ]


def _key(draft: Draft, template: str, table_name: str) -> str:
    return f"columns-{draft.draft_id}-{template}-{table_name}"


def _sent(key: str) -> dict[str, Any]:
    """What the browser sent last: changes that it had no answer to by then."""
    state = st.session_state.get(key)
    edits = state.get("edits") if state else None
    return edits if isinstance(edits, dict) and isinstance(edits.get("changes"), list) else {"changes": []}


def _sender(template: str, table_name: str, sent: Mapping[str, Any]) -> str:
    """One list of columns in one browser: the clocks of two need not agree, so each has numbers of its own."""
    return stable_id(template, table_name, sent.get("sender", ""))


def _taken(pipeline: Pipeline, draft: Draft, template: str, table_name: str) -> Draft:
    """The draft with what was done in one list."""
    key = _key(draft, template, table_name)
    sent, table = _sent(key), draft.blueprints[template].table(table_name)
    # of columns that came or changed places meanwhile the positions mean nothing
    clicks = clicks_of(sent["changes"]) if table is not None and sent.get("layout") == _layout(table) else []
    if table is None or not clicks:
        return draft
    try:
        sender = _sender(template, table_name, sent)
        after = pipeline.sources.editor(draft.draft_id).click(template, table_name, sender, clicks)
    except PipelineError as error:
        st.session_state[f"{key}-problem"] = str(error)
        return draft
    if after.blueprints != draft.blueprints:
        _follow_name(table, after.blueprints[template].table(table_name), template)
    return after


def _follow_name(before: RecordSet, after: RecordSet | None, template: str) -> None:
    """The column that is shown on the page stays the same one when it is called otherwise."""
    renamed = {old.name: new.name for old, new in zip(before.fields, after.fields if after else (), strict=False)}
    focus = address.asked(focus_on(template))
    address.change(**{focus_on(template): renamed.get(focus, focus)})


def clicks_of(sent: Sequence[Mapping[str, Any]]) -> list[Click]:
    """What the browser sent, a click each."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for each in sent:
        number = each.get("number")
        if isinstance(number, int) and not isinstance(number, bool):
            found.setdefault(number, []).append(each)
    return [Click(number, changes) for number, some in found.items() if (changes := changes_of(some))]


def changes_of(sent: Sequence[Mapping[str, Any]]) -> list[Change]:
    """What the browser says as changes, one a position; a later one counts. What cannot be meant is left out."""
    found: dict[int, dict[str, Any]] = {}
    for each in sent:
        at, what, value = each.get("at"), each.get("what"), each.get("value")
        wanted = bool if what == "keep" else str
        if isinstance(at, int) and what in EDITED and isinstance(value, wanted) and (what != "type" or value in TYPES):
            found.setdefault(at, {})[what] = value
    return [Change(at, **values) for at, values in found.items()]
