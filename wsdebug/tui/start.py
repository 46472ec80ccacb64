"""The start screen: a URL, the demo, what was interrupted, and what was recent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError
from wsdebug.tui.bars import Hint
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.layout import MINIMUM
from wsdebug.tui.recording_rows import RecordingRows
from wsdebug.tui.start_block import StartBlock
from wsdebug.tui.start_url import Complete
from wsdebug.workspace.library import RecordingInfo

__all__ = ["StartChoice", "StartScreen"]

TOUR_ROWS = 5  # of the tour's strip, at most
WIDE = 104  # cells from which the status row has room for all of its words


@dataclass(frozen=True, slots=True)
class StartChoice:
    """What was chosen: connect to `url`, its settings first, the demo, open the session at `path`
    or connect again with its settings, the library, the demo for the tour.
    """

    kind: Literal["url", "settings", "demo", "open", "again", "library", "tour"]
    url: str = ""
    path: Path | None = None


class StartScreen(Screen[StartChoice]):
    """Asks where to go, and is dismissed with a StartChoice. Rows may come later."""

    DEFAULT_CSS = """
    StartScreen { background: $background; layout: vertical; }
    StartScreen #start-page { height: 1fr; align-horizontal: center; overflow: hidden; }
    StartScreen #start-status { background: $panel; padding: 0 0 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "settings", "Settings", id="settings"),
        Binding("f4", "demo", "Open the demo", id="demo"),
        Binding("ctrl+r", "again", "Connect again", id="connect_again"),
        Binding("ctrl+o", "library", "Library", id="library"),
        Binding("ctrl+j,f8,ctrl+enter", "connect", "Connect", show=False, id="send"),
        Binding("ctrl+l", "url", "URL", show=False, id="edit_url"),
        Binding("escape", "url", "URL", show=False),
        Binding("down", "rows", "To the recordings", show=False),
        Binding("f1,question_mark", "keys", "Keys", show=False, id="keys"),
    ]

    def __init__(
        self,
        *,
        recent: Sequence[RecordingInfo],
        interrupted: Sequence[RecordingInfo],
        saved_count: int,
        complete: Complete,
        now: Callable[[], datetime],
        retention_days: int,
        discard: Callable[[Path], bool],
    ) -> None:
        """`recent` newest first, with or without those that are `interrupted`; `complete` gives
        URLs for what was typed; `now` knows its zone; `discard` deletes a recording if it can.
        """
        super().__init__()
        self._recent, self._interrupted, self._saved_count = recent, interrupted, saved_count
        self._complete, self._now, self._discard = complete, now, discard
        self._retention_days = retention_days
        self._tour: Widget | None = None

    def compose(self) -> ComposeResult:
        """The block in the middle, and the status row."""
        with Vertical(id="start-page"):
            yield StartBlock(self._complete, id="start-block")
        yield HintRow(id="start-status")

    def on_mount(self) -> None:
        """The focus begins at the URL."""
        self._block.field.focus()
        self._arrange()

    def on_resize(self) -> None:
        """More rows or fewer."""
        self._arrange()

    def show_recordings(
        self,
        recent: Sequence[RecordingInfo],
        interrupted: Sequence[RecordingInfo],
        saved_count: int,
    ) -> None:
        """Show what there is by now; the focus and the cursor stay where they are."""
        self._recent, self._interrupted, self._saved_count = recent, interrupted, saved_count
        if self.query(StartBlock):  # not there yet, or no more as the app ends
            self._arrange()

    def complain(self, words: str) -> None:
        """Say at the URL field why something could not be done."""
        self._block.say(words)

    def show_tour(self, strip: Widget | None) -> None:
        """Put a strip below the URL; None where it has been taken away."""
        self._tour = strip
        if strip is not None:
            self._block.mount(strip, after="#start-panel")
        self._arrange()

    @property
    def is_used(self) -> bool:
        """Whether a URL is being typed."""
        return bool(self._block.field.typed)

    # Showing

    @property
    def _block(self) -> StartBlock:
        return self.query_one(StartBlock)

    def _arrange(self) -> None:
        width, height = self.size
        if width:
            self._block.show(
                self._recent,
                self._interrupted,
                self._saved_count,
                now=self._now(),
                size=Size(width, height - 1 - (TOUR_ROWS if self._tour is not None else 0)),
            )
            self._show_status(width, height)

    def _show_status(self, width: int, height: int) -> None:
        status = self.query_one("#start-status", HintRow)
        days = self._retention_days
        kept = f"kept for {days} day{'s' if days > 1 else ''}" if days else "kept until next time"
        words = f"Everything is recorded from the first byte and {kept}."
        keys = [Hint("?", "keys", "keys"), Hint("^P", "all actions", "app.command_palette")]
        keys.append(Hint("^Q", "quit", "app.leave"))
        if width < WIDE:
            words = f"Everything is recorded and {kept}."
            del keys[1]
        if width < MINIMUM[0] or height < MINIMUM[1]:
            words = f"wsdebug needs {MINIMUM[0]} columns and {MINIMUM[1]} rows"
        status.left = ((words, "$foreground-muted"),)
        status.keys = tuple(keys)

    # What the parts ask for

    def on_input_changed(self) -> None:
        """A change takes the complaint away."""
        self._block.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter connects."""
        event.stop()
        self.action_connect()

    def on_recording_rows_opened(self, event: RecordingRows.Opened) -> None:
        """Open a recording."""
        self.dismiss(StartChoice("open", path=event.info.path))

    def on_recording_rows_left(self, event: RecordingRows.Left) -> None:
        """The cursor goes on to the next list, or up to the URL."""
        self._block.move_on(event.rows, event.step)

    def on_recording_rows_discarded(self, event: RecordingRows.Discarded) -> None:
        """Delete it, and say so if that cannot be done."""
        path = event.info.path
        if not self._discard(path):
            event.rows.refuse("it cannot be deleted")
            return
        self._interrupted = [info for info in self._interrupted if info.path != path]
        self._recent = [info for info in self._recent if info.path != path]
        if not self._interrupted:
            self._block.field.focus()
        self._arrange()

    # Actions

    def action_connect(self) -> None:
        """To the URL, or say what is wrong with it."""
        self._choose_url("url")

    def action_settings(self) -> None:
        """Everything else about the connection, with the URL typed so far."""
        if self._block.field.typed:
            self._choose_url("settings")
        else:
            self.dismiss(StartChoice("settings"))

    def _choose_url(self, kind: Literal["url", "settings"]) -> None:
        try:
            parse_url(self._block.field.typed)
        except UsageError as error:
            self._block.field.focus()
            self._block.say(str(error))
        else:
            self.dismiss(StartChoice(kind, url=self._block.field.typed))

    def action_demo(self) -> None:
        """The server inside."""
        self.dismiss(StartChoice("demo"))

    def action_library(self) -> None:
        """All recordings and saved sessions."""
        self.dismiss(StartChoice("library"))

    def action_again(self) -> None:
        """Connect with the settings of the row under the cursor, else of the newest."""
        rows = (
            self.focused if isinstance(self.focused, RecordingRows) else self._block.rows("recent")
        )
        if rows.chosen is not None:
            self.dismiss(StartChoice("again", url=rows.chosen.url, path=rows.chosen.path))

    def action_url(self) -> None:
        """Back to the URL."""
        self._block.field.focus()

    def action_rows(self) -> None:
        """To the first list below the URL."""
        for name in ("interrupted", "recent"):
            rows = self._block.rows(name)
            if rows.rows:
                rows.cursor = 0
                rows.focus()
                return

    def action_open_row(self, name: Literal["interrupted", "recent"]) -> None:
        """Open the row of a list where its cursor is."""
        self._block.rows(name).action_open()

    def action_discard_row(self) -> None:
        """Discard the row under the cursor; asks once."""
        rows = self._block.rows("interrupted")
        rows.focus()
        rows.action_discard()

    def action_keys(self) -> None:
        """Show the keys."""
        self.app.action_show_help_panel()
