"""A program on a pseudo-terminal, as a person sits before it."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyte

__all__ = ["WSDEBUG", "Terminal"]

WSDEBUG = (sys.executable, "-m", "wsdebug")
SIZE = struct.pack("HHHH", 30, 100, 0, 0)  # rows, columns, and no pixels
PRIVATE = re.compile(rb"\x1b\[[<>][0-9;]*[a-z]")


class Terminal:
    """A program on a pseudo-terminal of 100 by 30, its screen kept by pyte."""

    def __init__(self, home: Path, *arguments: str, program: Sequence[str] = WSDEBUG) -> None:
        self.screen = pyte.Screen(100, 30)
        self.output = bytearray()  # all that the program has written
        self.is_left = False  # by the program: it writes nothing more
        self._stream = pyte.ByteStream(self.screen)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ.update(WSDEBUG_HOME=str(home), TERM="xterm-256color", LANG="C.UTF-8")
            for name in ("COLUMNS", "LINES", "NO_COLOR"):
                os.environ.pop(name, None)
            fcntl.ioctl(1, termios.TIOCSWINSZ, SIZE)
            os.chdir(home)
            # readline puts LINES and COLUMNS where `os.environ` does not see them
            os.execve(program[0], [*program, *arguments], dict(os.environ))

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.screen.display)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._fd, keys.encode())

    def until(self, holds: Callable[[], bool]) -> None:
        """Read what the program writes until something holds, which must be before its end."""
        self._read_until(holds)
        assert holds(), f"it has ended: {self.text}"

    def _read_until(self, holds: Callable[[], bool]) -> None:
        """Until something holds, or the program has closed the terminal."""
        deadline = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < deadline, self.text
            if self._fd < 0:
                time.sleep(0.02)
            elif select.select([self._fd], [], [], 0.02)[0]:
                data = b""
                with contextlib.suppress(OSError):  # Linux: the other side has been closed
                    data = os.read(self._fd, 65536)
                if not data:
                    self.is_left = True
                    return
                self.output += data
                # private modes with < and > are not pyte's
                self._stream.feed(PRIVATE.sub(b"", data))

    def kill(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def shows(self, *words: str) -> None:
        """Wait until all of these are on the screen."""
        self.until(lambda: all(word in self.text for word in words))

    def vanish(self) -> None:
        """Take the terminal away."""
        os.close(self._fd)
        self._fd = -1

    def wait(self) -> int:
        """The exit code, negative for a signal; all that was written has been read then."""
        self._read_until(self._is_over)
        deadline = time.monotonic() + 30
        while not self._is_over():
            assert time.monotonic() < deadline, f"it does not end: {self.text}"
            time.sleep(0.01)
        if self._fd >= 0:
            self._read_until(lambda: not select.select([self._fd], [], [], 0)[0])
        return self._code

    _code = 0
    _reaped = False

    def _is_over(self) -> bool:
        if not self._reaped:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._reaped, self._code = True, os.waitstatus_to_exitcode(status)
        return self._reaped

    def close(self) -> None:
        """Make an end of it."""
        if not self._is_over():
            self.kill(signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._fd >= 0:
            os.close(self._fd)
