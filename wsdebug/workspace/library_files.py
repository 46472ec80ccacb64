"""What is done to the files of the library."""

from collections.abc import Sequence
from pathlib import Path

from wsdebug.session.annotate import add_meta
from wsdebug.workspace.recording import RecordingInfo
from wsdebug.workspace.trash import Trash

__all__ = ["LibraryFiles"]


class LibraryFiles:
    """Deletes sessions so that they can be put back, and gives them titles and tags."""

    def __init__(self) -> None:
        self._trash = Trash()

    def discard(self, path: Path) -> bool:
        """Delete a session; false if it is being written or cannot be deleted."""
        return self._trash.put(path)

    def take_back(self) -> Path | None:
        """Put back what was deleted last; None if it cannot be."""
        return self._trash.take_back()

    def describe(self, info: RecordingInfo, title: str, tags: Sequence[str]) -> None:
        """Give a session a title and tags. Raises RecordingFailed."""
        add_meta(str(info.path), title=title, tags=tags, time_us=info.duration_us or 0)

    def left(self) -> None:
        """The library was left: what was deleted is gone."""
        self._trash.empty()
