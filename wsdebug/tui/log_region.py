"""The frame log under its heading."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from wsdebug.errors import QueryInvalid
from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.log import FrameLog
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import duration
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.layout import Density
from wsdebug.tui.log_heading import FIELD_AT, FilterField, LogHeading
from wsdebug.tui.row_text import clock_of
from wsdebug.tui.silence import silence_of
from wsdebug.tui.throttle import Throttle
from wsdebug.tui.timeline_view import TimelineView

__all__ = ["LogRegion"]

SECOND = 1_000_000  # µs
COUNT_SECONDS = 0.25  # between two changes of a number


class LogTitles(Widget):
    """The names of the columns, or what is wrong with the filter, under the place of it."""

    DEFAULT_CSS = """
    LogTitles { height: 1; color: $foreground-muted; }
    """

    titles: reactive[str] = reactive("")
    problem: reactive[str] = reactive("")
    problem_at: reactive[int] = reactive(0)  # cell

    def render(self) -> Content:
        """As much as fits."""
        width = max(0, self.size.width - 2)
        if not self.problem:
            return Content(self.titles[:width])
        at, words = self.problem_at, self.problem
        if at + 2 + len(words) > width and len(words) < at:
            row = f"{words} ^".rjust(at + 1)
        else:
            row = " " * at + f"^ {words}"
        return Content.styled(row, "$error").truncate(width, ellipsis=True)


class LogRegion(Vertical):
    """Heading, column titles and rows."""

    DEFAULT_CSS = """
    LogRegion { background: $background; }
    LogRegion.-airy LogHeading { margin: 1 0 0 0; }
    LogRegion.-airy TimelineView { margin: 1 0; }
    LogRegion FrameLogView { height: 1fr; }
    """
    ALLOW_SELECT: ClassVar[bool] = False

    density: reactive[Density] = reactive[Density]("tall")
    narrow: reactive[bool] = reactive(False)
    is_live = True  # more rows may come
    is_inspected = False  # the inspector is in sight
    has_timeline: reactive[bool] = reactive(False)  # there is room for it

    class FilterWanted(Message):
        """A filter is to be typed."""

    class FilterUsed(Message):
        """A filter has found its rows: worth remembering."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class FilterKept(Message):
        """A filter is to be kept by a name."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view = FrameLogView(id="log-rows")
        self.timeline = TimelineView()
        self._counting = Throttle(self, COUNT_SECONDS, self._count)
        self._was_counting = False  # when that was done last

    def compose(self) -> ComposeResult:
        """Two rows of text at most, and the log."""
        yield LogHeading()
        yield self.timeline
        yield LogTitles()
        yield self.view

    @property
    def is_busy(self) -> bool:
        """Whether a thread of ours looks through the log."""
        return self.timeline.is_looking or self.view.folds.is_looking

    def set_log(self, log: FrameLog | None, *, follow: bool) -> None:
        """Show another log, from its end or its beginning."""
        self.view.set_log(log, follow=follow)
        self.timeline.set_log(log)

    def on_mount(self) -> None:
        """Take the room there is."""
        self.watch_density()
        self.watch_has_timeline()

    def watch_has_timeline(self) -> None:
        """Over the rows, or not at all."""
        self.timeline.display = self.has_timeline

    def watch_density(self) -> None:
        """A blank row above the heading in a tall screen, no titles in a short one."""
        self.set_class(self.density == "tall", "-airy")
        for titles in self.query(LogTitles):
            titles.display = self.density != "short" or bool(titles.problem)

    def edit_filter(self, known: list[str]) -> None:
        """Type a filter; `known` ones complete it."""
        self.view.matches.prepare()
        self.query_one(LogHeading).edit(known)

    def use_filter(self, text: str) -> None:
        """Take a filter as if it had been typed."""
        heading = self.query_one(LogHeading)
        heading.filter_text = text
        self._take(text)
        heading.done()

    @property
    def is_filtered(self) -> bool:
        """Whether there is a filter, right or wrong."""
        return bool(self.query_one(LogHeading).filter_text)

    def _take(self, text: str) -> None:
        """Show the rows that a filter takes, or what is wrong with it; those there were stay."""
        titles, heading = self.query_one(LogTitles), self.query_one(LogHeading)
        try:
            query = parse_filter(text) if text.strip() else None
        except QueryInvalid as error:
            titles.problem_at = FIELD_AT + 1 + error.position
            titles.problem = escape(error.why)
        else:
            titles.problem = ""
            self.view.set_filter(query, hides=heading.hides)
        heading.field.set_class(bool(titles.problem), "-wrong")
        self.watch_density()
        self._counting.now()

    def on_input_changed(self, event: Input.Changed) -> None:
        """At each key: the search itself runs in a thread."""
        event.stop()
        if self.query_one(LogHeading).is_editing:
            self._take(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """To the rows, with the filter; a wrong one keeps the focus."""
        event.stop()
        if not self.query_one(LogTitles).problem:
            self._leave_field()

    def on_filter_field_left(self, event: FilterField.Left) -> None:
        """To the rows."""
        event.stop()
        self._leave_field()

    def on_filter_field_dropped(self, event: FilterField.Dropped) -> None:
        """All rows again."""
        event.stop()
        self.use_filter("")
        self.view.focus()

    def on_filter_field_toggled(self, event: FilterField.Toggled) -> None:
        """Hide the others, or show all and go from match to match."""
        event.stop()
        heading = self.query_one(LogHeading)
        heading.hides = not heading.hides
        self._take(heading.filter_text)

    def on_filter_field_kept(self, event: FilterField.Kept) -> None:
        """Ask for a name."""
        event.stop()
        text = self.query_one(LogHeading).filter_text
        if text and not self.query_one(LogTitles).problem:
            self.post_message(self.FilterKept(text))

    def on_descendant_blur(self) -> None:
        """Whoever leaves the field is done with it."""
        heading = self.query_one(LogHeading)
        if heading.is_editing and not heading.field.has_focus:
            heading.done()

    def _leave_field(self) -> None:
        heading = self.query_one(LogHeading)
        heading.done()
        self.view.focus()
        if heading.filter_text:
            self.post_message(self.FilterUsed(heading.filter_text))

    def show_heading(self) -> None:
        """Bring the heading up to date; paints only what has changed."""
        view, heading = self.view, self.query_one(LogHeading)
        log = view.log_shown
        heading.narrow = self.narrow
        heading.is_live = self.is_live
        heading.is_inspected = self.is_inspected
        heading.has_focus_near = view.has_focus
        is_found = view.matches.progress >= 1 > heading.progress
        is_counted = log is None or (self._was_counting and not log.is_counting)
        if (heading.newer is None) is not view.is_following or is_counted or is_found:
            self._counting.now()
        else:
            self._counting.at_leisure()
        if self.density != "short":
            titles = view.layout_of_rows.titles if view.has_frames else ""
            self.query_one(LogTitles).titles = titles
        self._show_place()

    def show_silence(self, quiet_us: int) -> None:
        """Say how long nothing has come, where that is long enough to be called a silence."""
        silence_us = silence_of(self.app)
        is_silent = bool(silence_us) and quiet_us >= silence_us
        self.query_one(LogHeading).silence = (
            duration(quiet_us // SECOND * SECOND) if is_silent else ""
        )

    def _show_place(self) -> None:
        view, layout = self.view, self.view.layout_of_rows
        if self.timeline.is_on_screen:
            self.timeline.show_place(
                view.in_sight,
                None if view.is_following else view.time_us,
                clock_of(layout),
                left=layout.before_direction,
                has_focus=view.has_focus,
            )

    def on_timeline_view_go_to(self, event: TimelineView.GoTo) -> None:
        """The rows of that time."""
        event.stop()
        view = self.view
        # In the view's own turn: what it posts in ours would not get past us.
        if event.line is None:
            view.call_next(view.action_follow)
        else:
            view.call_next(view.go_to_line, event.line)

    def go_by_span(self, *, backward: bool) -> None:
        """To the first row in the timeline's next cell with one, or the one before."""
        view = self.view
        for line in self.timeline.first_lines(view.line or 0, backward=backward):
            if view.go_beyond(line, backward=backward):
                return
        if not backward:
            view.action_follow()

    def _count(self) -> None:
        view, heading = self.view, self.query_one(LogHeading)
        log = view.log_shown
        self._was_counting = log is not None and log.is_counting
        heading.rows = len(log) if log is not None else 0
        heading.violations = log.violations if log is not None else 0
        matches = view.matches
        heading.shown = len(matches.lines) if matches.lines is not None else None
        if view.folds.lines is not None and heading.hides:
            heading.shown = len(view.folds.lines)
        heading.progress = matches.progress
        heading.newer = None if view.is_following else view.newer

    def on_log_heading_pressed(self, event: LogHeading.Pressed) -> None:
        """The hints are buttons."""
        event.stop()
        view = self.view
        # In the view's own turn: what it posts in ours would not get past us.
        match event.what:
            case "violation":
                view.call_next(view.action_violation, False)
            case "filter":
                self.post_message(self.FilterWanted())
            case "follow":
                view.call_next(view.action_follow)
            case _:
                view.call_next(view.action_inspect)
