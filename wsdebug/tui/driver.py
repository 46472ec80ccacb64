"""A terminal driver that never makes the event loop wait for the terminal.

Textual's own writer holds 30 writes and then blocks the event loop. This one takes everything,
tells whether the terminal is behind, so that a repaint can be dropped before it is made, and
notices when the terminal has gone.
"""

import contextlib
import sys
from collections.abc import Callable

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from wsdebug.tui.drain import ASK, Drain
from wsdebug.tui.in_browser import is_in_browser
from wsdebug.tui.key_reader import KeyReader
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
    _reader: KeyReader | None = None

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
        assert sys.__stdout__ is not None
        if not self._file.isatty():  # errors are kept in a file; what is seen is no error
            self._file = sys.__stdout__
        self._drain = Drain()
        self._patient = PatientWriter(self._file.fileno(), self.trace, self.on_gone)
        self._patient.start()
        self._reader = KeyReader(
            self.fileno, self._drain, self.process_message, self.on_gone, debug=self._debug
        )
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
        assert self._reader is not None
        self._reader.run()

    def disable_input(self) -> None:
        """Wake the thread that reads keys: it ends, and Textual waits for that."""
        if self._reader is not None:
            self._reader.stop()
        super().disable_input()
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def driver_class(*, trace: Trace | None, on_gone: Callable[[], None]) -> type[Driver]:
    """The driver for one run: `on_gone` is called, from another thread, when the terminal went."""
    attributes = {"trace": trace, "on_gone": staticmethod(on_gone)}
    if is_in_browser():
        from wsdebug.tui.driver_web import PatientWebDriver

        return type("RunDriver", (PatientWebDriver,), attributes)
    return type("RunDriver", (PatientDriver,), attributes)
