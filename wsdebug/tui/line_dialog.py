"""One line of text, asked for: a note, a name."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.widget import Widget

from wsdebug.tui.dialog import Dialog, Hint
from wsdebug.tui.field import Field
from wsdebug.tui.settings_form import FormRow

__all__ = ["LineDialog"]


class LineDialog(Dialog[str | None]):
    """Dismisses with what was typed; with None for escape, and for nothing typed.

    With `verb` "go on" any text is an answer, taken as it is: nothing typed, and blanks too.
    """

    DEFAULT_CSS = """
    LineDialog FormRow .label { width: 9; }
    LineDialog FormRow Field { width: 1fr; margin: 0 2 0 0; background: $surface; }
    LineDialog FormRow Field:focus { background: $primary 30%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", show=False, priority=True)
    ]

    def __init__(
        self,
        title: str,
        label: str,
        *,
        placeholder: str = "",
        value: str = "",
        verb: Literal["save", "go on", "fold"] = "save",
    ) -> None:
        super().__init__(title, (Hint("enter", verb, "save"), Hint("esc", "back", "leave")))
        self._label = label
        self._placeholder = placeholder
        self._value = value
        self._takes_any = verb == "go on"

    def parts(self) -> Iterable[Widget]:
        """The field."""
        yield FormRow(self._label, Field(self._value, placeholder=self._placeholder))

    def on_mount(self) -> None:
        """Type at once."""
        super().on_mount()
        self.query_one(Field).focus()

    def action_save(self) -> None:
        """Leave with the text."""
        value = self.query_one(Field).value
        self.dismiss(value if self._takes_any else value.strip() or None)
