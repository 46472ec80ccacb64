"""The composer's close form: explained codes, your own, and the reason with its budget."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from wsdebug.tui.bars import Part
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.late import Late
from wsdebug.wire.close import CLOSE_CODES, REASON_LIMIT, close_code_allowed

__all__ = ["CloseForm", "CodeList"]

OFFERED = (1000, 1001, 1002, 1003, 1008, 1009, 1011)
OWN = len(OFFERED)  # index of the row where a number is typed
DIGITS = frozenset("0123456789")
CODE_WIDTH, NAME_WIDTH = 12, 20  # cells


class CodeList(Widget, can_focus=True):
    """One row a code; the last takes a number. Digits typed anywhere go there."""

    DEFAULT_CSS = """
    CodeList { height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Code above", show=False),
        Binding("k", "move(-1)", "Code above", show=False, id="up"),
        Binding("down", "move(1)", "Code below", show=False),
        Binding("j", "move(1)", "Code below", show=False, id="down"),
        Binding("home", "move(-8)", "First code", show=False),
        Binding("end", "move(8)", "Your own code", show=False),
        Binding("enter", "leave", "To the reason", show=False),
    ]

    chosen: reactive[int] = reactive(0)
    own: reactive[str] = reactive("")

    class Changed(Message):
        """Another code is chosen, or a digit was typed."""

    class Left(Message):
        """Enter: on to the reason."""

    @property
    def code(self) -> str:
        """The digits of the chosen code; empty for an own one that is not typed yet."""
        return self.own if self.chosen == OWN else str(OFFERED[self.chosen])

    @code.setter
    def code(self, value: str) -> None:
        number = int(value) if value.isdigit() else 0
        if number in OFFERED:
            self.chosen = OFFERED.index(number)
        else:
            self.own, self.chosen = value, OWN

    def action_move(self, step: int) -> None:
        """Choose another row."""
        self.chosen = max(0, min(OWN, self.chosen + step))

    def action_leave(self) -> None:
        """On to the reason."""
        self.post_message(self.Left())

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Digits are typed here: they are the keys of nothing else."""
        return character is not None and character in DIGITS

    def on_key(self, event: Key) -> None:
        """Digits make your own code."""
        if event.character is not None and event.character in DIGITS:
            typed = self.own if self.chosen == OWN and len(self.own) < 4 else ""
            self.own, self.chosen = typed + event.character, OWN
            event.stop()
        elif event.key == "backspace" and self.chosen == OWN:
            self.own = self.own[:-1]
            event.stop()

    def on_click(self, event: Click) -> None:
        """Choose the row clicked."""
        self.chosen = max(0, min(OWN, event.y))

    def watch_chosen(self) -> None:
        """Tell of another code."""
        self.post_message(self.Changed())

    watch_own = watch_chosen

    def render(self) -> Content:
        """The rows, the chosen one on its ground with the bar."""
        rows = [self._row(index) for index in range(OWN + 1)]
        return Content("\n").join(rows)

    def _row(self, index: int) -> Content:
        code, name, explanation = self._words(index)
        is_chosen = index == self.chosen
        bar = glyphs_of(self.app).cursor if is_chosen else " "
        row = Content.assemble(
            ("   ", ""),
            (bar, "$primary" if self.has_focus else "$foreground-muted"),
            (code.ljust(CODE_WIDTH), "bold $foreground"),
            (name.ljust(NAME_WIDTH), "$foreground"),
            (explanation, "$foreground-muted"),
        )
        width = self.size.width
        row = row.truncate(width, ellipsis=True).pad_right(max(0, width - row.cell_length))
        if not is_chosen:
            return row
        return row.stylize("on $primary 16%" if self.has_focus else "on $panel")

    def _words(self, index: int) -> tuple[str, str, str]:
        if index < OWN:
            entry = CLOSE_CODES[OFFERED[index]]
            return str(entry.code), entry.name, entry.explanation
        if not self.own:
            return "3000–4999", "your own", "type the number"
        known = CLOSE_CODES.get(int(self.own))
        if known is not None:
            return self.own, known.name, known.explanation
        if close_code_allowed(int(self.own)):
            return self.own, "your own", "known to you and the server"
        return self.own, "your own", "type the number"


class CloseForm(Late):
    """Code and reason. Attributes `code` and `reason`; posts `Changed`."""

    DEFAULT_CSS = """
    CloseForm { height: auto; }
    CloseForm > Horizontal { height: 1; margin: 1 0 0 0; }
    CloseForm.-dense > Horizontal { margin: 0; }
    CloseForm .label { width: 15; padding: 0 0 0 4; color: $foreground-muted; }
    CloseForm Field { width: 46; }
    CloseForm .budget { width: 1fr; padding: 0 0 0 3; color: $foreground-muted; }
    CloseForm .budget.-over { color: $error; }
    CloseForm.-narrow Field { width: 40; }
    """

    class Changed(Message):
        """Code or reason changed."""

    def parts(self) -> ComposeResult:
        """The list, and the reason with its budget."""
        yield CodeList(id="close-codes")
        with Horizontal():
            yield Static("reason", classes="label")
            yield Field(id="close-reason")
            yield Static("", classes="budget")

    @property
    def code(self) -> str:
        """The digits of the chosen code."""
        return self.query_one(CodeList).code

    @property
    def reason(self) -> str:
        """The reason as typed."""
        return self.query_one(Field).value

    def load(self, code: str, reason: str) -> None:
        """Show another code and reason."""
        if self.is_made:
            self.query_one(CodeList).code = code
            self.query_one(Field).value = reason

    def fill(self) -> None:
        """Show the budget."""
        self._budget()

    def on_resize(self) -> None:
        """Leave room for the budget."""
        self.set_class(self.size.width < 84, "-narrow")

    def on_code_list_changed(self, event: CodeList.Changed) -> None:
        """Pass it on as one of ours."""
        event.stop()
        self.post_message(self.Changed())

    def on_code_list_left(self, event: CodeList.Left) -> None:
        """On to the reason."""
        event.stop()
        self.query_one(Field).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Count the bytes."""
        event.stop()
        self._budget()
        self.post_message(self.Changed())

    def _budget(self) -> None:
        size = len(self.reason.encode("utf-8", "surrogatepass"))
        over = size > REASON_LIMIT
        words: Part = (f"{size} of {REASON_LIMIT} bytes", "")
        mark = f"{glyphs_of(self.app).violation} " if over else ""
        label = self.query_one(".budget", Static)
        label.set_class(over, "-over")
        label.update(Content.assemble(mark, words))
