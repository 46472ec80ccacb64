"""Where the regions of the main screen stand, and how to go from one to the other."""

from textual.geometry import Region
from textual.widget import Widget

from wsdebug.tui.advice import Advice
from wsdebug.tui.composer import Composer
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.layout import (
    HEADING_ROWS,
    MINIMUM,
    TIMELINE_FROM,
    TIMELINE_ROWS,
    Arrangement,
    Whole,
    advice_region,
    arrange,
    density_of,
)
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_repeats import MainRepeats
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.status_line import StatusLine
from wsdebug.tui.tab_row import TabRow

__all__ = ["MainLayout"]


class MainLayout(MainRepeats):
    """Arranges what `MainScreen` composes."""

    def __init__(self, session: OpenSession, desk: Desk) -> None:
        super().__init__(session, desk)
        self._inspector_open = False
        self._inspector_width: int | None = None  # what it was dragged to
        self._whole: Whole = ""
        self._has_timeline: bool | None = None  # as the person wants it; None: as there is room

    def on_resize(self) -> None:
        """Every region by the size of the terminal."""
        self.rearrange()

    def rearrange(self) -> None:
        """Give each region its place."""
        width, height = self.app.size
        composer = self.query_one(Composer)
        composer.density = density_of(height)
        place = arrange(
            width,
            height,
            composer_rows=None if composer.covers else composer.rows,
            inspector_open=self._inspector_open,
            whole=self._whole,
            inspector_width=self._inspector_width,
            has_tabs=bool(self.labels),
        )
        bar, log = self.query_one(ConnectionBar), self.query_one(LogRegion)
        inspector, status = self.query_one(Inspector), self.query_one(StatusLine)
        bar.density = log.density = place.density
        wanted = self._has_timeline
        log.has_timeline = height >= TIMELINE_FROM if wanted is None else wanted
        log.narrow = inspector.narrow = not place.is_wide
        log.is_inspected = bool(place.inspector.area)
        inspector.whole = self._whole == "inspector"
        advised = self._advised(place)
        pairs: list[tuple[Widget, Region]] = [
            (self.query_one(TabRow), Region(0, 0, width, int(bool(self.labels)))),
            (bar, place.bar),
            (log, place.log.shrink((0, 0, advised.height, 0))),
            (self.query_one(Advice), advised),
            (inspector, place.inspector),
            (composer, place.composer),
            (status, place.status),
        ]
        for widget, region in pairs:
            widget.styles.offset = region.offset
            widget.styles.width, widget.styles.height = region.size
        is_too_small = width < MINIMUM[0] or height < MINIMUM[1]
        self.query_one("#too-small").display = is_too_small
        for widget, region in pairs:
            widget.display = bool(region.area) and not is_too_small
        self.call_after_refresh(log.show_heading)

    def _advised(self, place: Arrangement) -> Region:
        """The part of the log's region that the advice gets."""
        if self.query_one(Advice).text is None:
            return Region()
        above = HEADING_ROWS[place.density] + len(self.session.log or ())
        above += TIMELINE_ROWS[place.density] if self.query_one(LogRegion).has_timeline else 0
        return advice_region(place.log, above)

    def on_frame_log_view_inspect(self) -> None:
        """Open the inspector and go there."""
        self._inspector_open = True
        self.rearrange()
        self.query_one(Inspector).focus()

    def on_document_view_held(self, event: Inspector.Held) -> None:
        """The log follows no more: it stays on the line that somebody walks through."""
        view = self.query_one(LogRegion).view
        if view.is_following:
            view.go_to_line(event.line)

    def on_inspector_back(self) -> None:
        """Back to the log."""
        self.action_back()

    def on_inspector_whole_screen(self) -> None:
        """The inspector alone, and back."""
        self._whole = "" if self._whole else "inspector"
        self.rearrange()

    def on_dragged_edge_resize(self, event: Inspector.Resize) -> None:
        """The edge between log and inspector goes with the mouse."""
        self._inspector_width = event.width
        self.rearrange()

    def on_composer_rearranged(self) -> None:
        """The composer needs other room."""
        self.rearrange()

    def action_tab(self, number: int) -> None:
        """Look at the row in another way; the inspector comes into sight if it is not."""
        inspector = self.query_one(Inspector)
        if not inspector.display:
            self._whole, self._inspector_open = "", True
            self.rearrange()
        inspector.action_tab(number)

    def action_view(self) -> None:
        """The next way to look at the payload."""
        self.query_one(Inspector).action_view()

    def action_whole_screen(self) -> None:
        """The log alone, and back; the inspector has its own."""
        self._whole = "" if self._whole else "log"
        self.rearrange()

    def action_timeline(self) -> None:
        """Frames over time, bytes over time, or none of it."""
        log = self.query_one(LogRegion)
        if not log.has_timeline:
            self._show_timeline(True)
        elif log.timeline.unit == "frames":
            log.timeline.unit = "bytes"
        else:
            log.timeline.unit = "frames"
            self._show_timeline(False)

    def action_span(self, backward: bool) -> None:
        """To the rows of the next bar of the timeline, which comes into sight if it is not."""
        log = self.query_one(LogRegion)
        if not log.has_timeline:
            self._show_timeline(True)
        log.go_by_span(backward=backward)

    def _show_timeline(self, wanted: bool) -> None:
        self._has_timeline = wanted
        self.rearrange()

    def action_next_region(self) -> None:
        """Log, inspector, composer."""
        self._to_region(1)

    def action_previous_region(self) -> None:
        """The way back."""
        self._to_region(-1)

    def action_back(self) -> None:
        """Close what is open; finally to the log."""
        log = self.query_one(LogRegion)
        is_plain = not (self._whole or self._inspector_open) and log.view.has_focus
        self._whole, self._inspector_open = "", False
        log.view.focus()
        if is_plain and log.is_filtered:
            log.use_filter("")
        self.rearrange()

    def _to_region(self, step: int) -> None:
        regions: list[Widget] = [self.query_one(LogRegion).view]
        if self.query_one(Advice).has_form:
            regions += list(self.query("Advice Field"))[:1]
        if self.query_one(Inspector).display:
            regions.append(self.query_one(Inspector))
        composer = self.query_one(Composer)
        inside = composer.is_active
        at = next((i for i, region in enumerate(regions) if region.has_focus), len(regions))
        wanted = ((len(regions) if inside else at) + step) % (len(regions) + 1)
        if wanted == len(regions):
            composer.focus_input()
        else:
            regions[wanted].focus()
