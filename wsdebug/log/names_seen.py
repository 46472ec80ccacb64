"""The names and strings of the JSON in a log, read from both of its ends."""

from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.payload.json_names import JsonNames

__all__ = ["NamesSeen"]

ROWS = 128  # rows of an end that are read at a time, so that a flood costs nothing


class NamesSeen:
    """What was seen of one log so far: its first rows, its last ones, and the last ones again."""

    def __init__(self, log: FrameLog) -> None:
        self._log = log
        self._names = JsonNames()
        self._rows = 0  # that were there at the last look

    @property
    def log(self) -> FrameLog:
        """The log that is read."""
        return self._log

    @property
    def is_stale(self) -> bool:
        """Whether there are rows that were not there at the last look."""
        return len(self._log) != self._rows

    def look(self) -> JsonNames:
        """Read what is new, of a long log only the last of it. Takes milliseconds; in a thread.

        The names are another object each time, so that the one before may be read meanwhile. May
        raise OSError or ValueError where the log is closed.
        """
        names, before, now = self._names.copy(), self._rows, len(self._log)
        start = max(before, now - ROWS)
        rows = self._log.rows(start, now)
        if not before and start:
            rows = [*self._log.rows(0, min(ROWS, start)), *rows]
        for row in rows:
            if row.preview and _may_be_json(row):
                names.add(row.preview.decode("utf-8", "ignore"), sent=row.sent)
        self._names, self._rows = names, now
        return names


def _may_be_json(row: Row) -> bool:
    """Whether a row is a data frame that begins a message."""
    return row.kind == "frame" and row.opcode in (1, 2) and not row.bad
