"""Where things are kept: for this user alone, folders 0700 and files 0600."""

import os
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from wsdebug.errors import RecordingFailed

__all__ = [
    "SUFFIX",
    "config_file",
    "display_name",
    "history_file",
    "library_folder",
    "make_private",
    "recording_name",
    "recording_path",
    "recordings_folder",
    "state_file",
    "stem_of",
]

SUFFIX = ".ws.jsonl"
HOME = "WSDEBUG_HOME"  # one folder for everything, in place of the platform's
NOWHERE = Path("/nonexistent")  # as Debian has it for users without a home
# A path segment that is a name rather than an id or a token, which a file name must not give away.
NAME = re.compile(r"[A-Za-z][A-Za-z_.-]{0,20}[0-9]{0,3}")
STAMP = "%Y-%m-%d %H-%M-%S"
STAMPED = re.compile(r"(?P<name>.*) \d{4}-\d\d-\d\d (?P<time>\d\d-\d\d)-\d\d(?: \d+)?")


def _folder(kind: str, name: str) -> Path:
    """`kind` is `state`, `data` or `config`."""
    try:
        if home := os.environ.get(HOME):
            return Path(home).expanduser().absolute() / name
        from platformdirs import PlatformDirs

        dirs = PlatformDirs("wsdebug", appauthor=False)
        base: Path = getattr(dirs, f"user_{kind}_path").expanduser()
    except RuntimeError:  # a user without a name, such as a container may have
        base = NOWHERE
    return base / name


def make_private(folder: Path) -> Path:
    """Make a folder that only this user may enter, if it is not there. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _own(folder: Path) -> Path:
    if folder.parent == NOWHERE:
        words = f"no home folder is known; set HOME or {HOME}"
        raise RecordingFailed(words, path=str(folder))
    try:
        make_private(folder)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise RecordingFailed(f"{why}: cannot use {folder}", path=str(folder)) from error
    return folder


def recordings_folder() -> Path:
    """Unnamed recordings; made if it is not there. Raises RecordingFailed if it cannot be."""
    return _own(_folder("state", "recordings"))


def library_folder() -> Path:
    """Sessions saved by name; made if it is not there. Raises RecordingFailed if it cannot be."""
    return _own(_folder("data", "library"))


def config_file() -> Path:
    """`config.toml`, whether it is there or not."""
    return _folder("config", "config.toml")


def history_file(name: str) -> Path:
    """The history of `urls`, `messages` or `filters`, whether it is there or not."""
    return _folder("state", f"{name}.history")


def state_file(name: str) -> Path:
    """A small file of our own, whether it is there or not."""
    return _folder("state", name)


def recording_path(url: str, now: datetime) -> Path:
    """A free path for an unnamed recording: `feed 2026-08-03 14-02-11.ws.jsonl`.

    The name is the last path segment that is a name, else the host. `url` should be redacted,
    `now` is local. Raises RecordingFailed if there is no folder to put it in.
    """
    folder = recordings_folder()
    stem = recording_name(url, now)
    path = folder / f"{stem}{SUFFIX}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}{SUFFIX}"
    return path


def recording_name(url: str, now: datetime) -> str:
    """The name of a recording, without its suffix, as `recording_path` gives it."""
    return f"{_short_name(url)} {now.strftime(STAMP)}"


def _short_name(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "session"
    for segment in reversed(parts.path.split("/")):
        if NAME.fullmatch(segment):
            return segment
    return re.sub(r"[^\w.-]+", "-", host).strip(".-")[:40] or "session"


def stem_of(path: Path | str) -> str:
    """The path without the suffix of sessions, `.gz` included."""
    return str(path).removesuffix(".gz").removesuffix(SUFFIX)


def display_name(path: Path | str) -> str:
    """A recording's name where there is little room: `feed 14-02`, or as saved without suffix."""
    name = stem_of(Path(path).name)
    stamped = STAMPED.fullmatch(name)
    return f"{stamped['name']} {stamped['time']}" if stamped else name
