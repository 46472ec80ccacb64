"""The library's rows: a Line API view over recordings, however many there are."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_lines import Part, TextLine
from wsdebug.tui.library_rows import ended, recording_parts
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter, lacks_colour
from wsdebug.workspace.library import RecordingInfo

__all__ = ["RecordingList"]

EDGE = 2  # cells free at both sides
SIZED = 100  # cells from which the size of a file is shown
Row = RecordingInfo | str  # a recording, or a heading that the cursor leaves out


class RecordingList(ScrollView):
    """Headings and recordings with a cursor; the keys are the screen's."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = (
        "RecordingList { background: $background; overflow-x: hidden;"
        "scrollbar-size: 0 0;\n" + STYLES_CSS + "\n}"
    )

    class Opened(Message):
        """The row with the cursor was clicked."""

    class Moved(Message):
        """The cursor stands on another row."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._now: datetime | None = None
        self._painter = Painter(self)
        self.cursor = 0  # row
        self.said: Part | None = None  # in the cursor's row

    @property
    def chosen(self) -> RecordingInfo | None:
        """The recording under the cursor."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        return row if isinstance(row, RecordingInfo) else None

    def show(self, rows: Sequence[Row], now: datetime) -> None:
        """Other rows; the cursor stays on its recording, else where it was."""
        before = self.chosen
        self._rows, self._now, self.said = rows, now, None
        self.virtual_size = Size(self.size.width, len(rows))
        if before is not None:
            for number, row in enumerate(rows):
                if isinstance(row, RecordingInfo) and row.path == before.path:
                    self.cursor = number
                    break
        self.cursor = self._near(self.cursor, 1)
        self._reveal()
        self.refresh()

    def say(self, words: Part | None) -> None:
        """Words in place of the row with the cursor."""
        if words != self.said:
            self.said = words
            self.refresh()

    def go_to(self, path: Path) -> None:
        """The cursor on a recording, if it is shown."""
        for number, row in enumerate(self._rows):
            if isinstance(row, RecordingInfo) and row.path == path:
                self._go(number)

    def move(self, by: int) -> None:
        """Move the cursor by rows, as far as there are any."""
        self._go(self._near(self.cursor + by, 1 if by > 0 else -1))

    def page(self, by: int) -> None:
        """Move by screens."""
        self.move(by * max(1, self.size.height - 1))

    def _near(self, row: int, step: int) -> int:
        """The recording at a row, else the next one in this direction, else in the other."""
        row = max(0, min(row, len(self._rows) - 1))
        for way in (step, -step):
            at = row
            while 0 <= at < len(self._rows):
                if isinstance(self._rows[at], RecordingInfo):
                    return at
                at += way
        return 0

    def _go(self, row: int) -> None:
        self.said = None
        self.cursor = row
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def _reveal(self) -> None:
        """Scroll to the cursor; a heading right above it is shown too."""
        top, height = self.scroll_offset.y, self.size.height
        first = self.cursor
        while first > 0 and not isinstance(self._rows[first - 1], RecordingInfo):
            first -= 1
        if first < top:
            self.scroll_to(y=first, animate=False, immediate=True)
        elif height and self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(self.size.width, len(self._rows))
        self._reveal()

    def on_click(self, event: Click) -> None:
        """The row under the mouse; the one with the cursor is opened."""
        row = event.y + self.scroll_offset.y
        if row < len(self._rows) and isinstance(self._rows[row], RecordingInfo):
            if row == self.cursor:
                self.post_message(self.Opened())
            self._go(row)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel takes a question away with its row."""
        self.say(None)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel takes a question away with its row."""
        self.say(None)

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._painter.forget()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One row."""
        number, width = y + self.scroll_offset.y, self.size.width
        if number >= len(self._rows) or self._now is None:
            return self._painter.strip(TextLine(), width)
        row, glyphs = self._rows[number], glyphs_of(self.app)
        if isinstance(row, str):
            return self._painter.strip(TextLine(((f"  {row}", "fg bold"),)), width)
        has_cursor = number == self.cursor
        parts = recording_parts(
            row,
            width=width - 2 * EDGE,
            now=self._now,
            cut=glyphs.cut,
            last=ended(row),
            shows_size=width >= SIZED,
            shows_name=True,
        )
        if has_cursor and self.said is not None:
            parts = (parts[0], ("  ", ""), self.said)
        bar = (f"{glyphs.cursor} ", "primary") if has_cursor else ("  ", "")
        self._painter.is_plain = lacks_colour(self.app)
        line = TextLine((bar, *parts), ground="cursor" if has_cursor else "")
        return self._painter.strip(line, width)
