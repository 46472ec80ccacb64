"""A name for a session: checked, and its file brought there."""

import errno
import os
import shutil
from pathlib import Path
from typing import Literal

from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.workspace.folders import SUFFIX, library_folder, make_private, recordings_folder

__all__ = ["SESSIONS", "Where", "checked_name", "free_name", "save_file", "save_path"]

Where = Literal["sessions", "library"]
SESSIONS = Path("sessions")  # in the folder where wsdebug was started
LONGEST = 200  # bytes of a name, so that it fits every file system with its suffix
FORBIDDEN = '/\\:*?"<>|'


def checked_name(name: str) -> str:
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


def save_path(name: str, where: Where, *, sessions: Path = SESSIONS) -> Path:
    """The path for a session saved as `name` in ./sessions or the library; its folder is made.

    Raises UsageError (field `name`) in words if the name cannot be or is taken, or the folder
    cannot be made; RecordingFailed if the library's cannot.
    """
    stem = checked_name(name)
    folder = sessions if where == "sessions" else library_folder()
    try:
        make_private(folder)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot make {folder}: {why}", field="name") from error
    path = folder / f"{stem}{SUFFIX}"
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path.name} is there already; choose another name", field="name")
    return path


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A path in a folder where nothing is yet: `copied.txt`, `copied-2.txt` …"""
    number = 1
    while True:
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}"
        if not (path.exists() or path.is_symlink()):
            return path
        number += 1


def save_file(file: Path, path: Path) -> None:
    """Bring a session file to `path`: one of the recordings folder is moved, another is copied.

    Never puts it in place of another file. Raises RecordingFailed.
    """
    try:
        if file.resolve().parent != recordings_folder().resolve():
            _copy(file, path)
            return
        try:
            os.link(file, path, follow_symlinks=False)
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP):
                raise
            _copy(file, path)  # another file system, or one without hard links
        file.unlink()
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
