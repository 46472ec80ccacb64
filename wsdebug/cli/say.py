"""What is said to a person: on stderr, where the output is not."""

import sys

from wsdebug.payload.escape import escape

__all__ = ["say"]


def say(words: str) -> None:
    """A line of words; nothing of a peer's in it reaches the terminal as it is."""
    sys.stderr.write(f"wsdebug: {escape(words)}\n")
