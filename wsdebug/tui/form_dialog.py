"""A dialog of labelled fields."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ScreenResultType

from wsdebug.tui.dialog import Dialog

__all__ = ["FormDialog"]


class FormDialog(Dialog[ScreenResultType]):
    """The arrows go from field to field; one types into the first at once."""

    AUTO_FOCUS: ClassVar[str | None] = "Field"
    DEFAULT_CSS = """
    FormDialog FormRow .label { width: 9; }
    FormDialog FormRow Field { width: 1fr; margin: 0 2 0 0; background: $surface; }
    FormDialog FormRow Field:focus { background: $primary 30%; }
    FormDialog Note { margin: 0 2 0 9; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Previous field", show=False),
    ]
