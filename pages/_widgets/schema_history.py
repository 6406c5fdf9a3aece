"""An approved table: the version that is shown, those before it, and the way back."""

import streamlit as st

from core.errors import PipelineError, UnknownName
from core.model.schema import SchemaVersion, VersionState
from core.pipeline import Pipeline
from pages._widgets import address
from pages._widgets.badges import PERSON, ago, counted
from pages._widgets.schema_code import draw_code

STATES = {
    VersionState.FILLING: "◐ is being filled",
    VersionState.ACTIVE: "● is shown",
    VersionState.RETIRED: "– was before",
}


def draw_versions(pipeline: Pipeline, name: str) -> None:
    """All versions of a table, newest first.

    Raises:
        UnknownName: there is no approved table of that name.
    """
    versions = pipeline.schemas.versions(name)
    if not versions:
        raise UnknownName(f"There is no approved table “{name}”.", "It may be proposed and not decided on yet.")
    newest = versions[0]
    st.subheader(newest.lake_table)
    if any(version.state is VersionState.FILLING for version in versions):
        _draw_filling(pipeline, name)
    shown = next((version for version in versions if version.state is VersionState.ACTIVE), None)
    if shown:
        address.link(address.table(shown.lake_table), "Its rows", icon=":material/table:")
    for version in versions:
        _draw_version(pipeline, version, again=version is not newest)
    draw_code(newest.table)


@st.fragment(run_every="2s")
def _draw_filling(pipeline: Pipeline, name: str) -> None:
    """Look again until the version is whole; then the page is drawn anew."""
    if all(version.state is not VersionState.FILLING for version in pipeline.schemas.versions(name)):
        st.rerun()
    st.info("The new version is being filled from the pages that were kept. Until it is whole, the one before is shown")


def _draw_version(pipeline: Pipeline, version: SchemaVersion, *, again: bool) -> None:
    with st.container(border=True):
        title, back = st.columns([8, 3], vertical_alignment="center")
        key = ", ".join(version.table.key)
        told = f"{counted(len(version.table.fields), 'column')}, {f'told apart by {key}' if key else 'no key'}"
        title.markdown(f"**Version {version.number}** {STATES[version.state]} · {told}")
        why = f": {version.reason}" if version.reason else ""
        title.caption(f"approved {ago(version.approved_at, pipeline.now())} by {version.approved_by}{why}")
        title.caption(", ".join(f"{field.name} ({field.type})" for field in version.table.fields))
        if again and back.button("Make it the next version", key=f"restore-{version.number}", width="stretch"):
            _restore(pipeline, version)


def _restore(pipeline: Pipeline, version: SchemaVersion) -> None:
    try:
        pipeline.schemas.restore(version.schema_name, version.number, PERSON)
    except PipelineError as error:
        st.error(str(error))
        return
    address.go(address.schemas(version.schema_name))
