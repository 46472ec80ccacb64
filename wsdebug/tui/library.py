"""The library: saved sessions and all recordings, filtered while one types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Static

from wsdebug.errors import RecordingFailed
from wsdebug.payload.escape import cut_cells, escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import Part
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.layout import density_of
from wsdebug.tui.library_list import RecordingList, Row
from wsdebug.tui.library_rows import found_by
from wsdebug.tui.library_work import LibraryWork
from wsdebug.tui.name_dialog import NameDialog
from wsdebug.tui.start_parts import HintRow
from wsdebug.workspace.library import RecordingInfo

__all__ = ["LibraryChoice", "LibraryScreen"]

HERE, LIBRARY, UNNAMED = "Saved in ./sessions", "Saved in the library", "Recordings"
NOTHING = "Nothing is recorded yet. What you connect to will stand here."
NAME_HINT = ("F2", "name", "describe")
UNDO_HINT = ("alt+z", "take back", "undo")
STATUS_HINTS = (("del", "delete", "delete"), ("esc", "back", "back"))
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
        Binding("alt+z", "undo", "Take the deletion back", priority=True),
        Binding("f2", "describe", "Title and tags"),
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
        work: LibraryWork,
    ) -> None:
        """Both newest first; `now` knows its zone."""
        super().__init__()
        self._saved, self._recordings = list(saved), list(recordings)
        self._now, self._work = now, work
        self._deleted: list[tuple[RecordingInfo, bool]] = []  # and whether it was a saved one
        self._texts: dict[Path, str] = {}  # what the filter looks at

    def compose(self) -> ComposeResult:
        """Heading, filter, rows, status."""
        yield HintRow(id="library-heading")
        with Horizontal(id="library-filter"):
            yield Static("filter", id="library-label")
            yield Field(placeholder="name, #tag, URL or how it ended", id="library-field")
            keys = (("enter", "open", "open"), ("^R", "connect again", "again"), NAME_HINT)
            yield HintRow(keys=keys, id="library-keys")
        yield Static(id="library-empty")
        yield RecordingList(id="library-rows")
        yield HintRow(keys=STATUS_HINTS, id="library-status")

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
        wanted = self.query_one(Field).value.lower().split()
        saved = [info for info in self._saved if self._has(info, wanted)]
        here = [info for info in saved if not info.path.is_absolute()]
        library = [info for info in saved if info.path.is_absolute()]
        recordings = [info for info in self._recordings if self._has(info, wanted)]
        rows: list[Row] = []
        for title, infos in ((HERE, here), (LIBRARY, library), (UNNAMED, recordings)):
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
        words = str(info.path) if info is not None else ""
        status = self.query_one("#library-status", HintRow)
        status.keys = STATUS_HINTS
        if self._deleted:
            words = f"deleted {self._deleted[-1][0].path.name}"
            status.keys = (UNDO_HINT, *STATUS_HINTS)
        room = self.size.width - 4 - sum(len(f"{key} {verb}") + 3 for key, verb, _ in status.keys)
        words = cut_cells(escape(words), max(0, room), glyphs_of(self.app).cut)
        status.left = ((words, "$foreground-muted"),)

    def _has(self, info: RecordingInfo, wanted: Sequence[str]) -> bool:
        """Whether all words are in what a filter looks at: title, name, tags, URL, end, size."""
        text = self._texts.get(info.path)
        if text is None:
            text = found_by(info)
            self._texts[info.path] = text
        return all(word in text for word in wanted)

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
        """Delete the session, which can be taken back; in the filter's text `del` edits it."""
        field, info = self.query_one(Field), self._list.chosen
        if field.cursor_position < len(field.value) or not field.selection.is_empty:
            field.action_delete_right()
            return
        if info is None:
            return
        if info.live:
            self._list.say(("it is being recorded", "error"))
        elif self._work.discard(info.path):
            self._deleted.append((info, info in self._saved))
            self._saved = [other for other in self._saved if other.path != info.path]
            self._recordings = [other for other in self._recordings if other.path != info.path]
            self._show()
        else:
            self._list.say(("it cannot be deleted", "error"))

    def action_undo(self) -> None:
        """Put back what was deleted last."""
        if not self._deleted:
            return
        if self._work.take_back() is None:
            self._list.say(("it cannot be put back: its place is taken", "error"))
            return
        info, was_saved = self._deleted.pop()
        infos = self._saved if was_saved else self._recordings
        infos.append(info)
        infos.sort(key=lambda one: (one.started, one.path.name), reverse=True)
        self._show()
        self._list.go_to(info.path)

    def action_describe(self) -> None:
        """Ask for the title and the tags of the session."""
        info = self._list.chosen
        if info is None:
            return
        if info.live:
            self._list.say(("it is being recorded; ^S there gives it a name", "error"))
            return

        def describe(named: tuple[str, tuple[str, ...]] | None) -> None:
            if named is None or named == (info.title, info.tags):
                return
            try:
                self._work.describe(info, *named)
            except RecordingFailed as error:
                self._list.say((escape(str(error)), "error"))
                return
            after = replace(info, title=named[0], tags=named[1])
            self._saved = [after if one is info else one for one in self._saved]
            self._recordings = [after if one is info else one for one in self._recordings]
            self._texts.pop(info.path, None)
            self._show()

        self.app.push_screen(NameDialog(info.title, info.tags), describe)

    def action_back(self) -> None:
        """Take the words in a row away, then the filter, then leave."""
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
