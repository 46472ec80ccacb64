"""One of several values: in a box of its own, or among the others."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, Key
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from wsdebug.tui.bars import Part
from wsdebug.tui.glyphs import glyphs_of

__all__ = ["Choice", "OneOf", "Pick"]

GAP = 3  # cells between choices


class OneOf(Widget, can_focus=True):
    """Has one of several values; what they look like is for others to say."""

    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another value was chosen by the person."""

        def __init__(self, field: "OneOf") -> None:
            super().__init__()
            self.field = field

    def __init__(self, options: Sequence[tuple[str, str]], value: str, *, id: str) -> None:
        """`options` are (value, label)."""
        super().__init__(id=id)
        self._options = tuple(options)
        self.set_reactive(OneOf.value, value)

    def action_step(self, step: int) -> None:
        """The next or previous one, around the ends."""
        values = [value for value, _ in self._options]
        self._take(values[(values.index(self.value) + step) % len(values)])

    def _take(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self))


class Pick(OneOf):
    """`0x1  text  ▾`: space, enter and down go on, up goes back; a digit or letter goes to the next
    value that ends with it.
    """

    DEFAULT_CSS = """
    Pick { width: auto; height: 1; background: $panel; color: $foreground; }
    Pick:focus { background: $primary 30%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter,down,right", "step(1)", "Next value", show=False),
        Binding("up,left", "step(-1)", "Previous value", show=False),
    ]

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Digits and letters are for its values: they are the keys of nothing else."""
        return character is not None and character.isalnum()

    def on_key(self, event: Key) -> None:
        """Its value, if there is one."""
        character = event.character
        if character is None or not character.isalnum():
            return
        event.stop()
        values = [value for value, _ in self._options]
        start = values.index(self.value) + 1
        for value in [*values[start:], *values[:start]]:
            if value.endswith(character.lower()):
                self._take(value)
                return

    def on_click(self) -> None:
        """A click goes on."""
        self.action_step(1)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The longest label, and the sign that there is more."""
        return 4 + max(len(label) for _, label in self._options)

    def render(self) -> Content:
        """The label, the sign at the right."""
        label = dict(self._options).get(self.value, self.value)
        sign = glyphs_of(self.app).unfolded
        return Content(f" {label}".ljust(self.size.width - 2) + f"{sign} ")


class Choice(OneOf):
    """`( ) none   (•) Basic   ( ) Bearer`."""

    DEFAULT_CSS = """
    Choice { width: auto; height: 1; }
    Choice:focus { background: $primary 30%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,enter", "step(1)", "Next", show=False),
        Binding("left", "step(-1)", "Previous", show=False),
    ]

    def on_click(self, event: Click) -> None:
        """Take the one under the mouse."""
        x = 0
        for value, label in self._options:
            if x <= event.x < x + 4 + len(label):
                self._take(value)
            x += 4 + len(label) + GAP

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All of them in one row."""
        return sum(4 + len(label) for _, label in self._options) + GAP * (len(self._options) - 1)

    def render(self) -> Content:
        """The row."""
        sign = "*" if glyphs_of(self.app).is_ascii else "•"
        parts: list[Part] = []
        for value, label in self._options:
            if parts:
                parts.append((" " * GAP, ""))
            chosen = value == self.value
            style = "$foreground" if chosen else "$foreground-muted"
            parts.append((f"({sign if chosen else ' '}) {label}", style))
        return Content.assemble(*parts)
