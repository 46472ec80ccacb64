"""Frames a second, ours against the websockets library, on the same bytes in one run.

    python tests/benchmarks/receive.py [FRAMES]

`decode` is wire alone, `judge` the conversation's rules, `each` both and a line for every frame
in a file, `record` the same by the fast lane, as a connection does it; the library does what its
clients do. Time is that of the
processor, and the best of three rounds counts, so that what else the machine does matters less;
figures of different runs do not compare, ratios do.
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

from websockets.client import ClientProtocol
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from wsdebug.engine.fast_lane import FastConversation
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.recorder import Recorder
from wsdebug.wire.decode import FrameDecoder
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame, Opcode

FRAMES = 200_000
READ = 1 << 16  # bytes of one read
ROUNDS = 3
URL = "ws://127.0.0.1:9911/ticker"


def stream(frames: int) -> list[bytes]:
    """Reads of text frames of about 100 bytes, as a ticker sends them."""
    data = b"".join(
        encode_frame(
            Frame(
                Opcode.TEXT,
                b'{"type":"quote","seq":1%08d,"symbol":"ACME-EUR","px":101.25,"qty":17,"side":"buy"}'
                % number,
            )
        )
        for number in range(frames)
    )
    return [data[start : start + READ] for start in range(0, len(data), READ)]


def library(reads: list[bytes]) -> int:
    """The client protocol of websockets."""
    protocol = ClientProtocol(parse_uri(URL), state=OPEN, max_size=None)
    frames = 0
    for data in reads:
        protocol.receive_data(data)
        frames += len(protocol.events_received())
    return frames


def decode(reads: list[bytes]) -> int:
    """Bytes to frames."""
    decoder = FrameDecoder(limit=1 << 26)
    return sum(len(decoder.feed(data)) for data in reads)


def judge(reads: list[bytes]) -> int:
    """Bytes to lines, every rule looked at."""
    conversation = FastConversation(random_mask=lambda: bytes(4))
    return sum(len(conversation.receive(data)) for data in reads)


def record(reads: list[bytes], folder: str, *, fast: bool) -> int:
    """Bytes to lines in a file, plain frames by the fast lane or not."""
    path = Path(folder) / "receive.ws.jsonl"
    recorder = Recorder(ConnectOptions(url=URL), RecordOptions(path=str(path), force=True))
    conversation = FastConversation(random_mask=lambda: bytes(4))
    receive = conversation.receive_runs if fast else conversation.receive
    for data in reads:
        recorder.frames_happened(receive(data), 1)
    recorder.close()
    return recorder.frames


def seconds(work: Callable[[list[bytes]], int], reads: list[bytes], frames: int) -> float:
    """Processor time that it takes; every frame must have come."""
    start = process_time()
    assert work(reads) == frames
    return process_time() - start


def main(frames: int) -> None:
    """Print a line for each."""
    reads = stream(frames)
    with tempfile.TemporaryDirectory() as folder:
        works: dict[str, Callable[[list[bytes]], int]] = {
            "websockets": library,
            "decode": decode,
            "judge": judge,
            "each": partial(record, folder=folder, fast=False),
            "record": partial(record, folder=folder, fast=True),
        }
        best = dict.fromkeys(works, float("inf"))
        for _ in range(ROUNDS):
            for name, work in works.items():
                best[name] = min(best[name], seconds(work, reads, frames))
    for name, spent in best.items():
        ratio = best["websockets"] / spent
        sys.stdout.write(f"{name:<10} {frames / spent:>11,.0f} frames/s  × {ratio:.2f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES)
