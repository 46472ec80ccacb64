"""A record as those see it who read it while it grows."""

import threading

from wsdebug.session.held import HeldLines
from wsdebug.session.record_file import RecordFile

__all__ = ["Growing"]


class Growing:
    """A file, and after it the lines that are held in memory: read as one, from any thread."""

    def __init__(self, file: RecordFile, held: HeldLines) -> None:
        self._file = file
        self._held = held
        self._state = threading.Lock()  # over what readers see: recorded size and held lines

    @property
    def path(self) -> str | None:
        """The file that is being written, None for a temporary one."""
        return self._file.path

    @property
    def needs_gap(self) -> bool:
        """Whether an earlier recording in the file was interrupted."""
        return self._file.needs_gap

    @property
    def size(self) -> int:
        """Bytes of all lines, held ones included."""
        with self._state:
            return self._file.recorded + self._held.size

    @property
    def recorded_size(self) -> int:
        """Bytes of the lines that are in the file."""
        return self._file.recorded

    @property
    def part_size(self) -> int:
        """Bytes of the file that is being written, held lines included."""
        with self._state:
            return self._file.part_size + self._held.size

    def pread(self, size: int, offset: int) -> bytes:
        """At most `size` bytes from an offset; held lines follow those of the file."""
        with self._state:
            read, recorded = self._file.reader(), self._file.recorded
            in_file = max(0, min(size, recorded - offset))
            rest = size - in_file
            held = b""
            if rest and self._held.size:
                held = self._held.read(rest, max(0, offset - recorded))
        data = read(in_file, offset)
        return data + held if len(data) == in_file else data
