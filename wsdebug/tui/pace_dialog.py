"""How often, and how many times: asked before something is sent again and again."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from wsdebug.errors import UsageError
from wsdebug.tui.bars import Hint
from wsdebug.tui.compose_file import file_size, path_of
from wsdebug.tui.field import Field
from wsdebug.tui.form_dialog import FormDialog
from wsdebug.tui.keymap import shown
from wsdebug.tui.settings_form import FormRow, Note

__all__ = ["Pace", "PaceDialog"]

SLOWEST = 86_400.0  # seconds
MOST = 999_999_999


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds from one message to the next; `count` is None where only the person ends it.

    `file` is a path as typed, where lines of a file are sent.
    """

    interval: float
    count: int | None = None
    file: str = ""


class PaceDialog(FormDialog[Pace | None]):
    """Dismisses with a Pace, None for escape. With `of_file` it asks for a file, else how often."""

    DEFAULT_CSS = """
    PaceDialog FormRow .unit { padding: 0 0 0 1; }
    PaceDialog FormRow Field { width: 14; margin: 0; }
    PaceDialog FormRow #pace-file { width: 1fr; margin: 0 2 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", show=False, priority=True)
    ]

    def __init__(self, *, of_file: bool = False) -> None:
        title = "Send a file, a line a message" if of_file else "Send again and again"
        super().__init__(title, (Hint("enter", "start", "start"), Hint("esc", "back", "leave")))
        self._of_file = of_file

    def parts(self) -> Iterable[Widget]:
        """The fields, and what is wrong."""
        if self._of_file:
            yield FormRow("file", Field(id="pace-file", placeholder="the name of a file"))
        every = Field("0.1" if self._of_file else "1", id="pace-every")
        yield FormRow("every", every, Static("seconds", classes="unit"))
        if not self._of_file:
            often = Field(id="pace-count", placeholder=f"until {shown('alt+s')}")
            yield FormRow("times", often)
        yield Note("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong may not be so any more."""
        event.stop()
        self.query_one(Note).say("")

    def action_start(self) -> None:
        """Leave with the pace, or say what is wrong with it."""
        try:
            pace = self._pace()
        except UsageError as error:
            self.query_one(Note).say(str(error), "wrong")
        else:
            self.dismiss(pace)

    def _pace(self) -> Pace:
        file, count = "", None
        if self._of_file:
            file = self.query_one("#pace-file", Field).value
            file_size(file)
            file = str(path_of(file))
        else:
            typed = self.query_one("#pace-count", Field).value.strip().replace(",", "")
            if typed and not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= MOST):
                raise UsageError("how many times is a whole number, 1 or more")
            count = int(typed) if typed else None
        return Pace(_seconds(self.query_one("#pace-every", Field).value), count, file)


def _seconds(text: str) -> float:
    try:
        seconds = float(text.strip().removesuffix("s"))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= SLOWEST:  # false for what is no number, too
        raise UsageError("how often is a number of seconds, such as 0.5; 0 is without a pause")
    return seconds
