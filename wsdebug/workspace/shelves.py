"""Session files in their folders, listed without being opened: a tree that always ends."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from wsdebug.errors import RecordingFailed
from wsdebug.workspace.folders import SUFFIX, library_folder, recordings_folder
from wsdebug.workspace.save import SESSIONS

__all__ = ["Folder", "SessionFile", "Shelf", "list_folder", "list_shelves"]

Place = Literal["sessions", "library", "recordings"]
ENDINGS = (SUFFIX, f"{SUFFIX}.gz")
DEEPEST = 40  # folders in each other that are looked into
FOLDERS = 5_000  # folders of a shelf that are looked into
FILES = 200_000  # session files of a shelf that are listed
TOO_DEEP = "too deep to be looked into"
TOO_MANY = "more folders than are looked into"


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A file with the name of a session; `problem` says why it cannot be one."""

    path: Path
    size: int = 0  # bytes
    modified_ns: int = 0  # since 1970
    problem: str = ""


@dataclass(slots=True)
class Folder:
    """What stands in a folder; `problem` says why that is not known."""

    path: Path
    folders: list["Folder"] = field(default_factory=list)
    files: list[SessionFile] = field(default_factory=list)
    problem: str = ""

    def all_files(self) -> Iterator[SessionFile]:
        """Those of the folders in it too."""
        waiting = [self]
        while waiting:
            folder = waiting.pop()
            yield from folder.files
            waiting += folder.folders

    def all_folders(self) -> Iterator["Folder"]:
        """It, and those in it."""
        waiting = [self]
        while waiting:
            folder = waiting.pop()
            yield folder
            waiting += folder.folders


@dataclass(frozen=True, slots=True)
class Shelf:
    """One of the places where sessions stand."""

    place: Place
    folder: Folder

    @property
    def has_names(self) -> bool:
        """Whether its sessions were given names."""
        return self.place != "recordings"


def list_shelves(sessions: Path = SESSIONS) -> list[Shelf]:
    """./sessions, the library and the recordings. A folder that cannot be used has a problem."""
    return [
        Shelf("sessions", list_folder(sessions)),
        Shelf("library", _own(library_folder)),
        Shelf("recordings", _own(recordings_folder)),
    ]


def _own(find: Callable[[], Path]) -> Folder:
    try:
        return list_folder(find())
    except RecordingFailed as error:
        return Folder(Path(error.path or ""), problem=str(error))


def list_folder(root: Path) -> Folder:
    """The sessions below a folder; one that is not there is empty.

    Links to folders are followed, but no folder is looked into twice: a real one stands where it
    is, however many links lead to it. Hidden folders, and those without any session, are left
    out. Raises nothing.
    """
    walk = _Walk(root)
    top = walk.look(root)
    walk.follow_links()
    _prune(top)
    return top


class _Walk:
    """Goes through folders; real ones first."""

    def __init__(self, root: Path) -> None:
        self._seen: set[tuple[int, int]] = set()
        self._links: list[tuple[Folder, Path]] = []
        self._files = 0
        self._is_full = False
        self._depth = len(root.parts)

    def look(self, root: Path) -> Folder:
        top = Folder(root)
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            try:
                self._look_into(folder)
            except FileNotFoundError:
                pass  # nothing is there, or not any more
            except OSError as error:
                folder.problem = f"cannot be read: {(error.strerror or str(error)).lower()}"
            waiting += folder.folders
        return top

    def follow_links(self) -> None:
        """What they lead to may have links of its own."""
        while self._links:
            parent, path = self._links.pop(0)
            parent.folders.append(self.look(path))

    def _look_into(self, folder: Folder) -> None:
        status = folder.path.stat()
        key = (status.st_dev, status.st_ino)
        if key in self._seen:
            folder.problem = "a link to a folder that stands here already"
            return
        if len(self._seen) >= FOLDERS or self._files >= FILES:
            folder.problem, self._is_full = "" if self._is_full else TOO_MANY, True
            return
        if len(folder.path.parts) - self._depth > DEEPEST:
            folder.problem = TOO_DEEP
            return
        self._seen.add(key)
        with os.scandir(folder.path) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    self._take(folder, entry)

    def _take(self, folder: Folder, entry: os.DirEntry[str]) -> None:
        path = Path(entry.path)
        try:
            if entry.is_dir(follow_symlinks=False):
                folder.folders.append(Folder(path))
            elif entry.is_dir():
                self._links.append((folder, path))
            elif entry.name.endswith(ENDINGS) and (entry.is_file() or not path.exists()):
                status = entry.stat()
                folder.files.append(SessionFile(path, status.st_size, status.st_mtime_ns))
                self._files += 1
        except OSError:
            if entry.name.endswith(ENDINGS):
                folder.files.append(SessionFile(path, problem="a link that leads nowhere"))


def _prune(top: Folder) -> None:
    """Take folders away that have nothing to show."""
    order = list(top.all_folders())
    for folder in reversed(order):  # the inner ones first
        folder.folders = [one for one in folder.folders if one.files or one.folders or one.problem]
