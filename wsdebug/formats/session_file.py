"""Sessions as sessions: line by line as they stand, secrets masked, archives inflated."""

from typing import BinaryIO

from wsdebug.formats.source import Source

__all__ = ["write"]


def write(source: Source, out: BinaryIO) -> None:
    """Write every line, comments and unknown keys included. Raises SessionUnreadable, OSError."""
    for item in source:
        out.write(item.raw + b"\n")
