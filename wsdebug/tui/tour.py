"""The strip that shows a step of the tour on the screen it speaks of."""

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.tui.bars import Hint
from wsdebug.tui.composer import Composer
from wsdebug.tui.dialog import Heading
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.layout import MINIMUM
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.paint import lacks_colour
from wsdebug.tui.separator import Separator
from wsdebug.tui.tour_steps import STEPS, place, title_of, words_of

__all__ = ["TourStrip"]

BESIDE = 3  # cells that the words do not have


class TourStrip(Vertical):
    """Title, keys and a few words; takes no focus, so that what it speaks of can be tried.

    On the main screen it follows the region of its step; elsewhere it stands in the flow. Blue is
    the heading of what it is about, not its own.
    """

    DEFAULT_CSS = """
    TourStrip { height: auto; background: $panel; }
    TourStrip Heading { margin: 0; }
    TourStrip Heading > .bar { visibility: hidden; }
    TourStrip Heading > .title { color: $foreground; }
    TourStrip > #tour-words { height: auto; padding: 0 2 0 1; }
    TourStrip > Separator { display: none; }
    TourStrip.-framed > Separator { display: block; }
    """

    def __init__(self, index: int, *, floats: bool) -> None:
        """`index` of the step, from 0; `floats` on the main screen."""
        super().__init__()
        self.index = index
        self.floats = floats
        self._words = Content("")
        self._placed = Region()

    def compose(self) -> ComposeResult:
        """Heading and words."""
        yield Separator()
        is_last = self.index == len(STEPS) - 1
        hints = [Hint("^N", "done" if is_last else "next", "app.tour_step(1)")]
        if self.index and self.floats:
            hints.append(Hint("alt+b", "back", "app.tour_step(-1)"))
        if not is_last:
            hints.append(Hint("esc", "skip", "app.tour_end"))
        yield Heading(title_of(self.index), hints)
        self._words = words_of(STEPS[self.index], glyphs_of(self.app), is_first=not self.floats)
        yield Static(self._words, id="tour-words")

    def on_mount(self) -> None:
        """Go where the step belongs, now and whenever the screen is laid out anew."""
        self.set_class(lacks_colour(self.app), "-framed")
        if self.floats:
            self.screen.screen_layout_refresh_signal.subscribe(self, self._place)
            self._place(self.screen)

    def _place(self, screen: Screen[Any]) -> None:
        def region(kind: type[Widget]) -> Region:
            widget = screen.query_one(kind)
            return widget.region if widget.display else Region()

        size = screen.size
        placed = place(
            STEPS[self.index].at,
            self._rows,
            screen=size,
            log=region(LogRegion),
            inspector=region(Inspector),
            composer=region(Composer),
        )
        self.display = size.width >= MINIMUM[0] and size.height >= MINIMUM[1]
        if placed != self._placed:
            self._placed = placed
            self.styles.width, self.styles.height = placed.size
            self.styles.offset = placed.offset

    def _rows(self, width: int) -> int:
        """Of the strip where it is so wide."""
        return 1 + len(self._words.wrap(width - BESIDE)) + self.has_class("-framed")
