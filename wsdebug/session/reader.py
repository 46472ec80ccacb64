"""A session file to read from: plain or `.gz`, at any offset."""

import os
import tempfile
from typing import Protocol

from wsdebug.errors import SessionUnreadable

__all__ = ["FileSource", "Source", "open_source"]


class Source(Protocol):
    """What a log reads from; safe to use from several threads."""

    @property
    def size(self) -> int:
        """Bytes there are now."""

    def pread(self, size: int, offset: int) -> bytes:
        """At most `size` bytes from an offset."""

    def close(self) -> None:
        """Let go of it."""


class FileSource:
    """A file by its descriptor."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    @property
    def size(self) -> int:
        """Bytes there are now."""
        return os.fstat(self._fd).st_size

    def pread(self, size: int, offset: int) -> bytes:
        """At most `size` bytes from an offset."""
        return os.pread(self._fd, size, offset)

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


def open_source(path: str) -> FileSource:
    """Open a session; `.gz` is inflated to a temporary file.

    Raises SessionUnreadable in words.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        if not path.endswith(".gz"):
            os.pread(fd, 1, 0)  # a folder opens, but cannot be read
            return FileSource(fd)
        return FileSource(_inflated(fd))
    except (OSError, EOFError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise SessionUnreadable(f"cannot read {path}: {why.lower()}", path=path) from error


def _inflated(fd: int) -> int:
    import gzip
    import shutil

    with tempfile.TemporaryFile(prefix="wsdebug-") as plain, gzip.open(os.fdopen(fd, "rb")) as file:
        shutil.copyfileobj(file, plain)
        plain.flush()
        return os.dup(plain.fileno())
