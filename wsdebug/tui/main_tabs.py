"""What the main screen has to do with the other tabs: it shows their row, and asks for them."""

from textual.message import Message
from textual.reactive import reactive

from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.in_browser import is_in_browser
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_payload import MainPayload
from wsdebug.tui.question import Question
from wsdebug.tui.tab_row import TabLabel, TabRow

__all__ = ["MainTabs"]

OF_ROWS = (
    *("copy", "copy_as", "edit_again", "send_again", "note", "inspect"),
    *("payload_file", "payload_pager", "payload_editor"),
)
OF_TERMINALS = ("payload_pager", "payload_editor", "suspend_process")


class MainTabs(MainPayload):
    """One tab. The application sets `labels`, and `is_hidden` while another tab is shown."""

    labels: reactive[tuple[TabLabel, ...]] = reactive[tuple[TabLabel, ...]]((), repaint=False)

    class Step(Message):
        """The tab so many further on is wanted."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Pick(Message):
        """The tab with this index is wanted."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Close(Message):
        """This tab is to be closed."""

    is_hidden = False
    _seen = 0  # messages received when the tab was left

    @property
    def unread(self) -> int:
        """Messages received since the tab was left; none while it is shown."""
        return self.session.counters.messages_in - self._seen if self.is_hidden else 0

    def leave_tab(self) -> None:
        """Another tab is shown: nothing moves here until this one is again."""
        self._seen = self.session.counters.messages_in
        self.is_hidden = True

    def enter_tab(self) -> None:
        """Shown again: take up at once what has happened."""
        self.is_hidden = False
        self.call_after_refresh(self.catch_up)

    def catch_up(self) -> None:
        """Show the state of now."""
        raise NotImplementedError

    def watch_labels(self, before: tuple[TabLabel, ...], now: tuple[TabLabel, ...]) -> None:
        """Another row of tabs; the first time, and the last, it needs room or gives it back."""
        row = next(iter(self.query(TabRow)), None)
        if row is None:  # not there yet, or no more: tabs count to the very end
            return
        row.labels = now
        if bool(before) != bool(now):
            self.rearrange()

    def why_not(self) -> dict[str, str]:
        """Why actions can do nothing now, in words, by their names."""
        session, view = self.session, self.query_one(LogRegion).view
        found: dict[str, str] = {}
        if session.options is None:
            found |= dict.fromkeys(("toggle_connection", "connect_again"), "there is no URL yet")
        if session.status.state != "open":
            found |= dict.fromkeys(("send", "send_again", "repeat", "send_lines"), "not connected")
        if session.log is None:
            found["save"] = "there is nothing yet"
        if session.log is None or not session.log.violations:
            found["violation"] = "no rule was broken"
        if view.line is None:
            found |= dict.fromkeys(OF_ROWS, "there is no row")
        if not self.labels:
            tabs = ("next_tab", "previous_tab", "close_tab")
            found |= dict.fromkeys(tabs, "this is the only tab")
        if is_in_browser():
            found |= dict.fromkeys(OF_TERMINALS, "there is no terminal behind a browser")
        return found

    def on_tab_row_picked(self, event: TabRow.Picked) -> None:
        """A tab was clicked."""
        event.stop()
        self.post_message(self.Pick(event.index))

    def action_new_tab(self) -> None:
        """Another connection beside this one."""
        self.post_message(self.OpenTab())

    def action_next_tab(self) -> None:
        """The next tab."""
        self.post_message(self.Step(1))

    def action_previous_tab(self) -> None:
        """The tab before."""
        self.post_message(self.Step(-1))

    def action_close_tab(self) -> None:
        """Close this tab; asks first where a connection is open."""
        if not self.labels:
            self.say("this is the only tab; ^Q quits")
        elif not self.session.is_live:
            self.post_message(self.Close())
        else:
            question = Question(
                "A connection is open. Close it?",
                "The tab goes with it; the recording is kept.",
                answers=(("c", "close the tab"), ("escape", "stay")),
            )
            self.app.push_screen(question, self._close)

    def _close(self, answer: str | None) -> None:
        if answer == "c":
            self.post_message(self.Close())

    def ask_url(self) -> None:
        """Begin with a URL to enter: a tab that has none."""
        self.query_one(ConnectionBar).edit(self.desk.urls.urls())
