"""What still arrives after a broken rule has ended a connection is shown as such."""

import asyncio
from pathlib import Path

from tests.hostile.peer import Peer, serving
from wsdebug.cli.text import row_text
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.wire.frame import Frame, Opcode


async def goes_on(peer: Peer) -> None:
    """A masked frame, and others in the same read and later."""
    await peer.open()
    masked = Frame(Opcode.TEXT, b"masked", mask=b"abcd")
    await peer.frames(masked, Frame(Opcode.TEXT, b"at once"))
    await asyncio.sleep(0)
    await peer.frames(Frame(Opcode.TEXT, b"later"), Frame(3, b"odd"), Frame(8, b"\x03\xe8"))
    await peer.stay()


async def test_it_is_recorded_and_marked_but_not_judged(tmp_path: Path) -> None:
    """In strict mode; lenient mode judges all of it."""
    for lenient, marked in ((False, ["at once", "later", "odd", "close"]), (True, [])):
        path = tmp_path / f"{lenient}.ws.jsonl"
        async with serving(goes_on) as port:
            options = ConnectOptions(url=f"ws://127.0.0.1:{port}/", lenient=lenient)
            live = LiveSession(options, RecordOptions(path=str(path)))
            await live.run()
        await live.finish()
        rows = [row for row in live.log.rows(0, 100) if row.kind == "frame" and not row.sent]
        late = [row for row in rows if row.late]
        assert [(row.preview or b"").decode()[:7] for row in late if row.opcode != 8] == [
            name for name in marked if name != "close"
        ]
        assert len(rows) == 5
        assert all("(after our close) " in row_text(row) for row in late)
        assert [row.bad for row in rows if row.opcode == 3] == [
            ("reserved-opcode",) if lenient else ()
        ]
        live.log.close()
