"""What a writer tells of each line that can be read."""

from typing import Protocol

__all__ = ["Lines"]


class Lines(Protocol):
    """Who counts the lines of a session while it grows."""

    lines: int

    def add(self, chunk: bytes) -> None:
        """Take whole lines."""

    def add_plain(self, chunk: bytes, lines: int) -> None:
        """Take so many whole lines, all of frames without a violation."""

    def add_long(self, head: bytes, size: int) -> None:
        """Take one line of `size` bytes, newline included, by its first bytes."""
