"""What the status line said lately, in full."""

from collections.abc import Iterable, Sequence

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Hint
from wsdebug.tui.dialog import Dialog, DialogBody
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.status_line import Message

__all__ = ["RecentMessages"]


class RecentMessages(Dialog[None]):
    """`messages` as the status line holds them, the oldest first; shown the newest first."""

    DEFAULT_CSS = """
    RecentMessages .message { height: auto; }
    RecentMessages .time { width: 11; color: $foreground-muted; }
    RecentMessages .words { width: 1fr; color: $foreground; }
    RecentMessages .-wrong .words { color: $error; }
    RecentMessages #nothing { color: $foreground-muted; }
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__("Recent messages", (Hint("esc", "back", "leave"),))
        self._messages = tuple(reversed(messages))

    def parts(self) -> Iterable[Widget]:
        """A row for each."""
        if not self._messages:
            yield DialogBody(Static(Content("Nothing was said yet."), id="nothing"))
            return
        yield DialogBody(*(self._row(message) for message in self._messages))

    def _row(self, message: Message) -> Widget:
        at = f"{message.at:%H:%M:%S}" if message.at is not None else ""
        mark = f"{glyphs_of(self.app).violation} " if message.wrong else ""
        row = Horizontal(
            Static(Content(at), classes="time"),
            Static(Content(mark + escape(message.text)), classes="words"),
            classes="message",
        )
        row.set_class(message.wrong, "-wrong")
        return row
