"""A whole file put in its place at once: it is there as a whole, or as it was before."""

import contextlib
import os
import tempfile
from pathlib import Path

from wsdebug.errors import RecordingFailed
from wsdebug.session.disk import disk_words

__all__ = ["put_file"]


def put_file(path: str, data: bytes, *, mode: int | None = None) -> None:
    """Write a file beside its place and move it there, synced; a link stays one.

    `mode` are the permissions; without it those of the file that was there, else what the umask
    leaves of 0666. Raises RecordingFailed.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # a pipe or a terminal
        _write_through(path, data)
        return
    temporary = None
    try:
        if mode is None:
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        fd, temporary = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise _failed(path, error) from error


def _write_through(path: str, data: bytes) -> None:
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: str, error: OSError) -> RecordingFailed:
    return RecordingFailed(f"cannot write {path}: {disk_words(error)}", path=path)


def _umask() -> int:
    value = os.umask(0o077)
    os.umask(value)
    return value
