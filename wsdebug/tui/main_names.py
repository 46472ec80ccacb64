"""What the main screen looks up in the log for JSON that is being typed."""

from wsdebug.log.names_seen import NamesSeen
from wsdebug.payload.json_names import JsonNames
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_suggest import SuggestingArea
from wsdebug.tui.main_messages import MainMessages
from wsdebug.tui.throttle import Throttle

__all__ = ["MainNames"]

LOOK_SECONDS = 2.0  # between two looks at a log that grows


class MainNames(MainMessages):
    """Reads in a thread, and only while somebody types."""

    _names: NamesSeen | None = None
    _names_throttle: Throttle | None = None

    def on_suggesting_area_names_wanted(self, event: SuggestingArea.NamesWanted) -> None:
        """Look what was seen since, if it is time."""
        event.stop()
        log = self.session.log
        if log is None or (self._names and self._names.log is log and not self._names.is_stale):
            return
        if self._names is None or self._names.log is not log:
            self._names = NamesSeen(log)
        if self._names_throttle is None:
            self._names_throttle = Throttle(self, LOOK_SECONDS, self._look_for_names)
        self._names_throttle.at_leisure()

    def _look_for_names(self) -> None:
        seen = self._names
        if seen is not None and not any(one.group == "names" for one in self.workers):
            self.run_worker(lambda: self._read_names(seen), thread=True, group="names")

    def _read_names(self, seen: NamesSeen) -> None:
        try:
            names = seen.look()
        except (OSError, ValueError):  # the log was closed meanwhile
            return
        self.app.call_from_thread(self._take_names, seen, names)

    def _take_names(self, seen: NamesSeen, names: JsonNames) -> None:
        if seen is self._names:
            self.query_one(Editor).see(names)
