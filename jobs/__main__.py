"""The command line: `python -m jobs COMMAND …`. Exit 0 done, 1 the work failed (one clear line), 2 usage."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from core.errors import PipelineError
from core.text.redaction import redact_output

MODULES = {
    "learn": "jobs.commands.files",
    "extract": "jobs.commands.files",
    "heal": "jobs.commands.files",
    "propose": "jobs.commands.proposing",
    "cluster": "jobs.commands.clustering",
    "match": "jobs.commands.matching",
    "clusters": "jobs.commands.clusters",
    "add": "jobs.commands.sources",
    "run": "jobs.commands.sources",
    "status": "jobs.commands.looking",
    "tasks": "jobs.commands.looking",
    "events": "jobs.commands.looking",
    "query": "jobs.commands.looking",
    "repair": "jobs.commands.repairing",
    "replay": "jobs.commands.repairing",
    "worker": "jobs.commands.flow",
    "flow": "jobs.commands.flow",
    "cancel": "jobs.commands.flow",
    "pause": "jobs.commands.flow",
    "resume": "jobs.commands.flow",
    "letters": "jobs.commands.flow",
    "proposals": "jobs.commands.schemas",
    "approve": "jobs.commands.schemas",
    "reject": "jobs.commands.schemas",
    "schemas": "jobs.commands.schemas",
    "review": "jobs.commands.review",
    "alerts": "jobs.commands.alerts",
    "table": "jobs.commands.table",
    "check": "jobs.commands.check",
    "upkeep": "jobs.commands.upkeep",
    "backup": "jobs.commands.upkeep",
    "restore": "jobs.commands.upkeep",
    "demo": "jobs.commands.demo",
    "portal": "jobs.commands.portal",
}


def build_parser(command: str | None) -> argparse.ArgumentParser:
    """The parser with the commands of one module, or of all: what is not asked for is not imported."""
    parser = argparse.ArgumentParser(prog="python -m jobs", description="Smart Data Pipeline on the command line.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = {MODULES[command]} if command in MODULES else set(MODULES.values())
    for module in sorted(wanted):
        importlib.import_module(module).register(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    redact_output()
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = build_parser(words[0] if words else None).parse_args(words)
    try:
        options.run(options)
    except PipelineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
