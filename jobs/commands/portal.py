"""`portal`: serve the sample portal until Ctrl+C."""

import argparse
from typing import TYPE_CHECKING

from core.settings import load_settings
from jobs.commands.numbers import whole_number

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def register(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("portal", help="serve the sample procurement portal on this machine")
    parser.add_argument(
        "--port",
        type=whole_number(0, 65535),
        help="loopback port; 0 takes a free one (default: SDP_SAMPLE_PORTAL_PORT)",
    )
    parser.add_argument("--redesigned", action="store_true", help="begin with the new design")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Serve until Ctrl+C."""
    from jobs.portal.server import PortalServer

    port = load_settings().sample_portal_port if options.port is None else options.port
    with PortalServer(port, redesigned=options.redesigned) as server:
        print(f"Sample portal at {server.url} (Ctrl+C ends it)", flush=True)
        server.wait()
