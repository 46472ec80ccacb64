"""The keys below an advice, as buttons."""

from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from wsdebug.tui.bars import hints, plain_hints
from wsdebug.tui.keymap import shown

__all__ = ["KEYS", "AdviceKeys"]

Key = tuple[str, str]  # key, verb
KEYS = {"again": "F5", "settings": "F2", "url": "^L", "form": "enter"}
GAP = 3  # cells between keys in one row


class AdviceKeys(Widget):
    """The keys, one under the other or in one row; they are buttons."""

    keys: reactive[tuple[Key, ...]] = reactive[tuple[Key, ...]]((), layout=True)
    is_tall: reactive[bool] = reactive(False, layout=True)

    class Pressed(Message):
        """A key was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row each, or one."""
        return len(self.keys) if self.is_tall else min(1, len(self.keys))

    def render(self) -> Content:
        """The keys."""
        if not self.is_tall:
            return Content.assemble(*hints(*self._in_a_row()))
        keys = [(shown(key), verb) for key, verb in self.keys]
        width = max((len(key) for key, _ in keys), default=0)
        rows = [Content.assemble(*plain_hints((key.rjust(width), verb))) for key, verb in keys]
        return Content("\n").join(rows)

    def _in_a_row(self) -> tuple[Key, ...]:
        """The first keys, as many as there is room for."""
        room = self.size.width + GAP
        for count, (key, verb) in enumerate(self.keys):
            room -= len(shown(key)) + 1 + len(verb) + GAP
            if room < 0:
                return self.keys[:count]
        return self.keys

    def on_click(self, event: Click) -> None:
        """The key under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if self.is_tall:
            self.post_message(self.Pressed(self.keys[offset.y][0]))
            return
        at = 0
        for key, verb in self._in_a_row():
            length = len(shown(key)) + 1 + len(verb)
            if at <= offset.x < at + length:
                self.post_message(self.Pressed(key))
            at += length + GAP
