"""One of several values in a box of one row: `0x1  text  ▾`."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from wsdebug.tui.glyphs import glyphs_of

__all__ = ["Pick"]


class Pick(Widget, can_focus=True):
    """Space, enter and down go on, up goes back; the first letters of a label jump to it."""

    DEFAULT_CSS = """
    Pick { width: auto; height: 1; background: $panel; color: $foreground; }
    Pick:focus { background: $primary 30%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter,down,right", "step(1)", "Next value", show=False),
        Binding("up,left", "step(-1)", "Previous value", show=False),
    ]

    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another value was picked by the person."""

        def __init__(self, pick: "Pick") -> None:
            super().__init__()
            self.pick = pick

        @property
        def control(self) -> "Pick":
            """The box."""
            return self.pick

    def __init__(self, options: Sequence[tuple[str, str]], value: str, *, id: str) -> None:
        """`options` are (value, label); a key that a value ends with picks it."""
        super().__init__(id=id)
        self._options = tuple(options)
        self.set_reactive(Pick.value, value)

    def action_step(self, step: int) -> None:
        """The next or previous one, around the ends."""
        values = [value for value, _ in self._options]
        self._take(values[(values.index(self.value) + step) % len(values)])

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Digits and letters are for its values: they are the keys of nothing else."""
        return character is not None and character.isalnum()

    def on_key(self, event: Key) -> None:
        """A digit or letter picks the next value that ends with it."""
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

    def _take(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The longest label, and the sign that there is more."""
        return 4 + max(len(label) for _, label in self._options)

    def render(self) -> Content:
        """The label, the sign at the right."""
        label = dict(self._options).get(self.value, self.value)
        sign = glyphs_of(self.app).unfolded
        return Content(f" {label}".ljust(self.size.width - 2) + f"{sign} ")
