"""What a person keeps by names: one JSON object in a private file, replaced as a whole."""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wsdebug.errors import RecordingFailed
from wsdebug.workspace.folders import make_private

__all__ = ["NamedFile"]

LARGEST = 16 << 20  # bytes read of the file


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """While no other wsdebug has the folder: the file itself is replaced. Raises OSError."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


class NamedFile:
    """Names and values; values that are not `valid` are left out, a damaged file holds none.

    Several wsdebugs may share one: what another has kept since is not lost.
    """

    def __init__(self, path: Path, *, valid: Callable[[Any], bool]) -> None:
        self._path = path
        self._valid = valid

    def read(self) -> dict[str, Any]:
        """Everything, by name."""
        try:
            with self._path.open("rb") as file:
                found = json.loads(file.read(LARGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict):
            return {}
        return dict(sorted((name, one) for name, one in found.items() if self._valid(one)))

    def keep(self, name: str, value: Any) -> None:
        """Keep a value, in place of another of that name. Raises RecordingFailed."""
        self._change(lambda named: {**named, name: value})

    def forget(self, name: str) -> None:
        """Keep it no longer. Raises RecordingFailed."""
        self._change(lambda named: {key: value for key, value in named.items() if key != name})

    def _change(self, changed: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with locked(make_private(self._path.parent)):
                fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
                with os.fdopen(fd, "w", encoding="ascii") as file:
                    json.dump(changed(self.read()), file, indent=1)
                os.replace(fresh, self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink()
            why = (error.strerror or str(error)).lower()
            path = str(self._path)
            raise RecordingFailed(f"{path} cannot be written: {why}", path=path) from error
