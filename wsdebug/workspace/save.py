"""A name for a session: checked, and where its file goes."""

from pathlib import Path
from typing import Literal

from wsdebug.errors import UsageError
from wsdebug.workspace.folders import SUFFIX, library_folder, make_private

__all__ = ["SESSIONS", "Where", "checked_name", "save_path"]

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
