"""What a person does to a draft: columns get other names and types or are left out, and a change is taken back.

What is left out stays in the draft, so that it can be taken up again; it is no part of what is accepted.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from core.blueprint.edit import with_table
from core.blueprint.migrate import draft_of
from core.errors import BadInput, Conflict
from core.induce.naming import Names, snake
from core.model import Blueprint, DetailLink, Draft, DraftStep, Field, FieldType, RecordSet

# how many changes can be taken back: each keeps the blueprints as text, some 100 kB at most
MOST_UNDOS = 10
LIST, DETAIL = "main", "detail"
# browsers whose last clicks are remembered
MOST_SENDERS = 20


class Change(NamedTuple):
    """What is done to the field at one position of a table; None leaves a thing as it is."""

    position: int
    name: str | None = None
    type: FieldType | None = None
    keep: bool | None = None


class Click(NamedTuple):
    """What was done to a list of columns at once; numbers grow in one browser."""

    number: int
    changes: Sequence[Change]


def clicked(draft: Draft, template: str, table: str, sender: str, clicks: Sequence[Click]) -> Draft:
    """The draft after clicks in the list of columns that `sender` shows, a step each.

    A click comes until it was answered, often more than once; it is done once.

    Raises:
        BadInput: there is no such table, or no field at a position.
    """
    last = draft.answered.get(sender, 0)
    new = sorted((click for click in clicks if click.number > last), key=lambda click: click.number)
    if not new:
        return draft
    for click in new:
        draft = edited(draft, template, table, click.changes)
    others = {name: number for name, number in draft.answered.items() if name != sender}
    answered = dict([*others.items(), (sender, new[-1].number)][-MOST_SENDERS:])
    return draft.model_copy(update={"answered": answered})


def edited(draft: Draft, template: str, table: str, changes: Sequence[Change]) -> Draft:
    """The draft after changes of fields. Names become lower_snake_case; one that is taken gets a number.

    Raises:
        BadInput: there is no such table, or no field at a position.
    """
    blueprint = draft.blueprints[template]
    found = blueprint.table(table)
    if found is None or any(not 0 <= change.position < len(found.fields) for change in changes):
        raise BadInput("The columns are not what they were.", "Look at them once more, and change them then.")
    fields = list(found.fields)
    for change in changes:
        fields[change.position] = _changed(fields, change)
    renewed = with_table(blueprint, table, lambda old: old.model_copy(update={"fields": tuple(fields)}))
    out = draft.left_out.get(template, ())
    keep = {change.position: change.keep for change in changes if change.keep is not None}
    here = tuple(
        (table, field.name)
        for at, field in enumerate(fields)
        if not keep.get(at, (table, found.fields[at].name) not in out)
    )
    left_out = (*(pair for pair in out if pair[0] != table), *here)
    if renewed == blueprint and set(left_out) == set(out):
        return draft
    after = revised(draft, template, renewed, _words(found.fields, changes))
    return after.model_copy(update={"left_out": draft.left_out | {template: left_out}})


def _changed(fields: Sequence[Field], change: Change) -> Field:
    field = fields[change.position]
    name = _free(change.name or "", field.name, [other.name for other in fields if other is not field])
    kind = change.type or field.type
    pinned = field.pinned or (name, kind) != (field.name, field.type)
    return field.model_copy(update={"name": name, "type": kind, "pinned": pinned})


def _free(wanted: str, present: str, taken: Sequence[str]) -> str:
    """The name nearest to what a person wrote that a column can have; the present one where nothing was written."""
    name = snake(wanted)
    if not name or name == present:
        return present
    names = Names()
    for other in taken:
        names.take(other)
    return names.take(name)


def _words(fields: Sequence[Field], changes: Sequence[Change]) -> str:
    """Changes as a person would call them."""
    if len(changes) != 1:
        return f"the change of {len(changes)} columns"
    change, name = changes[0], fields[changes[0].position].name
    if change.name is not None:
        return f"the new name of {name}"
    if change.type is not None:
        return f"the new type of {name}"
    return f"taking up {name}" if change.keep else f"leaving out {name}"


def revised(draft: Draft, template: str, blueprint: Blueprint, words: str) -> Draft:
    """The draft with another blueprint for a template; `words` say what was done.

    Fields that are what they were stay left out, and links to pages follow the fields that lead there.
    """
    before = draft.blueprints[template]
    out = set(draft.left_out.get(template, ()))
    still = tuple(
        (table.name, field.name)
        for table in blueprint.tables
        for field in table.fields
        if (table.name, field.name) in out and _names(before, blueprint, table.name).get(field.name) == field.name
    )
    blueprints = draft.blueprints | {template: _linked(before, blueprint)}
    if template == DETAIL and LIST in blueprints:
        blueprints[LIST] = _keyed(blueprints[LIST], before, blueprint)
    update = {"blueprints": blueprints, "left_out": draft.left_out | {template: still}}
    return _after(draft, words).model_copy(update=update)


def _names(before: Blueprint, after: Blueprint, table: str) -> dict[str, str]:
    """What the fields of a table are called now; a field is known by the selectors that read it."""
    old, new = before.table(table), after.table(table)
    if old is None or new is None:
        return {}
    called = {field.selectors: field.name for field in new.fields}
    return {field.name: called[field.selectors] for field in old.fields if field.selectors in called}


def _linked(before: Blueprint, after: Blueprint) -> Blueprint:
    """The blueprint of a list whose link to the pages of its records follows the new names of its fields."""
    link = after.details
    if link is None or link != before.details:
        return after
    names = _names(before, after, link.table)
    update = {"field": names.get(link.field, link.field), "key": names.get(link.key, link.key)}
    return after.model_copy(update={"details": link.model_copy(update=update)})


def _keyed(main: Blueprint, before: Blueprint, after: Blueprint) -> Blueprint:
    """The blueprint of a list whose key on the pages of its records follows the new names there."""
    if main.details is None:
        return main
    names = _names(before, after, after.tables[0].name)
    key = names.get(main.details.page_key, main.details.page_key)
    return main.model_copy(update={"details": main.details.model_copy(update={"page_key": key})})


def _after(draft: Draft, words: str) -> Draft:
    """The draft with its present state as the newest step to go back to."""
    state = draft.model_dump(mode="json", include={"blueprints", "left_out"})
    step = DraftStep(words=words, before=json.dumps(state, ensure_ascii=False))
    return draft.model_copy(update={"steps": (*draft.steps, step)[-MOST_UNDOS:]})


def undone(draft: Draft) -> Draft:
    """The draft without its last change.

    Raises:
        Conflict: there is none.
    """
    if not draft.steps:
        raise Conflict("There is no change to take back.", "Go on with the columns as they are.")
    whole = draft.model_dump(mode="json") | json.loads(draft.steps[-1].before)
    return draft_of(whole).model_copy(update={"steps": draft.steps[:-1]})


def kept(draft: Draft, template: str) -> Blueprint | None:
    """What a template reads when the draft is accepted: without the fields that were left out, and without tables of
    which nothing is left; None when nothing is.
    """
    out = set(draft.left_out.get(template, ()))
    blueprint = draft.blueprints[template]
    tables = [
        table.model_copy(update={"fields": fields})
        for table in blueprint.tables
        if (fields := tuple(field for field in table.fields if (table.name, field.name) not in out))
    ]
    names = {table.name for table in tables}
    held = tuple(table for table in tables if table.parent is None or table.parent in names)
    link = _held(blueprint.details, held)
    return blueprint.model_copy(update={"tables": held, "details": link}) if held else None


def _held(link: DetailLink | None, tables: Sequence[RecordSet]) -> DetailLink | None:
    """The link to the pages behind the records, as far as the columns that it needs are there."""
    fields = {field.name for table in tables if link is not None and table.name == link.table for field in table.fields}
    if link is None or link.field not in fields:
        return None
    return link if link.key in fields else link.model_copy(update={"key": "", "page_key": ""})


def leads_on(draft: Draft) -> bool:
    """Whether the column that leads to the pages behind the records is kept."""
    blueprint = kept(draft, LIST) if LIST in draft.blueprints else None
    return blueprint is not None and blueprint.details is not None
