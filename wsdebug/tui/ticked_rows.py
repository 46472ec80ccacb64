"""Rows that can be ticked: what the log does with ticks, whatever its rows look like."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.scroll_view import ScrollView

from wsdebug.tui.keymap import shown
from wsdebug.tui.ticks import Ticks

__all__ = ["TickedRows"]

TICKED = "Two ticked rows are compared"
COMPARED = "The ticked rows, or the ticked one and this"


class TickedRows(ScrollView):
    """Ticks frames, and asks for two of them to be compared; `frame_line` is for others to know."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", "Tick or untick", show=False, id="tick", tooltip=TICKED),
        Binding("equals_sign", "compare", "Compare", show=False, id="compare", tooltip=COMPARED),
    ]

    class Compare(Message):
        """What differs between two lines is wanted."""

        def __init__(self, lines: tuple[int, int]) -> None:
            super().__init__()
            self.lines = lines

    class Said(Message):
        """Something to be told to the person."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.ticks = Ticks()

    @property
    def frame_line(self) -> int | None:
        """The line under the cursor, if it is a frame."""
        raise NotImplementedError

    def hold(self) -> None:
        """Stay on the row under the cursor, and paint it and all others anew."""
        raise NotImplementedError

    def action_tick(self) -> None:
        """Tick the row under the cursor, or untick it; following stops, or another would be."""
        self.hold()
        line = self.frame_line
        if line is None:
            self.post_message(self.Said("only frames are ticked, to be compared"))
            return
        self.ticks.toggle(line)
        self.post_message(self.Said(self.ticks.words))

    def action_compare(self) -> None:
        """Ask for what differs between the ticked rows, or the ticked one and this."""
        pair = self.ticks.pair(self.frame_line)
        if pair is not None:
            self.post_message(self.Compare(pair))
        else:
            keys = shown("space", "tick"), shown("=", "compare")
            words = "{} ticks a frame; {} compares it with another".format(*keys)
            self.post_message(self.Said(words))
