"""The files under a writer: appended to whole or not at all, locked, renamed, gone on in others."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from wsdebug.errors import RecordingFailed
from wsdebug.session.disk import Disk, disk_words
from wsdebug.session.file import (
    Descriptor,
    copy_range,
    cut_torn_tail,
    open_session_file,
    unlock,
)
from wsdebug.session.parts import Parts

__all__ = ["RecordFile"]

SHORT = 1 << 20  # bytes that are copied while lines wait
NO_LINK = (errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK)


class RecordFile:
    """A file of mode 0600 under an advisory lock, and the ended parts before it read as one with
    it; without a path, a temporary file without a name.

    `recorded` counts the bytes of whole lines in all of them: what `append` has written belongs
    to them as soon as its caller has added it there. One thread at a time changes it.
    """

    def __init__(self, path: str | None, *, append: bool, force: bool, disk: Disk) -> None:
        """Raises RecordingFailed where the file exists (without `append` or `force`), is being
        written by somebody else, or cannot be made.
        """
        self.path = path
        self.recorded, self.needs_gap = 0, False
        self.is_torn = False  # part of a line stands at the end, and could not be cut off
        self._disk = disk
        fd = open_session_file(path, append=append, force=force)
        self._file: Descriptor | None = Descriptor(fd)
        self._parts = Parts()  # that are ended
        self._skip = 0  # bytes of this file's own header where it is a later part
        self._unsynced: list[Descriptor] = []  # ended parts that are not yet on the disk
        self._is_renaming = False
        if append and path is not None:
            self.recorded, self.needs_gap = cut_torn_tail(fd, path)

    @property
    def part_size(self) -> int:
        """Bytes of the file that is being written."""
        return self.recorded - self._parts.size + self._skip

    @property
    def can_go_on(self) -> bool:
        """Whether another file may follow now."""
        return self._file is not None and self.path is not None and not self._is_renaming

    def append(self, pieces: Iterable[bytes | bytearray]) -> int:
        """Write all pieces, or none of them; how many bytes. Raises OSError."""
        size = 0
        write, fd = self._disk.write, self._fd
        try:
            for piece in pieces:
                view = memoryview(piece)
                while view:
                    taken = write(fd, view)
                    size += taken
                    view = view[taken:]
        except BaseException:
            self.cut_back()
            raise
        return size

    def cut_back(self) -> None:
        """Back to the last whole line."""
        self.is_torn = True
        with contextlib.suppress(OSError):
            os.ftruncate(self._fd, self.part_size)
            self.is_torn = False

    def reader(self) -> Callable[[int, int], bytes]:
        """Gives at most so many bytes from an offset, of the files as they are now."""
        file, parts, start, skip = self._file, self._parts, self._parts.size, self._skip

        def read(size: int, offset: int) -> bytes:
            if file is None or not size:
                return b""
            if offset < start:
                return parts.read(size, offset)
            return os.pread(file.number, size, offset - start + skip)

        return read

    def go_on_in(self, name: str, fd: int, skip: int) -> None:
        """Leave this file as an ended part, and go on in one with a header of `skip` bytes."""
        assert self._file is not None
        assert self.path is not None
        self._unsynced.append(self._file)
        unlock(self._fd)
        self._parts.add(self.path, self.recorded - self._parts.size, self._skip)
        self._file, self.path, self._skip = Descriptor(fd), name, skip

    def sync(self) -> None:
        """Have what was written on the disk. Raises OSError."""
        for ended in tuple(self._unsynced):
            self._disk.sync(ended.number)
            with contextlib.suppress(ValueError):  # the writer ends while its thread is here
                self._unsynced.remove(ended)
        if (file := self._file) is not None:
            self._disk.sync(file.number)

    def low_words(self, keep_free: int) -> str:
        """That fewer bytes of the disk may still be taken, in words; empty if there are more."""
        try:
            is_low = bool(keep_free) and self._disk.free(self._fd) < keep_free
        except OSError:
            return ""
        return f"less than {keep_free / (1 << 30):g} GiB of the disk is free" if is_low else ""

    def rename(self, path: str, pause: AbstractContextManager[object]) -> None:
        """Take another name, on another file system as a copy; nothing is appended in `pause`. A
        temporary file gets a name in the same way.

        Raises RecordingFailed where the name is taken or cannot be given.
        """
        with pause:
            if self._parts.size:
                raise RecordingFailed("this recording has parts; they keep their names", path=path)
            self._is_renaming = True
        try:
            if self.path is None:
                self._go_on_in_copy(path, pause)
            else:
                self._move(self.path, path, pause)
        except FileExistsError:
            raise RecordingFailed(f"{path} exists; choose another name", path=path) from None
        except OSError as error:
            words = f"cannot save as {path}: {disk_words(error)}"
            raise RecordingFailed(words, path=path) from error
        else:
            self.path = path
        finally:
            self._is_renaming = False

    def _move(self, before: str, path: str, pause: AbstractContextManager[object]) -> None:
        """Raises OSError."""
        try:
            os.link(before, path)
        except OSError as error:
            if error.errno not in NO_LINK:
                raise
            self._go_on_in_copy(path, pause)
            with contextlib.suppress(OSError):  # a disk that failed may not give it up
                os.unlink(before)
        else:
            os.unlink(before)

    def unlock(self) -> None:
        """Let others write."""
        unlock(self._fd)

    def close(self) -> None:
        """Let go of the file."""
        self._file = None

    @property
    def _fd(self) -> int:
        return self._file.number if self._file is not None else -1

    def _go_on_in_copy(self, path: str, pause: AbstractContextManager[object]) -> None:
        """Raises OSError and leaves no copy."""
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, path)
        fd = open_session_file(path, append=False, force=False)
        try:
            done = max(0, self.recorded - SHORT)
            copy_range(self._fd, fd, 0, done, self._disk.write)
            with pause:
                copy_range(self._fd, fd, done, self.recorded, self._disk.write)
                self._file = Descriptor(fd)
        except OSError:
            os.close(fd)
            os.unlink(path)
            raise
