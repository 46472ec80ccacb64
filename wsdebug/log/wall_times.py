"""When things happened by the wall clock: since the session's start, and since its last jump."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from wsdebug.log.log import FrameLog
from wsdebug.session.lines import Event

__all__ = ["WallTimes"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
KEPT = 4096  # jumps that are remembered
Jump = tuple[int, int]  # time in the session, and the wall clock then, both in microseconds


class WallTimes:
    """Of a log that may grow: `t` counts by a clock that stands still while the machine sleeps and
    knows nothing of one that is set; `clock` events say where the two part.
    """

    def __init__(self, log: FrameLog) -> None:
        self._log = log
        self._started_us: int | None = None
        self._jumps: dict[int, Jump] = {}  # by line

    @property
    def is_known(self) -> bool:
        """Whether the session says when it started; its header may not be written yet."""
        header = self._log.header if self._started_us is None else None
        if header is not None:
            self._started_us = _epoch_us(header.started)
        return self._started_us is not None

    def at(self, time_us: int) -> int:
        """Microseconds since 1970 in UTC at a time of the session; only where it is known."""
        lines = self._log.index.clocks
        place = bisect_right(lines, time_us, hi=len(lines), key=lambda line: self._jump(line)[0])
        since_us, wall_us = self._jump(lines[place - 1]) if place else (0, self._started_us or 0)
        return wall_us + time_us - since_us

    def _jump(self, line: int) -> Jump:
        """What a `clock` event says; one that says nothing of use is as if there had been none."""
        if line not in self._jumps:
            if len(self._jumps) >= KEPT:
                self._jumps.clear()
            self._jumps[line] = self._read(line)
        return self._jumps[line]

    def _read(self, number: int) -> Jump:
        line = self._log.line(number)
        time_us = getattr(line, "time_us", None) or 0
        wall_us = _epoch_us(line.fields.get("wall")) if isinstance(line, Event) else None
        return time_us, (self._started_us or 0) + time_us if wall_us is None else wall_us


def _epoch_us(text: object) -> int | None:
    """An RFC 3339 time; None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment - EPOCH) // MICROSECOND if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
