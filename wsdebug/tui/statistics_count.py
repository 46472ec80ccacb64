"""A session counted in a thread, as far as it reached when that began."""

from textual.worker import get_current_worker

from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.tui.gently import go_through

__all__ = ["LOOKS_HZ", "StatisticsCount"]

LOOKS_HZ = 4


class StatisticsCount:
    """`statistics` may be read once `words` are empty; until then these say what there is."""

    def __init__(self, log: FrameLog, *, live: bool) -> None:
        self.statistics = Statistics(log)
        self._log = log
        self._is_live = live
        self._end = log.index.size
        self._is_counted = False
        self._is_broken = False

    @property
    def words(self) -> str:
        """How far it is, or why it went no further."""
        if self._is_broken:
            return "The session was closed before all of it was counted."
        if self._is_counted:
            return ""
        percent = self.statistics.looked_through * 100 // max(1, self._log.index.size)
        return f"counting, {percent} %"

    @property
    def _passed_end(self) -> bool:
        """Whether what was there at first is counted: a flood may never end."""
        return self.statistics.looked_through >= self._end

    def _step(self) -> bool:
        """Count the next part; whether there may be more."""
        is_whole = self._is_live or self._log.complete.is_set()
        more = self.statistics.advance()
        if is_whole and (not more or (self._is_live and self._passed_end)):
            return False
        if not more:
            self._log.complete.wait(1 / LOOKS_HZ)
        return True

    def run(self) -> None:
        """Count, in a worker's thread."""
        worker = get_current_worker()
        try:
            go_through(self._step, lambda: worker.is_cancelled)
        except (OSError, ValueError):  # the log was closed meanwhile
            self._is_broken = True
        self._is_counted = True
