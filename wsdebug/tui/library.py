"""The library: saved sessions and all recordings as a tree, found while one types."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import get_current_worker

from wsdebug.payload.escape import cut_cells, escape
from wsdebug.tui.bars import Hint, Part
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.layout import density_of
from wsdebug.tui.library_find import FindField
from wsdebug.tui.library_found import LibraryFound
from wsdebug.tui.library_list import LibraryTree
from wsdebug.tui.library_naming import Naming
from wsdebug.tui.library_preview import LibraryPreview
from wsdebug.tui.library_work import Contents, LibraryWork, read_contents
from wsdebug.tui.moves import ARROWS
from wsdebug.tui.name_dialog import NameDialog

__all__ = ["LibraryChoice", "LibraryScreen"]

KEYS = (
    Hint("enter", "open", "open"),
    Hint("^R", "connect again", "again"),
    Hint("F2", "name", "describe"),
)
UNDO_HINT = Hint("alt+z", "take back", "undo")
STATUS_HINTS = (Hint("del", "delete", "delete"), Hint("esc", "back", "back"))
FAR = 10_000_000  # rows; further than any list goes


@dataclass(frozen=True, slots=True)
class LibraryChoice:
    """Open the session at `path`, and `again`: connect with its settings."""

    path: Path
    again: bool


class LibraryScreen(ModalScreen[LibraryChoice | None]):
    """Lists sessions, saved ones first; dismissed with the one chosen, None for none.

    The typing goes to the field that finds; the keys that move go to the tree.
    """

    BINDING_GROUP_TITLE = "Library"
    DEFAULT_CSS = """
    LibraryScreen { background: $background; layout: vertical; }
    LibraryScreen #library-filter { height: 1; }
    LibraryScreen #library-label { width: 8; padding: 0 0 0 2; color: $foreground-muted; }
    LibraryScreen Field { width: 48; }
    LibraryScreen #library-keys { width: 1fr; }
    LibraryScreen LibraryTree { height: 1fr; }
    LibraryScreen #library-empty { height: 1; padding: 0 2; color: $foreground-muted; }
    LibraryScreen #library-status { background: $panel; padding: 0 0 0 1; }
    LibraryScreen.-airy #library-heading { margin: 1 0; }
    LibraryScreen.-airy #library-filter { margin: 0 0 1 0; }
    LibraryScreen.-airy LibraryPreview { height: 8; }
    LibraryScreen.-tall LibraryPreview { height: 14; }
    LibraryScreen.-narrow Field { width: 28; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("ctrl+o", "back", "Back", id="library"),
        Binding("enter", "open", "Open, or fold and unfold", priority=True),
        Binding("ctrl+r", "again", "Connect again", id="connect_again"),
        Binding("delete", "delete", "Delete", priority=True),
        Binding("alt+z", "undo", "Take back what was deleted or moved", priority=True),
        Binding("f2", "describe", "Name, title and tags"),
        *ARROWS,
        Binding("ctrl+home", f"move(-{FAR})", "First", show=False),
        Binding("ctrl+end", f"move({FAR})", "Last", show=False),
        Binding("f1", "keys", "Keys", show=False, id="keys"),
    ]

    def __init__(self, *, now: Callable[[], datetime], work: LibraryWork) -> None:
        """`now` knows its zone."""
        super().__init__()
        self._now, self._work = now, work
        self._found = LibraryFound()
        self._changes: list[str] = []  # what can be taken back, in words

    def compose(self) -> ComposeResult:
        """Heading, field, tree, preview, status."""
        yield HintRow(id="library-heading")
        with Horizontal(id="library-filter"):
            yield Static("find", id="library-label")
            yield FindField(placeholder="name, #tag, URL, size:>1M code:1006", id="library-field")
            yield HintRow(KEYS, id="library-keys")
        yield Static(id="library-empty")
        yield LibraryTree(id="library-rows")
        yield LibraryPreview(id="library-preview")
        yield HintRow(id="library-status")

    def on_mount(self) -> None:
        """The typing goes to the field."""
        self.query_one(Field).focus()
        self._show()
        self._read()

    def on_resize(self) -> None:
        """Air or none."""
        width, height = self.size
        self.set_class(density_of(height) != "short", "-airy")
        self.set_class(density_of(height) == "tall", "-tall")
        self.set_class(width < 110, "-narrow")
        self._show_file()

    def _read(self, go_to: Path | None = None) -> None:
        """Look again at what there is; the cursor goes to a session if it is there."""
        self.run_worker(partial(self._read_in_thread, go_to), thread=True, exclusive=True)

    def _read_in_thread(self, go_to: Path | None) -> None:
        worker = get_current_worker()

        def take(contents: Contents) -> None:
            if not worker.is_cancelled:
                self.app.call_later(self._take, contents, go_to)

        read_contents(self._work, take, lambda: not worker.is_cancelled, time.monotonic)

    def _take(self, contents: Contents, go_to: Path | None) -> None:
        if self.is_attached:
            self._found.take(contents)
            self._show(go_to)

    # Showing

    @property
    def _list(self) -> LibraryTree:
        return self.query_one(LibraryTree)

    def _show(self, go_to: str | Path | None = None, *, are_others: bool = False) -> None:
        shown = self._found.shown()
        self._list.show(shown.rows, self._now(), go_to, are_others=are_others)
        left: list[Part] = [(glyphs_of(self.app).cursor, "$primary"), (" Library", "bold $primary")]
        left.append((f"   {shown.words}", "$foreground-muted"))
        if mistake := self._found.mistake:
            left.append((f"   {escape(mistake)}", "$error"))
        self.query_one("#library-heading", HintRow).left = tuple(left)
        self.query_one(Field).set_class(bool(mistake), "-wrong")
        empty = self.query_one("#library-empty", Static)
        empty.update(shown.empty)
        empty.display = bool(shown.empty)
        self._show_file()

    def _show_file(self) -> None:
        """The file of the row with the cursor, and what is in it."""
        row = self._list.at
        words = str(row.key) if row is not None and isinstance(row.key, Path) else ""
        status = self.query_one("#library-status", HintRow)
        status.keys = STATUS_HINTS
        if self._changes:
            words = self._changes[-1]
            status.keys = (UNDO_HINT, *STATUS_HINTS)
        room = self.size.width - 4 - sum(len(f"{one.key} {one.verb}") + 3 for one in status.keys)
        words = cut_cells(escape(words), max(0, room), glyphs_of(self.app).cut)
        status.left = ((words, "$foreground-muted"),)
        self.query_one(LibraryPreview).show(row, self._now())

    # What is asked for

    def on_input_changed(self) -> None:
        """Find while one types; a mistake changes nothing but says so."""
        self._found.find(self.query_one(Field).value)
        self._show(are_others=True)

    def on_library_tree_moved(self) -> None:
        """The cursor stands on another row."""
        self._show_file()

    def on_library_tree_opened(self) -> None:
        """A click on the row with the cursor."""
        self.action_open()

    def on_library_tree_folded(self) -> None:
        """A click on a group or folder."""
        self._fold(None)

    def on_find_field_fold(self, event: FindField.Fold) -> None:
        """An arrow or the space bar."""
        self._fold(event.fold)

    def _fold(self, fold: bool | None) -> None:
        """Fold or unfold the row with the cursor; what cannot be folded is left for its folder."""
        row = self._list.at
        if row is None:
            return
        if not row.folds or (fold and row.is_folded):
            if fold is not False:
                self._list.leave_folder()
            return
        if row.is_folded or fold is not False:
            self._found.fold(row)
            self._show(row.key)

    def action_move(self, by: int) -> None:
        """Other rows."""
        self._list.move(by)

    def action_page(self, by: int) -> None:
        """Other screens of rows."""
        self._list.page(by)

    def action_open(self) -> None:
        """Look at the session; fold or unfold a folder."""
        self._choose(again=False)

    def action_again(self) -> None:
        """Connect with its settings."""
        self._choose(again=True)

    def _choose(self, *, again: bool) -> None:
        row = self._list.at
        if row is None:
            return
        if row.file is None:
            self._fold(None)
        elif row.file.problem:
            self._list.say((row.file.problem, "error"))
        else:
            self.dismiss(LibraryChoice(row.file.path, again))

    def action_delete(self) -> None:
        """Delete the session, which can be taken back; inside the text `del` edits it."""
        field, row = self.query_one(Field), self._list.chosen
        if field.cursor_position < len(field.value) or not field.selection.is_empty:
            field.action_delete_right()
            return
        if row is None or row.file is None:
            return
        if row.info is not None and row.info.live and not row.file.path.is_symlink():
            self._list.say(("it is being recorded", "error"))
        elif self._work.discard(row.file.path):
            self._changes.append(f"deleted {row.file.path.name}")
            self._read()
        else:
            self._list.say(("it cannot be deleted", "error"))

    def action_undo(self) -> None:
        """Put back what was deleted or moved last."""
        if not self._changes:
            return
        path = self._work.take_back()
        if path is None:
            self._list.say(("it cannot be put back: its place is taken", "error"))
            return
        self._changes.pop()
        self._read(path)

    def action_describe(self) -> None:
        """Ask for the name, the title and the tags of the session."""
        row = self._list.chosen
        if row is None or row.shelf is None:
            return
        info, shelf = row.info, row.shelf
        if info is None:
            self._list.say(("it cannot be named before it can be read", "error"))
            return
        if info.live:
            self._list.say(("it is being recorded; ^S there gives it a name", "error"))
            return
        naming = Naming(self._work, info, shelf)

        def left(saved: bool | None) -> None:
            if naming.path != info.path:
                self._changes.append(f"{info.path.name} is {naming.path} now")
            self._read(naming.path)

        self.app.push_screen(NameDialog(naming.before, naming.save), left)

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
