"""What the library's screen asks for, of whoever keeps the files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from wsdebug.workspace.library import RecordingInfo
from wsdebug.workspace.shelves import SessionFile, Shelf

__all__ = ["Contents", "LibraryWork", "read_contents"]

SMALL = 4 << 20  # bytes of a file that is read at once, whatever state it is in
PAUSE = 0.08  # seconds of reading until what was read is shown; twice as long each time


class LibraryWork(Protocol):
    """What the library does with session files; `shelves` and `facts` in a thread."""

    def shelves(self) -> Sequence[Shelf]:
        """What there is, nothing of it read."""

    def facts(self, file: SessionFile, *, has_name: bool) -> RecordingInfo | str:
        """What a file says of itself, or why it says nothing."""

    def discard(self, path: Path) -> bool:
        """Delete a session so that it can be put back; whether that was possible."""

    def rename(self, path: Path, name: str, shelf: Shelf) -> Path:
        """Give a session another name, or another folder. Raises UsageError, RecordingFailed."""

    def take_back(self) -> Path | None:
        """Undo what was deleted or renamed last; None if it cannot be."""

    def describe(self, info: RecordingInfo, title: str, tags: Sequence[str]) -> None:
        """Give a session a title and tags. Raises RecordingFailed."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the library shows; `known` lacks the files that were not read yet."""

    shelves: Sequence[Shelf] = ()
    known: dict[Path, RecordingInfo | str] = field(default_factory=dict)
    is_complete: bool = False


def read_contents(
    work: LibraryWork,
    take: Callable[[Contents], None],
    is_wanted: Callable[[], bool],
    clock: Callable[[], float],
) -> None:
    """Read the library, and hand on what there is: at first soon, then ever more rarely, so that
    thousands of files are shown without being painted thousands of times.

    Small files come first: a large one that was never finished may have to be counted.
    """
    shelves = work.shelves()
    files = [(file, shelf.has_names) for shelf in shelves for file in shelf.folder.all_files()]
    files.sort(key=lambda one: (one[0].size > SMALL, not one[1], -one[0].modified_ns))
    known: dict[Path, RecordingInfo | str] = {}
    pause = PAUSE
    due = clock() + pause
    was_small = True
    for file, has_name in files:
        if not is_wanted():
            return
        is_small = file.size <= SMALL
        if clock() >= due or is_small is not was_small:
            take(Contents(shelves, dict(known)))
            pause *= 2
            due = clock() + pause
        was_small = is_small
        known[file.path] = work.facts(file, has_name=has_name)
    take(Contents(shelves, known, is_complete=True))
