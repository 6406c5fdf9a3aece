"""`alerts`: runs that are far from what was usual, and a person's word that things are so from now on."""

import argparse
import getpass

from core.bootstrap import build_pipeline
from core.model.incident import Incident
from core.settings import load_settings
from jobs.commands.printing import print_json, print_table


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("alerts", help="runs that are far from what was usual")
    command.add_argument("--expect", metavar="INCIDENT", help="what it found is usual from now on")
    command.add_argument("--why", default="", help="is kept with it")
    command.add_argument("--all", action="store_true", help="also those that are over")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run_alerts)


def run_alerts(options: argparse.Namespace) -> None:
    """List incidents, or expect one."""
    alerts = build_pipeline(load_settings()).alerts
    if options.expect:
        ended = alerts.expect(options.expect, getpass.getuser(), options.why)
        return print(f"{ended.table}: {ended.state} from now on")
    found = alerts.all() if options.all else alerts.open()
    if options.json:
        return print_json(found)
    return print_table([_line(one) for one in found], "All runs are as usual.")


def _line(incident: Incident) -> dict[str, object]:
    return {
        "incident": incident.incident_id,
        "source": incident.source_id,
        "state": incident.state,
        "since": f"{incident.begun_at:%Y-%m-%d %H:%M}",
        "what": incident.sentence,
    }
