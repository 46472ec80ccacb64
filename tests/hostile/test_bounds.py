"""Memory stays bounded whatever a peer sends: the real program with 640 MiB of address space."""

import sys
import zlib
from pathlib import Path

import pytest

from tests.hostile.bounds import fragments, recorded
from tests.hostile.peer import Peer, Play
from wsdebug.wire.encode import encode_frame, encode_head
from wsdebug.wire.frame import Frame, Opcode

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="wants a bound of address space")

MIB = 1 << 20
GIB = 1 << 30
SPACES = zlib.compressobj(9, wbits=-15)
BLOCK = SPACES.compress(b" " * MIB) + SPACES.flush(zlib.Z_FULL_FLUSH)


async def bomb(peer: Peer) -> None:
    """A megabyte that is a gigabyte."""
    await peer.open("Sec-WebSocket-Extensions: permessage-deflate")
    await peer.frames(Frame(Opcode.TEXT, (BLOCK * 1024)[:-4], rsv1=True))
    await peer.stay()


async def claim(peer: Peer) -> None:
    """A gigabyte that is claimed, and begun."""
    await peer.open(then=encode_head(Frame(Opcode.BINARY, declared_length=GIB)))
    for _ in range(100):
        await peer.send(bytes(MIB))
    await peer.stay()


async def pings(peer: Peer) -> None:
    """Pings whose pongs nobody reads, and a close."""
    await peer.open()
    for _ in range(30):
        await peer.frames(*[Frame(Opcode.PING, b"p" * 125)] * 1000)
    await peer.frames(Frame(Opcode.CLOSE, b"\x03\xe8"))
    await peer.stay()


async def empty(peer: Peer) -> None:
    """A message that never grows and never ends."""
    await peer.open(then=encode_frame(Frame(Opcode.BINARY, b"", fin=False)))
    for _ in range(5):
        await peer.send(encode_frame(Frame(Opcode.CONT, b"", fin=False)) * 10_000)
    await peer.frames(Frame(Opcode.CLOSE, b"\x03\xe8"))
    await peer.stay()


async def great(peer: Peer) -> None:
    """A message just within the limit."""
    await peer.open(then=encode_frame(Frame(Opcode.BINARY, bytes(64 * MIB))))
    await peer.frames(Frame(Opcode.CLOSE, b"\x03\xe8"))
    await peer.stay()


@pytest.mark.parametrize(
    ("play", "options", "code", "said"),
    [
        (bomb, [], 5, "over the size limit"),
        (claim, [], 5, "over the size limit"),
        (claim, ["--lenient", "-m", "1"], 0, ""),
        (pings, [], 0, ""),
        (empty, [], 0, ""),
        (great, [], 0, ""),
        (fragments(50_000), [], 0, ""),
    ],
    ids=["bomb", "claim", "claim, lenient", "pings", "empty", "great", "fragments"],
)
def test_memory_is_bounded(
    play: Play, options: list[str], code: int, said: str, tmp_path: Path
) -> None:
    """It ends as it should, says why, and its record is complete."""
    done = recorded(play, tmp_path / "a.ws.jsonl", *options)
    assert (done.code, said in done.said) == (code, True), done.said
    assert "fault of its own" not in done.said
    with done.path.open("rb") as file:
        file.seek(-200, 2)
        assert b'"event":"end"' in file.read()
