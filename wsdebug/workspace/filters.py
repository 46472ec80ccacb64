"""Filters that were used, and those that a person keeps by a name."""

import contextlib
import json
import os
from pathlib import Path

from wsdebug.errors import RecordingFailed
from wsdebug.workspace.folders import make_private
from wsdebug.workspace.history import HistoryFile

__all__ = ["Filters"]

USED = 200  # filters that are remembered
LARGEST = 1 << 20  # bytes read of the file of names


class Filters:
    """Texts in the filter language; `used` is a history file, `names` one JSON object."""

    def __init__(self, used: Path, names: Path) -> None:
        self._used = HistoryFile(used, limit=USED, valid=lambda entry: isinstance(entry, str))
        self._names = names

    def add(self, text: str) -> None:
        """Remember one that was used."""
        if text.strip():
            self._used.add(text.strip())

    def known(self) -> list[str]:
        """Those that were used, newest first, and then those that have a name; each once."""
        return list(dict.fromkeys([*reversed(self._used.entries()), *self.named().values()]))

    def named(self) -> dict[str, str]:
        """Name and text of those that are kept, by name; a damaged file holds none."""
        try:
            with self._names.open("rb") as file:
                found = json.loads(file.read(LARGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict):
            return {}
        texts = {name: text for name, text in found.items() if isinstance(text, str)}
        return dict(sorted(texts.items()))

    def keep(self, name: str, text: str) -> None:
        """Keep one by a name, in place of another of that name. Raises RecordingFailed."""
        self._write({**self.named(), name: text})

    def forget(self, name: str) -> None:
        """Keep it no longer. Raises RecordingFailed."""
        self._write({key: text for key, text in self.named().items() if key != name})

    def _write(self, named: dict[str, str]) -> None:
        fresh = self._names.with_name(f"{self._names.name}.{os.getpid()}")
        try:
            make_private(self._names.parent)
            fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                json.dump(named, file, ensure_ascii=False, indent=1)
            os.replace(fresh, self._names)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink()
            why = (error.strerror or str(error)).lower()
            path = str(self._names)
            raise RecordingFailed(f"{path} cannot be written: {why}", path=path) from error
