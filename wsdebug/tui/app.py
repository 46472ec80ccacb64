"""The application: the desk, one session at a time, and an orderly end whatever happens."""

import asyncio
import logging
import signal
from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.worker import WorkerFailed

from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import WsdebugError
from wsdebug.tui.actions import APP_BINDINGS
from wsdebug.tui.collector import LOOK_SECONDS, SETTLED_SECONDS, Collector
from wsdebug.tui.desk import Desk
from wsdebug.tui.dialog import Dialog
from wsdebug.tui.driver import driver_class
from wsdebug.tui.glyphs import ASCII, UNICODE, terminal_glyphs
from wsdebug.tui.keys import keys_of
from wsdebug.tui.keys_help import KeysHelp
from wsdebug.tui.library import LibraryChoice
from wsdebug.tui.library_opening import show_library
from wsdebug.tui.main_dialogs import MainDialogs
from wsdebug.tui.main_replay import MainReplay
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.palette import Palette
from wsdebug.tui.pictures import Format
from wsdebug.tui.places import use_chosen_keys
from wsdebug.tui.row_copies import Copy
from wsdebug.tui.start import StartChoice, StartScreen
from wsdebug.tui.themes import DARK, FALLBACKS, LIGHT
from wsdebug.tui.touring import TOUR, Touring
from wsdebug.tui.trace import Trace

__all__ = ["WsdebugApp"]

debug_log = logging.getLogger(__name__)


class WsdebugApp(Touring):
    """The start screen, or sessions on main screens, one a tab."""

    TITLE = "wsdebug"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [*APP_BINDINGS]

    def __init__(
        self,
        desk: Desk,
        session: OpenSession | None = None,
        *,
        connect: bool = True,
        compose_first: bool = False,
        trace: Trace | None = None,
    ) -> None:
        """`session` is shown first; without one, the start screen."""
        super().__init__(driver_class=driver_class(trace=trace, on_gone=self._terminal_went))
        self._trace = trace
        ascii_only = desk.config.ascii
        if ascii_only is None:
            self.glyphs = terminal_glyphs()
        else:
            self.glyphs = ASCII if ascii_only else UNICODE
        self.desk = desk
        self.silence_us = desk.config.silence * 1_000_000
        use_chosen_keys(self, desk.config, self.glyphs)
        self._first = session
        self._connect_first = connect
        self._compose_first = compose_first
        self._collector = Collector(lambda: self.quiet)
        self.failure: Exception | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """For themes that leave some colours to the terminal."""
        return FALLBACKS

    def on_mount(self) -> None:
        """Themes, signals, the screen."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = self.desk.config.theme
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self.exit)
        self.run_worker(self.desk.tidy, thread=True)
        if self._first is not None:
            self.show_session(
                self._first, connect=self._connect_first, compose_first=self._compose_first
            )
        else:
            self.show_start()

    def on_ready(self) -> None:
        """What start-up made is there."""
        self._collector.begin()
        self.set_interval(LOOK_SECONDS, self._collector.look)

    def on_unmount(self) -> None:
        """Leave the process as it was."""
        self._collector.end()

    def show_session(
        self, session: OpenSession, *, connect: bool, compose_first: bool = False
    ) -> MainScreen:
        """The main screen, on this session, in a tab of its own."""
        main = MainScreen(session, self.desk, connect=connect, compose_first=compose_first)
        self.add_tab(main)
        self.set_timer(SETTLED_SECONDS, self._collector.settle)
        return main

    def show_start(self, problem: str = "") -> None:
        """Ask where to go; the recordings there are come as soon as they have been read."""
        desk = self.desk
        start = StartScreen(
            recent=(),
            interrupted=(),
            saved_count=0,
            complete=desk.urls.complete,
            now=lambda: desk.now().astimezone(),
            retention_days=desk.config.retention_days,
            discard=desk.discard,
        )
        self.push_screen(start, self._begin)
        if problem:
            start.call_after_refresh(start.complain, problem)
        self.run_worker(partial(self._list_recordings, start), thread=True)

    def _list_recordings(self, start: StartScreen) -> None:
        """In a thread."""
        try:
            found = self.desk.recordings()
        except WsdebugError as error:
            self.call_later(start.complain, str(error))
            return
        self.call_later(start.show_recordings, found.recent, found.interrupted, found.saved)
        self.desk.offered(found.interrupted)
        if self._first is None and found.are_none and TOUR not in self.desk.seen:
            self.desk.seen.add(TOUR)
            self.call_later(self.begin_tour, start)

    def _begin(self, choice: StartChoice | None) -> None:
        """Go where the start screen was told to."""
        if choice is None:
            return
        desk = self.desk
        match choice.kind:
            case "demo":
                options = ConnectOptions(url=f"{desk.demo_url()}echo")
                self.show_session(desk.new_session(options), connect=True, compose_first=True)
            case "tour":
                options = ConnectOptions(url=desk.demo_url())  # its first message is worth a look
                self.show_session(desk.new_session(options), connect=True)
            case "url" | "settings":
                session = desk.new_session(desk.options_for(choice.url))
                main = self.show_session(session, connect=choice.kind == "url")
                if choice.kind == "settings":
                    main.call_after_refresh(main.action_settings)
            case "library":
                show_library(self, desk, self._open)
            case _:
                assert choice.path is not None
                self._open(LibraryChoice(choice.path, choice.kind == "again"))

    def _open(self, choice: LibraryChoice | None) -> None:
        """Show a saved session, or the start again."""
        if choice is None:
            self.show_start()
            return
        try:
            session = self.desk.open_file(choice.path)
        except WsdebugError as error:
            self.show_start(str(error))
        else:
            self.show_session(session, connect=choice.again)

    def on_main_dialogs_open_tab(self, event: MainDialogs.OpenTab) -> None:
        """A saved session in a tab of its own, or one without a connection."""
        if event.choice is None:
            self.show_session(OpenSession(self.desk.engine), connect=False)
            return
        try:
            session = self.desk.open_file(event.choice.path)
        except WsdebugError as error:
            if self.tab is not None:
                self.tab.say(str(error), wrong=True)
        else:
            self.show_session(session, connect=event.choice.again)

    def on_main_replay_play(self, event: MainReplay.Play) -> None:
        """A replay in a tab of its own."""
        from wsdebug.tui.replay_session import ReplaySession

        session = ReplaySession(self.desk.engine, event.replayed, event.settings, event.options)
        self.show_session(session, connect=True)

    def on_main_tabs_close(self) -> None:
        """Close the tab; its connection may take its time."""
        session = self.close_tab()
        if session is not None:
            self.run_worker(session.finish, thread=True)
            self._collector.thaw()

    def action_leave(self) -> None:
        """Quit; the main screen asks where a connection is open or a text unsent."""
        if self.tab is None:
            self.exit(0)
        else:
            self.tab.ask_to_leave([main for main in self.tabs if main is not self.tab])

    def action_picture(self, kind: Format) -> None:
        """The screen, whatever stands on it, as a file."""
        if self.tab is not None:
            self.tab.save_picture(kind)

    def action_copy_or_leave(self) -> None:
        """Copy the text that is chosen in a field or on the screen; quit where none is."""
        screen = self.screen
        chosen = getattr(self.focused, "selected_text", "") or screen.get_selected_text()
        if not chosen:
            self.action_leave()
            return
        self.copy_to_clipboard(chosen)  # for pasting here
        if isinstance(screen, MainScreen):
            screen.copy(Copy("", "chosen text", chosen))

    def action_preferences(self) -> None:
        """What the configuration says."""
        from wsdebug.tui.preferences_opening import show_preferences

        show_preferences(self)

    def action_suspend_process(self) -> None:
        """Back to the shell, where there is one."""
        if self._driver is not None and self._driver.can_suspend:
            super().action_suspend_process()
        elif self.tab is not None:
            self.tab.say("there is no shell behind this screen to go back to")

    def action_command_palette(self) -> None:
        """Every action of the screen."""
        if not isinstance(self.screen, Palette | Dialog):
            self.push_screen(Palette())

    def action_show_help_panel(self) -> None:
        """The keys of the focused place."""
        if not isinstance(self.screen, Dialog | Palette):
            self.push_screen(KeysHelp(keys_of(self.screen)))

    @property
    def session(self) -> OpenSession | None:
        """What is shown."""
        return self.tab.session if self.tab is not None else self._first

    @property
    def sessions(self) -> list[OpenSession]:
        """What is to be finished at the end."""
        return super().sessions or ([self._first] if self._first is not None else [])

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not yet taken the last repaint."""
        return bool(getattr(self._driver, "is_behind", False))

    def _terminal_went(self) -> None:
        """Called from the driver's threads, which the end waits for: they must not wait for it."""
        with suppress(RuntimeError):  # the loop has ended already
            self.call_later(self.exit, 0)

    def key_was_handled(self, key: str) -> None:
        """Note it in the trace."""
        if self._trace is not None:
            self._trace.key("handled", key)

    def _handle_exception(self, error: Exception) -> None:
        """Close in order; `run_ui` says what happened, without a traceback on the screen."""
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error
        if self.failure is None:
            self.failure = error
        debug_log.debug("a fault of its own", exc_info=error)
        if self.is_headless:
            super()._handle_exception(error)
        else:
            self.exit(1)
