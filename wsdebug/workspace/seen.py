"""What a person was shown once, and is not shown by itself again."""

from pathlib import Path

from wsdebug.workspace.history import HistoryFile

__all__ = ["Seen"]

NAMES = 100  # that are remembered


class Seen:
    """Names of such things, in a history file."""

    def __init__(self, path: Path) -> None:
        self._file = HistoryFile(path, limit=NAMES, valid=lambda entry: isinstance(entry, str))

    def __contains__(self, name: str) -> bool:
        return name in self._file.entries()

    def add(self, name: str) -> None:
        """Remember it; where that cannot be written, it will be shown again."""
        self._file.add(name)
