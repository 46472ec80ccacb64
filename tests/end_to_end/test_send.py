"""`wsdebug send`, the real program, against the real playground."""

import json
import os
import pty
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import trustme
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

PROGRAM = (sys.executable, "-m", "wsdebug")
SMALL_FILES = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)); "
    "from wsdebug.__main__ import main; sys.exit(main())"
)
CLOSED = "ws://127.0.0.1:1/"  # where nobody listens


@contextmanager
def server(handle: Any, **options: Any) -> Iterator[str]:
    """A server of websockets' own in a thread."""
    with serve(handle, "127.0.0.1", 0, **options) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{running.socket.getsockname()[1]}/"
        running.shutdown()
        thread.join()


def send(*arguments: str, stdin: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end."""
    command = [*PROGRAM, "send", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=60, **options)


def frames(path: Path) -> list[dict[str, Any]]:
    """The frames of a recording."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [line for line in lines if "send" in line or "recv" in line]


# What goes in


@pytest.mark.parametrize(
    ("arguments", "stdin", "output"),
    [
        (["hello"], b"", b"hello\n"),
        (["--", "-hello"], b"", b"-hello\n"),
        (["-d", "hello"], b"", b"hello\n"),
        (["--count=2", "-d-x", "-dy"], b"", b"-x\ny\n"),
        (
            ["one", "-d", "two", "three", "-f", "FILE", "--count", "4"],
            b"",
            b"one\ntwo\nthree\nfour\n",
        ),
        (["-d", "@FILE"], b"", b"four\n"),
        (["-f", "-"], b"a\nb\n", b"a\nb\n\n"),
        (["-d", "@-"], b"a\nb", b"a\nb\n"),
        ([], b"a\n", b"a\n"),
        (["--count", "3"], b"a\n\nb", b"a\n\nb\n"),
        (["a", "-", "d", "--count=4"], b"b\nc\n", b"a\nb\nc\nd\n"),
        (["--count", "2", "--null"], b"a\nb\0c\0", b"a\nb\nc\n"),
        (["--whole"], b"a\nb\n", b"a\nb\n\n"),
        (["-b", "hello"], b"", b"hello"),
        (["-b"], b"\xff\x00\xfe\n", b"\xff\x00\xfe"),
        (["--hex", "ca fe\t00"], b"", b"\xca\xfe\x00"),
        (["--hex", "-t", "6869"], b"", b"hi\n"),
        (["--hex", "-"], b"cafe\n", b"\xca\xfe"),
        (["--base64", "yv4="], b"", b"\xca\xfe"),
        (["", "--output", "hex"], b"", b"\n"),
        (["{{who}} {{other}}", "--variable", "who=ann"], b"", b"ann {{other}}\n"),
        (["--fragment", "1", "grün"], b"", "grün\n".encode()),
        (["--no-compression", "--fragment", "2", "grün"], b"", "grün\n".encode()),
    ],
)
def test_every_input_is_sent_in_its_order(
    url: str, tmp_path: Path, arguments: list[str], stdin: bytes, output: bytes
) -> None:
    """And comes back from an echo."""
    path = tmp_path / "four"
    path.write_text("four")
    words = [word.replace("FILE", str(path)) for word in arguments]
    done = send(f"{url}/echo", *words, stdin=stdin)
    assert (done.returncode, done.stdout, done.stderr) == (0, output, b"")


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        (b'{"send":"hi"}', [("text", "hi")]),
        (b'{"send":{"b64":"AAE="}}', [("binary", {"b64": "AAE="})]),
        (b'{"send":{"hex":"00 01"}}', [("binary", {"b64": "AAE="})]),
        (b'{"send":{"json":{"a":[1, 2]}}}', [("text", '{"a":[1,2]}')]),
        (b'{"send":{"file":"a.bin"}}', [("binary", {"b64": "AAE="})]),
        (b'{"op":"text","send":{"file":"b.txt"}}', [("text", "from a file")]),
        (b'{"op":"ping","send":"p"}', [("ping", "p")]),
        (b'{"op":"pong","send":{"hex":"ff"}}', [("pong", {"b64": "/w=="})]),
        (b'{"op":"close","send":{"code":4001}}', [("close", {"code": 4001, "reason": ""})]),
        (b'{"fin":false,"send":"a"}\n{"op":"ping","send":""}\n{"op":"cont","send":"b"}',
         [("text", "a"), ("ping", ""), ("cont", "b")]),
        (b'# mine\n{"url":"ws://h/"}\n\n{"wait":0.01}\n{"recv":"no"}\n{"note":"n"}\n{"send":"x"}',
         [("text", "x")]),
        (b'{"t":1,"rsv1":true,"send":"inflated","wire":"yw=="}', [("text", "inflated")]),
    ],
)  # fmt: skip
def test_session_lines_are_sent(
    url: str, tmp_path: Path, lines: bytes, sent: list[tuple[str, Any]]
) -> None:
    """As a script on standard input; other lines say nothing to it."""
    (tmp_path / "a.bin").write_bytes(b"\x00\x01")
    (tmp_path / "b.txt").write_text("from a file")
    record = tmp_path / "a.ws.jsonl"
    arguments = ["--jsonl", "--count", "0", "--record", str(record), "--no-compression"]
    done = send(f"{url}/echo", *arguments, stdin=lines, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    out = [line for line in frames(record) if "send" in line]
    implied = [
        line.get("op", "text" if isinstance(line["send"], str) else "binary") for line in out
    ]
    assert [*zip(implied, [line["send"] for line in out], strict=True)][: len(sent)] == sent
    assert all(line["mask"] is not None for line in out)


def test_a_line_can_be_wrong_on_purpose(tmp_path: Path) -> None:
    """Unmasked, and data after our close frame."""
    record = tmp_path / "a.ws.jsonl"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=_accept_and_read, args=(listener,), daemon=True).start()
        target = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
        script = (
            b'{"mask":null,"send":"bare"}\n{"op":3,"rsv2":true,"send":"odd"}\n'
            b'{"len":{"form":64,"declared":2},"send":"hi"}\n'
            b'{"op":"close","send":{}}\n{"fin":false,"send":"late"}'
        )
        arguments = ["--jsonl", "--count=0", "--record", str(record), "--close-timeout=0.1"]
        assert send(target, *arguments, stdin=script).returncode == 5
    bare, odd, long, close, late = frames(record)
    assert (bare["mask"], bare["send"]) == (None, "bare")
    assert (odd["op"], odd["rsv2"]) == (3, True)
    assert long["len"] == {"form": 64, "declared": 2}
    assert (close["op"], close["send"]) == ("close", {})
    assert late["send"] == "late"


def _accept_and_read(listener: socket.socket) -> None:
    """Accept the upgrade by the library's own rules, then only read."""
    from websockets.server import ServerProtocol

    connection, _ = listener.accept()
    protocol = ServerProtocol()
    with connection:
        while data := connection.recv(65536):
            if not protocol.handshake_exc and protocol.state.name == "CONNECTING":
                protocol.receive_data(data)
                for request in protocol.events_received():
                    protocol.send_response(protocol.accept(request))  # type: ignore[arg-type]
                connection.sendall(b"".join(protocol.data_to_send()))


@pytest.mark.parametrize("way", ["argument", "file", "line", "whole"])
def test_a_large_message_is_one_message(tmp_path: Path, way: str) -> None:
    """Never cut at 64 KiB or anywhere else."""
    text = ("0123456789abcde\u20ac" * 300_000)[: 100_000 if way == "argument" else None]
    path = tmp_path / "large"
    path.write_text(text)
    inputs = {
        "argument": ([text], b""),
        "file": (["-f", str(path)], b""),
        "line": ([], text.encode() + b"\n"),
        "whole": (["--whole"], text.encode()),
    }
    arguments, stdin = inputs[way]
    sizes: list[int] = []

    def handle(connection: ServerConnection) -> None:
        for message in connection:
            sizes.append(len(message))
            connection.send("got it")

    with server(handle, max_size=None) as target:
        done = send(target, *arguments, stdin=stdin)
    assert (done.returncode, done.stdout, sizes) == (0, b"got it\n", [len(text)])


def test_fragments_have_the_size_that_was_asked_for(url: str, tmp_path: Path) -> None:
    """And the last one is what remains."""
    path = tmp_path / "a.ws.jsonl"
    assert send(f"{url}/echo", "--fragment", "3", "12345678", "--record", str(path)).returncode == 0
    out = [line for line in frames(path) if "send" in line][:3]
    assert [line["send"] for line in out] == ["123", "456", "78"]
    assert [line.get("fin", True) for line in out] == [False, False, True]
    assert [line.get("op", "text") for line in out] == ["text", "cont", "cont"]


def test_pings_and_the_close_frame_are_as_given(url: str, tmp_path: Path) -> None:
    """A ping alone ends with its pong, and needs no standard input at a terminal only."""
    path = tmp_path / "a.ws.jsonl"
    arguments = ["--ping", "--ping-data", "x", "--close", "4001:so long", "--record", str(path)]
    done = send(f"{url}/echo", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    ping, pong, close, answer = frames(path)
    assert (ping["op"], ping["send"], pong["op"], pong["recv"]) == ("ping", "x", "pong", "x")
    assert close["send"] == answer["recv"] == {"code": 4001, "reason": "so long"}


def test_standard_input_is_sent_as_it_comes(url: str) -> None:
    """Line by line, and its end closes nothing before the answer."""
    command = [*PROGRAM, "send", f"{url}/slow?delay=0.05", "--count", "3"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for word in (b"one\n", b"two\n"):
            process.stdin.write(word)
            process.stdin.flush()
            assert process.stdout.readline() == word
        process.stdin.write(b"three")
        process.stdin.close()
        assert process.stdout.read() == b"three\n"
        assert process.wait(10) == 0


def test_a_large_input_streams_through(tmp_path: Path) -> None:
    """Both ways at once, though neither side holds it all."""
    count = 20_000
    lines = b"".join(b"%0100d\n" % number for number in range(count))

    def handle(connection: ServerConnection) -> None:
        for message in connection:
            connection.send(message)

    with server(handle) as target:
        done = send(target, "--count", str(count), "--no-compression", stdin=lines)
        assert (done.returncode, done.stdout == lines) == (0, True)
        path = tmp_path / "lines"
        path.write_bytes(lines)
        with path.open("rb") as file:
            command = [*PROGRAM, "send", target, "--count", str(count)]
            again = subprocess.run(command, stdin=file, capture_output=True, timeout=60)
        assert (again.returncode, again.stdout == lines) == (0, True)


# How it ends


@pytest.mark.parametrize(
    ("path", "arguments", "code", "output", "words"),
    [
        ("/ticker?rate=1000", ["--count", "3"], 0, 3, ""),
        ("/ticker?rate=1000&count=3", ["-w", "inf"], 0, 3, ""),
        ("/ticker?rate=1000&count=3", ["--count", "9"], 0, 3, ""),
        ("/echo", ["a", "b", "c"], 0, 1, ""),
        ("/echo", ["a", "--count", "0"], 0, 0, ""),
        ("/echo", ["a", "-w", "0"], 0, None, ""),
        ("/echo", ["a", "b", "-w", "0.2"], 0, 2, ""),
        ("/echo", ["a", "--count", "2", "-w", "0.2"], 4, 1, "1 of 2 messages came within 0.2 s"),
        ("/echo", ["a", "--count", "2", "--timeout", "0.1"], 4, 1, "1 of 2 messages came within"),
        ("/echo", ["--timeout", "0.1"], 4, 0, "no message within 0.1 s"),
        ("/echo", ["-m", "0.3"], 4, 0, "no message within 0.3 s in all"),
        ("/echo", ["-w", "inf", "-m", "0.3"], 0, 0, ""),
        ("/echo", ["a", "-m", "60"], 0, 1, ""),
        ("/close?code=1000", [], 0, 0, ""),
        ("/close?code=1001", [], 0, 0, ""),
        ("/close?code=1011&reason=oh%1b%5d", [], 5, 0, "closed 1011: oh\\x1b]"),
        ("/close?code=4000", ["-w", "9"], 5, 0, "closed 4000"),
        ("/close", ["--expect-close", "1000"], 0, 0, ""),
        ("/close?code=4000", ["--expect-close", "4000"], 0, 0, ""),
        ("/close?code=4000", ["--expect-close", "4001"], 5, 0, "expected a close with 4001"),
        ("/close?code=1000", ["--expect-close", "4001"], 1, 0, "it was closed with 1000"),
        ("/echo", ["--close", "4000", "--expect-close", "4000"], 0, 0, ""),
        ("/echo", ["a", "--close", "1011:x"], 0, 1, ""),
        ("/echo", ["--close", "4000"], 0, 0, ""),
        ("/broken?kind=vanish", ["a", "-w", "9"], 5, 0, "closed 1006"),
        ("/broken?kind=vanish", ["--expect-close", "1006"], 0, 0, ""),
        ("/broken?kind=no-close", ["--count", "0", "--close-timeout", "0.1"], 5, 0, "closed 1006"),
        ("/broken?kind=reserved-bit", ["-w", "9"], 5, 0, "reserved bit set"),
        ("/broken?kind=reserved-bit", ["--lenient", "--count", "2"], 0, 2, ""),
        ("/auth", ["a"], 3, 0, "wants Basic"),
        ("/auth", ["a", "-u", "demo:demo"], 0, 1, ""),
        ("/redirect?to=/echo", ["a", "-L"], 0, 1, ""),
    ],
)  # fmt: skip
def test_each_end_has_its_code(
    url: str, path: str, arguments: list[str], code: int, output: int | None, words: str
) -> None:
    """And its words, where it is no success."""
    done = send(f"{url}{path}", *arguments)
    assert done.returncode == code, done.stderr
    assert output is None or done.stdout.count(b"\n") == output
    assert words in done.stderr.decode()
    assert bool(words) == bool(done.stderr)


@pytest.mark.parametrize(
    ("messages", "arguments", "code", "words"),
    [
        (["a", "b"], ["--expect", "^b$"], 0, ""),
        (["a", "b"], ["--expect", "a", "--expect-exact", "b"], 0, ""),
        (["b", "a"], ["--expect", "a", "--expect", "b", "--timeout", "0.1"], 4, "matching b"),
        (["a", "b"], ["--expect", "b", "--next"], 1, "expected a message matching b; got a"),
        (["a"], ["--expect", "b", "--timeout", "0.1"], 4, "not seen within 0.1 s, after a"),
        (["a"], ["--expect", "b", "-m", "0.4"], 4, "not seen within 0.4 s in all, after a"),
        (["a"], ["--expect", "b", "-w", "0.2"], 4, "not seen within 0.2 s, after a"),
        (["a"], ["--expect", "b", "--count", "1"], 1, "not seen in 1 message, after a"),
        (['{"t":"ok","n":1}'], ["--expect-json", "$.t==ok", "--json"], 0, ""),
        (['{"t":"ok","n":1}'], ["--expect-json", "$.n>1", "--count=1"], 1, "with $.n>1"),
        (["a"], ["--expect", "a", "--expect-none", "-w", "0.1"], 0, ""),
        (["a"], ["--expect", "a", "--expect-none", "--timeout", "0.1"], 0, ""),
        (["a"], ["--expect", "a", "--expect-none", "--count", "1"], 0, ""),
        (["a", "b"], ["--expect", "a", "--expect-none"], 1, "expected no message; got b"),
        (["a"], ["--expect-exact", "", "-w", "0.1"], 4, "expected an empty message; not seen"),
        (["a\x1b[2J"], ["--expect", "b", "--next"], 1, "got a\\x1b[2J"),
    ],
)  # fmt: skip
def test_expectations_are_met_or_told(
    url: str, messages: list[str], arguments: list[str], code: int, words: str
) -> None:
    """What was expected, and what came."""
    done = send(f"{url}/echo", *messages, *arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr.decode()
    assert done.stderr.count(b"\n") == bool(words)


def test_the_closing_handshake_is_waited_for(url: str, tmp_path: Path) -> None:
    """With `--count 0` too."""
    path = tmp_path / "a.ws.jsonl"
    assert send(f"{url}/echo", "a", "--count", "0", "--record", str(path)).returncode == 0
    closes = [line for line in frames(path) if line.get("op") == "close"]
    assert ["send" in line for line in closes] == [True, False]
    assert json.loads(path.read_text().splitlines()[-1])["event"] == "end"


@pytest.mark.parametrize(
    ("number", "arguments", "code"),
    [
        (signal.SIGINT, ["-w", "inf"], 130),
        (signal.SIGINT, ["--expect", "never"], 130),
        (signal.SIGTERM, ["-w", "inf"], 0),
        (signal.SIGTERM, ["--expect", "never"], 4),
        (signal.SIGHUP, ["-w", "inf"], 0),
    ],
)
def test_a_signal_ends_it_in_order(
    url: str, tmp_path: Path, number: signal.Signals, arguments: list[str], code: int
) -> None:
    """Closed, and the recording complete."""
    path = tmp_path / "a.ws.jsonl"
    command = [*PROGRAM, "send", f"{url}/echo", "a", *arguments, "--record", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"a\n"
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == code, errors
    assert frames(path)[-1]["recv"] == {"code": 1000, "reason": ""}
    assert json.loads(path.read_text().splitlines()[-1])["event"] == "end"


def test_a_second_interrupt_does_not_wait_for_the_server(url: str) -> None:
    """Which does not answer the close frame."""
    command = [*PROGRAM, "send", f"{url}/broken?kind=no-close", "-vv", "-w", "inf"]
    with subprocess.Popen([*command, "--close-timeout", "60"], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        for words in (b"* open", b"> close 1000"):
            while not process.stderr.readline().startswith(words):
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 130


def test_a_reader_that_goes_ends_it_in_silence(url: str, tmp_path: Path) -> None:
    """`send … | head -1`, and the recording is complete."""
    path = tmp_path / "a.ws.jsonl"
    command = [*PROGRAM, "send", f"{url}/ticker?rate=200", "-w", "inf", "--record", str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0
    assert json.loads(path.read_text().splitlines()[-1])["event"] == "end"


def test_a_reader_that_sleeps_holds_up_neither_pongs_nor_signals(tmp_path: Path) -> None:
    """Its pipe is full, the connection lives."""
    ponged: list[bool] = []

    def handle(connection: ServerConnection) -> None:
        for number in range(200):
            connection.send(f"{number:01000}")
        ponged.append(connection.ping().wait(20))
        connection.recv()

    with server(handle, compression=None) as target:
        command = [*PROGRAM, "send", target, "-w", "inf"]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.read(1) == b"0"
            while not ponged:
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
    assert ponged == [True]


def test_what_could_not_be_sent_is_an_error(tmp_path: Path) -> None:
    """The server closes in order, but too early; unless that is what was expected."""

    def handle(connection: ServerConnection) -> None:
        connection.recv()
        connection.close()

    with server(handle) as target:
        script = b'{"send":"a"}\n{"wait":60}\n{"send":"b"}\n'
        done = send(target, "--jsonl", stdin=script)
        expected = send(target, "--jsonl", "--expect-close", "1000", stdin=script)
        other = send(target, "--jsonl", "--expect-close", "1001", stdin=script)
    assert done.returncode == 5
    assert b"closed with 1000 before everything was sent" in done.stderr
    assert (expected.returncode, expected.stderr) == (0, b"")
    assert other.returncode == 5


def test_with_reconnect_the_rest_goes_over_the_next_connection() -> None:
    """Nothing is sent twice."""
    seen: list[str] = []
    is_back = Event()

    def handle(connection: ServerConnection) -> None:
        if seen:
            is_back.set()
        message = connection.recv()
        seen.append(str(message))
        connection.send(message)
        if len(seen) == 1:
            connection.socket.shutdown(socket.SHUT_RDWR)

    with server(handle) as target:
        command = [*PROGRAM, "send", target, "--reconnect", "--count", "2", "--timeout", "30"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"one\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"one\n"
            assert is_back.wait(40)
            output, _ = process.communicate(b"two\n", timeout=40)
        assert (output, process.returncode, seen) == (b"two\n", 0, ["one", "two"])


def test_an_end_between_two_connections_is_no_broken_one() -> None:
    """With `--reconnect`: what is awaited has not come, and that is all there is to say."""
    seen: list[Request] = []

    def busy(connection: ServerConnection, request: Request) -> Response | None:
        seen.append(request)
        if len(seen) == 1:
            return None
        response = connection.respond(503, "later")
        response.headers["Retry-After"] = "60"
        return response

    with server(ServerConnection.close, process_request=busy) as target:
        done = send(target, "--reconnect", "-m", "4")
    assert (done.returncode, len(seen)) == (4, 2)
    assert done.stderr.startswith(b"wsdebug: no message within 4 s")


# What comes out


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["a\x1b"], b"a\x1b\n"),
        (["--hex", "cafe"], b"\xca\xfe"),
        (["--output-format", "raw", "a"], b"a"),
        (["--output", "raw", "--hex", "cafe"], b"\xca\xfe"),
        (["--output-format", "text", "--hex", "ca6869"], b"\\xcahi\n"),
        (["--output-format", "hex", "hi"], b"6869\n"),
        (["--output-format", "base64", "hi"], b"aGk=\n"),
        (["--output-format", "jsonl", "h\x1bi"], b'"recv":"h\\u001bi"}\n'),
        (["--json", "--hex", "cafe"], b'"recv":{"b64":"yv4="}}\n'),
        (["a token=hidden", "--secret", "x=hidden"], b"a token=***\n"),
    ],
)
def test_output_is_in_the_format_that_was_asked_for(
    url: str, arguments: list[str], output: bytes
) -> None:
    """Into a pipe as it is."""
    done = send(f"{url}/echo", *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    if b'"recv"' in output:
        assert re.match(rb'\{"t":\d+\.\d{6},', done.stdout)
        assert done.stdout.endswith(output)
    else:
        assert done.stdout == output


def at_terminal(*arguments: str) -> bytes:
    """What it writes on a terminal, stderr included."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(PROGRAM[0], [*PROGRAM, "send", *arguments])
    parts: list[bytes] = []
    try:
        while data := os.read(fd, 65536):
            parts.append(data)
    except OSError:  # Linux: its other end is closed
        pass
    finally:
        os.close(fd)
        os.waitpid(pid, 0)
    return b"".join(parts).replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["a\x1b[2J\u202e\nb"], "a\\x1b[2J\\u202e\nb\n"),
        (["--output-format", "raw", "\x1b"], "\\x1b\n"),
        (["--output-format", "text", "--hex", "1bff"], "\\x1b\\xff\n"),
        (["--output-format", "hex", "\x1b"], "1b\n"),
        (["--hex", "1b5b324a"], "00000000  1b 5b 32 4a" + " " * 38 + ".[2J\n"),
        (["\x1b", "--expect", "no", "--next"],
         "\\x1b\nwsdebug: expected a message matching no; got \\x1b\n"),
        (["--ping"], ""),
    ],
)  # fmt: skip
def test_a_terminal_gets_nothing_that_it_would_obey(
    url: str, arguments: list[str], shown: str
) -> None:
    """Text is escaped, binary a hex dump; a ping alone reads nothing there."""
    assert at_terminal(f"{url}/echo", *arguments).decode() == shown


def test_json_at_a_terminal_has_jsons_own_escapes(url: str) -> None:
    """So that it can still be read as JSON."""
    line = at_terminal(f"{url}/echo", "--json", "\x9b\u202e").decode()
    assert line.isascii()
    assert json.loads(line)["recv"] == "\x9b\u202e"


def test_verbose_tells_the_handshake_and_the_frames(url: str) -> None:
    """On stderr; secrets are masked, and stdout has data only."""
    arguments = ["-u", "demo:demo", "hi", "-v"]
    done = send(f"{url}/auth?token=hidden", *arguments)
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (0, b"hi\n")
    assert "> GET /auth?token=*** HTTP/1.1" in lines
    assert "> Authorization: ***" in lines
    assert "< HTTP/1.1 101 Switching Protocols" in lines
    assert lines[0].startswith("* connecting to ws://")
    assert lines[-1] == "* closed by client, 1000"
    assert all(line[0] in "*<>" for line in lines)
    frames = send(f"{url}/echo", "hi", "-vv", "--secret", "x=hi").stderr.decode().splitlines()
    assert "> text 2 bytes: ***" in frames
    assert "< text 2 bytes: ***" in frames
    assert "> close 1000" in frames


@pytest.mark.parametrize(
    ("path", "arguments", "code"),
    [
        ("/echo", ["a", "--expect", "b", "--next"], 1),
        ("/auth", ["a"], 3),
        ("/close?code=4000", [], 5),
    ],
)
def test_quiet_says_nothing(url: str, path: str, arguments: list[str], code: int) -> None:
    """The code says it."""
    done = send(f"{url}{path}", *arguments, "-q")
    assert (done.returncode, done.stderr) == (code, b"")


def test_over_tls_every_module_that_waited_is_there(tmp_path: Path) -> None:
    """With a certificate that is known, and one that is not."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)

    def handle(connection: ServerConnection) -> None:
        connection.send(connection.recv())

    with server(handle, ssl=context) as target:
        target = target.replace("ws:", "wss:")
        assert send(target, "hi", "--cacert", str(path)).stdout == b"hi\n"
        assert send(target, "hi", "-k").stdout == b"hi\n"
        unknown = send(target, "hi")
    assert (unknown.returncode, b"certificate" in unknown.stderr) == (3, True)


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        ([], b"", 2, "send needs a URL"),
        (["URL", "--nonsense"], b"", 2, "--nonsense"),
        (["ftp://h/", "a"], b"", 2, "is not a WebSocket"),
        (["URL", "--expect-json", "$["], b"", 2, "at character"),
        (["URL", "--output-format", "yaml", "a"], b"", 2, "yaml"),
        (["URL", "-H", "no colon", "a"], b"", 2, "is no header"),
        (["URL", "-f", "/no/such/file"], b"", 6, "cannot read /no/such/file: no such file"),
        (["URL", "-d", "@/"], b"", 6, "cannot read /: is a directory"),
        (["URL", "-f", "JUNK"], b"", 6, "not UTF-8; -b sends it as binary"),
        (["URL", "-f", "JUNK", "--hex"], b"", 6, "not pairs of hex digits"),
        (["ftp://h/", "-f", "/no/such/file"], b"", 2, "is not a WebSocket"),
        (["URL", "-f", "/no/such/file", "--record", "JUNK"], b"", 6, "/no/such/file"),
        (["URL", "a", "--record", "/no/such/folder/x"], b"", 7, "cannot write"),
        (["URL", "a", "--record", "JUNK"], b"", 7, "exists"),
        (["URL", "a", "--append"], b"", 2, "needs a file"),
        (["ECHO"], b"good\n\xff\xfe\n", 6, "standard input, line 2: not UTF-8; -b sends"),
        (["ECHO", "--whole"], b"\xff\xfe\n", 6, "standard input: not UTF-8"),
        (["ECHO", "--jsonl"], b'{"send":"x"}\nnonsense', 6, "standard input, line 2: not JSON"),
        (["ECHO", "--jsonl"], b'{"send":{"file":"../x"}}', 6, "line 1: ../x is outside"),
        (["ECHO", "--jsonl"], b'{"cut":9,"send":"x"}', 6, "line 1: not all of the payload"),
        (["ECHO", "--hex"], b"cafe\nxyz\n", 6, "line 2: not pairs of hex digits"),
        ([CLOSED, "a"], b"", 3, "nobody listens on 127.0.0.1:1"),
        (["ws://127.0.0.1:1", "a", "-q", "-q"], b"", 3, ""),
    ],
)  # fmt: skip
def test_a_mistake_is_one_clear_line(
    url: str, tmp_path: Path, arguments: list[str], stdin: bytes, code: int, words: str
) -> None:
    """On stderr, with its exit code, before anything is dialled or written where that can be."""
    junk = tmp_path / "junk"
    junk.write_bytes(b"\xff\xfe")
    named = {"URL": CLOSED, "ECHO": f"{url}/echo", "JUNK": str(junk)}
    done = send(*(named.get(word, word) for word in arguments), stdin=stdin)
    assert done.returncode == code, done.stderr
    assert words in done.stderr.decode()
    assert done.stderr.count(b"\n") == bool(words)
    assert junk.read_bytes() == b"\xff\xfe"


def test_an_output_that_cannot_be_written_is_7(url: str, tmp_path: Path) -> None:
    """A full disk under stdout, and one under the recording."""
    with Path("/dev/full").open("wb") as full:
        command = [*PROGRAM, "send", f"{url}/echo", "hello"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=30)
    assert (done.returncode, done.stderr) == (
        7, b"wsdebug: the output could not be written: no space left on device\n",
    )  # fmt: skip
    path = tmp_path / "a.ws.jsonl"
    words = ["send", f"{url}/echo", "x" * 9000, "--record", str(path), "--no-compression"]
    command = [sys.executable, "-c", SMALL_FILES, *words]
    done = subprocess.run(command, capture_output=True, timeout=30)
    assert done.returncode == 7
    assert b"not everything was recorded" in done.stderr
    assert all(json.loads(line) for line in path.read_text().splitlines())


@pytest.mark.parametrize("stream", [0, 1, 2])
def test_a_stream_that_is_closed_hurts_nothing(url: str, stream: int) -> None:
    """`<&-`, `>&-`, `2>&-`: no file of ours takes its place."""
    arguments = [f"{url}/echo", "--count", "0", "-v"] + (["a"] if stream else [])
    script = 'exec "$@" ' + ("<&-" if stream == 0 else f"{stream}>&-")
    command = ["sh", "-c", script, "sh", *PROGRAM, "send", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr


def test_a_plain_send_loads_only_what_it_needs(url: str) -> None:
    """Each of these would take a part of the time of a whole send."""
    script = (
        "import sys\nfrom wsdebug.__main__ import main\ncode = main()\n"
        "sys.stderr.write(' '.join(sys.modules))\nsys.exit(code)"
    )
    command = [sys.executable, "-c", script, "send", f"{url}/echo", "hello"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, "hello\n")
    loaded = set(done.stderr.split())
    assert "wsdebug.engine.connection" in loaded
    for name in (
        *("_ssl", "email", "zipfile", "tempfile", "pathlib", "encodings.idna", "decimal"),
        *("aiohappyeyeballs", "truststore", "idna", "python_socks", "jsonpath_rfc9535"),
        *("wsdebug.engine.recorder", "wsdebug.log.log", "wsdebug.session.parse"),
        *("wsdebug.payload.redact", "wsdebug.engine.backoff", "wsdebug.engine.tls"),
    ):
        assert name not in loaded, name


def test_help_shows_examples_first() -> None:
    """On stdout."""
    done = send("--help")
    assert done.returncode == 0
    usage, examples = done.stdout.split(b"\n\n")[:2]
    assert usage.startswith(b"usage: wsdebug send")
    assert examples.startswith(b"examples:")
