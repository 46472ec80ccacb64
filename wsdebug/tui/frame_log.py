"""The frame log: a Line API view over a log, whatever its length."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from wsdebug.log.filter_terms import Filter
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_lines import TextLine
from wsdebug.tui.log_folding import LogFolding
from wsdebug.tui.matches import Matches
from wsdebug.tui.moves import MOVES
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter
from wsdebug.tui.row_text import RowLayout, TimeMode, row_line
from wsdebug.tui.row_window import RowWindow
from wsdebug.tui.silence import silence_of

if TYPE_CHECKING:
    from wsdebug.replay.marks import Marks

__all__ = ["FrameLogView"]

LINE_CELLS = (4, 7)  # least and most cells of a line number
KEPT_STRIPS = 400

TIMES = "Since start, since the row before, clock"


class FrameLogView(LogFolding, can_focus=True):
    """Shows rows of a log; follows its end until the person moves. Holds visible rows only."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = (
        """
    FrameLogView {
        background: $background; color: $foreground; overflow: hidden hidden;
    """
        + STYLES_CSS
        + "\n}"
    )
    BINDING_GROUP_TITLE = "Frame log"
    BINDINGS: ClassVar[list[BindingType]] = [
        *MOVES,
        Binding("g", "top", "To the top", show=False, id="top"),
        Binding("home", "top", "To the top", show=False),
        Binding("G", "follow", "To the end, and follow", show=False, id="bottom"),
        Binding("end", "follow", "To the end, and follow", show=False),
        Binding("enter", "inspect", "Inspect", show=False, id="inspect"),
        Binding("t", "time", "Time", show=False, id="time", tooltip=TIMES),
        Binding("b", "violation(False)", "Next violation", show=False, id="next_violation"),
        Binding("B", "violation(True)", "Previous violation", show=False, id="previous_violation"),
        Binding("n", "match(False)", "Next match", show=False, id="next_match"),
        Binding("N", "match(True)", "Previous match", show=False, id="previous_match"),
    ]

    class Selected(Message):
        """The cursor stands on another line, or the log has grown under it.

        While the log follows, at most every `ANNOUNCE_SECONDS`; the last one always comes.
        """

        def __init__(self, line: int | None) -> None:
            super().__init__()
            self.line = line

    class Inspect(Message):
        """Look at the row from near."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.marks: Marks | None = None  # of a replay
        self.time: TimeMode = "start"
        self._seen = (0, 0, False)  # lines and rows at the last tick
        self._matches = Matches(self)
        self._line_cells = LINE_CELLS[0]
        self._strips: dict[tuple[int, bool], Strip] = {}  # by line, and whether the cursor is there
        self._strips_for: tuple[RowLayout, bool] | None = None  # the layout and focus of these
        self._painter = Painter(self, filtered=True)

    # What is shown

    @property
    def matches(self) -> Matches:
        """What the filter takes."""
        return self._matches

    @property
    def pulse(self) -> tuple[object, ...]:
        """Something else whenever a tick has something to take up, or has moved the view."""
        log, lines = self.log_shown, self._matches.lines
        if log is None:
            return ()
        now = (log.index.lines, log.is_counting, log.held_from)
        found = (lines.looked_through, lines.is_complete) if lines is not None else ()
        return (*now, *found, self.cursor, self.scroll_offset.y, self.is_following, self.has_focus)

    @property
    def layout_of_rows(self) -> RowLayout:
        """The columns as they are now."""
        window = self._window
        wall = window.wall.at if window is not None and window.wall.is_known else None
        glyphs = glyphs_of(self.app)
        cells, silence_us = self._line_cells, silence_of(self.app)
        return RowLayout(self.size.width, glyphs, cells, self.time, wall, silence_us)

    @property
    def has_frames(self) -> bool:
        """Whether the columns of frames are in use, so that their titles mean something."""
        is_long = self._count > self.size.height
        return is_long or bool(self._window and self._window.has_frames(self._count))

    def set_log(self, log: FrameLog | None, *, follow: bool) -> None:
        """Show another log, from its end or its beginning."""
        before, self._window = self.log_shown, RowWindow(log) if log is not None else None
        if before is None or log is None or before.path is None or before.path != log.path:
            self.ticks.clear()  # the same file read anew has the same lines
        self._matches.set_log(log)
        self._take_lines()
        self.is_following, self.cursor, self._count = follow, 0, 0
        self._seen, self._line, self._line_cells = (0, 0, False), None, LINE_CELLS[0]
        self._strips.clear()
        if self.time == "wall" and self._window is not None and not self._window.wall.is_known:
            self.time = "start"
        self._take_height()
        self._announcing.now()
        self.tick()
        if not follow or log is None:
            self._show_from(0)
        self.refresh()

    def set_filter(self, query: Filter | None, *, hides: bool) -> None:
        """Take another filter: only its rows are shown, or with `hides` false, all."""
        self._matches.set_filter(query, hides=hides)
        self.look_anew()

    def _take_lines(self) -> None:
        """Make the rows those of the filter and the folds."""
        hiding = self._matches.hiding
        self.folds.take(self.log_shown, hiding)
        if self._window is not None:
            self._window.filtered, self._window.folded = hiding, self.folds.lines

    def look_anew(self) -> None:
        """Take the rows there are now, and stay on the line."""
        self._take_lines()
        if self._window is not None:
            self._window.forget()
        self._strips.clear()
        self._seen = (-1, -1, False)
        self.tick()
        self.refresh()

    def tick(self) -> None:
        """Take up what the log has grown by; called up to 20 times a second."""
        window = self._window
        if window is None:
            return
        window.marks = self.marks
        is_marked = window.look_at_marks()
        if window.look_at_the_record() or is_marked:
            self._strips.clear()
            self.refresh()
        if is_marked:
            self._announcing.at_leisure()
        self._matches.look()
        if self.folds.look():
            self._take_lines()
            window.forget()
            self._strips.clear()
            self.refresh()
        now = (window.log.index.lines, window.count, window.log.is_counting)
        if now == self._seen:
            return
        before = self._on_screen()
        self._seen = now
        self._line_cells = min(LINE_CELLS[1], max(self._line_cells, len(str(self._seen[0]))))
        self._take_count(window)
        if self._on_screen() != before:
            self.refresh()
        announce = self._announcing.at_leisure if self.is_following else self._announcing.now
        announce()

    def _on_screen(self) -> tuple[int, ...]:
        """What is to be seen, in a few numbers: it is the same where these are."""
        window, in_sight = self._window, self.in_sight
        if window is None or in_sight is None:
            return ()
        top = self.scroll_offset.y
        end = min(top + self.size.height, self._count)
        return (*in_sight, top, end, self.cursor, self._line_cells, window.log.is_counting)

    # Acts

    def announce(self) -> None:
        """Say which line is under the cursor."""
        self.post_message(self.Selected(self.line))

    def hold(self) -> None:
        """Stay on the row under the cursor, and paint it and all others anew."""
        self._strips.clear()
        self._go(self.cursor)

    def action_inspect(self) -> None:
        """Look at the row from near."""
        if not self.action_unfold():
            self.post_message(self.Inspect())

    def action_time(self) -> None:
        """The next way to tell times; that of the clock only where it is known."""
        if self._window is not None:
            self.time = self._window.next_time(self.time)
            self.refresh()

    def action_violation(self, backward: bool) -> None:
        """The next row with a broken rule, or that a replay found wrong."""
        if self._window is not None and self.line is not None:
            self.show_line(self._window.next_wrong(self.line, backward=backward))

    def action_match(self, backward: bool) -> None:
        """The next row that the filter takes."""
        self.show_line(self._matches.next(self.line or 0, backward=backward))

    # Painting

    def notify_style_update(self) -> None:
        """The theme or the focus changed."""
        super().notify_style_update()
        self._painter.forget()
        self._strips.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows of the screen, past Textual's cache of lines: in a flood all are new each time."""
        layout = self.layout_of_rows
        return [self._strip(y, layout).crop(crop.x, crop.right) for y in crop.line_range]

    def render_line(self, y: int) -> Strip:
        """One row, from the file."""
        return self._strip(y, self.layout_of_rows)

    def _strip(self, y: int, layout: RowLayout) -> Strip:
        number, width = y + self.scroll_offset.y, self.size.width
        window = self._window
        if window is None or not 0 <= number < self._count:
            return self._painter.strip(TextLine(), width)
        if self._strips_for != (layout, self.has_focus):
            self._strips.clear()
            self._strips_for = (layout, self.has_focus)
        if self.is_following and (row := window.tail_row(y, self.size.height)) is not None:
            return self._painted(row, layout, has_cursor=False)
        key = (window.line_of(number), number == self.cursor)
        strip = self._strips.get(key)
        if strip is None:
            row = window.row(number, min(self._count, self.scroll_offset.y + self.size.height))
            if row is None:
                return self._painter.strip(TextLine(), width)
            if len(self._strips) > KEPT_STRIPS:
                self._strips.clear()
            strip = self._strips[key] = self._painted(row, layout, has_cursor=key[1])
        return strip

    def _painted(self, row: Row, layout: RowLayout, *, has_cursor: bool) -> Strip:
        window = self._window
        found = window.found(row.line) if window is not None else None
        ground = ("cursor" if self.has_focus else "idle") if has_cursor else ""
        line = row_line(
            row,
            layout,
            has_cursor=has_cursor,
            is_focused=self.has_focus,
            is_ticked=self.ticks.has_any(row.line, row.last or row.line),
            found=found,
            is_unfolded=window is not None and window.begins_unfolded(row.line),
        )
        return self._painter.strip(line, layout.width, ground)
