"""A one-line text field of one row, as all forms use it."""

from rich.highlighter import Highlighter
from rich.text import Text
from textual.widgets import Input

from wsdebug.tui.compose_editor import visible

__all__ = ["Field"]


class Shown(Highlighter):
    """Puts a symbol for each character that a terminal would act upon."""

    def highlight(self, text: Text) -> None:
        """Replace them in place, cell by cell."""
        text.plain = visible(text.plain)


class Field(Input):
    """An Input without a frame: `$panel`, focused `$primary 30%`; control characters are shown.

    Set the class `-wrong` to paint the value red.
    """

    DEFAULT_CSS = """
    Field {
        height: 1; border: none; padding: 0 1; background: $panel; color: $foreground;
        &:focus { border: none; background: $primary 30%; background-tint: $background 0%; }
        &.-wrong { color: $error; }
        &>.input--placeholder, &>.input--suggestion { color: $foreground-disabled; }
    }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            password=password,
            highlighter=Shown(),
            id=id,
            classes=classes,
            select_on_focus=False,
        )
        self.cursor_blink = False
