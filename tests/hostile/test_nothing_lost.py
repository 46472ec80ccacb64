"""What was shown is in the file, and what could not be written is said: the real program."""

import json
import os
import random
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.kill import WSDEBUG, flooding, kill

KIB = 1 << 10


@pytest.fixture(scope="module")
def flood() -> Iterator[str]:
    """The URL of a server that sends as fast as it can."""
    with flooding() as url:
        yield url


@pytest.fixture(scope="module")
def stream(flood: str) -> str:
    """The URL of one that leaves room between its messages."""
    return flood.replace("rate=1000000", "rate=2000")


@pytest.mark.parametrize("lines", [1, 500, 20_000])
def test_what_was_shown_survives_kill_9(flood: str, tmp_path: Path, lines: int) -> None:
    """In full flood; `python -m tests.hostile.kill` does it 50 times, at any moment."""
    killed = kill(flood, tmp_path / "a.ws.jsonl", lines + random.randrange(500))
    assert killed.problems == []


def whole_lines(path: Path) -> list[dict[str, object]]:
    """The lines of a file, each whole."""
    data = path.read_bytes()
    assert data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


def record(url: str, path: Path, *options: str, bound: int | None = None) -> tuple[int, str]:
    """Record for a second; the exit code, and what was said."""

    def limit() -> None:
        if bound is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bound, bound))

    command = [*WSDEBUG, "record", "-q", "-m", "0.5", "-o", str(path), *options, url]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, preexec_fn=limit, check=False
    )
    return done.returncode, done.stderr


def test_a_bound_on_file_sizes_leaves_whole_lines(stream: str, tmp_path: Path) -> None:
    """And says how many frames are lost; exit code 7."""
    path = tmp_path / "a.ws.jsonl"
    code, said = record(stream, path, bound=40 * KIB)
    assert code == 7
    assert "frames are lost: file too large" in said
    assert 20 * KIB < path.stat().st_size <= 40 * KIB
    assert len(whole_lines(path)) > 100


def test_a_full_disk_leaves_whole_lines_and_a_gap(stream: str, tmp_path: Path) -> None:
    """On a small file system of its own, where one can be made."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small file system here")
    try:
        code, said = record(stream, folder / "a.ws.jsonl")
        lines = whole_lines(folder / "a.ws.jsonl")
    finally:
        subprocess.run(["umount", str(folder)], check=True)
    assert code == 7
    assert "frames are lost: the disk is full" in said
    assert all(set(line) & {"wsdebug", "recv", "send", "event"} for line in lines)


def test_the_second_of_two_on_one_file_is_told(stream: str, tmp_path: Path) -> None:
    """Whatever it wants to do with it; the first goes on as if nothing was."""
    path = tmp_path / "a.ws.jsonl"
    command = [*WSDEBUG, "record", "--json", "-o", str(path), stream]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        first.stdout.readline()
        for option, words in (
            ("--append", "is being recorded by another wsdebug"),
            ("--force", "is being recorded by another wsdebug"),
            ("-q", "exists; add --append or --force"),
        ):
            code, said = record(stream, path, option)
            assert (code, words in said) == (7, True), said
        first.send_signal(signal.SIGINT)
        shown = first.stdout.read().splitlines()
    assert first.returncode == 0
    assert path.read_bytes().splitlines()[1:] == shown
    assert json.loads(shown[-1])["event"] == "end"


def test_output_that_cannot_be_written_is_said(stream: str, tmp_path: Path) -> None:
    """A full disk behind stdout; the recording beside it is complete."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    path = tmp_path / "a.ws.jsonl"
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*WSDEBUG, "record", "-m", "0.5", "-o", str(path), stream],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 7
    assert done.stderr.count("\n") == 1
    assert "no space left on device" in done.stderr
    assert whole_lines(path)[-1]["event"] == "end"
