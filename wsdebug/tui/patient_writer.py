"""Writes to a terminal that may be slow, may not read at all, or may be gone."""

import os
import threading
from collections import deque
from collections.abc import Callable

from wsdebug.tui.trace import Trace

__all__ = ["REPAINT", "PatientWriter"]

STOP_PATIENCE = 2.0  # seconds that leaving waits for a terminal that does not read
REPAINT = 256  # bytes; anything shorter is a mode switch or a cursor move


class PatientWriter(threading.Thread):
    """Writes to the terminal in the background; takes any amount. `on_gone` is called, from that
    thread, when the terminal went.
    """

    def __init__(self, fd: int, trace: Trace | None, on_gone: Callable[[], None]) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._fd = fd
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

    def write(self, data: bytes) -> None:
        """Queue bytes; never blocks."""
        if self.gone:
            return
        with self._wake:
            self._waiting.append(data)
            self._wake.notify()

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
