"""`wsdebug diagnose` against the real playground."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def diagnose(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = [sys.executable, "-m", "wsdebug", "diagnose", *arguments]
    env = {**os.environ, "PYTHONUTF8": "1", **environ}
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=env)


def test_a_way_in_has_every_step(url: str, tmp_path: Path) -> None:
    """Each with its time; the last is a ping. It can be recorded."""
    path = tmp_path / "a.ws.jsonl"
    done = diagnose(f"{url}/echo", "--record", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"{url}/echo"
    marked = [line.split()[:2] for line in lines if line.startswith("✓")]
    assert marked == [["✓", name] for name in ("DNS", "TCP", "upgrade", "ping")]
    assert any("✓ accept key: answers the key we sent" in line for line in lines)
    assert lines[-1].startswith("open after ")
    assert json.loads(path.read_text().splitlines()[-1])["event"] == "end"


def test_json_is_one_object(url: str) -> None:
    """With the numbers, for scripts."""
    done = diagnose(f"{url}/echo?token=hidden", "--json", "-u", "me:hidden")
    report = json.loads(done.stdout)
    assert (report["ok"], report["exit"], report["advice"]) == (True, 0, None)
    assert report["url"] == f"{url}/echo?token=***"
    assert [step["step"] for step in report["steps"]] == ["DNS", "TCP", "upgrade", "ping"]
    assert all(step["ok"] and step["ms"] > 0 for step in report["steps"])
    assert report["steps"][0]["facts"] == {"addresses": ["127.0.0.1"]}
    assert "hidden" not in done.stdout


@pytest.mark.parametrize(
    ("path", "options", "code", "step", "words"),
    [
        ("/auth", (), 3, "upgrade", "refused: 401, wants Basic"),
        ("/echo", ("--unix-socket", "/no/such"), 3, "TCP", "no such file"),
        ("/echo", ("-x", "127.0.0.1:1"), 3, "TCP", "nobody listens on 127.0.0.1:1, the proxy"),
        ("/echo", ("--resolve", "127.0.0.1:PORT:::1", "-4"), 3, "DNS", "gives 127.0.0.1 no IPv4"),
    ],
)
def test_what_stops_it_is_the_failed_step(
    url: str, path: str, options: tuple[str, ...], code: int, step: str, words: str
) -> None:
    """What follows was not reached; the exit code says it too."""
    port = url.rpartition(":")[2]
    done = diagnose(url + path, "--json", *(option.replace("PORT", port) for option in options))
    report = json.loads(done.stdout)
    assert (done.returncode, report["exit"], report["ok"]) == (code, code, False)
    failed = [each for each in report["steps"] if each["ok"] is False]
    assert [each["step"] for each in failed] == [step]
    assert words in failed[0]["words"]
    after = report["steps"][report["steps"].index(failed[0]) + 1 :]
    assert all(each["ok"] is None for each in after)
    assert done.stderr.startswith("wsdebug: ")
    assert (code == 3) == (report["advice"] is not None)


@contextmanager
def accepting(*options: str, then: bytes = b"") -> Iterator[subprocess.Popen[str]]:
    """The command at a server that opens the connection, says `then`, and nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        command = [sys.executable, "-m", "wsdebug", "diagnose", f"ws://127.0.0.1:{port}/"]
        with subprocess.Popen(
            [*command, "--json", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            connection, _ = server.accept()
            with connection:
                connection.sendall(accepted(connection.recv(65536)) + then)
                if then:
                    connection.shutdown(socket.SHUT_WR)
                yield process


@pytest.mark.parametrize(
    ("code", "exit_code", "is_ok", "words"),
    [
        (1000, 0, True, "the server closed with 1000 at once"),
        (4000, 5, False, "closed 4000"),
    ],
)
def test_a_server_that_closes_at_once_is_told(
    code: int, exit_code: int, is_ok: bool, words: str
) -> None:
    """In order it is no failure."""
    with accepting(then=b"\x88\x02" + code.to_bytes(2, "big")) as process:
        out, _ = process.communicate(timeout=20)
    last = json.loads(out)["steps"][-1]
    assert process.returncode == exit_code
    assert (last["step"], last["ok"], last["words"]) == ("ping", is_ok, words)


def test_a_server_without_pongs_ends_with_4() -> None:
    """It took the connection, and then said nothing."""
    with accepting(
        "--ping-interval", "60", "--ping-timeout", "0.2", "--close-timeout", "0.1"
    ) as process:
        out, err = process.communicate(timeout=20)
    assert process.returncode == 4
    assert "no pong came in 0.2 s" in err
    assert json.loads(out)["steps"][-1]["words"] == "open, but no pong came in 0.2 s"


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


def test_without_unicode_and_with_colour(url: str) -> None:
    """Signs of ASCII; the colours when asked for, never the peer's own bytes."""
    done = diagnose(
        f"{url}/auth", "--color", "always", PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C"
    )
    assert done.stdout.isascii()
    assert "\x1b[32m+\x1b[0m DNS" in done.stdout
    assert "\x1b[31mx\x1b[0m upgrade" in done.stdout
    assert '"playground"' in done.stdout
    assert "\x1b" not in diagnose(f"{url}/auth", "--color", "never").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ws://h/", "--reconnect"], "leave out --reconnect"),
        (["wss://127.0.0.1/", "--cacert", "/no/such"], "cannot be read as certificates"),
        (["ws://h/#x"], "no fragment"),
    ],
)
def test_options_that_cannot_be_are_told_alone(arguments: list[str], words: str) -> None:
    """Without a report."""
    done = diagnose(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it(tmp_path: Path, number: signal.Signals) -> None:
    """With 130, and the recording complete."""
    path = tmp_path / "a.ws.jsonl"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        command = [sys.executable, "-m", "wsdebug", "diagnose", f"ws://127.0.0.1:{port}/"]
        # as a shell without job control starts what ends in &
        command = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *command, "--record", str(path)]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            connection, _ = server.accept()
            with connection:
                connection.recv(10)
                process.send_signal(number)
                assert process.communicate(timeout=20)[1] == b""
                assert process.returncode == 130
    assert json.loads(path.read_text().splitlines()[-1])["event"] == "end"
