"""The application: the desk, one session at a time, and an orderly end whatever happens."""

import asyncio
import gc
import signal
import sys
from pathlib import Path
from typing import ClassVar, Literal

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key

from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError
from wsdebug.tui.desk import Desk
from wsdebug.tui.dialog import Dialog
from wsdebug.tui.driver import PatientDriver, driver_class
from wsdebug.tui.glyphs import ASCII, UNICODE, terminal_glyphs
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.palette import Palette
from wsdebug.tui.themes import DARK, LIGHT
from wsdebug.tui.trace import Trace, open_trace
from wsdebug.workspace.config import load_config
from wsdebug.workspace.folders import config_file

__all__ = ["WsdebugApp", "run_ui"]

Mode = Literal["url", "open", "demo", "start"]


class WsdebugApp(App[int]):
    """The start screen, or one session on the main screen."""

    TITLE = "wsdebug"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+q,ctrl+c",
            "leave",
            "Quit",
            show=False,
            priority=True,
            tooltip="Asks where a connection is open",
        ),
        Binding(
            "ctrl+z",
            "suspend_process",
            "Suspend",
            show=False,
            priority=True,
            tooltip="Back to the shell; fg returns",
        ),
    ]

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
        self.session = session
        self._connect_first = connect
        self._compose_first = compose_first
        self.failure: Exception | None = None

    def on_mount(self) -> None:
        """Themes, signals, the screen."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = self.desk.config.theme
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self.exit)
        if self.session is not None:
            self.show_session(
                self.session, connect=self._connect_first, compose_first=self._compose_first
            )

    def on_ready(self) -> None:
        """What start-up made stays: the collector need not look at it again."""
        gc.collect()
        gc.freeze()

    def show_session(
        self, session: OpenSession, *, connect: bool, compose_first: bool = False
    ) -> None:
        """The main screen, on this session."""
        self.session = session
        self.push_screen(
            MainScreen(session, self.desk, connect=connect, compose_first=compose_first)
        )

    def action_leave(self) -> None:
        """Quit; the main screen asks where a connection is open or a text unsent."""
        main = next((one for one in self.screen_stack if isinstance(one, MainScreen)), None)
        if main is None:
            self.exit(0)
        else:
            main.ask_to_leave()

    def action_command_palette(self) -> None:
        """Every action of the screen."""
        if not isinstance(self.screen, Palette | Dialog):
            self.push_screen(Palette())

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not yet taken the last repaint."""
        return isinstance(self._driver, PatientDriver) and self._driver.is_behind

    def _terminal_went(self) -> None:
        """Called from the driver's threads."""
        self.call_from_thread(self.exit, 0)

    async def on_event(self, event: Event) -> None:
        """Note in the trace when a key has been handled."""
        await super().on_event(event)
        if self._trace is not None and isinstance(event, Key):
            self.screen.call_later(self._trace.key, "handled", event.key)

    def _handle_exception(self, error: Exception) -> None:
        """Close in order; `run_ui` says what happened, without a traceback on the screen."""
        self.failure = error
        if self.is_headless:
            super()._handle_exception(error)
        else:
            self.exit(1)


def run_ui(
    mode: Mode,
    options: ConnectOptions | None,
    record: RecordOptions | None,
    path: Path | None = None,
) -> int:
    """Run the terminal UI until it is left; the exit code.

    Raises UsageError for a wrong URL or configuration, SessionUnreadable for a file that cannot
    be read.
    """
    config = load_config(config_file())
    if options is not None:
        for notice in parse_url(options.url).notices:
            sys.stderr.write(f"wsdebug: {notice}\n")
    engine = BackgroundEngine()
    desk = Desk(engine, config=config, record=record)
    app: WsdebugApp | None = None
    try:
        session = _first_session(desk, mode, options, path)
        app = WsdebugApp(
            desk,
            session,
            connect=mode != "open",
            compose_first=mode == "demo",
            trace=open_trace(),
        )
        if config.theme not in app.available_themes | {DARK.name: DARK, LIGHT.name: LIGHT}:
            words = f"{config_file()}: there is no theme {config.theme!r}"
            raise UsageError(words, field="config")
        code = app.run() or 0
    finally:
        kept = None
        if app is not None and app.session is not None:
            kept = app.session.path
            app.session.finish()
        desk.close()
        engine.stop()
    if app.failure is not None:
        where = f"; the recording is kept: {kept}" if kept is not None else ""
        kind = type(app.failure).__name__
        sys.stderr.write(f"wsdebug: stopped by a fault of its own ({kind}){where}\n")
        return 1
    return code


def _first_session(
    desk: Desk, mode: Mode, options: ConnectOptions | None, path: Path | None
) -> OpenSession | None:
    if mode == "demo":
        return desk.new_session(ConnectOptions(url=f"{desk.demo_url()}echo"))
    if path is not None:
        return desk.open_file(path)
    return desk.new_session(options) if options is not None else None
