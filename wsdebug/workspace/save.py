"""A name for a session: checked, and its file brought there."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.workspace.folders import SUFFIX, library_folder, make_private, recordings_folder
from wsdebug.workspace.own import kept_own

__all__ = [
    "SESSIONS",
    "Where",
    "beside",
    "elsewhere",
    "free_name",
    "make_room",
    "move_file",
    "path_in",
    "place_of",
    "save_file",
    "save_path",
    "shown_path",
    "write_new",
]

Where = Literal["sessions", "library", "path"]
SESSIONS = Path("sessions")  # in the folder where wsdebug was started
DEEPEST = 16  # folders in each other
LONGEST = 200  # bytes of a name, so that it fits every file system with its suffix
FORBIDDEN = '\\:*?"<>|'


def _checked(name: str) -> str:
    """The name without spaces around it and without the suffix.

    Raises UsageError (field `name`) in words for what cannot be a file name everywhere.
    """
    name = name.strip().removesuffix(SUFFIX).strip()
    if not name:
        raise UsageError("type a name", field="name")
    for char in name:
        if char in FORBIDDEN:
            raise UsageError(f"a name cannot have {char} in it", field="name")
        if not char.isprintable():
            raise UsageError("a name cannot have invisible characters in it", field="name")
    if name[0] in ".-":
        raise UsageError(f"a name cannot begin with {name[0]}", field="name")
    if len(name.encode()) > LONGEST:
        raise UsageError("this name is too long", field="name")
    return name


def path_in(folder: Path, name: str, suffix: str = SUFFIX) -> Path:
    """Where a session named `name` would be in a folder; `orders/login` is one in a folder of it.

    Raises UsageError (field `name`) in words if the name cannot be.
    """
    *folders, last = name.strip().removesuffix(suffix).split("/")
    if len(folders) > DEEPEST:
        raise UsageError("these are too many folders", field="name")
    return folder.joinpath(*map(_checked, folders), f"{_checked(last)}{suffix}")


def place_of(name: str, where: Where) -> Path:
    """Where a session named `name` would be in ./sessions or the library, as `path_in`; for `path`
    the name is a path itself, whose folder is there.

    Raises UsageError (field `name`) in words if the name cannot be; RecordingFailed if there can
    be no library.
    """
    if where == "path" and name.strip():
        typed = Path(name.strip())
        try:
            path = typed.expanduser()
        except RuntimeError:  # ~nobody
            path = typed
        if path.is_dir():
            raise UsageError("this is a folder; type a name after it", field="name")
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {path.parent}", field="name")
        return path.parent / f"{_checked(path.name)}{SUFFIX}"
    return path_in(SESSIONS if where == "sessions" else library_folder(), name)


def save_path(name: str, where: Where) -> Path:
    """`place_of`, with the folder made and nothing standing there yet.

    Raises UsageError (field `name`) in words if the name cannot be or is taken, or the folder
    cannot be made; RecordingFailed if the library's cannot.
    """
    return make_room(place_of(name, where))


def make_room(path: Path) -> Path:
    """The path, with its folder made. Raises UsageError (field `name`) where something stands
    there already, or the folder cannot be made.
    """
    try:
        make_private(path.parent)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot make {path.parent}: {why}", field="name") from error
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path.name} is there already; choose another name", field="name")
    return path


def elsewhere(file: Path, size: int) -> Path:
    """A folder of this user on another disk than a file's, with more than `size` bytes free; home
    where there is none, or where that is not known, this one.
    """
    home = Path(os.path.expanduser("~"))
    for folder in (Path.cwd(), home, Path(tempfile.gettempdir())):
        try:
            is_other = folder.stat().st_dev != file.parent.stat().st_dev
            if is_other and shutil.disk_usage(folder).free > size and os.access(folder, os.W_OK):
                return folder
        except OSError:
            continue
    return home if home.is_absolute() else Path.cwd()


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A path in a folder where nothing is yet: `copied.txt`, `copied-2.txt` …"""
    number = 1
    while True:
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}"
        if not (path.exists() or path.is_symlink()):
            return path
        number += 1


def beside(session: Path | None) -> Path:
    """Where files made from a session go: beside it if it was saved, else where wsdebug was
    started.
    """
    if session is None or session.resolve().parent == recordings_folder().resolve():
        return Path()
    return session.parent


def shown_path(path: Path) -> str:
    """A path as a sentence names it: `./a.svg`."""
    return str(path) if path.is_absolute() else f"./{path}"


def write_new(folder: Path, stem: str, suffix: str, data: bytes) -> Path:
    """Write a file, for this user alone, of a name that is free. Raises RecordingFailed."""
    path = free_name(folder, stem, suffix)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(data)
        except OSError:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise RecordingFailed(
            f"{shown_path(path)} cannot be written: {why}", path=str(path)
        ) from error
    return path


def save_file(file: Path, path: Path) -> None:
    """Bring a session file to `path`: one of the recordings folder is moved, another is copied.

    Never puts it in place of another file. Raises RecordingFailed.
    """
    is_recording = file.resolve().parent == recordings_folder().resolve()
    with kept_own(file, path):
        (move_file if is_recording else copy_file)(file, path)


def move_file(file: Path, path: Path) -> None:
    """Move a file, never in place of another. Raises RecordingFailed."""
    with _told(path):
        try:
            os.link(file, path, follow_symlinks=False)
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP):
                raise
            _copy(file, path)  # another file system, or one without hard links
        file.unlink()


def copy_file(file: Path, path: Path) -> None:
    """Copy a file, never in place of another. Raises RecordingFailed."""
    with _told(path):
        _copy(file, path)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise RecordingFailed(f"{path} exists; choose another name", path=str(path)) from None
    except OSError as error:
        why = f"cannot save as {path}: {(error.strerror or str(error)).lower()}"
        raise RecordingFailed(why, path=str(path)) from error


def _copy(file: Path, path: Path) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "wb") as target, file.open("rb") as source:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
