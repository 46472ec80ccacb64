"""The real program on a pseudo-terminal: send, see, quit; kill it, and nothing seen is lost."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest


class Terminal:
    """A program on a pseudo-terminal of 100 by 30, its screen kept by pyte."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self.screen)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ.update(WSDEBUG_HOME=str(home), TERM="xterm-256color", LANG="C.UTF-8")
            os.execv(sys.executable, [sys.executable, "-m", "wsdebug", *arguments])
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.screen.display)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._fd, keys.encode())

    def until(self, holds: Callable[[], bool]) -> None:
        """Read what the program writes until something holds."""
        deadline = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < deadline, self.text
            if select.select([self._fd], [], [], 0.1)[0]:
                data = b""
                with contextlib.suppress(OSError):  # Linux: the other side has been closed
                    data = os.read(self._fd, 65536)
                if not data:
                    return
                # private modes with < and > are not pyte's
                self._stream.feed(data.replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b""))

    def kill(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def wait(self) -> int:
        """The exit code, negative for a signal."""
        self.until(self._is_over)
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
        os.close(self._fd)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    """`wsdebug demo`, connected."""
    terminal = Terminal(tmp_path, "demo")
    terminal.until(lambda: "open 00:" in terminal.text)
    yield terminal
    terminal.close()


def recording(home: Path) -> str:
    """The only recording."""
    (path,) = (home / "recordings").iterdir()
    return path.read_text()


def test_hello_goes_out_and_comes_back(demo: Terminal, tmp_path: Path) -> None:
    """And quitting, asked twice, completes the recording."""
    demo.type("hello\n")
    demo.until(lambda: demo.text.count("hello") == 2)
    demo.type("\x11")
    demo.until(lambda: "ctrl+q again quits" in demo.text)
    demo.type("\x11")
    assert demo.wait() == 0
    assert recording(tmp_path).splitlines()[-1].count('"event":"end"') == 1


def test_what_was_seen_survives_kill_9(demo: Terminal, tmp_path: Path) -> None:
    """The frames that were on the screen are in the file."""
    demo.type("before the end\n")
    demo.until(lambda: demo.text.count("before the end") == 2)
    demo.kill(signal.SIGKILL)
    assert recording(tmp_path).count("before the end") == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(demo: Terminal, tmp_path: Path, number: int) -> None:
    """With the recording complete."""
    demo.kill(number)
    demo.wait()
    assert '"event":"end"' in recording(tmp_path).splitlines()[-1]
