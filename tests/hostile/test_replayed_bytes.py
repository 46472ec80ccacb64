"""A recorded session, replayed exactly, puts the same bytes on the wire."""

import asyncio
import sys
from pathlib import Path

import wsdebug
from tests.hostile.peer import Peer, serving
from wsdebug.wire.frame import Frame

KEY, OTHER = b"\xa1\xb2\xc3\xd4", bytes(4)


async def test_exact_masks_and_frames_are_the_same_bytes(tmp_path: Path) -> None:
    """Fragments, control frames, odd lengths and bits, compression, close; seen by the server."""
    came: list[bytes] = []

    async def listens(peer: Peer) -> None:
        await peer.open("Sec-WebSocket-Extensions: permessage-deflate")
        data = b""
        while more := await peer.reader.read(1 << 16):
            data += more
        came.append(data)

    path = tmp_path / "a.ws.jsonl"
    async with serving(listens) as port:
        url = f"ws://127.0.0.1:{port}/"
        async with wsdebug.connect(url, record=str(path), close_timeout=0.2) as connection:
            await connection.send("compressed " * 20)
            await connection.send(bytes(70000))
            await connection.send_frame(Frame(1, b"cut \xc3", fin=False, mask=KEY))
            await connection.send_frame(Frame(9, b"\xff", mask=OTHER))
            await connection.send_frame(Frame(0, b"\xa4", mask=KEY))
            await connection.send_frame(Frame(2, b"long", mask=KEY, length_form=64))
            await connection.send_frame(Frame(0xB, b"odd", rsv2=True, mask=KEY))
            await connection.close(4001, "done")
        command = ("replay", str(path), url, "--frames", "--exact-mask", "--close-timeout=0.2")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "wsdebug",
            *command,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said = b"".join(await process.communicate())
    assert len(came) == 2, said
    assert came[0] == came[1], said
    assert came[0].count(KEY) >= 4
