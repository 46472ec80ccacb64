"""The real program on a pseudo-terminal: send, see, quit; kill it, and nothing seen is lost."""

import shlex
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.terminal import WSDEBUG, Terminal


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


@pytest.mark.skipif(shutil.which("bash") is None, reason="wants a shell with job control")
def test_ctrl_z_and_back(tmp_path: Path) -> None:
    """The shell takes over, and `fg` brings the screen back with the connection."""
    terminal = Terminal(tmp_path, "--norc", "-i", program=[str(shutil.which("bash"))])
    terminal.type(f"{shlex.join(WSDEBUG)} demo\n")
    terminal.until(lambda: "open 00:" in terminal.text)
    terminal.type("\x1a")
    terminal.until(lambda: "Stopped" in terminal.text)
    terminal.type("fg\n")
    terminal.until(lambda: "type a message" in terminal.text)
    terminal.type("again\n")
    terminal.until(lambda: terminal.text.count("again") == 2)
    terminal.close()
