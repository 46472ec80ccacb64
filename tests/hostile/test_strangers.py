"""Session files from strangers: bounded memory, nothing outside their folder, never a fault."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.end_to_end.terminal import Terminal
from tests.hostile.bounds import BOUNDED, LIMIT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="wants a bound of address space")

MIB = 1 << 20
HEADER = b'{"wsdebug":1,"url":"ws://127.0.0.1:1/","started":"2026-08-03T12:00:00.000000Z"}\n'
AFTER = b'{"t":2,"recv":"after"}\n'


def text(file: BinaryIO) -> None:
    """A message over what is read at once; the file is a hole for the most part."""
    file.write(HEADER + b'{"t":1,"recv":"')
    file.seek(600 << 20, 1)
    file.write(b'"}\n' + AFTER)


def first(file: BinaryIO) -> None:
    """A header that is as long."""
    file.write(b'{"url":"ws://h/')
    file.seek(600 << 20, 1)
    file.write(b'"}\n' + AFTER)


def keys(file: BinaryIO) -> None:
    """A million keys in one event."""
    file.write(HEADER + b'{"t":1,"event":"odd"')
    file.write(b"".join(b',"k%d":%d' % (number, number) for number in range(1_000_000)))
    file.write(b"}\n" + AFTER)


def values(file: BinaryIO) -> None:
    """Ten million lists in one event."""
    file.write(HEADER + b'{"t":1,"event":"odd","a":[' + b"[]," * 10_000_000 + b"1]}\n" + AFTER)


def deep(file: BinaryIO) -> None:
    """Lists within lists, in an event and in a payload."""
    depth = 500
    file.write(HEADER + b'{"t":1,"event":"x","a":' + b"[" * depth + b"]" * depth + b"}\n")
    file.write(b'{"t":1,"recv":' + json.dumps("[" * 300_000).encode() + b"}\n")
    file.write(b'{"t":1,"event":"x","a":' + b"[" * 3_000_000 + b"\n" + AFTER)


def lines(file: BinaryIO) -> None:
    """Tens of thousands of damaged lines."""
    file.write(HEADER + b"{\n" * 40_000 + AFTER)


KINDS: tuple[Callable[[BinaryIO], None], ...] = (text, first, keys, values, deep, lines)
COMMANDS = (
    ["show"],
    ["show", "--filter", "after"],
    ["show", "--frame", "2"],
    ["show", "--stats"],
    ["replay", "--connect-timeout=0.1", "--timeout=0.1", "FILE", "ws://127.0.0.1:1/"],
    ["clean"],
    ["diff", "FILE", "FILE"],
    ["convert", "FILE", "-", "--to", "har"],
)


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.__name__)
def strange(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of one kind."""
    path = tmp_path_factory.mktemp("strange") / "a.ws.jsonl"
    with path.open("wb") as file:
        request.param(file)
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_what_is_wrong(strange: Path, command: list[str]) -> None:
    """Within bounded memory: by 6 and the line, or by showing it as damaged."""
    words = command if "FILE" in command else [*command, "FILE"]
    files = [str(strange) if word == "FILE" else word for word in words]
    arguments = [sys.executable, "-c", BOUNDED, str(LIMIT), *files]
    with open("/dev/null", "w") as nothing:
        done = subprocess.run(
            arguments, stdout=nothing, stderr=subprocess.PIPE, timeout=60, check=False
        )
    said = done.stderr.decode()
    assert done.returncode in (0, 6), said
    assert "Traceback" not in said
    assert "fault of its own" not in said
    if command[0] == "show" and "--frame" not in command:
        assert done.returncode == 0, said
    if done.returncode == 6:
        assert "line 1" in said or "line 2" in said or "line 3" in said, said


def test_the_screen_shows_the_rest(strange: Path, tmp_path: Path) -> None:
    """Each row can be looked at, and what follows is there."""
    program = [sys.executable, "-c", BOUNDED, str(2 * LIMIT)]
    terminal = Terminal(tmp_path, "open", str(strange), program=program)
    terminal.until(lambda: "▌Frames" in terminal.text or "type a URL" in terminal.text)
    if "type a URL" in terminal.text:  # the file says none
        terminal.type("\x1b")
        terminal.shows("▌Frames")
    terminal.type("G")
    terminal.shows("after")
    terminal.type("k\r")
    terminal.shows("Payload", "Handshake")
    terminal.type("1234")
    terminal.type("\x11")
    assert terminal.wait() == 0, terminal.text
    terminal.close()


def test_a_replay_reads_nothing_outside_of_the_folder(tmp_path: Path) -> None:
    """And waits for no pipe: each way out is refused by 6 before anything is connected."""
    (tmp_path / "secret").write_text("not theirs")
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "up").symlink_to(tmp_path)
    (folder / "null").symlink_to("/dev/null")
    path = folder / "a.ws.jsonl"
    for name in ("up/secret", "pipe", "null"):
        path.write_bytes(HEADER + json.dumps({"send": {"file": name}}).encode() + b"\n")
        for command in (["replay"], ["diff", str(path)]):
            done = subprocess.run(
                [sys.executable, "-m", "wsdebug", *command, str(path)],
                capture_output=True, text=True, timeout=30, check=False,
            )  # fmt: skip
            said = (done.returncode, done.stderr)
            assert (done.returncode, done.stdout) == (6, ""), (name, command, said)
            assert "line 2: " in done.stderr, (name, command, said)
