"""A remark on a row."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from wsdebug.tui.dialog import Dialog, Hint
from wsdebug.tui.field import Field
from wsdebug.tui.settings_form import FormRow

__all__ = ["NoteDialog"]


class NoteDialog(Dialog[str | None]):
    """Asks for one line of text; dismisses with it, or with None for escape or nothing typed."""

    DEFAULT_CSS = """
    NoteDialog FormRow .label { width: 9; }
    NoteDialog FormRow Field { width: 1fr; margin: 0 2 0 0; background: $surface; }
    NoteDialog FormRow Field:focus { background: $primary 30%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", show=False, priority=True)
    ]

    def __init__(self, line: int | None) -> None:
        """`line` is what the note is about, None for the moment."""
        title = f"Note on line {line:,}" if line is not None else "Note"
        super().__init__(title, (Hint("enter", "save", "save"), Hint("esc", "back", "leave")))

    def parts(self) -> Iterable[Widget]:
        """The field."""
        yield FormRow("note", Field(placeholder="what there is to know", id="note-text"))

    def on_mount(self) -> None:
        """Type at once."""
        super().on_mount()
        self.query_one(Field).focus()

    def action_save(self) -> None:
        """Leave with the text."""
        self.dismiss(self.query_one(Field).value.strip() or None)
