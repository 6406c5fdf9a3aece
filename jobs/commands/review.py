"""`review`: values that were refused, and what a person decides about them, one by one or many alike."""

import argparse
import getpass
from collections.abc import Sequence

from core.bootstrap import build_pipeline
from core.errors import BadSetting
from core.model.review import ItemState, ReviewFilter, ReviewGroup, ReviewItem
from core.pipeline.review import MOST_TOGETHER, Review
from core.settings import load_settings
from jobs.commands.printing import print_json, print_table

ACTS = ("list", "show", "accept", "correct", "reject", "rule", "teach", "undo", "coverage")
# letters of a text in a list
SHOWN_LETTERS = 60
NOTHING_WAITS = "Nothing waits: all rows fit their tables, or were decided about."


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("review", help="values that were refused: let them in, correct them, keep them out")
    command.add_argument("act", nargs="?", choices=ACTS, help="without one: how many wait, by rule, column and source")
    command.add_argument("items", nargs="*", metavar="ITEM", help="which ones; or all that the options mean")
    command.add_argument("--table", default="", help="of this approved table")
    command.add_argument("--column", default="", help="of this column")
    command.add_argument("--rule", default="", help="that broke this rule")
    command.add_argument("--source", default="", help="of this source")
    command.add_argument("--value", action="append", default=[], help="what is right, as the page would write it")
    command.add_argument("--why", default="", help="is kept with the decision")
    command.add_argument("--all", action="store_true", help="list also what was decided about")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run_review)


def run_review(options: argparse.Namespace) -> None:
    """Count, list, show, or decide."""
    review = build_pipeline(load_settings()).review
    if options.act is None:
        groups = review.groups()
        return print_json(groups) if options.json else print_table([_group_line(one) for one in groups], NOTHING_WAITS)
    if options.act == "list":
        found = review.find(_meant(options), tuple(ItemState) if options.all else (ItemState.OPEN,))
        return print_json(found) if options.json else print_table([_line(one) for one in found], NOTHING_WAITS)
    if options.act == "coverage":
        return _cover(review, options)
    items = _chosen(review, options)
    if options.act == "show":
        return print_json(items)
    return _decide(review, items, options)


def _cover(review: Review, options: argparse.Namespace) -> None:
    if not options.source:
        raise BadSetting("It is not said which source is meant.", "Say --source.")
    found = review.coverage(options.source)
    if options.json:
        return print_json([one._asdict() for one in found])
    rows = [
        {"template": one.template, "version": one.version, "column": column, "read": said, "learned from": one.pages}
        for one in found
        for said, columns in (("twice", one.twice), ("once", one.alone))
        for column in columns
    ]
    return print_table(rows, "No second reader was learned yet: it follows the next run.")


def _decide(review: Review, items: Sequence[ReviewItem], options: argparse.Namespace) -> None:
    by = getpass.getuser()
    if options.act == "rule":
        proposal = review.make_rule(items, by, options.why)
        print(f"Version {proposal.base + 1} of {proposal.schema_name} is proposed: {proposal.review_id}")
        return
    if options.act == "teach":
        staged = review.teach(items, by)
        print(f"A repair of {staged.source_id} is staged: promote it under Doctor.")
        return
    if options.act == "correct":
        review.correct(items, options.value, by, options.why)
    else:
        {"accept": review.accept, "reject": review.reject, "undo": review.undo}[options.act](items, by, options.why)
    print(f"{len(items)} decided; the rows follow: python -m jobs run --until-idle")


def _chosen(review: Review, options: argparse.Namespace) -> list[ReviewItem]:
    """The items that are named, or all open ones that the options mean: a word about all is said about something."""
    if options.items:
        return [review.item(item_id) for item_id in options.items]
    wanted = _meant(options)
    if not any(wanted):
        raise BadSetting(
            "It is not said which items are meant.", "Name them, or say --table, --column, --rule, --source."
        )
    states = {"teach": (ItemState.CORRECTED,)}.get(options.act, (ItemState.OPEN,))
    found = review.find(wanted, states, limit=MOST_TOGETHER)
    if not found:
        raise BadSetting("No item that waits is meant.", "See python -m jobs review.")
    return found


def _meant(options: argparse.Namespace) -> ReviewFilter:
    return ReviewFilter(options.table.removeprefix("silver."), options.column, options.rule, options.source)


def _group_line(group: ReviewGroup) -> dict[str, object]:
    like = group.like
    return {
        "items": group.items,
        "table": like.schema_name,
        "column": like.column,
        "rule": like.rule,
        "source": like.source_id,
    }


def _line(item: ReviewItem) -> dict[str, object]:
    return {
        "item": item.item_id,
        "table": item.schema_name,
        "column": item.column,
        "rule": item.rule,
        "source": item.source_id,
        "value": item.text[:SHOWN_LETTERS],
        "second": item.second[:SHOWN_LETTERS],
        "state": item.state,
    }
