"""Deleting session files, for good or so that it can be taken back."""

import contextlib
import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wsdebug.workspace.save import free_name

__all__ = ["Trash", "discard", "sweep"]

ENDING = ".deleted"


@dataclass(frozen=True, slots=True)
class _Deleted:
    path: Path
    hidden: Path
    fd: int  # holds the lock of a writer


class Trash:
    """What was deleted and may come back: `.NAME.deleted` where it was, until `empty`.

    It stays in its folder, so that the move is one step on every file system, and locked, so that
    no recording begins in it and no other wsdebug sweeps it away.
    """

    def __init__(self) -> None:
        self._deleted: list[_Deleted] = []

    def put(self, path: Path) -> bool:
        """Take a file away; false if it is being written or cannot be moved."""
        fd = _locked(path)
        if fd is None:
            return False
        hidden = free_name(path.parent, f".{path.name}", ENDING)
        try:
            path.rename(hidden)
        except OSError:
            os.close(fd)
            return False
        self._deleted.append(_Deleted(path, hidden, fd))
        return True

    def take_back(self) -> Path | None:
        """Put back what was deleted last; None if there is nothing, or its place is taken."""
        if not self._deleted:
            return None
        last = self._deleted[-1]
        if last.path.exists() or last.path.is_symlink():
            return None
        try:
            last.hidden.rename(last.path)
        except OSError:
            return None
        self._deleted.pop()
        os.close(last.fd)
        return last.path

    def empty(self) -> None:
        """Delete for good."""
        for one in self._deleted:
            with contextlib.suppress(OSError):
                one.hidden.unlink()
            os.close(one.fd)
        self._deleted.clear()


def sweep(folders: Iterable[Path]) -> None:
    """Delete what was left in these folders by a wsdebug that did not end in order."""
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in folder.glob(f".*.ws.jsonl*{ENDING}"):
                discard(path)


def discard(path: Path) -> bool:
    """Delete a session file; false if it is being written or cannot be deleted."""
    fd = _locked(path)
    if fd is None:
        return False
    try:
        path.unlink()
    except OSError:
        return False
    finally:
        os.close(fd)
    return True


def _locked(path: Path) -> int | None:
    """The file, held so that no recording can begin in it; None where somebody writes it."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return None
    return fd
