"""What the drivers of a terminal and of a browser share."""

from collections.abc import Callable

from textual import events
from textual.driver import Driver
from textual.message import Message

from wsdebug.tui.patient_writer import PatientWriter
from wsdebug.tui.trace import Trace

__all__ = ["Patient"]


class Patient(Driver):
    """What a driver of a terminal and one of a browser share: a patient writer and a trace."""

    trace: Trace | None = None
    on_gone: Callable[[], None] = staticmethod(lambda: None)
    _patient: PatientWriter | None = None

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
