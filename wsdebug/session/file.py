"""The file of a session: made, locked, and cut where an earlier writer was interrupted."""

import contextlib
import fcntl
import os
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from wsdebug.errors import RecordingFailed
from wsdebug.session.disk import disk_words
from wsdebug.session.lines import Damaged
from wsdebug.session.parse import parse_line

__all__ = [
    "Descriptor",
    "after_newline",
    "copy_range",
    "cut_torn_tail",
    "is_being_recorded",
    "open_session_file",
    "temporary_file",
    "unlock",
]

Write = Callable[[int, memoryview], int]
TAIL = 1 << 16  # bytes searched at a time for a newline
CHUNK = 1 << 20  # bytes copied at a time
END = b'"event":"end"'


class Descriptor:
    """Closed as soon as nobody holds it any more: a reader may still be at it."""

    def __init__(self, number: int) -> None:
        self.number = number
        weakref.finalize(self, os.close, number)


def temporary_file() -> BinaryIO:
    """A file without a name. Raises RecordingFailed where there is no folder for it."""
    try:
        return tempfile.TemporaryFile(prefix="wsdebug-")
    except OSError as error:
        why = f"cannot make a temporary file: {disk_words(error)}"
        raise RecordingFailed(why, path="") from error


def open_session_file(path: str | None, *, append: bool, force: bool) -> int:
    """A descriptor for appending to a file of mode 0600, locked; without a path, to a temporary
    file without a name.

    Raises RecordingFailed where the file exists (without `append` or `force`), is being written
    by somebody else, or cannot be made.
    """
    if path is None:
        with temporary_file() as file:
            return os.dup(file.fileno())
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    if not append and not force:
        flags |= os.O_EXCL
    try:
        fd = os.open(path, flags, 0o600)
    except FileExistsError:
        why = f"{path} exists; add --append or --force, or choose another name"
        raise RecordingFailed(why, path=path) from None
    except OSError as error:
        why = f"cannot write {path}: {disk_words(error)}"
        raise RecordingFailed(why, path=path) from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if force and not append:
            os.ftruncate(fd, 0)
            with contextlib.suppress(PermissionError):  # it may be somebody else's
                os.fchmod(fd, 0o600)
    except BlockingIOError:
        os.close(fd)
        why = f"{path} is being recorded by another wsdebug"
        raise RecordingFailed(why, path=path) from None
    except OSError as error:
        os.close(fd)
        why = f"cannot write {path}: {disk_words(error)}"
        raise RecordingFailed(why, path=path) from error
    return fd


def cut_torn_tail(fd: int, path: str) -> tuple[int, bool]:
    """Cut an unfinished last line; the size then, and whether the recording was interrupted.

    A whole line that only lacks its newline gets one. Raises RecordingFailed, and changes
    nothing, where the file is no session or cannot be written.
    """
    size = os.fstat(fd).st_size
    if not size:
        return 0, False
    if why := _why_not_session(os.pread(fd, TAIL, 0)):
        raise RecordingFailed(f"{path} is {why}; nothing was appended", path=path)
    start = after_newline(fd, size - 1)
    last = os.pread(fd, size - start, start)
    try:
        if not last.endswith(b"\n"):
            if isinstance(parse_line(last, 1), Damaged):
                os.ftruncate(fd, start)
                return start, True
            size += os.write(fd, b"\n")
    except OSError as error:
        why = f"cannot write {path}: {disk_words(error)}"
        raise RecordingFailed(why, path=path) from error
    return size, END not in last


def _why_not_session(data: bytes) -> str:
    """Empty where a file that begins so is a session, or may become one."""
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip() and not line.startswith(b"#"):
            first = parse_line(line, number, first=True)
            if isinstance(first, Damaged) and first.is_newer:
                return f"of {first.why}"
            return "" if line.startswith(b"{") else "no session"
    return ""


def after_newline(fd: int, end: int) -> int:
    """The offset after the last newline before `end`, 0 without one. Raises OSError."""
    while end > 0:
        start = max(0, end - TAIL)
        newline = os.pread(fd, end - start, start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def copy_range(source: int, target: int, start: int, end: int, write: Write) -> None:
    """Copy bytes between two descriptors. Raises OSError."""
    while start < end:
        view = memoryview(os.pread(source, min(CHUNK, end - start), start))
        start += len(view)
        while view:
            view = view[write(target, view) :]


def unlock(fd: int) -> None:
    """Let others write."""
    fcntl.flock(fd, fcntl.LOCK_UN)


def is_being_recorded(path: Path) -> bool:
    """Whether some process holds the lock of a recording."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(fd)
    return False
