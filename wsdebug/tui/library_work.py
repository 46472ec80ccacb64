"""What the library's screen asks for, of whoever keeps the files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from wsdebug.workspace.library import RecordingInfo

__all__ = ["LibraryWork"]


class LibraryWork(Protocol):
    """What the library does to session files."""

    def discard(self, path: Path) -> bool:
        """Delete a session so that it can be put back; whether that was possible."""

    def take_back(self) -> Path | None:
        """Put back the last one; None if it cannot be."""

    def describe(self, info: RecordingInfo, title: str, tags: Sequence[str]) -> None:
        """Give a session a title and tags. Raises RecordingFailed."""
