"""The library: saved sessions and all recordings, filtered while one types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Static

from wsdebug.payload.escape import cut_cells, escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import Part
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.layout import density_of
from wsdebug.tui.library_list import RecordingList, Row
from wsdebug.tui.start_parts import HintRow
from wsdebug.workspace.folders import display_name
from wsdebug.workspace.library import RecordingInfo

__all__ = ["LibraryChoice", "LibraryScreen"]

SAVED, UNNAMED = "Saved", "Recordings"
NOTHING = "Nothing is recorded yet. What you connect to will stand here."
FAR = 1_000_000  # rows; further than any list goes


@dataclass(frozen=True, slots=True)
class LibraryChoice:
    """Open the session at `path`, and `again`: connect with its settings."""

    path: Path
    again: bool


class LibraryScreen(ModalScreen[LibraryChoice | None]):
    """Lists sessions, saved ones first; dismissed with the one chosen, None for none.

    The typing goes to the filter; the keys that move go to the list.
    """

    DEFAULT_CSS = """
    LibraryScreen { background: $background; layout: vertical; }
    LibraryScreen #library-filter { height: 1; }
    LibraryScreen #library-label { width: 10; padding: 0 0 0 2; color: $foreground-muted; }
    LibraryScreen Field { width: 44; }
    LibraryScreen #library-keys { width: 1fr; }
    LibraryScreen RecordingList { height: 1fr; }
    LibraryScreen #library-empty { height: 1; padding: 0 2; color: $foreground-muted; }
    LibraryScreen #library-status { background: $panel; padding: 0 0 0 1; }
    LibraryScreen.-airy #library-heading { margin: 1 0; }
    LibraryScreen.-airy #library-filter { margin: 0 0 1 0; }
    LibraryScreen.-narrow Field { width: 26; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("ctrl+o", "back", "Back", id="library"),
        Binding("enter", "open", "Open", priority=True),
        Binding("ctrl+r", "again", "Connect again", id="connect_again"),
        Binding("delete", "delete", "Delete", priority=True),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("ctrl+home", f"move(-{FAR})", "First", show=False),
        Binding("ctrl+end", f"move({FAR})", "Last", show=False),
        Binding("f1", "keys", "Keys", show=False, id="keys"),
    ]

    def __init__(
        self,
        *,
        saved: Sequence[RecordingInfo],
        recordings: Sequence[RecordingInfo],
        now: Callable[[], datetime],
        discard: Callable[[Path], bool],
    ) -> None:
        """Both newest first; `now` knows its zone; `discard` deletes a session if it can."""
        super().__init__()
        self._saved, self._recordings = list(saved), list(recordings)
        self._now, self._discard = now, discard
        self._texts: dict[Path, str] = {}  # what the filter looks at

    def compose(self) -> ComposeResult:
        """Heading, filter, rows, status."""
        yield HintRow(id="library-heading")
        with Horizontal(id="library-filter"):
            yield Static("filter", id="library-label")
            yield Field(placeholder="name, URL or how it ended", id="library-field")
            keys = (("enter", "open", "open"), ("^R", "connect again", "again"))
            yield HintRow(keys=keys, id="library-keys")
        yield Static(id="library-empty")
        yield RecordingList(id="library-rows")
        keys = (("del", "delete", "delete"), ("esc", "back", "back"))
        yield HintRow(keys=keys, id="library-status")

    def on_mount(self) -> None:
        """The typing goes to the filter."""
        self.query_one(Field).focus()
        self._show()

    def on_resize(self) -> None:
        """Air or none."""
        width, height = self.size
        self.set_class(density_of(height) != "short", "-airy")
        self.set_class(width < 110, "-narrow")
        self._show_file()

    def show_recordings(
        self, saved: Sequence[RecordingInfo], recordings: Sequence[RecordingInfo]
    ) -> None:
        """Show what there is by now; cursor and filter stay."""
        self._saved, self._recordings = list(saved), list(recordings)
        self._texts.clear()
        if self.is_mounted:
            self._show()

    # Showing

    @property
    def _list(self) -> RecordingList:
        return self.query_one(RecordingList)

    def _show(self) -> None:
        wanted = self.query_one(Field).value.strip().lower()
        saved = [info for info in self._saved if wanted in self._text(info)]
        recordings = [info for info in self._recordings if wanted in self._text(info)]
        rows: list[Row] = []
        for title, infos in ((SAVED, saved), (UNNAMED, recordings)):
            if infos:
                rows += ["", title] if rows else [title]
                rows += infos
        self._list.show(rows, self._now())
        count, total = len(saved) + len(recordings), len(self._saved) + len(self._recordings)
        empty = "" if count else "Nothing here has these words in it." if total else NOTHING
        self.query_one("#library-empty", Static).update(empty)
        self.query_one("#library-empty", Static).display = bool(empty)
        self._show_heading(count, total)
        self._show_file()

    def _show_heading(self, count: int, total: int) -> None:
        words = f"{with_commas(count)} of {with_commas(total)}" if count < total else ""
        words = words or f"{with_commas(total)} session{'' if total == 1 else 's'}"
        left: list[Part] = [(glyphs_of(self.app).cursor, "$primary"), (" Library", "bold $primary")]
        self.query_one("#library-heading", HintRow).left = (
            *left,
            (f"   {words}", "$foreground-muted"),
        )

    def _show_file(self) -> None:
        """The file of the row with the cursor."""
        info = self._list.chosen
        words = escape(str(info.path)) if info is not None else ""
        words = cut_cells(words, max(0, self.size.width - 30), glyphs_of(self.app).cut)
        self.query_one("#library-status", HintRow).left = ((words, "$foreground-muted"),)

    def _text(self, info: RecordingInfo) -> str:
        """What a filter looks at: name, URL, how it ended."""
        text = self._texts.get(info.path)
        if text is None:
            name = display_name(info.path) if info.saved else ""
            text = f"{name}\n{info.url}\n{info.last}".lower()
            self._texts[info.path] = text
        return text

    # What is asked for

    def on_input_changed(self) -> None:
        """Filter while one types."""
        self._show()

    def on_recording_list_moved(self) -> None:
        """The cursor stands on another row."""
        self._show_file()

    def on_recording_list_opened(self) -> None:
        """A click on the row with the cursor."""
        self.action_open()

    def on_hint_row_pressed(self, event: HintRow.Pressed) -> None:
        """The hints are buttons."""
        self.call_later(self.run_action, event.action)

    def action_move(self, by: int) -> None:
        """Other rows."""
        self._list.move(by)

    def action_page(self, by: int) -> None:
        """Other screens of rows."""
        self._list.page(by)

    def action_open(self) -> None:
        """Look at the session."""
        if (info := self._list.chosen) is not None:
            self.dismiss(LibraryChoice(info.path, again=False))

    def action_again(self) -> None:
        """Connect with its settings."""
        if (info := self._list.chosen) is not None:
            self.dismiss(LibraryChoice(info.path, again=True))

    def action_delete(self) -> None:
        """Delete the session, asking once; inside the filter's text `del` edits it."""
        field, info = self.query_one(Field), self._list.chosen
        if field.cursor_position < len(field.value) or not field.selection.is_empty:
            field.action_delete_right()
            return
        if info is None:
            return
        if info.live:
            self._list.say(("it is being recorded", "error"))
        elif self._list.said is None or self._list.said[1] == "error":
            self._list.say(("del again deletes it, esc keeps it", "warning bold"))
        elif self._discard(info.path):
            self._saved = [other for other in self._saved if other.path != info.path]
            self._recordings = [other for other in self._recordings if other.path != info.path]
            self._show()
        else:
            self._list.say(("it cannot be deleted", "error"))

    def action_back(self) -> None:
        """Take the question away, then the filter, then leave."""
        field = self.query_one(Field)
        if self._list.said is not None:
            self._list.say(None)
        elif field.value:
            field.value = ""
        else:
            self.dismiss(None)

    def action_keys(self) -> None:
        """Show the keys."""
        self.app.action_show_help_panel()
