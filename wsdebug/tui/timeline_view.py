"""The timeline: frames each way over the whole session, and a way to go anywhere in it."""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual.events import MouseDown, MouseMove, MouseUp
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from wsdebug.log.log import FrameLog
from wsdebug.log.timeline import Bucket, Timeline, cell_of, line_at, silence_before
from wsdebug.payload.numbers import duration
from wsdebug.tui.glyphs import Glyphs, glyphs_of
from wsdebug.tui.inspect_lines import Part, TextLine, merged
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter, lacks_colour

__all__ = ["TimelineView"]

WINDOWS = 16  # of 1 MiB that are looked through at a time while frames may be coming
CELLS = 512  # at most: a bucket is never wider than one
EDGE = 2  # cells free at the right, as in the log
ARROW = 3  # cells of the direction
AIR = 2  # cells free beside words


class TimelineView(Widget):
    """A row of bars for each direction, and a scale; what is in sight of the log is tinted.

    The counting is done in a thread, which `look` starts.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = (
        """
    TimelineView { height: 3; margin: 1 0; background: $background; color: $foreground;
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

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
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
        is_idle = self._looking is None or self._looking.is_finished
        if is_idle and not timeline.is_complete and (self.is_on_screen or not live):
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

    # Mouse

    def on_mouse_down(self, event: MouseDown) -> None:
        """Go there; until the button is released, wherever the mouse goes."""
        event.stop()
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

    def on_mount(self) -> None:
        """Where grounds cannot be seen the place is reverse."""
        self._painter.is_plain = lacks_colour(self.app)

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self._painter.forget()

    def render_line(self, y: int) -> Strip:
        """Received, sent, or the scale."""
        width = self.size.width
        if not self._spans or self.timeline is None:
            return Strip.blank(width, self.rich_style)
        glyphs = glyphs_of(self.app)
        if y == 2:
            return self._painter.strip(TextLine(tuple(self._scale())), width)
        sent = y == 1
        arrow = (f"{glyphs.sent}  ", "primary") if sent else (f" {glyphs.received} ", "fg")
        bars = _bars(self._spans, glyphs, sent=sent, is_plain=self._painter.is_plain)
        if not sent:
            _say_silences(bars, self._spans)
        strips = [self._painter.strip(TextLine(((" " * self._left, ""), arrow)), self._left + 3)]
        first, last = self._place or (0, -1)
        ground = "cursor" if self._has_focus else "idle"
        for start, end, tint in ((0, first, ""), (first, last + 1, ground), (last + 1, None, "")):
            parts = bars[start:end]
            if parts:
                strips.append(self._painter.strip(TextLine(merged(parts)), len(parts), tint))
        strip = Strip.join(strips)
        return strip.adjust_cell_length(width, self.rich_style)

    def _scale(self) -> Iterator[Part]:
        """The times of both ends, and of the cursor where there is room."""
        timeline = self.timeline
        assert timeline is not None
        cells = len(self._spans)
        start, end = self._clock(timeline.first_us or 0), self._clock(timeline.last_us)
        yield (" " * (self._left + ARROW) + start, "muted")
        gap = cells - len(start) - len(end)
        if self._cursor is not None and self._place is not None:
            words = self._clock(self._cursor)
            length = timeline.last_us - (timeline.first_us or 0) + 1
            middle = (self._cursor - (timeline.first_us or 0)) * cells // length
            before = middle - len(words) // 2 - len(start)
            after = gap - before - len(words)
            if before >= AIR and after >= AIR:
                yield (" " * before + words, "primary" if self._has_focus else "fg")
                gap = after
        yield (" " * max(AIR, gap) + end, "muted")


def _bars(spans: Sequence[Bucket], glyphs: Glyphs, *, sent: bool, is_plain: bool) -> list[Part]:
    """A cell for each span, the highest full; what is wrong stands among what was received."""
    top = max((max(span.sent, span.received) for span in spans), default=0) or 1
    steps = len(glyphs.spark)
    bars: list[Part] = []
    for span in spans:
        count = span.sent if sent else span.received
        bar = glyphs.spark[max(0, -(-count * steps // top) - 1)] if count else " "
        if span.wrong and not sent:
            is_sign = is_plain or not count
            bars.append((glyphs.violation if is_sign else bar, "error"))
        else:
            bars.append((bar, "primary" if sent else "fg"))
    return bars


def _say_silences(bars: list[Part], spans: Sequence[Bucket]) -> None:
    """Write how long nothing came or went into the stretches that are wide enough."""
    start = 0
    for place, span in enumerate(spans):
        if not (span.sent or span.received or span.wrong):
            continue
        silence = silence_before(spans, place) if span.first_us >= 0 else None
        if silence is not None:
            words = f"silent {duration(silence)}"
            room = place - start - len(words)
            if room >= 2 * AIR:
                at = start + room // 2
                bars[at : at + len(words)] = [(letter, "muted") for letter in words]
        start = place + 1


def _look(timeline: Timeline, windows: int | None) -> None:
    worker = get_current_worker()
    try:
        while not worker.is_cancelled and timeline.advance():
            if windows is not None:
                windows -= 1
                if not windows:
                    return
    except (OSError, ValueError):  # the log was closed meanwhile
        return
