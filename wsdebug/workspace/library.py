"""Recordings and saved sessions: listing, what crashed, and how long unnamed ones stay."""

import contextlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from wsdebug.workspace.folders import (
    SUFFIX,
    library_folder,
    recordings_folder,
    state_file,
)
from wsdebug.workspace.history import HistoryFile
from wsdebug.workspace.recording import RecordingInfo, read_info
from wsdebug.workspace.save import SESSIONS
from wsdebug.workspace.shelves import list_folder
from wsdebug.workspace.trash import discard

__all__ = [
    "RecordingInfo",
    "count_saved",
    "crashed_to_offer",
    "discard",
    "list_recordings",
    "mark_offered",
    "prune",
    "read_info",
]

DAY = 86_400  # seconds
OFFERED = 10_000  # names of crashed recordings that were offered


def list_recordings(
    folders: Sequence[Path] | None = None, *, saved: bool = False
) -> list[RecordingInfo]:
    """The sessions in these folders, newest first; those of the recordings folder by default.

    Reads only the first and last lines of each, and counts where there is no `end`. What cannot
    be read, and what is no session, is left out. `saved` marks them as having names.
    """
    if folders is None:
        folders = [recordings_folder()]
    found = (read_info(path, saved=saved) for folder in folders for path in _files(folder))
    infos = [info for info in found if info is not None]
    return sorted(infos, key=lambda info: (info.started, info.path.name), reverse=True)


def count_saved() -> int:
    """How many sessions with names there are, in the library, in ./sessions and their folders,
    by the names of their files alone.
    """
    tops = (list_folder(library_folder()), list_folder(SESSIONS))
    return sum(1 for top in tops for file in top.all_files() if not file.problem)


def _files(folder: Path) -> Iterable[Path]:
    try:
        with os.scandir(folder) as entries:
            return [
                Path(entry.path)
                for entry in entries
                if entry.name.endswith((SUFFIX, f"{SUFFIX}.gz"))
                and entry.is_file(follow_symlinks=False)
            ]
    except OSError:
        return []


def crashed_to_offer(infos: Iterable[RecordingInfo]) -> list[RecordingInfo]:
    """Those that crashed and were never offered; call `mark_offered` once they are shown."""
    offered = _offered()
    return [info for info in infos if info.crashed and info.path.name not in offered]


def mark_offered(infos: Iterable[RecordingInfo]) -> None:
    """Remember that these were offered: they are not offered again, and may be pruned."""
    file = _offered_file()
    offered = _offered()
    for info in infos:
        if info.path.name not in offered:
            file.add(info.path.name)


def _offered_file() -> HistoryFile:
    return HistoryFile(state_file("offered"), limit=OFFERED, valid=_is_name)


def _is_name(entry: Any) -> bool:
    return isinstance(entry, str)


def _offered() -> frozenset[str]:
    return frozenset(_offered_file().entries())


def prune(*, now: datetime, days: int, max_bytes: int) -> list[Path]:
    """Delete unnamed recordings that were last written more than `days` ago, and then the oldest
    until all together take at most `max_bytes`. Returns what was deleted.

    Never one that is being written, and never a crashed one that was not yet offered. `now`
    knows its zone.
    """
    files: list[tuple[float, int, Path]] = []
    for path in _files(recordings_folder()):
        with contextlib.suppress(OSError):
            status = path.stat()
            files.append((status.st_mtime, status.st_size, path))
    files.sort()
    total = sum(size for _, size, _ in files)
    oldest = int(now.timestamp()) - days * DAY  # however many: no date is so long ago
    offered = _offered()
    deleted: list[Path] = []
    for modified, size, path in files:
        if modified >= oldest and total <= max_bytes:
            break
        if _may_go(path, offered) and discard(path):
            deleted.append(path)
            total -= size
    return deleted


def _may_go(path: Path, offered: frozenset[str]) -> bool:
    info = read_info(path)
    # What is no session, or says not of what, was not recorded here: not ours to delete.
    if info is None or not info.url:
        return False
    return not info.live and (not info.crashed or path.name in offered)
