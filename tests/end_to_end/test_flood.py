"""A server that sends as fast as it can: nothing is lost, and what was shown is in the file."""

import base64
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wsdebug.log.log import FrameLog
from wsdebug.session.lines import Event, FrameLine
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
SHOWN = 1 << 20  # bytes that are read of what is shown


def sent(count: int) -> list[Frame]:
    """Quotes, and now and then what is no plain frame: pings, fragments, bytes, a long text."""
    frames: list[Frame] = []
    for number in range(count):
        frames.append(Frame(1, b'{"seq":%d,"text":"gr\xc3\xbcn \\u001e"}' % number))
        if number % 100 == 0:
            frames += [Frame(9, b"%d" % number), Frame(1, b"a", fin=False), Frame(0, b"b")]
        if number % 700 == 0:
            frames += [Frame(2, bytes(range(256)) * 300), Frame(1, b"x\x7f" * 50_000)]
    return frames


@contextmanager
def flooding(frames: list[Frame]) -> Iterator[str]:
    """The URL of a server that sends these to its only client, and a close frame."""
    data = b"".join(map(encode_frame, [*frames, Frame(8, b"\x03\xe8")]))

    def serve() -> None:
        client, _ = server.accept()
        with client, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                request += client.recv(4096)
            key = request.split(b"Sec-WebSocket-Key: ")[1].split(b"\r\n")[0]
            accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
            client.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: %b\r\n\r\n%b" % (accept, data)
            )
            client.shutdown(socket.SHUT_WR)
            while client.recv(1 << 16):
                pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"ws://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(30)


def record(url: str, path: Path, *arguments: str) -> list[str]:
    """The command."""
    return [sys.executable, "-m", "wsdebug", "record", url, "-o", str(path), *arguments]


def test_nothing_of_a_flood_is_lost(tmp_path: Path) -> None:
    """Every frame stands in the file, in order, whatever stands between the plain ones."""
    path, frames = tmp_path / "a.ws.jsonl", sent(20_000)
    with flooding(frames) as url:
        subprocess.run(record(url, path, "-q"), check=True, timeout=60)
    log = FrameLog.open(str(path))
    assert log.complete.wait(30)
    lines = [line for line in log if isinstance(line, FrameLine)]
    assert [line.frame for line in lines if not line.sent][:-1] == frames
    assert all(not line.bad for line in lines)
    *_, end = log
    assert isinstance(end, Event)
    assert (end.name, end.fields["frames"]) == ("end", len(lines))
    log.close()


def test_what_was_shown_in_a_flood_survives_a_kill(tmp_path: Path) -> None:
    """The program is killed while lines still come; what it has printed is in the file."""
    path, frames = tmp_path / "a.ws.jsonl", sent(60_000)
    with (
        flooding(frames) as url,
        subprocess.Popen(record(url, path, "--json"), stdout=subprocess.PIPE) as process,
    ):
        assert process.stdout is not None
        shown = process.stdout.read(SHOWN)
        os.kill(process.pid, signal.SIGKILL)
        shown += process.stdout.read()
    recorded = path.read_bytes()
    assert b'"event":"end"' not in recorded
    assert len(shown) >= SHOWN
    assert recorded.startswith(shown)
    log = FrameLog.open(str(path))
    assert log.complete.wait(30)
    whole = [line for line in log if isinstance(line, FrameLine) and not line.sent]
    assert [line.frame for line in whole] == frames[: len(whole)]
    log.close()
