"""One repair of a page template: figures, fate of each field, page then and now, rows before and after, code."""

import difflib

import streamlit as st

from core.blueprint.codegen import generate
from core.model import Extractor, TemplateFix
from core.pipeline import Pipeline
from pages._widgets import address
from pages._widgets.layout import draw_figures, panes
from pages._widgets.preview import color_of, draw_document, evidence_marks
from pages._widgets.readings import repaired_rows_of, view_of
from pages._widgets.table_diff import draw_table_diffs

FATES = {"kept": "● kept", "moved": "→ moved", "added": "+ new", "removed": "✕ gone", "abstained": "? unclear"}
TABS = {"fields": "Fields", "pages": "Page then and now", "rows": "Rows before and after", "code": "Code"}
WORST_FIRST = {"removed": 0, "abstained": 1, "added": 2, "moved": 3, "kept": 4}


def draw_fix(pipeline: Pipeline, fix: TemplateFix) -> None:
    """All there is to see of one template."""
    _draw_figures(fix)
    name, tabs = address.tabs_of("tab", TABS)
    draw = {"fields": _draw_fields, "pages": _draw_pages, "rows": _draw_rows, "code": _draw_code}[name]
    with tabs[name]:
        draw(pipeline, fix)


def _draw_figures(fix: TemplateFix) -> None:
    proof = fix.proof
    if not fix.candidate_id:
        return
    figures = (
        ("Known cells read alike", f"{proof.same} of {proof.cells}"),
        ("Rows compared", f"{proof.compared} of {proof.rows_before}"),
        ("Rows now", proof.rows_after),
        ("Fields lost", f"{len(fix.lost)} of {len(fix.fields)}"),
    )
    draw_figures(figures)
    if fix.lessons:
        st.caption(f"Guided by {len(fix.lessons)} earlier repairs of like pages")


def _draw_fields(_pipeline: Pipeline, fix: TemplateFix) -> None:
    rows = [
        {"field": name.partition(".")[2], "fate": FATES[fate], "why": _why(fix, name)}
        for name, fate in sorted(fix.fields.items(), key=lambda item: (item[0] not in fix.lost, WORST_FIRST[item[1]]))
    ]
    st.dataframe(rows, hide_index=True)
    if fix.proof.differing:
        st.caption("Known cells that read otherwise now")
        st.dataframe([{"cell": case} for case in fix.proof.differing], hide_index=True)


def _why(fix: TemplateFix, name: str) -> str:
    """Why a field has its fate, and what the compared rows say against it."""
    said = [fix.reasons.get(name, "")]
    if name in fix.proof.emptied and fix.fields[name] in ("kept", "moved"):
        said.append("empty now in most of the rows that had it")
    if name in fix.proof.otherwise:
        said.append("reads otherwise in most known rows")
    return "; ".join(filter(None, said))


def _draw_pages(pipeline: Pipeline, fix: TemplateFix) -> None:
    """Both pages beside each other; the field in focus is framed, one that was lost first."""
    main = next(iter(fix.fields), "").partition(".")[0]
    names = sorted(fix.fields, key=lambda name: (name.partition(".")[0] != main, WORST_FIRST[fix.fields[name]]))
    focus = address.choose(
        "field",
        "Field in focus",
        {name: name for name in names},
        lambda name: f"{name.partition('.')[2]} · {FATES[fix.fields[name]]}",
        what="field",
    )
    then, now = panes("repair", [1, 1])
    for column, document_ids, version, title in (
        (then, fix.archived, fix.before_id, "Then, as the old version reads it"),
        (now, fix.fresh, fix.candidate_id or fix.before_id, "Now, as the repaired version reads it"),
    ):
        with column:
            if document_ids:
                _draw_side(pipeline, document_ids[0], version, focus, title)


def _draw_side(pipeline: Pipeline, document_id: str, extractor_id: str, focus: str, title: str) -> None:
    view = view_of(pipeline, document_id, extractor_id)
    if view.parsed is None or view.extraction is None or view.extractor is None:
        st.error(view.error)
        return
    name, _, field = focus.partition(".")
    table = view.extractor.blueprint.table(name) or view.extractor.blueprint.tables[0]
    marks = evidence_marks(view.extraction, table.name, color_of(field.name for field in table.fields), field)
    is_read = any(mark["focus"] for mark in marks)
    st.caption(title if is_read else f"{title} · ✕ “{field}” is not read here")
    draw_document(view.content, view.parsed, marks, height=560)


def _draw_rows(pipeline: Pipeline, fix: TemplateFix) -> None:
    if not fix.candidate_id:
        st.info("Nothing was staged, so there are no new rows.")
        return
    st.caption("The old version on the archived pages against the repaired one on the fresh pages")
    draw_table_diffs(repaired_rows_of(pipeline, fix))


def _draw_code(pipeline: Pipeline, fix: TemplateFix) -> None:
    before = _code_of(pipeline.repairs.extractor(fix.before_id))
    after = _code_of(pipeline.repairs.extractor(fix.candidate_id)) if fix.candidate_id else before
    lines = list(difflib.unified_diff(before, after, "in service", "repaired", lineterm="", n=2))
    st.code("\n".join(lines) or "No difference.", language="diff", height=520)


def _code_of(version: Extractor) -> list[str]:
    """The module of a version as it would be written today: an old one is of another form, which is no difference."""
    return generate(version.blueprint).splitlines()
