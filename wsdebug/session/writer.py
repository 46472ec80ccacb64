"""A session file while it is written: whole lines, one write a turn, nothing lost."""

import contextlib
import fcntl
import os
import tempfile
import threading
import time
from collections import deque
from pathlib import Path

from wsdebug.errors import RecordingFailed
from wsdebug.session.encode import encode_event

__all__ = ["HELD_LIMIT", "SessionWriter"]

HELD_LIMIT = 64 << 20  # bytes of lines held in memory while the disk does not take them
RETRY = 1.0  # seconds
TAIL = 1 << 16  # bytes searched backwards for the last whole line


class SessionWriter:
    """Appends whole lines to a file of mode 0600 under an advisory lock.

    Without a path the file is a temporary one without a name. While the disk refuses, lines are
    held in memory, `problem` says why, and each write tries again after a second; past 64 MiB
    they are dropped and counted, and a `gap` is written when the disk takes lines again.
    Readers in other threads use `size` and `pread`, which know the held lines too.
    """

    def __init__(self, path: str | None, *, append: bool = False, force: bool = False) -> None:
        """Raises RecordingFailed where the file exists (without `append` or `force`), is being
        written by somebody else, or cannot be made.
        """
        self.path = path
        self.problem = ""
        self._held: deque[bytes] = deque()
        self._held_size = 0
        self._dropped = [0, 0]  # lines, bytes
        self._next_try = 0.0
        self._lock = threading.Lock()
        self._fd = self._open(path, append, force)
        self.recorded_size = os.fstat(self._fd).st_size
        self.needs_gap = append and self._cut_torn_tail()

    @property
    def size(self) -> int:
        """Bytes of all lines, held ones included."""
        return self.recorded_size + self._held_size

    def write(self, data: bytes, now: float | None = None) -> None:
        """Append whole lines; never raises for a disk that refuses."""
        if self._held or self._dropped[0]:
            self._hold(data)
            if (time.monotonic() if now is None else now) >= self._next_try:
                self._retry()
            return
        why = self._put(data)
        if why:
            self.problem = why
            self._next_try = time.monotonic() + RETRY
            self._hold(data)

    def pread(self, size: int, offset: int) -> bytes:
        """At most `size` bytes from an offset; held lines follow those of the file."""
        if offset < self.recorded_size:
            return os.pread(self._fd, min(size, self.recorded_size - offset), offset)
        with self._lock:
            held = b"".join(self._held)
        start = offset - self.recorded_size
        return held[start : start + size]

    def sync(self) -> None:
        """Have the file on the disk; may take long: not for an event loop."""
        with contextlib.suppress(OSError):
            os.fdatasync(self._fd)

    def rename(self, path: str) -> None:
        """Give the file another name and go on in it.

        Raises RecordingFailed where the name is taken or cannot be given.
        """
        if self.path is None:
            raise RecordingFailed("this recording has no file; nothing can be saved", path=path)
        try:
            os.link(self.path, path)
            os.unlink(self.path)
        except FileExistsError:
            raise RecordingFailed(f"{path} exists; choose another name", path=path) from None
        except OSError as error:
            why = f"cannot save as {path}: {(error.strerror or str(error)).lower()}"
            raise RecordingFailed(why, path=path) from error
        self.path = path

    def close(self) -> None:
        """Try once more to write what is held, and end."""
        if self._held or self._dropped[0]:
            self._retry()
        self.sync()
        os.close(self._fd)

    def _open(self, path: str | None, append: bool, force: bool) -> int:
        if path is None:
            with tempfile.TemporaryFile(prefix="wsdebug-") as file:
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
            why = f"cannot write {path}: {(error.strerror or str(error)).lower()}"
            raise RecordingFailed(why, path=path) from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            why = f"{path} is being recorded by another wsdebug"
            raise RecordingFailed(why, path=path) from None
        if force and not append:
            os.ftruncate(fd, 0)
        return fd

    def _cut_torn_tail(self) -> bool:
        """Cut an unfinished last line; whether an earlier recording was interrupted."""
        size = self.recorded_size
        if not size:
            return False
        start = size
        while start > 0:
            start = max(0, start - TAIL)
            newline = os.pread(self._fd, TAIL, start).rfind(b"\n")
            if newline >= 0:
                start += newline + 1
                break
        if start < size:
            os.ftruncate(self._fd, start)
            self.recorded_size = start
            return True
        last = os.pread(self._fd, TAIL, max(0, size - TAIL)).rstrip(b"\n").rpartition(b"\n")[2]
        return b'"event":"end"' not in last

    def _put(self, data: bytes) -> str:
        """Write all, or nothing but whole lines; why it failed, else an empty string."""
        view = memoryview(data)
        written = 0
        try:
            while written < len(data):
                written += os.write(self._fd, view[written:])
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, self.recorded_size)
            full = error.errno == 28
            return "the disk is full" if full else (error.strerror or str(error)).lower()
        self.recorded_size += written
        return ""

    def _hold(self, data: bytes) -> None:
        if self._dropped[0] or self._held_size + len(data) > HELD_LIMIT:
            self._dropped[0] += data.count(b"\n")
            self._dropped[1] += len(data)
            return
        with self._lock:
            self._held.append(data)
            self._held_size += len(data)

    def _retry(self) -> None:
        self._next_try = time.monotonic() + RETRY
        while self._held:
            why = self._put(self._held[0])
            if why:
                self.problem = why
                return
            with self._lock:
                self._held_size -= len(self._held.popleft())
        if self._dropped[0]:
            lines, size = self._dropped
            gap = {"frames": lines, "bytes": size, "why": "not recorded: " + self.problem}
            if self._put(encode_event(0, 1, "gap", gap)):
                return
            self._dropped = [0, 0]
        self.problem = ""


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
