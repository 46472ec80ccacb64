"""Which files this user's wsdebug recorded: what they say of a connection is his own word."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wsdebug.errors import RecordingFailed
from wsdebug.session.lines import Header
from wsdebug.session.parse import parse_line
from wsdebug.workspace.folders import library_folder, recordings_folder, state_file
from wsdebug.workspace.history import HistoryFile

__all__ = ["is_own", "kept_own", "remember_own"]

MOST = 2000  # files that are remembered
HEAD = 1 << 16  # bytes in which a header stands


def is_own(path: Path) -> bool:
    """Whether this user's wsdebug recorded a file, as far as can be told: it is his, and stands
    inside a folder that only he may enter, among the recordings or in the library, or is
    remembered: as the same file, with the header it was begun with.
    """
    try:
        own = (recordings_folder().resolve(), library_folder().resolve())
        if path.stat().st_uid != os.getuid():
            return False
        if any(folder in path.resolve().parents for folder in own):
            return True
        return _mark(path) in _remembered().entries()
    except (OSError, RecordingFailed):
        return False


def remember_own(path: Path) -> None:
    """Remember a file that was begun here; one that cannot be will be asked about."""
    try:
        mark = _mark(path)
    except OSError:
        return
    if mark:
        _remembered().add(mark)


@contextmanager
def kept_own(file: Path, path: Path) -> Iterator[None]:
    """While a file is brought to a path, or written anew there: it stays what it was."""
    was_own = is_own(file)
    yield
    if was_own:
        remember_own(path)


def _remembered() -> HistoryFile:
    return HistoryFile(state_file("recorded"), limit=MOST, valid=lambda mark: bool(mark))


def _mark(path: Path) -> list[int | str]:
    """A file and its header's id; empty where it has none. Raises OSError."""
    with path.open("rb") as file:
        inode, data = os.fstat(file.fileno()).st_ino, file.read(HEAD)
    line = parse_line(data.partition(b"\n")[0], 1, first=True)
    name = line.raw.get("id") if isinstance(line, Header) else None
    return [inode, name] if isinstance(name, str) else []
