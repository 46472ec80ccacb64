"""The timeline: frames or bytes each way over the whole session, and a way to go anywhere in it."""

from collections.abc import Callable
from math import inf
from typing import ClassVar

from textual.events import MouseDown, MouseMove, MouseUp
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from wsdebug.log.log import FrameLog
from wsdebug.log.timeline import Bucket, Timeline, cell_of, line_at
from wsdebug.log.windows import WINDOW
from wsdebug.tui.gently import go_through
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_lines import TextLine, merged
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter
from wsdebug.tui.silence import silence_of
from wsdebug.tui.timeline_bars import ARROW, Scale, Unit, bars, scale_line

__all__ = ["TimelineView"]

WINDOWS = 16  # of 1 MiB that are looked through at a time while frames may be coming
CELLS = 512  # at most: a bucket is never wider than one
EDGE = 2  # cells free at the right, as in the log


class TimelineView(Widget):
    """A row of bars for each direction, and a scale; what is in sight of the log is tinted.

    At the left stands what the highest bar means: a click there, and it is the other `unit`. The
    counting is done in a thread, which `look` starts.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = (
        """
    TimelineView { height: 3; background: $background; color: $foreground;
    """
        + STYLES_CSS
        + "\n}"
    )
    ALLOW_SELECT: ClassVar[bool] = False

    class GoTo(Message):
        """A place was clicked or dragged to; None is the end."""

        def __init__(self, line: int | None) -> None:
            super().__init__()
            self.line = line

    unit: reactive[Unit] = reactive[Unit]("frames")

    def __init__(self) -> None:
        super().__init__()
        self.timeline: Timeline | None = None
        self._looking: Worker[None] | None = None
        self._spans: list[Bucket] = []
        self._spans_for: tuple[int, int] = (0, 0)  # bytes looked through, and cells
        self._left = 0  # cells before the direction
        self._sight: tuple[int, int] | None = None  # first and last line
        self._place: tuple[int, int] | None = None  # the same as cells
        self._cursor: int | None = None  # microseconds
        self._clock: Callable[[int], str] = str
        self._has_focus = False
        self._painter = Painter(self)

    @property
    def is_looking(self) -> bool:
        """Whether a thread counts what is new."""
        return self._looking is not None and not self._looking.is_finished

    def set_log(self, log: FrameLog | None) -> None:
        """Show another log."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        self.timeline = Timeline(log) if log is not None else None
        self._spans, self._spans_for, self._sight, self._place = [], (0, 0), None, None
        self.refresh()

    def look(self, *, live: bool) -> None:
        """Count what is new, in a thread, and show what was; called a few times a second."""
        timeline = self.timeline
        if timeline is None:
            return
        if not self.is_looking and timeline.is_due and (self.is_on_screen or not live):
            limit = WINDOWS if live else None

            def work() -> None:
                _look(timeline, limit)

            self._looking = self.run_worker(work, thread=True, group="timeline")
        state = (timeline.looked_through, self._cells)
        if state != self._spans_for and self.is_on_screen:
            self._spans_for = state
            self._spans = timeline.spans(self._cells)
            self._place = self._cells_of(self._sight)
            self.refresh()

    @property
    def is_on_screen(self) -> bool:
        """Whether there is room for it."""
        return bool(self.display and self.size.area)

    def show_place(
        self,
        sight: tuple[int, int] | None,
        cursor: int | None,
        clock: Callable[[int], str],
        *,
        left: int,
        has_focus: bool,
    ) -> None:
        """What the log shows: its first and last line, the time of the cursor where it is worth
        telling; `clock` writes times, `left` are the cells before the log's directions.
        """
        self._clock = clock
        state = (cursor, left, has_focus)
        if sight != self._sight:
            self._sight = sight
            place = self._cells_of(sight)
            if place != self._place:
                self._place = place
                self.refresh()
        if state != (self._cursor, self._left, self._has_focus):
            self._cursor, self._left, self._has_focus = state
            self.refresh()

    @property
    def _cells(self) -> int:
        return max(0, min(CELLS, self.size.width - self._left - ARROW - EDGE))

    def _cells_of(self, lines: tuple[int, int] | None) -> tuple[int, int] | None:
        if lines is None:
            return None
        first, last = (cell_of(self._spans, line) for line in lines)
        return (first, last) if first is not None and last is not None else None

    def first_lines(self, line: int, *, backward: bool) -> list[int]:
        """The first lines of the cells after (or before) a line, the nearest first."""
        lines = [span.line for span in self._spans if span.line]
        if backward:
            return [each for each in reversed(lines) if each < line]
        return [each for each in lines if each > line]

    # Mouse

    def on_mouse_down(self, event: MouseDown) -> None:
        """Go there; until the button is released, wherever the mouse goes."""
        event.stop()
        if event.x < self._left:
            self.unit = "bytes" if self.unit == "frames" else "frames"
            return
        self.capture_mouse()
        self._go(event.x)

    def on_mouse_move(self, event: MouseMove) -> None:
        """Go on, while the button is down."""
        if self.app.mouse_captured is self:
            event.stop()
            self._go(event.x)

    def on_mouse_up(self, event: MouseUp) -> None:
        """There."""
        event.stop()
        self.release_mouse()

    def _go(self, x: int) -> None:
        place = x - self._left - ARROW
        if not self._spans:
            return
        if place >= len(self._spans) - 1:
            self.post_message(self.GoTo(None))
        else:
            self.post_message(self.GoTo(line_at(self._spans, max(0, place))))

    # Painting

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self._painter.forget()

    def render_line(self, y: int) -> Strip:
        """Received, sent, or the scale."""
        width = self.size.width
        if not self._spans or self.timeline is None:
            return Strip.blank(width, self.rich_style)
        glyphs, cells = glyphs_of(self.app), len(self._spans)
        length_us = self.timeline.last_us - (self.timeline.first_us or 0) + 1
        scale = Scale.of(self._spans, self.unit, length_us)
        amount, time = (words.rjust(self._left - 2) + "  " for words in scale.words(glyphs))
        if y == 2:
            parts = scale_line(cells, *self._ends(), self._cursor_at(length_us), style=self._hue)
            line = TextLine(((time + " " * ARROW, "muted"), *parts))
            return self._painter.strip(line, width)
        sent = y == 1
        arrow = (f"{glyphs.sent}  ", "primary") if sent else (f" {glyphs.received} ", "fg")
        made = bars(
            self._spans,
            scale,
            glyphs,
            sent=sent,
            silence_us=silence_of(self.app),
            is_plain=self._painter.is_plain,
        )
        before = " " * self._left if sent else amount
        strips = [self._painter.strip(TextLine(((before, "muted"), arrow)), self._left + ARROW)]
        first, last = self._place or (0, -1)
        ground = "cursor" if self._has_focus else "idle"
        for start, end, tint in ((0, first, ""), (first, last + 1, ground), (last + 1, None, "")):
            cut = made[start:end]
            if cut:
                strips.append(self._painter.strip(TextLine(merged(cut)), len(cut), tint))
        strip = Strip.join(strips)
        return strip.adjust_cell_length(width, self.rich_style)

    @property
    def _hue(self) -> str:
        return "primary" if self._has_focus else "fg"

    def _ends(self) -> tuple[str, str]:
        """The first and the last time, in words."""
        assert self.timeline is not None
        return self._clock(self.timeline.first_us or 0), self._clock(self.timeline.last_us)

    def _cursor_at(self, length_us: int) -> tuple[int, str] | None:
        """The cell of the cursor's time, and that in words."""
        if self._cursor is None or self._place is None or self.timeline is None:
            return None
        since = self._cursor - (self.timeline.first_us or 0)
        return since * len(self._spans) // length_us, self._clock(self._cursor)


def _look(timeline: Timeline, windows: int | None) -> None:
    worker = get_current_worker()
    try:
        end = inf if windows is None else timeline.looked_through + windows * WINDOW
        go_through(timeline.advance, lambda: worker.is_cancelled or timeline.looked_through >= end)
    except (OSError, ValueError):  # the log was closed meanwhile
        return
