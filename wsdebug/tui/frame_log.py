"""The frame log: a Line API view over a log, whatever its length."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.row_text import Palette, row_segments

__all__ = ["FrameLogView"]


class FrameLogView(ScrollView, can_focus=True):
    """Shows rows of a log; follows its end until the person moves. Holds visible rows only."""

    DEFAULT_CSS = """
    FrameLogView { background: $background; scrollbar-size: 0 0; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False),
        Binding("k,up", "move(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("g,home", "top", "To the top", show=False),
        Binding("G,end", "follow", "To the end, and follow", show=False),
        Binding("enter", "inspect", "Inspect", show=False),
        Binding("t", "time", "Time since start or since the row before", show=False),
        Binding("b", "violation(False)", "Next violation", show=False),
        Binding("B", "violation(True)", "Previous violation", show=False),
    ]

    class Selected(Message):
        """The cursor stands on another line, or the log has grown under it."""

        def __init__(self, line: int | None) -> None:
            super().__init__()
            self.line = line

    class Inspect(Message):
        """Look at the row from near."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.log_shown: FrameLog | None = None
        self.is_following = True
        self.since_previous = False
        self.cursor = 0  # row
        self._count = 0
        self._window: dict[int, Row] = {}

    @property
    def newer(self) -> int:
        """Rows below the cursor."""
        return max(0, self._count - 1 - self.cursor)

    @property
    def line(self) -> int | None:
        """The line under the cursor."""
        if self.log_shown is None or not self._count:
            return None
        return self.log_shown.index.line_of(self.cursor)

    def set_log(self, log: FrameLog | None, *, follow: bool) -> None:
        """Show another log, from its end or its beginning."""
        self.log_shown, self.is_following, self.cursor, self._count = log, follow, 0, 0
        self._window.clear()
        self.tick()

    def tick(self) -> None:
        """Take up what the log has grown by; called up to 20 times a second."""
        count = len(self.log_shown) if self.log_shown is not None else 0
        if count == self._count:
            return
        self._count = count
        self._window.clear()
        self.virtual_size = Size(self.size.width, count)
        if self.is_following:
            self.cursor = max(0, count - 1)
            self.scroll_end(animate=False, immediate=True)
        self.cursor = min(self.cursor, max(0, count - 1))
        self.refresh()
        self.post_message(self.Selected(self.line))

    def action_move(self, by: int) -> None:
        """Move the cursor; following stops."""
        self._go(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move by a screen."""
        self._go(self.cursor + by * max(1, self.size.height - 1))

    def action_top(self) -> None:
        """The first row."""
        self._go(0)

    def action_follow(self) -> None:
        """The last row, and each new one."""
        self._go(self._count - 1)
        self.is_following = True
        self.refresh()

    def action_inspect(self) -> None:
        """Look at the row from near."""
        self.post_message(self.Inspect())

    def action_time(self) -> None:
        """The other way to tell times."""
        self.since_previous = not self.since_previous
        self.refresh()

    def action_violation(self, backward: bool) -> None:
        """The next row with a broken rule."""
        if self.log_shown is None or self.line is None:
            return
        found = self.log_shown.next_violation(self.line, backward=backward)
        if found is not None:
            self._go(self.log_shown.index.row_of(found))

    def on_click(self, event: Click) -> None:
        """The row under the mouse."""
        self._go(event.y + self.scroll_offset.y)

    def _go(self, row: int) -> None:
        self.is_following = False
        self.cursor = max(0, min(row, self._count - 1))
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)
        self.refresh()
        self.post_message(self.Selected(self.line))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(self.size.width, self._count)
        if self.is_following:
            self.scroll_end(animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One row, from the file."""
        row_number = y + self.scroll_offset.y
        width = self.size.width
        row = self._row(row_number)
        if row is None:
            return Strip.blank(width, self.rich_style)
        has_cursor = row_number == self.cursor
        variables = self.app.theme_variables
        palette = Palette.of(variables)
        base = self.rich_style
        if has_cursor:
            ground = "primary-muted" if self.has_focus else "panel"
            base += Style(bgcolor=variables[ground].split()[0])
            if self.app.no_color:
                base += Style(reverse=True)
        segments = row_segments(
            row,
            width,
            palette,
            glyphs_of(self.app),
            since_previous=self.since_previous,
            has_cursor=has_cursor,
            is_focused=self.has_focus,
        )
        strip = Strip([Segment(text, base + style) for text, style in segments])
        return strip.adjust_cell_length(width, base)

    def _row(self, number: int) -> Row | None:
        if self.log_shown is None or not 0 <= number < self._count:
            return None
        if number not in self._window:
            top = self.scroll_offset.y
            rows = self.log_shown.rows(top, top + self.size.height)
            self._window = {top + i: row for i, row in enumerate(rows)}
        return self._window.get(number)
