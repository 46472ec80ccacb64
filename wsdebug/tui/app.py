"""The application: one engine, one session, and an orderly end whatever happens."""

import asyncio
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key

from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.target import parse_url
from wsdebug.tui.composer import Composer
from wsdebug.tui.driver import PatientDriver, driver_class
from wsdebug.tui.glyphs import terminal_glyphs
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.status_line import StatusLine
from wsdebug.tui.themes import DARK, LIGHT
from wsdebug.tui.trace import Trace, open_trace
from wsdebug.workspace.folders import recording_path

__all__ = ["WsdebugApp", "run_ui"]

Mode = Literal["url", "open", "demo"]


class WsdebugApp(App[int]):
    """One session on the main screen."""

    TITLE = "wsdebug"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+c", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, priority=True),
    ]

    def __init__(
        self,
        session: OpenSession,
        record: RecordOptions,
        mode: Mode,
        *,
        trace: Trace | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class(trace=trace, on_gone=self._terminal_went))
        self._trace = trace
        self.glyphs = terminal_glyphs()
        self.session = session
        self._record = record
        self._mode = mode
        self._asked = False
        self.failure: Exception | None = None

    def on_mount(self) -> None:
        """Themes, signals, the screen."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self.exit)
        self.push_screen(
            MainScreen(
                self.session,
                connect=self._mode != "open",
                record=self._record,
                compose_first=self._mode == "demo",
            )
        )

    def action_leave(self) -> None:
        """Quit; asks once where a connection is open or a text unsent."""
        screen = self.screen
        unsent = isinstance(screen, MainScreen) and screen.query_one(Composer).has_unsent
        if isinstance(screen, MainScreen) and not self._asked and (self.session.is_live or unsent):
            self._asked = True
            what = "a connection is open" if self.session.is_live else "a text is not sent"
            screen.query_one(StatusLine).say(f"{what}; ctrl+q again quits, the recording is kept")
            return
        self.exit(0)

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

    Raises UsageError for a wrong URL and SessionUnreadable for a file that cannot be read.
    """
    if options is not None:
        target = parse_url(options.url)
        for notice in target.notices:
            sys.stderr.write(f"wsdebug: {notice}\n")
    chosen = record or RecordOptions(asked_for=False)
    if record is None and options is not None:
        chosen = replace(chosen, path=str(recording_path(options.url, datetime.now())))
    engine = BackgroundEngine()
    session = OpenSession(engine, options=options, record=chosen, file=path)
    app = WsdebugApp(session, chosen, mode, trace=open_trace())
    try:
        code = app.run() or 0
    finally:
        kept = session.path
        session.finish()
        engine.stop()
    if app.failure is not None:
        where = f"; the recording is kept: {kept}" if kept is not None else ""
        kind = type(app.failure).__name__
        sys.stderr.write(f"wsdebug: stopped by a fault of its own ({kind}){where}\n")
        return 1
    return code
