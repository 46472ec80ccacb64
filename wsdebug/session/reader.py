"""A session file to read from: plain or `.gz`, whole or growing, at any offset."""

import gzip
import os
import select
import stat
import tempfile
import time
import zlib
from typing import IO, Protocol

from wsdebug.errors import SessionUnreadable
from wsdebug.session.disk import disk_words
from wsdebug.session.file import Descriptor
from wsdebug.session.parts import next_part

__all__ = ["STDIN", "FileSource", "Source", "open_source"]

STDIN = "-"
CHUNK = 1 << 20  # bytes inflated at a time
MAGIC = b"\x1f\x8b"  # of an archive (RFC 1952 section 2.3.1)
PATIENCE = 0.05  # seconds that are waited for more
END = 4096  # bytes in which the last line of a recording fits


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
    """A file by its descriptor; `may_grow` says whether `grow` may find more of it."""

    may_grow = False

    def __init__(self, fd: int) -> None:
        self._file: Descriptor | None = Descriptor(fd)

    @property
    def size(self) -> int:
        """Bytes there are now."""
        file = self._file
        return os.fstat(file.number).st_size if file is not None else 0

    @property
    def recorded_size(self) -> int:
        """All of them."""
        return self.size

    def pread(self, size: int, offset: int) -> bytes:
        """At most `size` bytes from an offset; nothing once it is closed."""
        file = self._file  # whoever closes it meanwhile closes it after this
        return os.pread(file.number, size, offset) if file is not None else b""

    def grow(self) -> bool:
        """Whether more will come of what is there already: never of a plain file."""
        return False

    def close(self) -> None:
        """Let go of the file."""
        self._file = None


class FollowedSource(FileSource):
    """A file that others write to; `grow` waits for what they add."""

    may_grow = True

    def __init__(self, fd: int, path: str) -> None:
        super().__init__(fd)
        self._path = path
        self._seen = -1  # bytes at the last look
        self._most = self.size  # bytes that there were, from the opening on

    def grow(self) -> bool:
        """Wait a little for more; there may always be some, but where the recording goes on in
        its next part. Raises SessionUnreadable.
        """
        if self._file is None:
            return False
        size = self.size
        if size < self._most:
            words = f"cannot read {self._path}: it was cut while it was followed"
            raise SessionUnreadable(words, path=self._path)
        if size == self._seen:
            if next_part(self._path) is not None and self._has_end(size):
                return False
            time.sleep(PATIENCE)
        self._seen = self._most = size
        return True

    def _has_end(self, size: int) -> bool:
        """Whether the last line says that nothing comes after it."""
        tail = self.pread(END, max(0, size - END))
        last = tail.removesuffix(b"\n").rpartition(b"\n")[2]
        return tail.endswith(b"\n") and last.startswith(b'{"t":') and b',"event":"end",' in last


class SpooledSource(FileSource):
    """An archive or a pipe, taken into a temporary file as far as `grow` was called."""

    may_grow = True

    def __init__(self, raw: IO[bytes], path: str, *, is_archive: bool) -> None:
        with tempfile.TemporaryFile(prefix="wsdebug-") as plain:
            super().__init__(os.dup(plain.fileno()))
        self._path = path
        self._raw = raw
        self._archive = gzip.GzipFile(fileobj=raw) if is_archive else None
        self._is_whole = False

    def grow(self) -> bool:
        """Take a piece, or wait a little for it; whether there may be more. Raises
        SessionUnreadable.
        """
        file = self._file
        if self._is_whole or file is None:
            return False
        try:
            if self._archive is not None:
                data = self._archive.read(CHUNK)
            elif select.select([self._raw], [], [], PATIENCE)[0]:
                data = os.read(self._raw.fileno(), CHUNK)
            else:
                return True
        except (OSError, EOFError, zlib.error) as error:
            self._let_go()
            raise _unreadable(self._path, error) from error
        if data:
            self._keep(file.number, data)
        else:
            self._let_go()
        return not self._is_whole

    def _keep(self, fd: int, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(fd, view) :]
        except OSError as error:
            self._let_go()
            why = f"{disk_words(error)} in {tempfile.gettempdir()}, where it is held meanwhile"
            raise SessionUnreadable(f"cannot read {self._path}: {why}", path=self._path) from error

    def close(self) -> None:
        """Close both files."""
        super().close()
        self._let_go()

    def _let_go(self) -> None:
        """Nothing more will be read."""
        self._is_whole = True
        if self._archive is not None:
            self._archive.close()
        self._raw.close()


def open_source(path: str, *, follow: bool = False) -> FileSource:
    """Open a session; `.gz` is inflated to a temporary file, its beginning at once; `-` is what
    comes on stdin. With `follow` a file is expected to grow.

    Raises SessionUnreadable in words.
    """
    name = "stdin" if path == STDIN else path
    try:
        fd = os.dup(0) if path == STDIN else os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(name, error) from error
    try:
        mode = os.fstat(fd).st_mode
        is_stream = not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
        # a folder opens, but cannot be read
        starts_as_one = not is_stream and os.pread(fd, 2, 0) == MAGIC
        is_archive = starts_as_one or path.endswith(".gz")
        if not is_archive and not is_stream:
            return FollowedSource(fd, path) if follow else FileSource(fd)
        spooled = SpooledSource(os.fdopen(fd, "rb"), name, is_archive=is_archive)
    except OSError as error:
        os.close(fd)
        raise _unreadable(name, error) from error
    try:
        while spooled.grow() and b"\n" not in spooled.pread(CHUNK, 0):
            pass
    except SessionUnreadable:
        spooled.close()
        raise
    return spooled


def _unreadable(path: str, error: Exception) -> SessionUnreadable:
    why = getattr(error, "strerror", None) or str(error)
    return SessionUnreadable(f"cannot read {path}: {why.lower()}", path=path)
