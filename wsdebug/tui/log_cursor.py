"""The cursor of the frame log, and what is in sight around it: by keys, by mouse, as rows come."""

from typing import TYPE_CHECKING

from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.scroll_view import ScrollView

from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.tui.row_window import RowWindow
from wsdebug.tui.throttle import Throttle
from wsdebug.tui.ticked_rows import TickedRows

if TYPE_CHECKING:
    from wsdebug.replay.marks import Found

__all__ = ["LogCursor"]

ANNOUNCE_SECONDS = 0.25  # between two rows that are shown near while the log follows
WHEEL_ROWS = 3


class LogCursor(TickedRows):
    """Stands on a row of a log, or follows its end until the person moves."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._window: RowWindow | None = None
        self.is_following = True
        self.cursor = 0  # row
        self._count = 0
        self._line: int | None = None  # under the cursor, to find it again when rows go
        self._announcing = Throttle(self, ANNOUNCE_SECONDS, self.announce)

    def announce(self) -> None:
        """Say which line is under the cursor."""
        raise NotImplementedError

    def action_inspect(self) -> None:
        """Look at the row from near."""
        raise NotImplementedError

    # Where it is

    @property
    def log_shown(self) -> FrameLog | None:
        """The log whose rows these are."""
        return self._window.log if self._window is not None else None

    @property
    def newer(self) -> int:
        """Rows below the cursor."""
        return max(0, self._count - 1 - self.cursor)

    @property
    def line(self) -> int | None:
        """The line under the cursor."""
        if self._window is None or not self._count:
            return None
        # rows may have gone since the last look: the steps of a handshake that became one
        there = min(self.cursor, self._window.count - 1)
        return self._window.line_of(there) if there >= 0 else None

    @property
    def time_us(self) -> int | None:
        """The time of the row under the cursor, in microseconds."""
        row = self._row_at_cursor()
        return row.time_us if row is not None else None

    @property
    def frame_line(self) -> int | None:
        """The line under the cursor, if it is a frame."""
        row = self._row_at_cursor()
        return row.line if row is not None and row.kind == "frame" else None

    @property
    def found(self) -> "Found | None":
        """What a replay found of the line under the cursor."""
        line = self.line
        return self._window.found(line) if self._window is not None and line is not None else None

    @property
    def in_sight(self) -> tuple[int, int] | None:
        """The first and the last line on the screen."""
        top = self.scroll_offset.y
        end = min(top + self.size.height, self._count)
        if self._window is None or top >= end:
            return None
        return self._window.line_of(top), self._window.line_of(end - 1)

    def _row_at_cursor(self) -> Row | None:
        if self._window is None or not self._count:
            return None
        return self._window.row(self.cursor, self.cursor + 1)

    # Where it goes

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

    def go_to_line(self, line: int) -> None:
        """Put the cursor on a line's row, or the one that stands for it."""
        if self._window is not None:
            self._go(self._window.row_of(line))

    def go_beyond(self, line: int, *, backward: bool) -> bool:
        """Go to a line's row if it is after (or before) the cursor; whether it is."""
        row = self._window.row_of(line) if self._window is not None else self.cursor
        is_beyond = row < self.cursor if backward else self.cursor < row < self._count
        if is_beyond:
            self._go(row)
        return is_beyond

    def on_click(self, event: Click) -> None:
        """The row under the mouse; twice, from near."""
        row = event.y + self.scroll_offset.y
        if row < self._count:
            self._go(row)
            if event.chain == 2:
                self.action_inspect()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Towards older rows."""
        event.prevent_default().stop()
        self._scroll(-WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Towards newer rows."""
        event.prevent_default().stop()
        self._scroll(WHEEL_ROWS)

    def on_resize(self) -> None:
        """Keep it in sight."""
        self._take_height()
        if self.is_following:
            self._show_from(self.max_scroll_y)
        elif self._count:
            top = self.scroll_offset.y
            first = max(self.cursor - self.size.height + 1, min(top, self.cursor))
            self._show_from(first)

    def _take_count(self, window: RowWindow) -> None:
        """Take up the rows there are now, and stay at the end, or on the line."""
        self._count = window.count
        self._take_height()
        if self.is_following:
            self.cursor = max(0, self._count - 1)
            self._show_from(self.max_scroll_y)
        elif self._line is not None:
            # The steps of a handshake go when it has succeeded: stay on the line, or its outcome.
            self.cursor = max(0, min(window.row_of(self._line), self._count - 1))
        self._line = self.line

    def _go(self, row: int) -> None:
        """Put the cursor on a row, and that in sight."""
        self.is_following = False
        self.cursor = max(0, min(row, self._count - 1))
        self._line = self.line
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor < top:
            self._show_from(self.cursor)
        elif self.cursor >= top + height:
            self._show_from(self.cursor - height + 1)
        self.refresh()
        self._announcing.now()

    def _scroll(self, rows: int) -> None:
        """Scroll; the cursor moves only as far as it must to stay in sight."""
        top = max(0, min(self.scroll_offset.y + rows, self.max_scroll_y))
        if top == self.scroll_offset.y:
            return
        self._show_from(top)
        self._go(max(top, min(self.cursor, top + self.size.height - 1)))

    def _show_from(self, row: int) -> None:
        # Before the first layout Textual holds nothing scrollable: hence `force`.
        self.scroll_to(y=row, animate=False, immediate=True, force=True)

    def _take_height(self) -> None:
        # Set quietly: a layout each tick would cost more than the rows do.
        self.set_reactive(ScrollView.virtual_size, Size(self.size.width, self._count))
