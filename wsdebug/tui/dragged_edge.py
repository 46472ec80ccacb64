"""A widget whose left edge goes with the mouse."""

from textual.events import MouseDown, MouseMove, MouseUp
from textual.message import Message
from textual.widget import Widget

__all__ = ["DraggedEdge"]


class DraggedEdge(Widget):
    """Asks for another width while the first column is dragged; who lays it out gives it."""

    class Resize(Message):
        """The widget would be `width` cells wide."""

        def __init__(self, width: int) -> None:
            super().__init__()
            self.width = width

    was_dragged = False  # by the last press, which is no click then
    _dragged_to: int | None = None  # width asked for while the edge is held

    @property
    def has_edge(self) -> bool:
        """Whether there is something beside it now."""
        raise NotImplementedError

    def on_mouse_down(self, event: MouseDown) -> None:
        """Take hold of the edge."""
        self.was_dragged = event.x == 0 and self.has_edge
        if self.was_dragged:
            self._dragged_to = self.size.width
            self.capture_mouse()
            event.stop()

    def on_mouse_move(self, event: MouseMove) -> None:
        """The edge goes where the mouse is."""
        width = self.region.right - round(event.screen_x)
        if self._dragged_to not in (None, width):
            self._dragged_to = width
            self.post_message(self.Resize(width))
            event.stop()

    def on_mouse_up(self, event: MouseUp) -> None:
        """Let go of the edge."""
        if self._dragged_to is not None:
            self._dragged_to = None
            self.release_mouse()
            event.stop()
