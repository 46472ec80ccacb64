"""Throughput and latencies over time: bars to go along, and the slowest answers to pick from."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from wsdebug.log.latencies import Answer
from wsdebug.log.over_time import LATENCIES, MOMENTS, LatencyKind, Moment
from wsdebug.log.over_time_text import latencies
from wsdebug.log.statistics import Statistics
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_lines import EDGE, Part, TextLine, cut, merged
from wsdebug.tui.over_time_rows import (
    GUTTER,
    Plot,
    answer_words,
    latency_plot,
    moment_words,
    traffic_plot,
)
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter
from wsdebug.tui.timeline_bars import Unit, scale_line

__all__ = ["OverTimeView"]

PLOT_ROWS = 4  # of a direction, at most; latencies have twice as many
AROUND = 5  # rows that are neither bars nor answers
LIST_LEAST = 3
AIRY = 30  # rows from which bars have a free row between them
NO_ANSWERS = "no message found its answer by an id in JSON, and no ping its pong"

Row = tuple[TextLine, list[Part] | None]  # without cells the line is all of the row


class OverTimeView(Widget, can_focus=True):
    """Shows what was counted, from when `statistics` is set. `clock` writes times."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = (
        """
    OverTimeView { background: $panel; color: $foreground;
    """
        + STYLES_CSS
        + "\n}"
    )
    BINDING_GROUP_TITLE = "Over time"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "step(1)", "Later", show=False),
        Binding("left,h", "step(-1)", "Earlier", show=False),
        Binding("pagedown", "step(10)", "Much later", show=False),
        Binding("pageup", "step(-10)", "Much earlier", show=False),
        Binding("down,j", "pick(1)", "Next answer", show=False),
        Binding("up,k", "pick(-1)", "Answer before", show=False),
        Binding("enter", "go", "To its rows", show=False),
        Binding("T", "unit", "Frames or bytes", show=False),
        Binding("p", "kind", "Requests, pings", show=False),
    ]

    unit: reactive[Unit] = reactive[Unit]("frames")
    kind: reactive[LatencyKind] = reactive[LatencyKind]("request")
    at: reactive[int] = reactive(0)  # cell
    picked: reactive[int] = reactive(0)  # answer
    picks: reactive[bool] = reactive(False)  # the answers have the cursor, not the bars

    class GoTo(Message):
        """The rows of a place are wanted."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    def __init__(self, clock: Callable[[int], str]) -> None:
        super().__init__()
        self.words = ""  # instead of numbers
        self._statistics: Statistics | None = None
        self._clock = clock
        self._moments: list[Moment] = []
        self._kept: tuple[object, list[Row]] | None = None  # rows, and what they were made of
        self._painter = Painter(self)

    def take(self, statistics: Statistics) -> None:
        """Show these, which do not change any more; the kind of latencies that there is."""
        self._statistics = statistics
        kinds = self._kinds()
        self.kind = "request" if "request" in kinds or not kinds else kinds[0]
        self.on_resize()

    def _kinds(self) -> list[LatencyKind]:
        if self._statistics is None:
            return []
        found = zip(LATENCIES, latencies(self._statistics), strict=True)
        return [kind for (kind, _), (_, latency) in found if latency.times.count]

    @property
    def answers(self) -> list[Answer]:
        """The slowest of the kind."""
        if self._statistics is None:
            return []
        names = [kind for kind, _ in LATENCIES]
        return latencies(self._statistics)[names.index(self.kind)][1].slowest

    def on_resize(self) -> None:
        """As many cells as there is room for."""
        if self._statistics is not None:
            cells = max(1, min(MOMENTS, self.size.width - GUTTER - EDGE))
            self._moments = self._statistics.over_time.spans(cells)
            self._kept = None
            self.at = min(self.at, max(0, len(self._moments) - 1))
        self.refresh()

    # Acts

    def action_step(self, by: int) -> None:
        """Along the bars."""
        self.picks = False
        self.at = max(0, min(self.at + by, len(self._moments) - 1))

    def action_pick(self, by: int) -> None:
        """Along the answers."""
        if self.answers:
            self.picked = max(0, min(self.picked + by, len(self.answers) - 1)) if self.picks else 0
            self.picks = True

    def action_unit(self) -> None:
        """Frames or bytes."""
        self.unit = "bytes" if self.unit == "frames" else "frames"

    def action_kind(self) -> None:
        """The next kind of latency that there is."""
        kinds = self._kinds()
        if self.kind in kinds:
            self.kind = kinds[(kinds.index(self.kind) + 1) % len(kinds)]
            self.picked = 0

    def action_go(self) -> None:
        """To the rows of the cell, or the question of the answer."""
        line = 0
        if self.picks and self.picked < len(self.answers):
            line = self.answers[self.picked].asked_line
        elif self._moments:
            after = (moment.line for moment in self._moments[self.at :] if moment.line)
            line = next(after, 0)
        if line:
            self.post_message(self.GoTo(line))

    def on_click(self, event: Click) -> None:
        """A bar or an answer leads to its rows."""
        event.stop()
        first = len(self._bars_rows()) + AROUND
        number = event.y - first + self._first_answer()
        if event.y >= first and number < len(self.answers):
            self.picks, self.picked = True, number
        elif event.y < first and 0 <= event.x - GUTTER < len(self._moments):
            self.picks, self.at = False, event.x - GUTTER
        else:
            return
        self.action_go()

    # Painting

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self._painter.forget()

    def render_line(self, y: int) -> Strip:
        """Bars, scale, the place, the answers."""
        rows = self._rows()
        if y >= len(rows):
            return Strip.blank(self.size.width, self.rich_style)
        line, cells = rows[y]
        if cells is None:
            return self._painter.strip(line, self.size.width)
        strips = [self._painter.strip(line, GUTTER)]
        ground = "idle" if self.picks else "cursor"
        for start, end, tint in ((0, self.at, ""), (self.at, self.at + 1, ground)):
            part = cells[start:end]
            strips.append(self._painter.strip(TextLine(merged(part)), len(part), tint))
        rest = cells[self.at + 1 :]
        strips.append(self._painter.strip(TextLine(merged(rest)), len(rest)))
        return Strip.join(strips).adjust_cell_length(self.size.width, self.rich_style)

    def _rows(self) -> list[Row]:
        """All rows, made anew only where something changed."""
        state = (self.words, self.size, self.unit, self.kind, self.at, self.picks, self.picked)
        if self._kept is None or self._kept[0] != state:
            self._kept = (state, self._made_rows())
        return self._kept[1]

    def _made_rows(self) -> list[Row]:
        if self.words or not self._moments:
            return [(TextLine(((f" {self.words or 'nothing with a time'}", "fg"),)), None)]
        made = [*self._bars_rows(), (TextLine(tuple(self._scale())), None), (TextLine(), None)]
        made += [(TextLine(self._place()), None), (TextLine(), None)]
        return [*made, *((line, None) for line in self._answer_rows())]

    def _heights(self) -> tuple[int, int]:
        """Rows of a direction's bars, and of the answers."""
        height = self.size.height
        listed = min(len(self.answers) or 1, max(LIST_LEAST, height // 4))
        room = height - AROUND - listed - (2 if height >= AIRY else 0)
        return max(1, min(PLOT_ROWS, room // 4)), listed

    def _bars_rows(self) -> list[Row]:
        glyphs, (height, _) = glyphs_of(self.app), self._heights()
        cell_us = self._cell_us
        plots: list[tuple[Plot, int]] = [
            (traffic_plot(self._moments, self.unit, cell_us, sent=sent), height)
            for sent in (False, True)
        ]
        if self.answers:
            plots.append((latency_plot(self._moments, self.kind, glyphs), 2 * height))
        made: list[Row] = []
        for plot, rows in plots:
            if made and self.size.height >= AIRY:
                made.append((TextLine(), None))
            made += [(TextLine((words,)), cells) for words, cells in plot.rows(rows, glyphs)]
        return made

    @property
    def _cell_us(self) -> int:
        length_us = self._statistics.duration_us + 1 if self._statistics is not None else 0
        return max(1, length_us // max(1, len(self._moments)))

    def _time_of(self, cell: int) -> int:
        assert self._statistics is not None
        return (self._statistics.first_us or 0) + cell * self._cell_us

    def _scale(self) -> Iterator[Part]:
        assert self._statistics is not None
        ends = (self._clock(self._time_of(0)), self._clock(self._statistics.last_us or 0))
        yield (" " * GUTTER, "")
        cursor = (self.at, self._clock(self._time_of(self.at)))
        style = "fg" if self.picks else "primary"
        yield from scale_line(len(self._moments), *ends, cursor, style=style)

    def _place(self) -> tuple[Part, ...]:
        """What the cell under the cursor has."""
        glyphs, moment = glyphs_of(self.app), self._moments[self.at]
        words = moment_words(moment, self.kind, glyphs)
        parts = [
            self._bar(not self.picks),
            (f"{self._clock(self._time_of(self.at))}  ", "muted"),
            (words, "fg"),
        ]
        return cut(parts, self.size.width - EDGE, glyphs.cut)

    def _bar(self, is_here: bool) -> Part:
        return (glyphs_of(self.app).cursor if is_here else " ", "primary")

    def _first_answer(self) -> int:
        """The number of the first answer that is in sight."""
        _, listed = self._heights()
        return max(0, self.picked - listed + 1) if self.picks else 0

    def _answer_rows(self) -> Iterator[TextLine]:
        answers, glyphs = self.answers, glyphs_of(self.app)
        if not answers:
            yield TextLine(((f" {NO_ANSWERS}", "muted"),))
            return
        yield TextLine(((" Slowest", "fg bold"),))
        first, (_, listed) = self._first_answer(), self._heights()
        for number, answer in enumerate(answers[first : first + listed], first):
            is_here = self.picks and number == self.picked
            parts = [self._bar(is_here), (answer_words(answer, glyphs), "fg")]
            line = cut(parts, self.size.width - EDGE, glyphs.cut)
            yield TextLine(line, ground="cursor" if is_here else "")
