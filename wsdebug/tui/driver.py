"""A terminal driver that never makes the event loop wait for the terminal.

Textual's own writer holds 30 writes and then blocks the event loop. This one takes everything,
tells whether the terminal is behind, so that a repaint can be dropped before it is made, and
notices when the terminal has gone.
"""

import contextlib
import os
import selectors
import threading
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable
from typing import IO, Any

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from wsdebug.tui.drain import ASK, Drain
from wsdebug.tui.sgr import shorter
from wsdebug.tui.trace import Trace

__all__ = ["PatientDriver", "driver_class"]

STOP_PATIENCE = 2.0  # seconds that leaving waits for a terminal that does not read
ANSWER_PATIENCE = 0.5  # seconds that leaving waits for an answer on its way
REPAINT = 256  # bytes; anything shorter is a mode switch or a cursor move


class _Writer(threading.Thread):
    """Writes to the terminal in the background; takes any amount."""

    def __init__(self, file: IO[str], trace: Trace | None, on_gone: Callable[[], None]) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._fd = file.fileno()
        self._trace = trace
        self._on_gone = on_gone
        self._waiting: deque[bytes] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._busy = False
        self.gone = False

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not yet taken what it was given."""
        return self._busy or bool(self._waiting)

    def write(self, text: str) -> None:
        """Queue text; never blocks."""
        if self.gone:
            return
        with self._wake:
            self._waiting.append(text.encode("utf-8", "replace"))
            self._wake.notify()

    def isatty(self) -> bool:
        """Rich asks before it uses colour."""
        return True

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._fd

    def flush(self) -> None:
        """Nothing is held back."""

    def run(self) -> None:
        """Write until stopped or until the terminal is gone."""
        while True:
            with self._wake:
                while not self._waiting and not self._stopping:
                    self._busy = False
                    self._wake.wait()
                if not self._waiting:
                    self._busy = False
                    return
                data = b"".join(self._waiting)
                self._waiting.clear()
                self._busy = True
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(self._fd, view) :]
            except OSError:
                self.gone = True
                self._busy = False
                self._waiting.clear()
                self._on_gone()
                return
            if self._trace is not None and len(data) >= REPAINT:
                self._trace.repaint(len(data))

    def stop(self) -> None:
        """Write what is left and end; a terminal that does not read is given up on."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self.join(STOP_PATIENCE)


class PatientDriver(LinuxDriver):
    """Textual's driver for Linux and macOS with a patient writer, a trace, and a vanished
    terminal told from an error.
    """

    trace: Trace | None = None
    on_gone: Callable[[], None] = staticmethod(lambda: None)
    _patient: _Writer | None = None
    _drain = Drain()

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not yet shown the last repaint, or needs a rest from it."""
        return self._patient is not None and (self._patient.is_behind or self._drain.is_behind)

    def write(self, data: str) -> None:
        """Queue data for the terminal; never blocks."""
        if self._patient is not None:
            if len(data) >= REPAINT:
                if self._drain.is_slow:
                    data = shorter(data)
                if self.input_tty and self._drain.asks():
                    data += ASK
            self._patient.write(data)

    def start_application_mode(self) -> None:
        """Start as Textual does, with the patient writer in place of its own."""
        assert self._file is not None
        self._drain = Drain()
        self._patient = _Writer(self._file, self.trace, self.on_gone)
        self._patient.start()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        # Textual has made its own, which nothing writes to: end its thread.
        if self._writer_thread is not None:
            self._writer_thread.stop()
            self._writer_thread = None

    def stop_application_mode(self) -> None:
        """Restore the terminal; one that has gone needs nothing."""
        if self._patient is not None and not self._patient.gone:
            self._drain.settle(ANSWER_PATIENCE)
        with contextlib.suppress(OSError):
            super().stop_application_mode()

    def close(self) -> None:
        """Write what is left."""
        if self._patient is not None:
            self._patient.stop()
            self._patient = None

    def process_message(self, message: Message) -> None:
        """Note keys in the trace on their way in."""
        if self.trace is not None and isinstance(message, events.Key):
            self.trace.key("read", message.key)
        super().process_message(message)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self.on_gone()

    def run_input_thread(self) -> None:
        """Read keys and mouse until leaving; end of input means that the terminal has gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        selector = selectors.SelectSelector()
        selector.register(self.fileno, selectors.EVENT_READ)

        def dispatch(messages: Any) -> None:
            for message in messages:
                self.process_message(message)

        try:
            while not self.exit_event.is_set():
                if selector.select(self._drain.patience):
                    data = os.read(self.fileno, 4096)
                    if not data:
                        self.on_gone()
                        return
                    data = self._drain.take(data)
                else:
                    data = self._drain.release()
                if data:
                    dispatch(parser.feed(decode(data)))
                dispatch(parser.tick())
        finally:
            selector.close()
            with contextlib.suppress(EOFError, ParseError):
                dispatch(parser.feed(""))


def driver_class(*, trace: Trace | None, on_gone: Callable[[], None]) -> type[PatientDriver]:
    """The driver for one run: `on_gone` is called, from another thread, when the terminal went."""

    class RunDriver(PatientDriver):
        pass

    RunDriver.trace = trace
    RunDriver.on_gone = staticmethod(on_gone)
    return RunDriver
