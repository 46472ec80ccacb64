"""Colour on a terminal: when it is wanted, and the few colours there are."""

import argparse
import os
from typing import IO, Literal

__all__ = ["Paint", "add_color"]

Style = Literal["red", "green", "yellow", "blue", "muted", "bold"]
# Select Graphic Rendition (ECMA-48 section 8.3.117), of the sixteen colours that themes set
CODES: dict[str, int] = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "muted": 2, "bold": 1}


def add_color(parser: argparse.ArgumentParser) -> None:
    """Add `--color`, with the American spelling of every other tool."""
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto: on a terminal, unless NO_COLOR is set",
    )


class Paint:
    """Colours text for a stream, or leaves it as it is."""

    def __init__(self, when: str, stream: IO[str]) -> None:
        """`when` is the value of `--color`."""
        self.is_on = when == "always" or (when == "auto" and _is_wanted(stream))

    def __call__(self, text: str, style: Style) -> str:
        """The text, which has no control characters, in a style."""
        return f"\x1b[{CODES[style]}m{text}\x1b[0m" if self.is_on and text else text


def _is_wanted(stream: IO[str]) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()
