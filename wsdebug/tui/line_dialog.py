"""One line of text, asked for: a note, a name."""

from collections.abc import Callable, Iterable
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from wsdebug.errors import WsdebugError
from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Hint
from wsdebug.tui.field import Field
from wsdebug.tui.form_dialog import FormDialog
from wsdebug.tui.settings_form import FormRow, Note

__all__ = ["LineDialog"]


class LineDialog(FormDialog[str | None]):
    """Dismisses with what was typed; with None for escape, and for nothing typed.

    With `verb` "go on" any text is an answer, taken as it is: nothing typed, and blanks too. A
    text that `check` refuses by a WsdebugError is none: the dialog stays, and says why.
    """

    DEFAULT_CSS = """
    LineDialog Note { margin: 0 2 0 10; }
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
        check: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(title, (Hint("enter", verb, "save"), Hint("esc", "back", "leave")))
        self._label = label
        self._placeholder = placeholder
        self._value = value
        self._takes_any = verb == "go on"
        self._check = check
        self._refused: str | None = None

    def parts(self) -> Iterable[Widget]:
        """The field, and what is wrong."""
        yield FormRow(self._label, Field(self._value, placeholder=self._placeholder))
        yield Note("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong may not be so any more."""
        event.stop()
        if event.value != self._refused:
            self._refused = None
            self.query_one(Field).remove_class("-wrong")
            self.query_one(Note).say("")

    def action_save(self) -> None:
        """Leave with the text, or say what is wrong with it."""
        field = self.query_one(Field)
        value = field.value if self._takes_any else field.value.strip() or None
        try:
            if self._check is not None and value is not None:
                self._check(value)
        except WsdebugError as error:
            self._refused = field.value
            field.add_class("-wrong")
            self.query_one(Note).say(escape(str(error)), "wrong")
        else:
            self.dismiss(value)
