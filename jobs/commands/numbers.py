"""Numbers on the command line: what cannot be meant is wrong usage, not work that fails later."""

import argparse
from collections.abc import Callable

# a port, and more rows, pages or processes than any list here is long
LARGEST = 1_000_000
# beyond it a calendar ends before the past that was asked for
LARGEST_DAYS = 36_500  # a hundred years


def whole_number(least: int, most: int = LARGEST) -> Callable[[str], int]:
    """A reader of whole numbers for `type=`."""

    def read(text: str) -> int:
        number = int(text) if text.strip().lstrip("-").isdecimal() and len(text) < 20 else None
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
        return number

    return read
