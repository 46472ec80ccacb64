"""Files that are there whole or not at all."""

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, BinaryIO

from wsdebug.errors import RecordingFailed
from wsdebug.session.disk import disk_words

__all__ = ["STDOUT", "copy_rest", "refuse_existing", "waiting_file", "whole_file"]

STDOUT = "-"
IN_MEMORY = 1 << 20
CHUNK = 1 << 20  # bytes copied at a time
NO_LINK = (errno.EPERM, errno.ENOTSUP, errno.EMLINK)  # a file system without hard links


def refuse_existing(path: str, *, force: bool) -> None:
    """Raises RecordingFailed where a file of that name would be lost."""
    if path != STDOUT and not force and os.path.lexists(path) and _is_replaced(path):
        raise _exists(path)


def waiting_file() -> IO[bytes]:
    """Bytes that are written out later: in memory up to 1 MiB, beyond it in a file."""
    return tempfile.SpooledTemporaryFile(IN_MEMORY)


def copy_rest(file: IO[bytes], out: BinaryIO) -> None:
    """Write out what was waiting, and let go of it."""
    with file:
        file.seek(0)
        while data := file.read(CHUNK):
            out.write(data)


@contextmanager
def whole_file(
    path: str, *, force: bool, shown: Callable[[bytes], bytes] | None = None
) -> Iterator[BinaryIO]:
    """A file to write to, of mode 0600, that takes its name when all is written; nothing has
    changed where the block raises. `-` is stdout, which gets everything at the end; `shown`
    makes each line of it fit for a terminal.

    Raises RecordingFailed where it cannot be written, or exists (without `force`).
    """
    try:
        if path == STDOUT or not _is_replaced(path):
            with tempfile.TemporaryFile(prefix="wsdebug-") as file:
                yield file
                file.seek(0)
                _copy(file, path, shown)
        else:
            with _named(path, force=force) as file:
                yield file
    except OSError as error:
        if path == STDOUT:
            raise  # a reader that has gone, or a full disk: said for every command alike
        why = f"cannot write {path}: {disk_words(error)}"
        raise RecordingFailed(why, path=path) from error


def _is_replaced(path: str) -> bool:
    """Whether a file takes the place of the path; false for a pipe or a device."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return True


@contextmanager
def _named(path: str, *, force: bool) -> Iterator[BinaryIO]:
    """A temporary file beside the path, moved there at the end."""
    target = os.path.realpath(path)
    fd, name = tempfile.mkstemp(prefix=".wsdebug-", dir=os.path.dirname(target))
    try:
        with os.fdopen(fd, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if force:
            os.replace(name, target)
        else:
            _give_name(name, target)
    except FileExistsError:
        raise _exists(path) from None
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _give_name(name: str, target: str) -> None:
    """Move a file to where none may be. Raises FileExistsError, and OSError."""
    try:
        os.link(name, target)
    except OSError as error:
        if error.errno not in NO_LINK:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, target) from error
        os.rename(name, target)


def _exists(path: str) -> RecordingFailed:
    return RecordingFailed(f"{path} exists; add --force, or choose another name", path=path)


def _copy(file: IO[bytes], path: str, shown: Callable[[bytes], bytes] | None) -> None:
    if path != STDOUT:
        with open(path, "wb") as target:
            while data := file.read(CHUNK):
                target.write(data)
        return
    if shown is not None:
        for line in file:
            sys.stdout.buffer.write(shown(line))
    else:
        while data := file.read(CHUNK):
            sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
