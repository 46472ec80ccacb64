"""A few recordings as rows, one of which can be opened."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Blur, Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from wsdebug.tui.bars import Part
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_lines import TextLine
from wsdebug.tui.library_rows import ended, kept, recording_parts
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter
from wsdebug.workspace.library import RecordingInfo

__all__ = ["RecordingRows"]

EDGE = 2  # cells free at both sides


class RecordingRows(Widget, can_focus=True):
    """A few recordings, one under the other, with a cursor while it has the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = "RecordingRows { height: auto;\n" + STYLES_CSS + "\n}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Down", show=False),
        Binding("j", "move(1)", "Down", show=False, id="down"),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("k", "move(-1)", "Up", show=False, id="up"),
        Binding("enter", "open", "Open", show=False),
        Binding("delete", "discard", "Discard", show=False),
    ]

    rows: reactive[tuple[RecordingInfo, ...]] = reactive[tuple[RecordingInfo, ...]]((), layout=True)
    cursor: reactive[int] = reactive(0)
    said: reactive[Part | None] = reactive[Part | None](None)  # in the cursor's row

    class Opened(Message):
        """Look at this recording."""

        def __init__(self, info: RecordingInfo) -> None:
            super().__init__()
            self.info = info

    class Discarded(Message):
        """Delete this recording: it was asked."""

        def __init__(self, rows: "RecordingRows", info: RecordingInfo) -> None:
            super().__init__()
            self.rows = rows
            self.info = info

    class Left(Message):
        """The cursor goes beyond the first (-1) or last row (1)."""

        def __init__(self, rows: "RecordingRows", step: int) -> None:
            super().__init__()
            self.rows = rows
            self.step = step

    def __init__(self, *, interrupted: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self._interrupted = interrupted
        self._asked = False
        self._painter = Painter(self)
        self.now: datetime | None = None

    @property
    def chosen(self) -> RecordingInfo | None:
        """The recording under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[RecordingInfo], now: datetime) -> None:
        """Other rows; the cursor stays on its recording."""
        before = self.chosen
        self.now = now
        paths = [info.path for info in rows]
        known = before is not None and before.path in paths
        self._hush()
        self.rows = tuple(rows)
        if before is not None and known:
            self.cursor = paths.index(before.path)
        else:
            self.cursor = max(0, min(self.cursor, len(rows) - 1))

    def refuse(self, words: str) -> None:
        """Say in the row why it cannot be deleted."""
        self._asked = False
        self.said = (words, "error")

    def action_move(self, by: int) -> None:
        """Another row, or out."""
        self._hush()
        if 0 <= self.cursor + by < len(self.rows):
            self.cursor += by
        else:
            self.post_message(self.Left(self, by))

    def action_open(self) -> None:
        """Open the row."""
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def action_discard(self) -> None:
        """Delete an interrupted recording; asks once."""
        if not self._interrupted or self.chosen is None:
            return
        if self._asked:
            self._hush()
            self.post_message(self.Discarded(self, self.chosen))
        else:
            self._asked = True
            self.said = ("del again deletes it", "warning bold")

    def on_click(self, event: Click) -> None:
        """Open the row under the mouse."""
        if event.y < len(self.rows):
            self._hush()
            self.cursor = event.y
            self.action_open()

    def on_blur(self, _: Blur) -> None:
        """A question is over when one goes elsewhere."""
        self._hush()

    def _hush(self) -> None:
        self._asked = False
        self.said = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row each."""
        return len(self.rows)

    def notify_style_update(self) -> None:
        """The theme or the focus changed."""
        self._painter.forget()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One recording."""
        width = self.size.width
        if y >= len(self.rows) or self.now is None:
            return self._painter.strip(TextLine(), width)
        info, has_cursor = self.rows[y], self.has_focus and y == self.cursor
        glyphs = glyphs_of(self.app)
        parts = recording_parts(
            info,
            width=width - 2 * EDGE,
            now=self.now,
            cut=glyphs.cut,
            last=kept(info) if self._interrupted else ended(info),
            is_recent=self._interrupted,
        )
        if has_cursor and self.said is not None:
            parts = self._asking(parts, self.said, width - 2 * EDGE)
        bar = (f"{glyphs.cursor} ", "primary") if has_cursor else ("  ", "")
        line = TextLine((bar, *parts), ground="cursor" if has_cursor else "")
        return self._painter.strip(line, width)

    def _asking(self, parts: Sequence[Part], said: Part, width: int) -> tuple[Part, ...]:
        """The place, and the question where the rest was."""
        place = parts[0]
        room = width - sum(len(text) for text, _ in parts[1:])
        return (place, (" " * max(2, width - room - len(said[0])), ""), said)
