"""The real program against the real playground, by its exit codes and what it prints."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


def wsdebug(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    command = [sys.executable, "-m", "wsdebug", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=30)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A playground in a process of its own; ends with 0 at Ctrl-C."""
    command = [sys.executable, "-m", "wsdebug", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rstrip("/")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_a_recording_is_shown_again(url: str, tmp_path: Path) -> None:
    """Record, show as a table, as lines, one frame."""
    path = tmp_path / "ticker.ws.jsonl"
    done = wsdebug("record", f"{url}/ticker?rate=100", "--count", "3", "-o", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "< text" in done.stdout
    assert "closed" in done.stdout
    table = wsdebug("show", str(path))
    assert table.returncode == 0
    assert table.stdout.count("< text") >= 3
    lines = wsdebug("show", "--json", str(path)).stdout.splitlines()
    assert lines == path.read_text().splitlines()
    number = next(i for i, line in enumerate(lines, 1) if "recv" in json.loads(line))
    frame = wsdebug("show", "--frame", str(number), str(path))
    assert "opcode   1 text" in frame.stdout


def test_json_goes_to_a_pipe(url: str) -> None:
    """Session lines, the header first, the end last."""
    done = wsdebug("record", f"{url}/close?code=1000", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert lines[0]["wsdebug"] == 1
    assert "closed" in [line.get("event") for line in lines]


def test_sigterm_completes_the_recording(url: str, tmp_path: Path) -> None:
    """`end` is the last line."""
    path = tmp_path / "a.ws.jsonl"
    command = [sys.executable, "-m", "wsdebug", "record", f"{url}/ticker", "-o", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "< text" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait(10) == 0
    assert json.loads(path.read_text().splitlines()[-1])["event"] == "end"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["recrod"], 2, "did you mean record?"),
        (["record", "ftp://h/"], 2, "is not a WebSocket"),
        (["record", "ws://h/#x"], 2, "no fragment"),
        (["record", "ws://h:99999/"], 2, "port"),
        (["record", "URL", "--nonsense"], 2, "--nonsense"),
        (["record", "-H", "no colon", "ws://127.0.0.1:1/"], 2, "is no header"),
        (["record", "-u", "env:NOT_SET_HERE", "ws://127.0.0.1:1/"], 2, "not set"),
        (["record", "-q", "ws://127.0.0.1:1/"], 3, "nobody listens on 127.0.0.1:1"),
        (["show", "/no/such/file"], 6, "no such file"),
        (["show", "/"], 6, "directory"),
        (["record", "ws://127.0.0.1:1/", "-o", "/no/such/folder/x"], 7, "cannot write"),
        (["serve", "--port", "99999"], 2, "not from 1 to 65535"),
    ],
)
def test_a_mistake_is_one_clear_line(arguments: list[str], code: int, words: str) -> None:
    """On stderr, with the right exit code and no traceback."""
    done = wsdebug(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_ends_that_are_no_success_have_their_codes(url: str, tmp_path: Path) -> None:
    """Refused 3, abnormal close 5, a file that exists 7."""
    refused = wsdebug("record", f"{url}/auth")
    assert (refused.returncode, "wants Basic" in refused.stderr) == (3, True)
    assert wsdebug("record", f"{url}/auth", "-u", "demo:demo", "-m", "0.3").returncode == 0
    assert wsdebug("record", f"{url}/close?code=4000").returncode == 5
    path = tmp_path / "taken"
    path.write_text("mine")
    taken = wsdebug("record", f"{url}/echo", "-o", str(path))
    assert (taken.returncode, path.read_text()) == (7, "mine")


def test_nothing_of_the_screen_is_imported_by_commands() -> None:
    """Textual costs more than the whole command."""
    script = (
        "import sys; from wsdebug.cli import record, serve, show; "
        "sys.exit('textual' in sys.modules or 'rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], env=dict(os.environ)).returncode == 0


def test_version_and_help_say_what_there_is() -> None:
    """On stdout."""
    assert wsdebug("--version").stdout.startswith("wsdebug 0.")
    assert "examples:" in wsdebug("--help").stdout
    assert "examples:" in wsdebug("record", "--help").stdout
