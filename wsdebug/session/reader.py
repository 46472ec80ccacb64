"""A session file to read from: plain or `.gz`, at any offset."""

import gzip
import os
import tempfile
import zlib
from typing import Protocol

from wsdebug.errors import SessionUnreadable

__all__ = ["FileSource", "Source", "open_source"]

CHUNK = 1 << 20  # bytes inflated at a time


class Source(Protocol):
    """What a log reads from; safe to use from several threads."""

    @property
    def size(self) -> int:
        """Bytes there are now."""

    @property
    def recorded_size(self) -> int:
        """Bytes that are in the file; those after them are only in memory."""

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
        return os.fstat(self._fd).st_size if self._fd >= 0 else 0

    @property
    def recorded_size(self) -> int:
        """All of them."""
        return self.size

    def pread(self, size: int, offset: int) -> bytes:
        """At most `size` bytes from an offset; nothing once it is closed."""
        return os.pread(self._fd, size, offset) if self._fd >= 0 else b""

    def grow(self) -> bool:
        """Whether more will come of what is there already: never of a plain file."""
        return False

    def close(self) -> None:
        """Close the file."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


class InflatedSource(FileSource):
    """An archive, inflated into a temporary file as far as `grow` was called."""

    def __init__(self, fd: int, path: str) -> None:
        with tempfile.TemporaryFile(prefix="wsdebug-") as plain:
            super().__init__(os.dup(plain.fileno()))
        self._path = path
        self._raw = os.fdopen(fd, "rb")
        self._archive = gzip.GzipFile(fileobj=self._raw)
        self._is_whole = False

    def grow(self) -> bool:
        """Inflate a piece; whether there may be more. Raises SessionUnreadable."""
        if self._is_whole or self._fd < 0:
            return False
        try:
            view = memoryview(self._archive.read(CHUNK))
            self._is_whole = not view
            while view:
                view = view[os.write(self._fd, view) :]
        except (OSError, EOFError, zlib.error) as error:
            self._is_whole = True
            raise _unreadable(self._path, error) from error
        return not self._is_whole

    def close(self) -> None:
        """Close both files."""
        super().close()
        self._archive.close()
        self._raw.close()


def open_source(path: str) -> FileSource:
    """Open a session; `.gz` is inflated to a temporary file, its beginning at once.

    Raises SessionUnreadable in words.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        if not path.endswith(".gz"):
            os.pread(fd, 1, 0)  # a folder opens, but cannot be read
            return FileSource(fd)
        archive = InflatedSource(fd, path)
    except OSError as error:
        os.close(fd)
        raise _unreadable(path, error) from error
    try:
        archive.grow()
    except SessionUnreadable:
        archive.close()
        raise
    return archive


def _unreadable(path: str, error: Exception) -> SessionUnreadable:
    why = getattr(error, "strerror", None) or str(error)
    return SessionUnreadable(f"cannot read {path}: {why.lower()}", path=path)
