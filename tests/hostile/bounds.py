"""The real program against peers that would take all memory, within a bound of address space.

python -m tests.hostile.bounds    a message in 1,000,000 frames; takes half a minute
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.peer import Peer, Play, served
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["LIMIT", "Recorded", "fragments", "recorded"]

LIMIT = 640 << 20  # bytes of address space, most of it the interpreter's and its threads'
BOUNDED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv.pop(1)),) * 2)
from wsdebug.__main__ import main
sys.exit(main())
"""
STEP = 10_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """How `wsdebug record` ended, what it said, and its file."""

    code: int
    said: str
    path: Path


def recorded(play: Play, path: Path, *options: str) -> Recorded:
    """Record what a peer does, within the limit."""
    with served(play) as port:
        command = [sys.executable, "-c", BOUNDED, str(LIMIT), "record", "-q", *options]
        command += ["--close-timeout=0.2", "-o", str(path), f"ws://127.0.0.1:{port}/"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return Recorded(done.returncode, done.stderr, path)


def fragments(count: int) -> Play:
    """One message in so many frames of a byte, then a close."""

    async def play(peer: Peer) -> None:
        await peer.open(then=encode_frame(Frame(Opcode.TEXT, b"", fin=False)))
        block = encode_frame(Frame(Opcode.CONT, b"x", fin=False)) * STEP
        for _ in range(count // STEP):
            await peer.send(block)
        await peer.frames(Frame(Opcode.CONT), Frame(Opcode.CLOSE, b"\x03\xe8"))
        await peer.stay()

    return play


def main() -> int:
    """A million fragments: all in the record, and 0."""
    count = 1_000_000
    with TemporaryDirectory() as folder:
        done = recorded(fragments(count), Path(folder) / "a.ws.jsonl")
        with done.path.open("rb") as file:
            frames = sum(line.count(b'"op":"cont"') for line in file)
    sys.stdout.write(f"exit code {done.code}, {frames:,} continuations recorded; {done.said}\n")
    return 0 if (done.code, frames) == (0, count + 1) else 1


if __name__ == "__main__":
    sys.exit(main())
