"""What the main screen sends again and again: a message, or a file line by line."""

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

from wsdebug.engine.repeat import Repeat
from wsdebug.errors import UsageError, WsdebugError
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.compose_file import file_bytes
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.composer import Composer
from wsdebug.tui.keymap import shown
from wsdebug.tui.main_names import MainNames
from wsdebug.tui.pace_dialog import Pace, PaceDialog

__all__ = ["MainRepeats"]


class MainRepeats(MainNames):
    """Starts one at a time; the status line shows it and the key that stops it."""

    _repeat: Repeat[SendRequest] | None = None
    _pace = Pace(1.0)

    @property
    def sending(self) -> str:
        """What is sent again and again, in words; empty where nothing is."""
        if self._repeat is None or self._repeat.is_over:
            return ""
        pace, sent = self._pace, with_commas(self._repeat.sent)
        of = f" of {with_commas(pace.count)}" if pace.count is not None else ""
        what = "sending a file" if pace.file else "sending"
        often = f"every {pace.interval:g} s" if pace.interval else "without a pause"
        return f"{what} {often}, {sent}{of} sent"

    def action_repeat(self) -> None:
        """Send what stands in the composer every so many seconds."""
        if not self._can_start():
            return
        composer = self.query_one(Composer)
        try:
            request = composer.request()
        except UsageError as error:
            composer.refuse(str(error))
            return
        if request.kind == "close":
            self.say("a close is sent once")
            return

        self.when_filled(request, self._ask_how_often)

    def _ask_how_often(self, request: SendRequest) -> None:
        def start(pace: Pace | None) -> None:
            if pace is not None:
                often = repeat(request) if pace.count is None else repeat(request, pace.count)
                self._start(pace, often)

        self.app.push_screen(PaceDialog(), start)

    def action_send_lines(self) -> None:
        """Send the lines of a file, each a text message."""
        if not self._can_start():
            return

        def start(pace: Pace | None) -> None:
            if pace is None:
                return
            try:
                lines = read_lines(Path(pace.file))
            except UsageError as error:
                self.say(str(error), wrong=True)
            else:
                self._start(Pace(pace.interval, len(lines), pace.file), iter(lines))

        self.app.push_screen(PaceDialog(of_file=True), start)

    def action_stop_sending(self) -> None:
        """Send no more; what is being sent is sent whole."""
        if self._repeat is None or self._repeat.is_over:
            self.say("nothing is sent again and again")
        else:
            self.session.stop_repeat(self._repeat)

    def _can_start(self) -> bool:
        if self._repeat is not None and not self._repeat.is_over:
            self.say(f"one thing at a time: {shown('alt+s')} stops the other")
            return False
        return True

    def _start(self, pace: Pace, requests: Iterator[SendRequest]) -> None:
        if self.session.status.state != "open":
            self.say(f"not connected; {shown('F5')} connects", wrong=True)
            return
        self._pace = pace
        self._repeat = Repeat(requests, self.session.send, pace.interval)
        self.when_done(self.session.run_repeat(self._repeat), self._was_repeated)

    def _was_repeated(self, error: WsdebugError | None) -> None:
        if self._repeat is None or not self.is_attached:
            return
        count = with_commas(self._repeat.sent)
        if error is not None:
            self.say(f"{count} sent, then: {error}", wrong=True)
        else:
            self.say(f"{count} sent")


def read_lines(path: Path) -> list[SendRequest]:
    """The lines of a file as text messages, empty ones left out. Raises UsageError."""
    shown_path = escape(str(path))
    try:
        lines = file_bytes(str(path)).decode().splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown_path} is not UTF-8 at byte {error.start}") from None
    found = [SendRequest("text", line) for line in lines if line]
    if not found:
        raise UsageError(f"{shown_path} has no lines to send")
    return found
