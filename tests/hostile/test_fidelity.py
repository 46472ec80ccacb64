"""Every frame in the record is what crossed the wire, as tshark sees it: a judge from elsewhere."""

import asyncio
import json
import shutil
import ssl
import subprocess
import threading
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
from websockets.asyncio.server import ServerConnection, serve

import wsdebug
from wsdebug.log.log import FrameLog
from wsdebug.playground.server import Playground
from wsdebug.session.lines import FrameLine
from wsdebug.wire.encode import minimal_form
from wsdebug.wire.frame import Frame

pytestmark = pytest.mark.skipif(
    shutil.which("tshark") is None or shutil.which("dumpcap") is None,
    reason="tshark is not installed: apt-get install tshark",
)

LAST = b"GET /the-last-packet "
PATIENCE = 20  # seconds


@dataclass(frozen=True, slots=True)
class Crossed:
    """One frame, from the record or from the wire; `payload` is unmasked, not inflated."""

    fin: bool
    rsv: int
    opcode: int
    mask: str | None
    form: int
    length: int
    payload: bytes


Flow = tuple[list[Crossed], list[Crossed]]  # what was sent, what was received


class Capture:
    """What dumpcap sees of a port on loopback, until a packet with `LAST` in it has come."""

    def __init__(self, path: Path, port: int) -> None:
        self._path, self._port = path, port
        self._data = bytearray()
        self._is_whole = threading.Event()
        command = ["dumpcap", "-q", "-P", "-i", "lo", "-f", f"tcp port {port}", "-w", "-"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self._process.stderr is not None
        said = b""
        while b"File:" not in said:
            line = self._process.stderr.readline()
            said += line
            if not line:
                pytest.skip(f"no capture on loopback here: {said.decode().splitlines()[-1]}")
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    async def finish(self) -> None:
        """Send the last packet, and wait until it has been seen."""
        _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(LAST)
        await asyncio.to_thread(self._is_whole.wait, PATIENCE)
        writer.close()
        self._process.terminate()
        self._reader.join(PATIENCE)
        self._process.communicate(timeout=PATIENCE)
        self._path.write_bytes(self._data)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while data := self._process.stdout.read1(1 << 16):  # type: ignore[attr-defined]
            self._data += data
            if LAST in self._data[-(1 << 17) :]:
                self._is_whole.set()


def seen(path: Path, port: int, *options: str) -> list[Flow]:
    """The frames of each connection in a capture, as tshark takes them apart."""
    command = ["tshark", "-r", str(path), *options, "-Y", "websocket", "-T", "json", "-x"]
    done = subprocess.run([*command, "--no-duplicate-keys"], capture_output=True, check=True)
    flows: dict[str, Flow] = defaultdict(lambda: ([], []))
    for packet in json.loads(done.stdout):
        layers = packet["_source"]["layers"]
        sent, received = flows[layers["tcp"]["tcp.stream"]]
        frames = layers["websocket"]
        for frame in frames if isinstance(frames, list) else [frames]:
            is_sent = layers["tcp"]["tcp.dstport"] == str(port)
            (sent if is_sent else received).append(_crossed(frame))
    return [flows[stream] for stream in sorted(flows, key=int)]


def _crossed(frame: dict[str, Any]) -> Crossed:
    form = next((n for n in (16, 64) if f"websocket.payload_length_ext_{n}" in frame), 7)
    name = "websocket.payload_length" + (f"_ext_{form}" if form != 7 else "")
    payload = frame.get("websocket.payload_raw", [""])[0]
    key = frame.get("websocket.masking_key")
    return Crossed(
        fin=frame["websocket.fin"] == "1",
        rsv=int(frame["websocket.rsv"], 16),
        opcode=int(frame["websocket.opcode"]),
        mask=key.replace(":", "") if key else None,
        form=form,
        length=int(frame[name]),
        payload=bytes.fromhex(payload),
    )


def recorded(path: Path) -> Flow:
    """The frames of a record."""
    log = FrameLog.open(str(path))
    log.complete.wait()
    flow: Flow = ([], [])
    for line in log:
        if isinstance(line, FrameLine):
            frame = line.frame
            length = line.cut if line.cut is not None else len(frame.payload)
            crossed = Crossed(
                fin=frame.fin,
                rsv=frame.rsv1 << 2 | frame.rsv2 << 1 | frame.rsv3,
                opcode=frame.opcode,
                mask=frame.mask.hex() if frame.mask is not None else None,
                form=frame.length_form or minimal_form(length),
                length=length,
                payload=frame.payload,
            )
            flow[0 if line.sent else 1].append(crossed)
    log.close()
    return flow


@dataclass(frozen=True, slots=True)
class Talk:
    """A connection: what is sent, as messages or frames, and how many messages are waited for."""

    path: str
    sends: tuple[str | bytes | Frame, ...] = ()
    messages: int = 0
    compression: bool = False


KEY, OTHER = b"\xa1\xb2\xc3\xd4", bytes(4)
BROKEN = (
    "invalid-utf8 masked-by-server reserved-bit reserved-opcode fragmented-control long-control "
    "unexpected-cont missing-cont long-length data-after-close"
)
TALKS = (
    Talk("echo", ("hello", b"\0\xff", "", "x" * 125, "y" * 126, b"z" * 65536), 6),
    Talk("echo", ("grüße " * 40, "grüße " * 40, b"\1" * 70000), 3, compression=True),
    Talk(
        "echo",
        (
            Frame(1, b"in ", fin=False, mask=KEY),
            Frame(9, b"between", mask=KEY),
            Frame(0, b"three ", fin=False, mask=OTHER),
            Frame(0, b"frames", mask=KEY),
            Frame(10, b"unasked", mask=KEY),
            Frame(2, b"long form", mask=KEY, length_form=64),
        ),
        2,
    ),
    Talk("echo", (Frame(1, b"not masked"),)),
    Talk("echo", (Frame(0xB, b"reserved", rsv3=True, mask=KEY),)),
    Talk("fragments?size=3", ("cut into pieces",), 2),
    Talk("deflate", ("once more",), 3, compression=True),
    Talk("binary", (b"\0" * 300,), 5),
    Talk("ping?every=0.05", (), 2),
    Talk("close?code=4000&reason=because"),
    *(Talk(f"broken?kind={kind}", (), 1) for kind in BROKEN.split()),
)


async def talk(url: str, what: Talk, path: Path, **options: Any) -> None:
    """Have a conversation, recorded."""
    compression = wsdebug.DeflateOffer() if what.compression else None
    async with (
        asyncio.timeout(PATIENCE),
        wsdebug.connect(
            f"{url}{what.path}",
            record=str(path),
            compression=compression,
            lenient=True,
            close_timeout=0.5,
            **options,
        ) as connection,
    ):
        for each in what.sends:
            if isinstance(each, Frame):
                await connection.send_frame(each)
            else:
                await connection.send(each)
        waiting = what.messages
        try:
            async for _ in connection:
                waiting -= 1
                if waiting <= 0:
                    break
        except wsdebug.ConnectionClosed:
            return


async def test_every_frame_in_the_record_crossed_the_wire(tmp_path: Path) -> None:
    """All opcodes, masks, lengths, fragments, compression and faults: equal, in order, each way."""
    capture_path = tmp_path / "capture.pcap"
    async with Playground() as playground:
        port = int(playground.url.rstrip("/").rpartition(":")[2])
        capture = await asyncio.to_thread(Capture, capture_path, port)
        for number, what in enumerate(TALKS):
            await talk(playground.url, what, tmp_path / f"{number}.ws.jsonl")
        await capture.finish()
    wire = seen(capture_path, port, "-d", f"tcp.port=={port},http")
    records = [recorded(tmp_path / f"{number}.ws.jsonl") for number in range(len(TALKS))]
    assert len(wire) == len(records)
    for what, record, crossed in zip(TALKS, records, wire, strict=True):
        assert record == crossed, what
    opcodes = {frame.opcode for flow in wire for way in flow for frame in way}
    assert opcodes >= {0, 1, 2, 3, 8, 9, 10, 11}
    assert {frame.form for flow in wire for way in flow for frame in way} == {7, 16, 64}


async def test_every_frame_in_the_record_crossed_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by the secrets that SSLKEYLOGFILE asks for."""
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    what = Talk("", ("hello", b"\0" * 70000, "again " * 50), 3, compression=True)
    async with serve(echo, "127.0.0.1", 0, ssl=context) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        capture = await asyncio.to_thread(Capture, tmp_path / "capture.pcap", port)
        url = f"wss://127.0.0.1:{port}/"
        await talk(url, what, tmp_path / "a.ws.jsonl", insecure=True)
        await capture.finish()
    options = ("-o", f"tls.keylog_file:{keys}", "-d", f"tcp.port=={port},tls")
    (wire,) = seen(tmp_path / "capture.pcap", port, *options, "-d", f"tls.port=={port},http")
    assert recorded(tmp_path / "a.ws.jsonl") == wire
    assert len(wire[0]) == len(wire[1]) == 4
