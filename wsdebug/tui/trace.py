"""`WSDEBUG_TRACE=FILE`: a JSON line for each key read, key handled and repaint.

Keys: `t` (monotonic nanoseconds), `what` (`read`, `handled`, `repaint`), `key` for the first two,
`bytes` for a repaint, whose time is when the terminal had taken the last of it.
"""

import contextlib
import json
import os
import time

from wsdebug.errors import RecordingFailed

__all__ = ["Trace", "open_trace"]


class Trace:
    """Writes trace lines from any thread; one write a line, so they do not mix."""

    def __init__(self, path: str) -> None:
        """Append to a file. Raises RecordingFailed where that cannot be done."""
        try:
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            words = f"WSDEBUG_TRACE: cannot write {path}: {os.strerror(error.errno or 0).lower()}"
            raise RecordingFailed(words, path=path) from error

    def key(self, what: str, key: str) -> None:
        """A key was `read` or `handled`."""
        self._write({"t": time.monotonic_ns(), "what": what, "key": key})

    def repaint(self, size: int) -> None:
        """The terminal has taken a repaint of this many bytes."""
        self._write({"t": time.monotonic_ns(), "what": "repaint", "bytes": size})

    def _write(self, line: dict[str, object]) -> None:
        with contextlib.suppress(OSError):  # a full disk is no reason to go
            os.write(self._fd, json.dumps(line, separators=(",", ":")).encode() + b"\n")


def open_trace() -> Trace | None:
    """The trace that the environment asks for, or None. Raises RecordingFailed."""
    path = os.environ.get("WSDEBUG_TRACE")
    return Trace(path) if path else None
