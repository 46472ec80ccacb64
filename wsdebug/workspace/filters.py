"""Filters that were used, and those that a person keeps by a name."""

from pathlib import Path

from wsdebug.payload.redact import Redactor
from wsdebug.workspace.history import HistoryFile
from wsdebug.workspace.named import NamedFile

__all__ = ["Filters"]

USED = 200  # filters that are remembered


class Filters:
    """Texts in the filter language; `used` is a history file, without what has a secret of the
    `redactor` in it, `names` one JSON object.
    """

    def __init__(self, used: Path, names: Path, redactor: Redactor | None = None) -> None:
        self._used = HistoryFile(
            used, limit=USED, valid=lambda entry: isinstance(entry, str), redactor=redactor
        )
        self._names = NamedFile(names, valid=lambda text: isinstance(text, str))

    def add(self, text: str) -> None:
        """Remember one that was used."""
        if text.strip():
            self._used.add(text.strip())

    def known(self) -> list[str]:
        """Those that were used, newest first, and then those that have a name; each once."""
        return list(dict.fromkeys([*reversed(self._used.entries()), *self.named().values()]))

    def named(self) -> dict[str, str]:
        """Name and text of those that are kept, by name; a damaged file holds none."""
        return self._names.read()

    def keep(self, name: str, text: str) -> None:
        """Keep one by a name, in place of another of that name. Raises RecordingFailed."""
        self._names.keep(name, text)

    def forget(self, name: str) -> None:
        """Keep it no longer. Raises RecordingFailed."""
        self._names.forget(name)
