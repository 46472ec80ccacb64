"""`wsdebug record` against the real playground: what it prints, and to whom that does nothing."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FLOOD = ("/ticker?rate=20000&count=20000",)  # far more than a pipe holds


def record(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = [sys.executable, "-m", "wsdebug", "record", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start the command; its output is read by the test, or by nobody."""
    command = [sys.executable, "-m", "wsdebug", "record", *arguments]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(command, text=True, **options)


def until(is_so: Callable[[], bool]) -> None:
    """Wait for a condition."""
    tick = threading.Event()
    for _ in range(2000):
        if is_so():
            return
        tick.wait(0.01)
    raise AssertionError("it never came to be")


def is_complete(path: Path) -> bool:
    """Whether a recording has its `end`."""
    return path.exists() and b'"event":"end"' in path.read_bytes()[-200:]


def lines(path: Path) -> list[dict[str, Any]]:
    """The recording."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_filter_is_for_the_output_alone(url: str, tmp_path: Path) -> None:
    """The file has everything; lines of a session come with its header."""
    path = tmp_path / "a.ws.jsonl"
    target = f"{url}/ticker?rate=500&count=40"
    done = record(target, "--json", "--filter", "$.symbol=~ACME", "-o", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    header, *found = [json.loads(line) for line in done.stdout.splitlines()]
    received = [line for line in lines(path) if isinstance(line.get("recv"), str)]
    assert header == lines(path)[0]
    assert found == [line for line in received if "ACME" in line["recv"]]
    assert len(received) == 40
    table = record(target, "--filter", "$.symbol=~ACME").stdout.splitlines()
    assert len(table) == len(found)
    assert all("ACME" in line for line in table)


def test_payloads_are_whole_messages(url: str) -> None:
    """Text with a newline; nothing of pings, pongs and the closing."""
    done = record(f"{url}/fragments", "--payload-only", "--count", "1")
    assert done.returncode == 0
    assert done.stdout == '{"type":"history","note":"cents of €: cut between two frames"}\n'
    command = [sys.executable, "-m", "wsdebug", "record", f"{url}/binary", "--payload-only"]
    raw = subprocess.run([*command, "--count", "1"], capture_output=True, timeout=30)
    assert raw.stdout == bytes(range(256))


def test_a_terminal_gets_what_it_can_show(url: str) -> None:
    """Binary payloads as hex, rows in colour."""
    outputs = []
    for arguments in (["/binary", "--payload-only"], ["/ticker?count=1"]):
        parent, child = pty.openpty()
        with start(url + arguments[0], "--count", "1", *arguments[1:], stdout=child) as process:
            process.wait(20)
        os.close(child)
        outputs.append(os.read(parent, 65536).decode())
        os.close(parent)
    assert "00000000  00 01 02 03" in outputs[0]
    assert "\x1b[" in outputs[1]


def test_nobody_who_reads_holds_up_nothing(url: str, tmp_path: Path) -> None:
    """The recording is complete while its output still waits; then all of it comes."""
    path = tmp_path / "a.ws.jsonl"
    with start(url + FLOOD[0], "--json", "-o", str(path)) as process:
        until(lambda: is_complete(path))
        assert process.poll() is None
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert out == path.read_text()
    closed = [line for line in lines(path) if line.get("event") == "closed"]
    assert [(line["code"], line["clean"]) for line in closed] == [(1000, True)]
    assert sum(isinstance(line.get("recv"), str) for line in lines(path)) == 20_000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nobody_who_reads_does_not_keep_a_signal_from_ending_it(
    url: str, tmp_path: Path, number: signal.Signals
) -> None:
    """In order: closed, recorded, 0."""
    path = tmp_path / "a.ws.jsonl"
    with start(f"{url}/ticker?rate=20000", "-o", str(path)) as process:
        until(lambda: path.exists() and path.stat().st_size > 1 << 20)
        process.send_signal(number)
        assert process.wait(20) == 0
        assert is_complete(path)
        assert lines(path)[-2]["event"] == "closed"


def test_a_second_ctrl_c_waits_for_nobody(url: str, tmp_path: Path) -> None:
    """Not even for the reader."""
    path = tmp_path / "a.ws.jsonl"
    with start(url + FLOOD[0], "-o", str(path)) as process:
        until(lambda: is_complete(path))
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_an_output_that_cannot_be_written_ends_it_with_7(url: str, tmp_path: Path) -> None:
    """The recording is complete all the same."""
    path = tmp_path / "a.ws.jsonl"
    with (
        Path("/dev/full").open("w") as full,
        start(f"{url}/ticker", "-o", str(path), stdout=full) as process,
    ):
        _, err = process.communicate(timeout=20)
    assert process.returncode == 7
    assert err == "wsdebug: the output could not be written: no space left on device\n"
    assert is_complete(path)


def test_one_file_over_many_connections(tmp_path: Path) -> None:
    """Each with its number; the rows of all are printed."""
    path = tmp_path / "a.ws.jsonl"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        arguments = (f"ws://127.0.0.1:{port}/", "--reconnect", "--count", "2", "-o", str(path))
        with start(*arguments) as process:
            for _ in range(2):
                connection, _ = server.accept()
                with connection:
                    connection.sendall(accepted(connection.recv(65536)) + b"\x81\x02hi")
            out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    received = [line for line in lines(path) if line.get("recv") == "hi"]
    assert [line.get("c", 1) for line in received] == [1, 2]
    assert out.count("< text") == 2
    assert out.count("-- open") == 2


def accepted(request: bytes) -> bytes:
    """The answer that opens a connection."""
    from base64 import b64encode
    from hashlib import sha1

    key = request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
    digest = sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", usedforsecurity=False).digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + b64encode(digest) + b"\r\n\r\n"
    )


def test_parts_are_printed_as_one(url: str, tmp_path: Path) -> None:
    """Though the file has become several."""
    path = tmp_path / "a.ws.jsonl"
    target = f"{url}/ticker?rate=1000&count=200"
    done = record(target, "--payload-only", "--rotate", "4k", "-o", str(path))
    parts = sorted(tmp_path.iterdir(), key=lambda part: part.stat().st_mtime_ns)
    received = [
        line["recv"] for part in parts for line in lines(part) if isinstance(line.get("recv"), str)
    ]
    assert len(parts) > 2
    assert len(received) == 200
    assert done.stdout.splitlines() == received


def test_a_secret_is_printed_nowhere(url: str, tmp_path: Path) -> None:
    """In no form of output; the recorded payload has it."""
    path = tmp_path / "a.ws.jsonl"
    target = f"{url}/ticker?count=3&rate=100"
    for arguments in (["--json"], ["--payload-only"], []):
        done = record(target, "--secret", "s=quote", *arguments)
        assert "***" in done.stdout
        assert "quote" not in done.stdout
    record(target, "--secret", "s=quote", "-q", "-o", str(path))
    assert "quote" in path.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--filter", "(a"], "--filter: at character 1"),
        (["--json", "--payload-only"], "not allowed with"),
        (["--color", "blue"], "--color"),
        (["--rotate", "4k"], "--rotate needs a file"),
    ],
)
def test_options_that_cannot_be_are_refused(arguments: list[str], words: str) -> None:
    """Before anything is dialled."""
    done = record("ws://127.0.0.1:1/", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_proxy_of_the_environment_is_told(url: str) -> None:
    """Once, on stderr."""
    env = {**os.environ, "http_proxy": "http://127.0.0.1:1"}
    command = [sys.executable, "-m", "wsdebug", "record", "-q", "ws://feed.example/"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=30)
    notice = "over the proxy http://127.0.0.1:1 of the environment (http_proxy)"
    failure = "nobody listens on 127.0.0.1:1, the proxy"
    assert done.returncode == 3
    assert done.stderr.splitlines() == [f"wsdebug: {notice}", f"wsdebug: {failure}"]


def test_what_a_proxy_says_is_told_in_full() -> None:
    """Status, headers and body on stderr; 3."""
    answer = (
        b"HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\nContent-Length: 12\r\n\r\nlog in first"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"127.0.0.1:{server.getsockname()[1]}"
        with start("wss://feed.example/", "-x", f"http://me:hidden@{place}", "-q") as process:
            connection, _ = server.accept()
            with connection:
                request = connection.recv(65536)
                connection.sendall(answer)
                _, err = process.communicate(timeout=20)
    assert request.startswith(b"CONNECT feed.example:443 HTTP/1.1\r\n")
    assert process.returncode == 3
    assert err.splitlines() == [
        f"wsdebug: the proxy {place} refused: 407, does not take this user and password",
        "< 407 Who?",
        "< Proxy-Authenticate: Basic",
        "< Content-Length: 12",
        "<",
        "< log in first",
    ]


def test_a_quiet_recording_loads_nothing_that_prints(tmp_path: Path) -> None:
    """It starts the sooner."""
    script = (
        "import sys\nfrom wsdebug.__main__ import main\n"
        f"sys.argv[1:] = ['record', 'ws://127.0.0.1:1/', '-o', {str(tmp_path / 'a')!r}, '-q']\n"
        "main()\nsys.exit('wsdebug.cli.show_lines' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
