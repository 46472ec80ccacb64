"""The frame log under its heading."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Static

from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.layout import Density
from wsdebug.tui.row_text import ALL_COLUMNS

__all__ = ["LogRegion"]


class LogRegion(Vertical):
    """Heading, column titles and rows."""

    DEFAULT_CSS = """
    LogRegion { background: $background; }
    LogRegion #log-heading, LogRegion #log-titles { height: auto; }
    LogRegion FrameLogView { height: 1fr; }
    """

    density: reactive[Density] = reactive[Density]("tall")
    narrow: reactive[bool] = reactive(False)

    def compose(self) -> ComposeResult:
        """Three rows of text at most, and the log."""
        yield Static("", id="log-heading")
        yield Static("", id="log-titles")
        yield FrameLogView(id="log-rows")

    @property
    def view(self) -> FrameLogView:
        """The rows."""
        return self.query_one(FrameLogView)

    def show_heading(self) -> None:
        """Bring the heading up to date."""
        view, width = self.view, self.size.width
        if not width:
            return
        has_focus = view.has_focus
        bar = glyphs_of(self.app).cursor if has_focus else " "
        left: list[Part] = [
            (bar, "$primary"),
            ("Frames", "bold $primary" if has_focus else "bold $foreground"),
        ]
        right: list[Part] = []
        log = view.log_shown
        if log is not None and log.violations:
            count = with_commas(log.violations)
            words = "" if self.narrow else " violation" + ("s" if log.violations > 1 else "")
            right.append((f"! {count}{words}   ", "$error"))
        rows = len(log) if log is not None else 0
        right.append((f"{with_commas(rows)} rows   ", "$foreground-muted"))
        if view.is_following:
            right.append(("following", "$foreground-muted"))
        else:
            right += hints(("End", f"{with_commas(view.newer)} newer"))
        if self.narrow:
            right += [("   ", ""), *hints(("enter", "inspect"))]
        heading = spread(left, right, width)
        above = "\n" if self.density == "tall" else ""
        self.query_one("#log-heading", Static).update(above + heading if above else heading)
        titles = self.query_one("#log-titles", Static)
        titles.display = self.density != "short"
        columns = "  line      time     opcode    "
        columns += "bits wire  size  payload" if width >= ALL_COLUMNS else "  size  payload"
        titles.update(spread([(columns, "$foreground-muted")], [], width))
