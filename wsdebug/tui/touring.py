"""The tour: once at an empty first start, and again whenever it is asked for."""

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from wsdebug.tui.compose_model import Draft
from wsdebug.tui.composer import Composer
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.palette import Palette
from wsdebug.tui.start import StartChoice, StartScreen
from wsdebug.tui.tabbed import Tabbed
from wsdebug.tui.tour import TourStrip
from wsdebug.tui.tour_steps import STEPS

__all__ = ["TOUR", "Touring"]

TOUR = "tour"  # its name among what a person was shown
SAMPLE = '{"op":"hello","id":1}'
STEPPING = ("tour_step", "tour_end")


class Touring(Tabbed):
    """Keeps the step, shows it, and brings what it speaks of into sight.

    The first step may stand on the start screen; the others go on on whatever connection is made
    there. Without one, the demo's server is what the tour is shown on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "tour_step(1)", "Tour: next step", show=False, priority=True),
        Binding("alt+b", "tour_step(-1)", "Tour: step back", show=False, priority=True),
        Binding("escape", "tour_end", "Tour: skip it", show=False, priority=True),
    ]

    def __init__(self, **arguments: object) -> None:
        super().__init__(**arguments)
        self._strip: TourStrip | None = None
        self._is_own_demo = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of the tour are its own only while it is in sight."""
        if action in STEPPING:
            strip = self._strip
            return strip is not None and strip.is_attached and strip.screen is self._place()
        if action in ("tour", "preferences"):
            return isinstance(self._place(), StartScreen | MainScreen)
        return super().check_action(action, parameters)

    def action_tour(self) -> None:
        """From the first step."""
        self.action_tour_end()
        self._is_own_demo = False
        self._show_step(0, self._place())

    def action_tour_step(self, step: int) -> None:
        """The next step, or the one before."""
        if self._strip is None:
            return
        index = self._strip.index + step
        screen = self._place()
        if isinstance(screen, StartScreen):
            if step > 0:
                self._is_own_demo = True
                screen.dismiss(StartChoice("tour"))
        elif index >= len(STEPS):
            self.action_tour_end()
        elif index >= 0:
            self._show_step(index, screen)

    def action_tour_end(self) -> None:
        """Away with it; all else stays."""
        strip, self._strip = self._strip, None
        if strip is not None and strip.is_attached:
            strip.remove()
            if isinstance(strip.screen, StartScreen):
                strip.screen.show_tour(None)

    def begin_tour(self, start: StartScreen) -> None:
        """At a first start, unless the person is on the way already."""
        if self.screen is start and not start.is_used:
            self._show_step(0, start)

    def add_tab(self, main: MainScreen) -> None:
        """A connection made during the first step is what the others speak of."""
        super().add_tab(main)
        if self._strip is not None and not self._strip.floats:
            main.call_after_refresh(self._continue_on, main)

    def _continue_on(self, main: MainScreen) -> None:
        if self._strip is not None and self.tab is main and main.is_attached:  # nor left meanwhile
            self._show_step(1, main)

    def _place(self) -> Screen[Any]:
        """The screen that the person is at; the palette stands over it for a moment only."""
        stack = [screen for screen in self.screen_stack if not isinstance(screen, Palette)]
        return stack[-1]

    def _show_step(self, index: int, screen: Screen[Any]) -> None:
        self.action_tour_end()
        self._strip = TourStrip(index, floats=isinstance(screen, MainScreen))
        if isinstance(screen, StartScreen):
            screen.show_tour(self._strip)
        elif isinstance(screen, MainScreen):
            self._show_region(screen, index)
            screen.mount(self._strip)

    def _show_region(self, main: MainScreen, index: int) -> None:
        """Focus what the step is about."""
        match STEPS[index].at:
            case "inspector":
                main.on_frame_log_view_inspect()
            case "composer":
                composer = main.query_one(Composer)
                main.action_back()  # an inspector that covers the log
                if self._is_own_demo and composer.draft == Draft():
                    composer.load(Draft(text=SAMPLE))
                composer.focus_input()
            case _:
                if not main.query_one(LogRegion).view.has_focus:
                    main.action_back()
