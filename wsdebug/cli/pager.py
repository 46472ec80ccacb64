"""Standard output, through a pager where a terminal is too small for what is printed."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from types import TracebackType

__all__ = ["Output"]


class Output:
    """Takes text or bytes; to be used as a context, at whose end all has been shown.

    With `pages`, `$PAGER` (else less, or more) shows what does not fit on the terminal; an empty
    `$PAGER`, or `cat`, is none. Raises BrokenPipeError where the reader has gone.
    """

    def __init__(self, *, pages: bool) -> None:
        self.is_terminal = sys.stdout.isatty()
        columns, lines = shutil.get_terminal_size()
        self.columns = columns
        self._room = lines - 1
        self._command = _pager() if pages and self.is_terminal else ""
        self._held: list[bytes] = []  # while all of it fits on the screen
        self._pager: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Output":
        return self

    def write(self, data: str | bytes) -> None:
        """Show it after what was shown before."""
        if isinstance(data, str):
            data = data.encode(sys.stdout.encoding, "backslashreplace")
        if self._pager is not None:
            self._feed(data)
        elif self._command:
            self._hold(data)
        else:
            sys.stdout.buffer.write(data)

    def flush(self) -> None:
        """Let everything be seen that was written."""
        if not self._command:
            sys.stdout.flush()

    def _hold(self, data: bytes) -> None:
        self._held.append(data)
        self._room -= sum(1 + len(line) // self.columns for line in data.split(b"\n")) - 1
        if self._room < 0:
            held, self._held = b"".join(self._held), []
            self._start()
            self._feed(held)

    def _start(self) -> None:
        """Ctrl-C is the pager's from now on; a handler, unlike ignoring, is not inherited."""
        signal.signal(signal.SIGINT, lambda *_: None)
        environment = {"LESS": "FRX", "LV": "-c"} | os.environ
        self._pager = subprocess.Popen(
            self._command, shell=True, stdin=subprocess.PIPE, env=environment
        )

    def _feed(self, data: bytes) -> None:
        assert self._pager is not None
        assert self._pager.stdin is not None
        self._pager.stdin.write(data)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pager is None:
            sys.stdout.buffer.write(b"".join(self._held))
            sys.stdout.flush()
            return
        assert self._pager.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._pager.stdin.close()
        self._pager.wait()
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _pager() -> str:
    """The command line of the pager; empty for none."""
    command = os.environ.get("PAGER")
    if command is None:
        command = next((name for name in ("less", "more") if shutil.which(name)), "")
    is_none = command.strip() in ("", "cat") or os.environ.get("TERM") == "dumb"
    return "" if is_none or not shutil.which(command.split()[0]) else command
