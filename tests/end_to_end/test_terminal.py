"""The real program on a pseudo-terminal: send, see, quit; kill it, and nothing seen is lost."""

import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.terminal import WSDEBUG, Terminal

F3 = "\x1bOR"
FAULTY = """
import sys
from wsdebug.__main__ import main
from {module} import {name}
{name}.{method} = lambda *given: 1 / 0
sys.exit(main())
"""
LATE = """
import os, signal, sys
from wsdebug.__main__ import main
from wsdebug.tui.app import WsdebugApp
end = WsdebugApp.finish_sessions
def stopped_and_continued(app):
    os.kill(os.getpid(), signal.SIGCONT)
    end(app)
WsdebugApp.finish_sessions = stopped_and_continued
sys.exit(main())
"""
FULL = """
import os, sys
import wsdebug.session.writer as writer
from wsdebug.__main__ import main
from wsdebug.session.disk import Disk
def write(fd, data):
    if b"hello" in bytes(data):
        raise OSError(28, "")
    return os.write(fd, data)
writer.Disk = lambda: Disk(write=write)
sys.exit(main())
"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    """`wsdebug demo`, connected."""
    terminal = Terminal(tmp_path, "demo")
    terminal.shows("open 00:")
    yield terminal
    terminal.close()


def recording(home: Path) -> str:
    """The only recording."""
    (path,) = (home / "recordings").iterdir()
    return path.read_text()


def test_hello_goes_out_and_comes_back(demo: Terminal, tmp_path: Path) -> None:
    """And quitting, asked once, completes the recording."""
    demo.type("hello\n")
    demo.until(lambda: demo.text.count("hello") == 2)
    demo.type("\x11")
    demo.shows("A connection is open. Quit?")
    demo.type("q")
    assert demo.wait() == 0
    assert recording(tmp_path).splitlines()[-1].count('"event":"end"') == 1


def test_nothing_typed_at_once_is_lost(demo: Terminal) -> None:
    """Keys that arrive in one piece are taken one after the other, each in its place."""
    demo.type(f"first\nsecond\n{F3}00 ff\n{F3}beat\n\x1b[15~")  # F5 disconnects
    demo.shows("closed 1000")
    sent = ("first", "second", "00 ff", "beat")
    demo.until(lambda: all(demo.text.count(words) == 2 for words in sent))


def test_the_start_screen_leads_to_the_demo(tmp_path: Path) -> None:
    """Plain `wsdebug`, then F4; next time the session stands among the recent ones."""
    for recent in ("", "127.0.0.1"):
        terminal = Terminal(tmp_path)
        terminal.shows("See every frame. Send any frame.")
        terminal.shows(recent)
        terminal.type("\x1bOS")
        terminal.shows("open 00:")
        terminal.type("\x11")
        terminal.shows("Quit?")
        terminal.type("q")
        assert terminal.wait() == 0


def test_errors_kept_in_a_file_take_nothing_from_the_screen(tmp_path: Path) -> None:
    """`wsdebug demo 2>FILE`, as with any other program."""
    command = f"{shlex.join([*WSDEBUG, 'demo'])} 2>errors"
    terminal = Terminal(tmp_path, "-c", command, program=("/bin/sh",))
    terminal.shows("open 00:")
    terminal.type("\x11")
    terminal.shows("Quit?")
    terminal.type("q")
    assert terminal.wait() == 0
    assert (tmp_path / "errors").read_text() == ""
    terminal.close()


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


def test_each_kind_is_sent_inspected_saved_and_opened_again(tmp_path: Path) -> None:
    """The main job from end to end, at 100 by 30."""
    terminal = Terminal(tmp_path, "demo")
    terminal.shows("open 00:")
    for number, (kind, typed) in enumerate(
        [("text", "hello"), ("binary", "00 ff"), ("ping", "p"), ("pong", "q")]
    ):
        if number:
            terminal.type(F3)
        terminal.type(f"{typed}\n")
        terminal.shows(f"→  {kind}")
    terminal.shows(" ← pong")
    terminal.type("\x1b")  # escape: to the log
    terminal.shows("▌Frames")
    terminal.type("\r2")
    terminal.shows("opcode")
    terminal.type("\x13")  # ctrl+s
    terminal.shows("Save")
    terminal.type("kinds\r")
    saved = tmp_path / "sessions" / "kinds.ws.jsonl"
    terminal.until(saved.exists)
    terminal.shows("saved as ./sessions/kinds.ws.jsonl")
    terminal.type("\x1b")
    terminal.type(F3)
    terminal.shows("going away")
    terminal.type("\n")
    terminal.shows("closed 1000")
    terminal.type("\x11")
    assert terminal.wait() == 0
    lines = saved.read_text().splitlines()
    assert [line for line in lines if '"op":"close"' in line and '"send"' in line]
    again = Terminal(tmp_path, "open", str(saved))
    again.shows("closed", "hello")
    again.type("\x11")
    assert again.wait() == 0
    assert saved.read_text().splitlines() == lines


def test_a_vanished_terminal_ends_it_in_order(demo: Terminal, tmp_path: Path) -> None:
    """As when an SSH line is dropped: no process stays, and the recording is complete."""
    demo.vanish()
    demo.wait()
    assert '"event":"end"' in recording(tmp_path).splitlines()[-1]


@pytest.mark.parametrize(
    ("module", "name", "method", "key"),
    [
        ("wsdebug.tui.frame_log", "FrameLogView", "action_top", "g"),
        ("wsdebug.tui.clipboard", "Clipboard", "copy", "y"),  # in a thread
        ("wsdebug.engine.live", "LiveSession", "ping", "\x1bOR\x1bOR\n"),  # in the engine
    ],
)
def test_a_fault_of_its_own_ends_it_in_order(
    tmp_path: Path, module: str, name: str, method: str, key: str
) -> None:
    """The terminal is restored, the recording complete, one line says where it is, and the debug
    log how it came.
    """
    program = [sys.executable, "-c", FAULTY.format(module=module, name=name, method=method)]
    terminal = Terminal(tmp_path, "demo", "--log", "debug.log", program=program)
    terminal.shows("open 00:")
    terminal.type("\x1b")
    terminal.shows("▌Frames", "── open")  # a row that can be copied
    terminal.type(key)
    assert terminal.wait() == 1
    said = terminal.text.replace("\n", "")  # which is longer than a row
    assert "stopped by a fault of its own (ZeroDivisionError); the recording is kept: " in said
    assert "--log FILE keeps the details" in said
    assert "Traceback" not in said
    assert '"event":"end"' in recording(tmp_path).splitlines()[-1]
    log = (tmp_path / "debug.log").read_text()
    assert "wsdebug.tui.app: a fault of its own\n  Traceback " in log
    assert "  ZeroDivisionError: division by zero\n" in log
    terminal.close()


def test_what_a_full_disk_cost_is_said_at_the_end(tmp_path: Path) -> None:
    """With the exit code of a recording that could not be written."""
    terminal = Terminal(tmp_path, "demo", program=[sys.executable, "-c", FULL])
    terminal.shows("open 00:")
    terminal.type("hello\n")
    terminal.shows("not recorded", "the disk is full since line 8; frames go on")
    terminal.type("\x11")
    terminal.shows("Not everything is recorded: the disk is full")
    terminal.type("q")
    assert terminal.wait() == 7
    # the close frames of both sides are missing too
    assert "not everything was recorded: 4 frames are lost: the disk is full" in terminal.text
    assert '"event":"gap","frames":4' in recording(tmp_path)
    terminal.close()


def test_a_terminal_without_a_screen_gets_a_sentence(tmp_path: Path) -> None:
    """As the shell in an editor is one: lines, and no cursor that could be moved."""
    terminal = Terminal(tmp_path, "TERM=dumb", *WSDEBUG, "demo", program=["/usr/bin/env"])
    assert terminal.wait() == 2
    assert bytes(terminal.output) == (
        b"wsdebug: TERM=dumb is a terminal without a screen; "
        b"for scripts there is wsdebug send, or record\r\n"
    )
    terminal.close()


def test_fg_while_it_ends_brings_no_screen_back(tmp_path: Path) -> None:
    """It has been left: the terminal stays as it was before."""
    terminal = Terminal(tmp_path, "demo", program=[sys.executable, "-c", LATE])
    terminal.shows("open 00:")
    terminal.type("\x11")
    terminal.shows("Quit?")
    terminal.type("q")
    assert terminal.wait() == 0
    assert terminal.output.count(b"\x1b[?1049h") == 1
    terminal.close()


@pytest.mark.skipif(shutil.which("bash") is None, reason="wants a shell with job control")
def test_ctrl_z_and_back(tmp_path: Path) -> None:
    """The shell takes over, and `fg` brings the screen back with the connection."""
    terminal = Terminal(tmp_path, "--norc", "-i", program=[str(shutil.which("bash"))])
    terminal.type(f"{shlex.join(WSDEBUG)} demo\n")
    terminal.shows("open 00:")
    terminal.type("\x1a")
    terminal.shows("Stopped")
    terminal.type("fg\n")
    terminal.shows("type a message")
    terminal.type("again\n")
    terminal.until(lambda: terminal.text.count("again") == 2)
    terminal.close()
