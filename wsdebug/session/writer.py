"""A session file while it is written: whole lines, one write a turn, nothing lost in silence."""

import os
import threading
from collections.abc import Callable, Iterable

from wsdebug.session.caretaker import Caretaker
from wsdebug.session.counting import Lines
from wsdebug.session.disk import Disk, disk_words
from wsdebug.session.encode import encode_event
from wsdebug.session.growing import Growing
from wsdebug.session.held import HELD_LIMIT, HeldLines
from wsdebug.session.parts import open_part
from wsdebug.session.record_file import RecordFile
from wsdebug.session.trouble import Trouble

__all__ = ["SessionWriter"]


class SessionWriter(Growing):
    """Appends whole lines to a file of mode 0600 under an advisory lock.

    Without a path the file is a temporary one without a name. While the disk refuses, or has
    less than `keep_free` bytes left, lines are held in memory and `problem` says why; past 64 MiB
    they are lost and counted. The `caretaker` has the file on the disk (fdatasync) a second after
    something was written, or at once where that was much, and tries again what was refused; a
    `gap` line follows what was lost.
    `lines` is told of each line that can be read, held ones included.

    `go_on_in` ends the file and goes on in another: sizes and offsets count on over all of them,
    the headers of later ones left out.

    One thread writes; any may read by `size`, `recorded_size` and `pread`, and rename.
    """

    def __init__(
        self,
        path: str | None,
        lines: Lines,
        *,
        append: bool = False,
        force: bool = False,
        keep_free: int = 0,
        gap: Callable[[int, int, str], bytes] | None = None,
        disk: Disk | None = None,
        held_limit: int = HELD_LIMIT,
    ) -> None:
        """`gap` makes the line for lost frames, bytes and why.

        Raises RecordingFailed where the file exists (without `append` or `force`), is being
        written by somebody else, or cannot be made.
        """
        disk = disk or Disk()
        file = RecordFile(path, append=append, force=force, disk=disk)
        super().__init__(file, HeldLines(held_limit))
        self._lines = lines
        self._keep_free = keep_free
        self._gap = gap or _gap_at_start
        self._writing = threading.Lock()  # over the end of the file; taken before `_state`
        self._trouble = Trouble()
        self.caretaker = Caretaker(self.tend, interval=disk.interval, burst=disk.burst)
        self.caretaker.start()

    @property
    def problem(self) -> str:
        """Why not everything is in the file, in words; empty if it is."""
        return self._trouble.words(has_ended=self.caretaker.has_ended)

    @property
    def lost(self) -> int:
        """Frames that are not in the file and will not be."""
        return self._trouble.lost

    def write(self, data: bytes, *, frames: int = 0, plain: bool = False) -> None:
        """Append whole lines with so many frames; never raises for a disk that refuses.

        With `plain` all lines are frames without a violation.
        """
        with self._writing:
            self.caretaker.stir()
            if not self._trouble.refused:
                why = self._put((data,))
                if not why:
                    if plain:
                        self._lines.add_plain(data, frames)
                    else:
                        self._lines.add(data)
                    return
                self._refuse(why)
            self._hold((data,), frames)

    def write_long(self, pieces: Callable[[], Iterable[bytes]]) -> None:
        """Append one frame's line piece by piece; other lines wait.

        `pieces` is called again where the disk refuses in the middle.
        """
        with self._writing:
            self.caretaker.stir()
            if not self._trouble.refused:
                start, first = self._file.recorded, next(iter(pieces()))
                why = self._put(pieces())
                if not why:
                    self._lines.add_long(first, self._file.recorded - start)
                    return
                self._refuse(why)
            self._hold(pieces(), 1)

    def go_on_in(self, path: str, number: int, *, header: bytes, end: bytes, force: bool) -> int:
        """End this file with a line, and begin the next part of a recording (see `open_part`).

        The number that the part got; 0 while the disk refuses or the file is being renamed: then
        this one goes on. Raises RecordingFailed where there can be no next file.
        """
        with self._writing:
            if self._trouble.refused or not self._file.can_go_on:
                return 0
            number, name, fd = open_part(path, number, header, force=force)
            if why := self._put((end,)):
                os.close(fd)
                os.unlink(name)
                self._refuse(why)
                return 0
            self._lines.add(end)
            with self._state:
                self._file.go_on_in(name, fd, skip=len(header))
            return number

    def tend(self) -> None:
        """Look after the disk once; called by a thread of its own."""
        if self.caretaker.is_wanted:
            with self._writing:  # nothing that is marked now is still to be written
                self.caretaker.looked()
            if self.path is not None:
                self._sync()
        if not self._trouble.refused and (why := self._file.low_words(self._keep_free)):
            with self._writing:
                self._refuse(why)
        self._retry()
        if self._trouble.refused:
            self.caretaker.stir()  # have a look again

    def rename(self, path: str) -> None:
        """Give the file a name, or another, and go on in it; on another file system as a copy.

        May take long there; lines are written meanwhile. A file that was named may take the last
        of the disk. Raises RecordingFailed where the name is taken or cannot be given.
        """
        self._file.rename(path, self._writing)
        self._keep_free = 0
        self.caretaker.stir()

    def finish(self, last: bytes = b"") -> None:
        """Try once more to write what is held, then the last lines, and let others write.

        What there is can still be read.
        """
        if self.caretaker.has_ended:
            return
        self._retry()
        with self._writing:
            if self._trouble.refused:
                self._give_up(last)
            elif last and not (why := self._put((last,))):
                self._lines.add(last)
            elif last:
                self._refuse(why)
            self.caretaker.end()
        if self.path is not None:
            self._sync()
        self._file.unlock()

    def close(self) -> None:
        """Finish, and let go of the file: nothing can be read any more."""
        self.finish()
        self._file.close()

    # Under the lock of writing

    def _put(self, pieces: Iterable[bytes | bytearray], *, held: bool = False) -> str:
        """Write all pieces, or none of them; why it failed, else an empty string.

        With `held` they are the first block of what is held, and no longer are.
        """
        try:
            size = self._file.append(pieces)
        except OSError as error:
            return disk_words(error)
        with self._state:
            self._file.recorded += size
            if held:
                self._held.drop_first()
        self.caretaker.wrote(size)
        return ""

    def _refuse(self, why: str) -> None:
        self._trouble.refuse(why, self._lines.lines + 1)

    def _hold(self, pieces: Iterable[bytes], frames: int) -> None:
        data = self._held.fitting(pieces)
        if isinstance(data, int):
            self._held.lose(frames, data)
            self._trouble.lose(frames)
            return
        with self._state:
            self._held.add(data, frames)
        self._lines.add(data)

    def _give_up(self, last: bytes) -> None:
        """End the file in order though lines are missing; they stay readable from memory."""
        held, why = self._held, self._trouble.refused
        self._trouble.lose(held.frames)
        gap = self._gap(held.lost_frames + held.frames, held.lost_bytes + held.size, why)
        file, recorded = self._file, self._file.recorded
        if file.is_torn:
            file.cut_back()
        if not file.is_torn:
            self._put((gap, last))
            file.recorded = recorded

    # In the caretaker's thread

    def _sync(self) -> None:
        try:
            self._file.sync()
        except OSError as error:
            self._trouble.sync = disk_words(error)
        else:
            self._trouble.sync = ""

    def _retry(self) -> None:
        """Write what is held, block by block, so that no new line waits for long."""
        while self._trouble.refused:
            with self._writing:
                if self.caretaker.has_ended:
                    return
                if why := self._file.low_words(self._keep_free):
                    self._refuse(why)
                    return
                if self._file.is_torn:
                    self._file.cut_back()
                if self._file.is_torn or not self._write_held():
                    return

    def _write_held(self) -> bool:
        """One block, or the end of holding; false where the disk refuses."""
        held, why = self._held, ""
        if (block := held.first()) is not None:
            if why := self._put((block,), held=True):
                self._refuse(why)
            return not why
        if held.lost_bytes:
            gap = self._gap(held.lost_frames, held.lost_bytes, self._trouble.refused)
            if why := self._put((gap,)):
                self._refuse(why)
                return False
            self._lines.add(gap)
            held.forget_lost()
        self._trouble.refused = ""
        return True


def _gap_at_start(frames: int, size: int, why: str) -> bytes:
    return encode_event(0, 1, "gap", {"frames": frames, "bytes": size, "why": why})
