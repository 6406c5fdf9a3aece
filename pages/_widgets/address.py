"""Where a person is: the one way to link, to move and to choose within the workbench.

A page is a function of its address: its path says which page it is, its parameters what is open on it. Whatever a
person does writes the address first, as an entry of the browser's history, and the page is drawn from it. So a
reload, Back, Forward and an address that was sent to somebody show the same.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.errors import PipelineError, UnknownName
from core.model.review import EVERYTHING, ReviewFilter
from pages._widgets.choice import told_apart

T = TypeVar("T")
SEEN = "address-seen"
YES = "yes"
# numbers in addresses are counts of a few digits
LONGEST_NUMBER = 6
# the parameters by which values that wait for a decision are chosen
FILTER = ("table", "column", "rule", "source")
# what begins an image, a link, a formula or a tag
_ACTIVE = re.compile(r"[\[\]$<\\]")


class PageAddress(NamedTuple):
    """A page of the workbench, and what is open on it: parameters of its address."""

    page: str
    query: Mapping[str, str] = {}


def overview() -> PageAddress:
    """The overview of everything."""
    return PageAddress("overview")


def sources() -> PageAddress:
    """The list of sources."""
    return PageAddress("sources")


def source(source_id: str) -> PageAddress:
    """One source."""
    return PageAddress("sources", {"source": source_id})


def draft(draft_id: str) -> PageAddress:
    """A source that is being added."""
    return PageAddress("sources", {"draft": draft_id})


def documents(source_id: str = "") -> PageAddress:
    """The list of documents, or those of a source."""
    return PageAddress("documents", _said(source=source_id))


def document(document_id: str) -> PageAddress:
    """One document."""
    return PageAddress("documents", {"document": document_id})


def tables(source_id: str = "") -> PageAddress:
    """The tables, or those of a source first."""
    return PageAddress("tables", _said(source=source_id))


def table(name: str) -> PageAddress:
    """One table."""
    return PageAddress("tables", {"table": name})


def clusters(cluster_id: str = "") -> PageAddress:
    """The clusters, or one of them."""
    return PageAddress("clusters", _said(cluster=cluster_id))


def schemas(schema_name: str = "") -> PageAddress:
    """The proposals and approved tables, or one of the latter."""
    return PageAddress("schemas", _said(schema=schema_name))


def proposal(review_id: str) -> PageAddress:
    """One proposed table."""
    return PageAddress("schemas", {"proposal": review_id})


def review(like: ReviewFilter = EVERYTHING, item_id: str = "") -> PageAddress:
    """The values that wait for a decision: all, those of a kind, or one."""
    return PageAddress("review", _said(**dict(zip(FILTER, like, strict=True)), item=item_id))


def doctor(source_id: str = "") -> PageAddress:
    """The list of patients, or one of them."""
    return PageAddress("doctor", _said(source=source_id))


def flow() -> PageAddress:
    """The streams and what got stuck in them."""
    return PageAddress("flow")


def _said(**query: str) -> dict[str, str]:
    return {name: value for name, value in query.items() if value}


def write_address() -> None:
    """Show in the browser what this run of a page is drawn for; called once a run, before the page.

    A link to another item of the page that is open reaches the script, but the browser keeps the old address and
    would send that with the next click. Written back, it becomes an entry of the history; what the browser shows
    already changes nothing. A link to another page is written by the browser itself, and a second time would be
    an entry too many. After Back and Forward the browser has the address already; said late, between two
    quick steps, it would be taken for that of the second.
    """
    if st.session_state.get(SEEN) == _page() and not _is_step_of_history():
        st.query_params.from_dict(_parameters())
    st.session_state[SEEN] = _page()


def link(
    place: PageAddress, label: str, *, icon: str | None = None, help: str | None = None, disabled: bool = False
) -> None:
    """A link with an address of its own: the middle button, or the browser's menu, opens it in a new tab."""
    st.page_link(
        f"{place.page}.py", label=label, icon=icon, help=help, disabled=disabled, query_params=dict(place.query)
    )


def back_to(place: PageAddress, label: str) -> None:
    """The link from an item to the list it is in."""
    link(place, label, icon=":material/arrow_back:")


def refuse(error: PipelineError, place: PageAddress, label: str) -> None:
    """Say why what the address names cannot be shown, and where to go on; what stands in an address is only text."""
    st.error(_ACTIVE.sub(r"\\\g<0>", str(error)))
    back_to(place, label)


def go(place: PageAddress) -> NoReturn:
    """Leave for another place of the page that is open, after a button was pressed."""
    st.query_params.from_dict(dict(place.query))
    st.rerun()


def leave(place: PageAddress) -> NoReturn:
    """Leave for another page, after a button was pressed."""
    st.switch_page(f"{place.page}.py", query_params=dict(place.query))


def asked(name: str) -> str:
    """A parameter of the address; "" where it says nothing."""
    return str(st.query_params.get(name, ""))


def change(**parameters: str) -> None:
    """Change parameters of this page's address in one step of the history; "" takes one out.

    Called when a widget was changed, before the page is drawn. A widget that tells its value while a person leaves
    for another page changes nothing: the address is that of the other page already.
    """
    wanted = {name: value for name, value in (_parameters() | parameters).items() if value}
    if wanted != _parameters() and st.session_state.get(SEEN) == _page():
        st.query_params.from_dict(wanted)


def known(name: str, things: Mapping[str, T], what: str, default: str = "") -> str:
    """The id that the address names, else the default.

    Raises:
        UnknownName: the address names none of `things`.
    """
    wanted = asked(name)
    if wanted and wanted not in things:
        raise UnknownName(f"There is no {what} “{wanted}” here.", "It may be gone, or the address is incomplete.")
    return wanted or default


def choose(
    name: str,
    label: str,
    things: Mapping[str, T],
    words: Callable[[T], str],
    *,
    what: str,
    default: str = "",
    forgets: Sequence[str] = (),
    widget: Callable[..., object] = st.selectbox,
) -> T:
    """The one of `things` that the address names, to be changed in a box or a list.

    Args:
        name: the parameter of the address.
        label: what the box says.
        things: by their ids; not empty.
        words: how a thing is called in the box.
        what: what a thing is, for the error that says that there is no such one.
        default: the id that is meant where the address says nothing; the first one if "".
        forgets: parameters that mean nothing for another choice.
        widget: the box, or another way to show one of many.

    Raises:
        UnknownName: the address names none of them.
    """
    present = known(name, things, what, default or next(iter(things)))
    called = told_apart({thing_id: words(thing) for thing_id, thing in things.items()})
    held = _held(name, present, forgets, among=list(things))
    widget(label, list(things), format_func=lambda thing_id: called.get(thing_id, thing_id), **held)
    return things[present]


def side_by_side(label: str, options: Sequence[str], **arguments: Any) -> None:
    """A few options, of which one is always chosen."""
    st.segmented_control(label, options, required=True, **arguments)


def choose_view(
    name: str,
    label: str,
    options: Sequence[str],
    *,
    words: Callable[[str], str] = str,
    forgets: Sequence[str] = (),
    widget: Callable[..., object] = side_by_side,
) -> str:
    """A way to look at what is open: the first one where the address names none of the options."""
    wanted = asked(name)
    present = wanted if wanted in options else options[0]
    called = told_apart({option: words(option) for option in options})
    widget(
        label,
        options,
        format_func=lambda option: called.get(option, option),
        **_held(name, present, forgets, {options[0]: ""}, options),
    )
    return present


def tabs_of(name: str, tabs: Mapping[str, str], forgets: Sequence[str] = ()) -> tuple[str, dict[str, DeltaGenerator]]:
    """Which tab is open, and the places of all on the page. What is costly is drawn in the open one alone.

    Args:
        name: the parameter of the address.
        tabs: id → label of each.
        forgets: parameters that mean nothing in another tab.
    """
    wanted = asked(name)
    present = wanted if wanted in tabs else next(iter(tabs))
    said = {label: tab_id for tab_id, label in tabs.items()} | {next(iter(tabs.values())): ""}
    drawn = st.tabs(list(tabs.values()), **_held(name, tabs[present], forgets, said, list(said)))
    return present, dict(zip(tabs, drawn, strict=True))


def switch(name: str, label: str, forgets: Sequence[str] = ()) -> bool:
    """Whether something more is shown."""
    present = asked(name) == YES
    st.toggle(label, **_held(name, present, forgets))
    return present


def enter(
    widget: Callable[..., object], name: str, label: str, default: Any = "", forgets: Sequence[str] = (), **looks: Any
) -> Any:
    """A text, or a number not below the default; the default where the address says nothing of its kind."""
    present = _read(asked(name), default)
    widget(label, **looks, **_held(name, present, forgets, {str(default): ""}))
    return present


def _read(text: str, default: Any) -> Any:
    if isinstance(default, str):
        return text or default
    return max(default, int(text)) if re.fullmatch(rf"\d{{1,{LONGEST_NUMBER}}}", text, re.ASCII) else default


def _held(
    name: str,
    present: Any,
    forgets: Sequence[str] = (),
    said: Mapping[str, str] | None = None,
    among: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The arguments of a widget that shows what the address says, and writes the address when it is changed.

    The value is set in every run: a box of choices holds the words of its choice, which may have changed since.
    """
    st.session_state[name] = present
    return {"key": name, "on_change": _write, "args": (name, present, forgets, said or {}, among)}


def _write(
    name: str, present: Any, forgets: Sequence[str], said: Mapping[str, str], among: Sequence[str] | None
) -> None:
    """A widget was changed: write it into the address, in the words of `said` where they differ from the widget's."""
    value = st.session_state[name]
    if value == present or (among is not None and value not in among):
        # a box that was given other words tells its value again, or the words that it had
        return
    text = (YES if value else "") if isinstance(value, bool) else "" if value is None else str(value)
    change(**dict.fromkeys(forgets, ""), **{name: said.get(text, text)})


def _is_step_of_history() -> bool:
    """Whether this run is for Back or Forward."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)


def _page() -> str:
    """The page that this run is for."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def _parameters() -> dict[str, str]:
    return dict(st.query_params.to_dict())
