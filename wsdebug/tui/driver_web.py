"""The driver for a screen in a browser: patient as the terminal's, and gone when the server is."""

from textual.drivers.web_driver import WebDriver

from wsdebug.tui.in_browser import REPAINT
from wsdebug.tui.patient import Patient
from wsdebug.tui.patient_writer import PatientWriter

__all__ = ["PatientWebDriver"]


class PatientWebDriver(Patient, WebDriver):
    """Textual's driver for browsers with a patient writer, a trace, and an end with its server."""

    @property
    def is_behind(self) -> bool:
        """Whether the browser has not yet taken the last repaint."""
        return self._patient is not None and self._patient.is_behind

    def start_application_mode(self) -> None:
        """Start as Textual does, with every packet through the patient writer."""
        self._patient = PatientWriter(self.fileno, self.trace, self.on_gone)
        self._patient.start()
        self._write = self._patient.write  # type: ignore[assignment]
        super().start_application_mode()

    def write(self, data: str) -> None:
        """Queue data for the browser; never blocks. What UTF-8 cannot hold becomes `?`."""
        body = data.encode("utf-8", "replace")
        self._write(b"D%s%s" % (len(body).to_bytes(4, "big"), body))

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """What the server says beside keys; to draw all anew among it."""
        if packet_type == REPAINT:
            self._app.call_later(self._app.refresh, layout=True)
        else:
            super().on_meta(packet_type, payload)

    def run_input_thread(self) -> None:
        """Read until leaving; an end of input means that the server has gone."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.on_gone()
