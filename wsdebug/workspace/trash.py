"""Deleting session files, for good or so that it can be taken back."""

import contextlib
import fcntl
import fnmatch
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wsdebug.errors import RecordingFailed
from wsdebug.workspace.folders import SUFFIX, make_private
from wsdebug.workspace.save import free_name, move_file

__all__ = ["Trash", "discard", "remove_empty", "sweep"]

ENDING = ".deleted"
HIDDEN = f".*{SUFFIX}*{ENDING}"


@dataclass(frozen=True, slots=True)
class _Done:
    path: Path  # where it was
    now: Path
    fd: int | None = None  # of what was deleted: holds the lock of a writer
    made: tuple[Path, ...] = ()  # folders that were made for it, the innermost first
    link: str | None = None  # what a deleted link leads to


class Trash:
    """What was deleted or moved, and may come back: `.NAME.deleted` where it was, until `empty`.

    It stays in its folder, so that the move is one step on every file system, and locked, so that
    no recording begins in it and no other wsdebug sweeps it away.
    """

    def __init__(self) -> None:
        self._done: list[_Done] = []

    def put(self, path: Path) -> bool:
        """Take a file away; false if it is being written or cannot be moved. A link goes, and
        never what it leads to.
        """
        if path.is_symlink():
            return self._put_link(path)
        fd = _locked(path)
        if fd is None:
            return False
        hidden = free_name(path.parent, f".{path.name}", ENDING)
        try:
            path.rename(hidden)
        except OSError:
            os.close(fd)
            return False
        self._done.append(_Done(path, hidden, fd))
        return True

    def _put_link(self, path: Path) -> bool:
        try:
            leads_to = os.readlink(path)
            path.unlink()
        except OSError:
            return False
        self._done.append(_Done(path, path, link=leads_to))
        return True

    def move(self, path: Path, to: Path, made: Iterable[Path] = ()) -> bool:
        """Move a file to where nothing is; false if it is being written or that cannot be.

        `made` are the folders that were made for it, the innermost first: they go when it comes
        back, and those that are not empty stay.
        """
        fd = _locked(path)
        if fd is None:
            return False
        try:
            move_file(path, to)
        except RecordingFailed:
            return False
        finally:
            os.close(fd)
        self._done.append(_Done(path, to, made=tuple(made)))
        return True

    def take_back(self) -> Path | None:
        """Undo the last of both; None if there is nothing, or its place is taken."""
        if not self._done:
            return None
        last = self._done[-1]
        if last.path.exists() or last.path.is_symlink():
            return None
        try:
            make_private(last.path.parent)
            if last.link is not None:
                last.path.symlink_to(last.link)
            else:
                move_file(last.now, last.path)
        except (OSError, RecordingFailed):
            return None
        self._done.pop()
        if last.fd is not None:
            os.close(last.fd)
        remove_empty(last.made)
        return last.path

    def empty(self) -> None:
        """Delete for good; what was moved stays where it is."""
        for one in self._done:
            if one.fd is not None:
                with contextlib.suppress(OSError):
                    one.now.unlink()
                os.close(one.fd)
        self._done.clear()


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove folders, the innermost first, as far as they are empty."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def sweep(folders: Iterable[Path]) -> None:
    """Delete what was left in and below these folders by a wsdebug that did not end in order."""
    for top in folders:
        for folder, _, names in os.walk(top):  # what cannot be read is left out
            for name in fnmatch.filter(names, HIDDEN):
                discard(Path(folder, name))


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
