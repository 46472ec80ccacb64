"""The frame log under its heading."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.layout import Density
from wsdebug.tui.pace import Pace
from wsdebug.tui.paint import lacks_colour

__all__ = ["LogHeading", "LogRegion"]

COUNT_SECONDS = 0.25  # between two changes of a number
Piece = tuple[str, list[Part]]  # what a click on it asks for, and its words


class LogHeading(Widget):
    """`Frames`, and what there is to know and to do: each piece at the right is a button."""

    DEFAULT_CSS = """
    LogHeading { height: 1; }
    """

    class Pressed(Message):
        """A piece was clicked: `violation`, `follow` or `inspect`."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    narrow: reactive[bool] = reactive(False)
    has_focus_near: reactive[bool] = reactive(False)  # the log has the focus
    rows: reactive[int] = reactive(0)
    violations: reactive[int] = reactive(0)
    newer: reactive[int | None] = reactive[int | None](None)  # rows; None while following

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One row."""
        return 1

    def render(self) -> Content:
        """The name left, the pieces right."""
        bar = glyphs_of(self.app).cursor if self.has_focus_near else " "
        hue = self._hue("$primary")
        style = f"bold {hue}" if self.has_focus_near else "bold $foreground"
        right = [part for _, parts in self._pieces() for part in parts]
        return spread([(bar, hue), ("Frames", style)], right, self.size.width)

    def _hue(self, colour: str) -> str:
        """A colour that stands out; as a grey it would be weaker than the text."""
        return "$foreground" if lacks_colour(self.app) else colour

    def _pieces(self) -> list[Piece]:
        gap: Part = ("  " if self.narrow else "   ", "")
        pieces: list[Piece] = []
        if self.violations:
            words = f"! {with_commas(self.violations)}"
            if not self.narrow:
                words += " violation" if self.violations == 1 else " violations"
            pieces += [("violation", [(words, self._hue("$error"))]), ("", [gap])]
        unit = "row" if self.rows == 1 else "rows"
        pieces += [("", [(f"{with_commas(self.rows)} {unit}", "$foreground-muted"), gap])]
        if self.newer is None:
            pieces.append(("", [("following", "$foreground-muted")]))
        else:
            pieces.append(("follow", hints(("End", f"{with_commas(self.newer)} newer"))))
        if self.narrow:
            pieces += [("", [gap]), ("inspect", hints(("enter", "inspect")))]
        return pieces

    def on_click(self, event: Click) -> None:
        """Ask for what the piece under the mouse says."""
        pieces = self._pieces()
        sizes = [sum(len(text) for text, _ in parts) for _, parts in pieces]
        at = self.size.width - 2 - sum(sizes)
        for (what, _), size in zip(pieces, sizes, strict=True):
            if what and at <= event.x < at + size:
                self.post_message(self.Pressed(what))
            at += size


class LogTitles(Widget):
    """The names of the columns."""

    DEFAULT_CSS = """
    LogTitles { height: 1; color: $foreground-muted; }
    """

    titles: reactive[str] = reactive("")

    def render(self) -> Content:
        """As many of them as fit."""
        return Content(self.titles[: max(0, self.size.width - 2)])


class LogRegion(Vertical):
    """Heading, column titles and rows."""

    DEFAULT_CSS = """
    LogRegion { background: $background; }
    LogRegion.-airy LogHeading { margin: 1 0 0 0; }
    LogRegion FrameLogView { height: 1fr; }
    """
    ALLOW_SELECT: ClassVar[bool] = False

    density: reactive[Density] = reactive[Density]("tall")
    narrow: reactive[bool] = reactive(False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._counting = Pace(self, COUNT_SECONDS, self._count)

    def compose(self) -> ComposeResult:
        """Two rows of text at most, and the log."""
        yield LogHeading()
        yield LogTitles()
        yield FrameLogView(id="log-rows")

    @property
    def view(self) -> FrameLogView:
        """The rows."""
        return self.query_one(FrameLogView)

    def on_mount(self) -> None:
        """Take the room there is."""
        self.watch_density()

    def watch_density(self) -> None:
        """A blank row above the heading in a tall screen, no titles in a short one."""
        self.set_class(self.density == "tall", "-airy")
        for titles in self.query(LogTitles):
            titles.display = self.density != "short"

    def show_heading(self) -> None:
        """Bring the heading up to date; paints only what has changed."""
        view, heading = self.view, self.query_one(LogHeading)
        log = view.log_shown
        heading.narrow = self.narrow
        heading.has_focus_near = view.has_focus
        if (heading.newer is None) is not view.is_following or log is None:
            self._counting.now()
        else:
            self._counting.at_leisure()
        if self.density != "short":
            titles = view.layout_of_rows.titles if view.has_frames else ""
            self.query_one(LogTitles).titles = titles

    def _count(self) -> None:
        view, heading = self.view, self.query_one(LogHeading)
        log = view.log_shown
        heading.rows = len(log) if log is not None else 0
        heading.violations = log.violations if log is not None else 0
        heading.newer = None if view.is_following else view.newer

    def on_log_heading_pressed(self, event: LogHeading.Pressed) -> None:
        """The hints are buttons."""
        event.stop()
        view = self.view
        # In the view's own turn: what it posts in ours would not get past us.
        match event.what:
            case "violation":
                view.call_next(view.action_violation, False)
            case "follow":
                view.call_next(view.action_follow)
            case _:
                view.call_next(view.action_inspect)
