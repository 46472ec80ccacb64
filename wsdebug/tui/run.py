"""From arguments to the application and out of it again: what it began is ended in order."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.target import parse_url
from wsdebug.engine.variables import expanded, variables_of
from wsdebug.errors import RecordingFailed
from wsdebug.payload.escape import escape
from wsdebug.session.parts import check_recording
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.configuring import check_heartbeats, check_theme
from wsdebug.tui.desk import Desk, ReadDefaults
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.trace import open_trace
from wsdebug.workspace.config import Config

__all__ = ["run_ui"]

Mode = Literal["url", "open", "demo", "start"]


def run_ui(
    mode: Mode,
    options: ConnectOptions | None,
    record: RecordOptions | None,
    path: Path | None = None,
    *,
    config: Config,
    defaults: ConnectOptions,
    read_defaults: ReadDefaults | None = None,
) -> int:
    """Run the terminal UI until it is left; the exit code. New connections have `defaults`;
    `read_defaults` finds them in a configuration that was changed.

    Raises UsageError for a wrong URL or configuration, SessionUnreadable for a file that cannot
    be read, RecordingFailed for one that was named and cannot be recorded to.
    """
    if record is not None and record.path is not None:
        rotates = record.rotate is not None
        check_recording(record.path, append=record.append, force=record.force, rotates=rotates)
    if options is not None:
        _say_notices(options)
    engine = BackgroundEngine()
    desk = Desk(
        engine, config=config, defaults=defaults, read_defaults=read_defaults, record=record
    )
    recorded: list[OpenSession] = []
    app: WsdebugApp | None = None
    try:
        app = _app(desk, mode, options, path)
        code = app.run() or 0
    finally:
        for number in (signal.SIGTSTP, signal.SIGCONT):
            signal.signal(number, signal.SIG_DFL)  # Textual's would begin the screen anew
        if app is not None:
            recorded = [session for session in app.sessions if session.path is not None]
            app.finish_sessions()
        desk.close()
        engine.stop()
    return _end(app.failure, recorded, code)


def _end(failure: Exception | None, recorded: Sequence[OpenSession], code: int) -> int:
    """Say what there is to be known at the end; the exit code."""
    for session in recorded:
        if problem := session.status.recording_problem:
            _say(f"not everything was recorded: {problem}")
            code = code or RecordingFailed.exit_code
    if failure is None:
        return code
    kept = ", ".join(str(session.path) for session in recorded)
    where = f"; the recording is kept: {kept}" if kept else ""
    kind = type(failure).__name__
    _say(f"stopped by a fault of its own ({kind}){where}; --log FILE keeps the details")
    return 1


def _app(desk: Desk, mode: Mode, options: ConnectOptions | None, path: Path | None) -> WsdebugApp:
    session = None
    if mode == "demo":
        session = desk.new_session(ConnectOptions(url=f"{desk.demo_url()}echo"))
    elif path is not None:
        session = desk.open_file(path)
    elif options is not None:
        session = desk.new_session(options)
    connect, compose_first = mode != "open", mode == "demo"
    app = WsdebugApp(
        desk, session, connect=connect, compose_first=compose_first, trace=open_trace()
    )
    check_theme(app, desk.config)
    check_heartbeats(desk.config)
    return app


def _say_notices(options: ConnectOptions) -> None:
    variables = variables_of(options)
    if not variables.missing:  # else the person is asked for them
        for notice in parse_url(expanded(options, variables).url).notices:
            _say(notice)


def _say(words: str) -> None:
    sys.stderr.write(f"wsdebug: {escape(words)}\n")
