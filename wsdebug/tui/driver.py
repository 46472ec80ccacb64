"""A terminal driver that never makes the event loop wait for the terminal.

Textual's own writer holds 30 writes and then blocks the event loop. This one takes everything,
tells whether the terminal is behind, so that a repaint can be dropped before it is made, and
notices when the terminal has gone.
"""

import contextlib
import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from wsdebug.tui.drain import ASK, Drain
from wsdebug.tui.in_browser import is_in_browser
from wsdebug.tui.patient import Patient
from wsdebug.tui.patient_writer import REPAINT, PatientWriter
from wsdebug.tui.sgr import shorter
from wsdebug.tui.trace import Trace

__all__ = ["PatientDriver", "driver_class"]

ANSWER_PATIENCE = 0.5  # seconds that leaving waits for an answer on its way


class PatientDriver(Patient, LinuxDriver):
    """Textual's driver for Linux and macOS with a patient writer, a trace, and a vanished
    terminal told from an error.
    """

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
            self._patient.write(data.encode("utf-8", "replace"))

    def start_application_mode(self) -> None:
        """Start as Textual does, with the patient writer in place of its own."""
        assert self._file is not None
        self._drain = Drain()
        self._patient = PatientWriter(self._file.fileno(), self.trace, self.on_gone)
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


def driver_class(*, trace: Trace | None, on_gone: Callable[[], None]) -> type[Driver]:
    """The driver for one run: `on_gone` is called, from another thread, when the terminal went."""
    attributes = {"trace": trace, "on_gone": staticmethod(on_gone)}
    if is_in_browser():
        from wsdebug.tui.driver_web import PatientWebDriver

        return type("RunDriver", (PatientWebDriver,), attributes)
    return type("RunDriver", (PatientDriver,), attributes)
