"""A session counted in a thread, as far as it reached when that began; a long one apart."""

from textual.worker import Worker, get_current_worker

from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.log.statistics_apart import StatisticsApart
from wsdebug.tui.gently import go_through

__all__ = ["LOOKS_HZ", "StatisticsCount"]

LOOKS_HZ = 4
LONG = 4 << 20  # bytes of a session that another process counts


class StatisticsCount:
    """`statistics` may be read once `words` are empty; until then these say what there is."""

    def __init__(self, log: FrameLog, *, live: bool) -> None:
        self.statistics = Statistics(log)
        self._log = log
        self._is_live = live
        self._end = log.index.size
        self._at = (0, 1)  # what comes next for the other process
        self._is_counted = False
        self._is_broken = False

    @property
    def words(self) -> str:
        """How far it is, or why it went no further."""
        if self._is_broken:
            return "The session was closed before all of it was counted."
        if self._is_counted:
            return ""
        done = max(self._at[0], self.statistics.looked_through)
        return f"counting, {done * 100 // max(1, self._log.index.size)} %"

    @property
    def _is_whole(self) -> bool:
        """Whether there is nothing to wait for."""
        return self._is_live or self._log.complete.is_set()

    def _goes_on(self, done: int, *, more: bool, is_whole: bool) -> bool:
        """Whether there may be more; of a flood, which may never end, what was there at first."""
        if is_whole and (not more or (self._is_live and done >= self._end)):
            return False
        if not more:
            self._log.complete.wait(1 / LOOKS_HZ)
        return True

    def _step(self) -> bool:
        """Count the next part; whether there may be more."""
        is_whole = self._is_whole
        more = self.statistics.advance()
        return self._goes_on(self.statistics.looked_through, more=more, is_whole=is_whole)

    def _count_apart(self, worker: Worker[None]) -> bool:
        """The same in a process of its own; whether that could be."""
        try:
            with StatisticsApart() as apart:
                while not worker.is_cancelled and self._give(apart):
                    pass
                if not worker.is_cancelled:
                    self.statistics = apart.finish()
        except OSError:
            return False
        return True

    def _give(self, apart: StatisticsApart) -> bool:
        """Give it the next part; whether there may be more."""
        log, is_whole = self._log, self._is_whole
        window = log.window(self._at)
        if window is not None:
            last = window.first + window.lines - 1
            apart.take(window, log.index.hidden(window.first, last))
            self._at = window.after
        more = window is not None and self._at[0] < log.index.size
        return self._goes_on(self._at[0], more=more, is_whole=is_whole)

    def run(self) -> None:
        """Count, in a worker's thread."""
        worker = get_current_worker()
        try:
            if self._end < LONG or not self._count_apart(worker):
                self._at = (0, 1)
                go_through(self._step, lambda: worker.is_cancelled)
        except (OSError, ValueError):  # the log was closed meanwhile
            self._is_broken = True
        self._is_counted = True
