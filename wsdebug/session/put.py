"""A whole file put in its place at once: it is there as a whole, or as it was before."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from wsdebug.errors import RecordingFailed
from wsdebug.session.disk import disk_words
from wsdebug.session.file import is_being_recorded

__all__ = ["put_file", "refuse_existing", "whole_file"]

NO_LINK = (errno.EPERM, errno.ENOTSUP, errno.EMLINK)  # a file system without hard links
CHUNK = 1 << 20  # bytes copied at a time


def put_file(path: str, data: bytes, *, mode: int | None = None) -> None:
    """Write a file as `whole_file` does, in place of one that is there."""
    with whole_file(path, force=True, mode=mode) as file:
        file.write(data)


def refuse_existing(path: str, *, force: bool) -> None:
    """Raises RecordingFailed where a file of that name would be lost."""
    if not force and os.path.lexists(path) and _is_replaced(path):
        raise _exists(path)


@contextmanager
def whole_file(path: str, *, force: bool, mode: int | None = None) -> Iterator[BinaryIO]:
    """A file beside its place that is moved there, synced, when all is written; nothing has
    changed where the block raises. A link stays one; a pipe or a device gets everything at the
    end.

    `mode` are the permissions; without it those of the file that was there, else what the umask
    leaves of 0666. Raises RecordingFailed where it cannot be written, exists (without `force`) or
    is being recorded.
    """
    if is_being_recorded(Path(path)):
        raise RecordingFailed(f"{path} is being recorded by another wsdebug", path=path)
    try:
        if _is_replaced(path):
            with _named(path, force=force, mode=mode) as file:
                yield file
        else:
            with tempfile.TemporaryFile(prefix="wsdebug-") as file:
                yield file
                _write_through(file, path)
    except OSError as error:
        raise RecordingFailed(f"cannot write {path}: {disk_words(error)}", path=path) from error


def _is_replaced(path: str) -> bool:
    """Whether a file takes the place of the path; false for a pipe or a device."""
    try:
        kind = os.stat(path).st_mode
    except OSError:
        return True
    return stat.S_ISREG(kind) or stat.S_ISDIR(kind)


@contextmanager
def _named(path: str, *, force: bool, mode: int | None) -> Iterator[BinaryIO]:
    """A temporary file beside the path, moved there at the end."""
    target = os.path.realpath(path)
    if mode is None:
        is_there = os.path.exists(target)
        mode = os.stat(target).st_mode & 0o777 if is_there else 0o666 & ~_umask()
    folder, name = os.path.split(target)
    fd, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", dir=folder)
    try:
        with os.fdopen(fd, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        if force:
            os.replace(temporary, target)
        else:
            _give_name(temporary, target)
    except FileExistsError:
        raise _exists(path) from None
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def _give_name(temporary: str, target: str) -> None:
    """Move a file to where none may be. Raises FileExistsError, and OSError."""
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno not in NO_LINK:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, target) from error
        os.rename(temporary, target)


def _exists(path: str) -> RecordingFailed:
    return RecordingFailed(f"{path} exists; add --force, or choose another name", path=path)


def _write_through(file: BinaryIO, path: str) -> None:
    file.seek(0)
    with open(path, "wb") as target:
        while data := file.read(CHUNK):
            target.write(data)


def _umask() -> int:
    value = os.umask(0o077)
    os.umask(value)
    return value
