"""A row with key hints, to be read and clicked."""

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.events import Click, MouseEvent
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from wsdebug.tui.bars import Hint, Part, key_at, plain_hints, spread
from wsdebug.tui.keymap import shown

__all__ = ["HintRow", "press"]

EDGE = 2  # cells free at the right


async def press(
    widget: Widget, event: MouseEvent, right: Sequence[Part], actions: Mapping[str, str]
) -> bool:
    """Do on the screen what the key does whose hint was clicked in a row that ends with `right`;
    whether there is one. `actions` are by the keys there are where none were chosen.
    """
    offset = event.get_content_offset(widget)
    key = key_at(offset.x, widget.size.width, right) if offset is not None else ""
    for usual, action in actions.items():
        if key and shown(usual) == key:
            event.stop()
            await widget.screen.run_action(action)
            return True
    return False


class HintRow(Widget):
    """Text on the left, key hints on the right; a click on a hint does what the key does."""

    DEFAULT_CSS = """
    HintRow { height: 1; }
    """

    left: reactive[tuple[Part, ...]] = reactive[tuple[Part, ...]](())
    keys: reactive[tuple[Hint, ...]] = reactive[tuple[Hint, ...]](())

    def __init__(
        self,
        keys: Sequence[Hint] = (),
        *,
        left: Sequence[Part] = (),
        edge: int = EDGE,
        id: str | None = None,
        classes: str = "",
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(HintRow.left, tuple(left))
        self.set_reactive(HintRow.keys, tuple(keys))
        self._edge = edge

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Both sides."""
        return sum(len(text) for text, _ in (*self.left, *self._hints())) + self._edge

    def render(self) -> Content:
        """The row."""
        return spread(self.left, self._hints(), self.size.width, edge=self._edge)

    async def on_click(self, event: Click) -> None:
        """A hint does what its key does."""
        event.stop()
        key = key_at(event.x, self.size.width, self._hints(), edge=self._edge)
        for hint in self.keys:
            if key and shown(hint.key, hint.action) == key:
                await self.screen.run_action(hint.action)
                return

    def _hints(self) -> list[Part]:
        return plain_hints(*((shown(hint.key, hint.action), hint.verb) for hint in self.keys))
