"""The lines of a file counted in the background, off the event loop."""

import threading

from wsdebug.errors import SessionUnreadable
from wsdebug.log.index import LineIndex
from wsdebug.session.preview import LONG
from wsdebug.session.reader import FileSource, Source

__all__ = ["Counting", "count_lines"]

COUNTED = 1 << 17  # bytes that are counted at a time: with more, those who show rows wait


class Counting:
    """Counts the lines of a source into an index: the first ones at once, the rest in a thread.

    `complete` is set at the end of it; `problem` says in words why that came early.
    """

    def __init__(self, source: FileSource, index: LineIndex) -> None:
        self.complete = threading.Event()
        self.problem = ""
        self._source = source
        self._index = index
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        is_all = source.size < COUNTED and not source.may_grow
        _count_window(source, index, is_last=is_all)

    @property
    def has_tail(self) -> bool:
        """Whether more is to be counted of what is there wholly."""
        return not self._source.may_grow and not self.complete.is_set()

    def start(self) -> None:
        """Count the rest, unless that has begun or will not be."""
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self._count, daemon=True, name="log-count")
            self._thread.start()

    def stop(self) -> None:
        """Count no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _count(self) -> None:
        source, index = self._source, self._index
        try:
            more = True
            while more and not self._stop.is_set():
                more = source.grow()
                while not self._stop.is_set() and _count_window(source, index, is_last=not more):
                    pass
        except SessionUnreadable as error:
            _count_window(source, index, is_last=True)
            self.problem = str(error)
        self.complete.set()


def count_lines(source: Source, index: LineIndex) -> None:
    """Count what an index lacks of a source, at once."""
    while _count_window(source, index, is_last=True):
        pass


def _count_window(source: Source, index: LineIndex, *, is_last: bool) -> bool:
    """Index what comes next, whole lines only unless nothing follows; whether it could."""
    at = index.size
    data = source.pread(COUNTED, at)
    end = data.rfind(b"\n") + 1
    if end:
        index.add(data[:end])
        return True
    size = len(data)
    while size and (part := source.pread(COUNTED, at + size)):
        newline = part.find(b"\n")
        if newline >= 0:
            index.add_long(data[:LONG], size + newline + 1)
            return True
        size += len(part)
    if not size or not is_last:
        return False
    index.add_long(data[:LONG], size)
    return True
