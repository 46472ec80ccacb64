"""Pings, slow readers, peers that do not read, and messages that are too big."""

import asyncio
import gc
import zlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate

from wsdebug.engine.inbox import Inbox
from wsdebug.engine.keepalive import Ping, Pings, keepalive
from wsdebug.engine.live import LiveSession
from wsdebug.session.lines import Event, FrameLine
from wsdebug.wire.decode import FrameDecoder
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Upgrade = Callable[..., Awaitable[bytes]]
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter

DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"


def received(live: LiveSession) -> list[FrameLine]:
    """The frames that came."""
    return [line for line in live.log if isinstance(line, FrameLine) and not line.sent]


async def answer_pings(reader: Reader, writer: Writer, count: int) -> list[bytes]:
    """Answer pings with pongs; give their payloads."""
    decoder = FrameDecoder(limit=200)
    payloads: list[bytes] = []
    while len(payloads) < count and (data := await reader.read(100)):
        for decoded in decoder.feed(data):
            if decoded.frame.opcode == 9:
                payloads.append(decoded.frame.payload)
                writer.write(encode_frame(Frame(10, decoded.frame.payload)))
    return payloads


async def test_keepalive_pings_are_sent_and_their_round_trip_is_known(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """Each in the record; an answered one ends nothing."""
    pings: list[bytes] = []

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        pings.extend(await answer_pings(reader, writer, 3))
        writer.write(encode_frame(Frame(8, b"\x03\xe8")))

    options = {"ping_interval": 0.01, "ping_timeout": 1000.0}
    async with server(handle) as url, session(url, **options) as live:
        status = await live.until("closed")
        assert (status.code, status.by) == (1000, "server")
        assert len(set(pings)) == 3
        assert live.counters.round_trip_ns is not None
        assert live.counters.round_trip_ns > 0
        assert [frame.payload for frame in received(live)[:3]] == pings


async def test_a_ping_without_its_pong_ends_the_connection(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """With 1011, as other implementations do; and a reconnecting session goes on."""
    closes: asyncio.Queue[bytes] = asyncio.Queue()

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        decoder = FrameDecoder(limit=200)
        while data := await reader.read(100):
            for decoded in decoder.feed(data):
                if decoded.frame.opcode == 8:
                    closes.put_nowait(decoded.frame.payload)

    options = {"ping_interval": 0.01, "ping_timeout": 0.01, "close_timeout": 0.01}
    async with server(handle) as url, session(url, reconnect=True, **options) as live:
        for _ in range(2):
            assert await closes.get() == b"\x03\xf3keepalive ping timeout"
        events = [line for line in live.log if isinstance(line, Event) and line.connection == 1]
        assert [event.name for event in events[-2:]] == ["error", "closed"]
        assert events[-2].fields == {"kind": "keepalive", "message": "no pong in 0.01 s"}
        assert events[-1].fields["by"] == "network"
        assert (events[-1].fields["code"], events[-1].fields["sent"]) == (1006, 1011)


async def test_our_own_slow_reader_is_not_taken_for_a_silent_peer() -> None:
    """While reading is paused, the pong may stand behind messages that nobody reads."""
    pings = Pings()
    is_reading = iter((False, False, True))

    def send(data: bytes) -> Ping:
        pings.sent(data, 0)
        return pings.latest

    silent = await keepalive(
        send, interval=0.001, timeout=0.001, is_reading=lambda: next(is_reading)
    )
    assert silent
    assert next(is_reading, None) is None
    assert not await keepalive(
        lambda _: None, interval=0.001, timeout=None, is_reading=lambda: True
    )


def test_a_pong_answers_all_pings_before_it() -> None:
    """Section 5.5.3; the same payload may be under way twice."""
    pings = Pings()
    for number, data in enumerate((b"a", b"b", b"", b"", b"c")):
        pings.sent(data, number * 10)
    first = pings.latest
    assert pings.answer(b"nobody's", 100) is None
    assert pings.answer(b"b", 100) == 90
    assert pings.answer(b"a", 100) is None
    assert pings.answer(b"", 100) == 80
    assert pings.answer(b"", 100) == 70
    assert not first.answered.is_set()
    assert pings.answer(b"c", 100) == 60
    assert first.answered.is_set()


async def test_without_automatic_pongs_the_person_answers(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """`--no-auto-pong`."""
    came: asyncio.Queue[list[int]] = asyncio.Queue()

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        writer.write(encode_frame(Frame(9, b"p")) + encode_frame(Frame(1, b"next")))
        data = await reader.readexactly(7)
        came.put_nowait([each.frame.opcode for each in FrameDecoder(limit=9).feed(data)])

    async with server(handle) as url, session(url, auto_pong=False) as live:
        assert await live.receive() == "next"
        assert live.counters.frames_out == 0
        await live.pong(b"p")
        assert await came.get() == [10]


async def test_a_slow_reader_slows_the_peer_and_loses_nothing(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """What waits here is bounded, whatever the messages' number or size."""
    count = 1000

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        for number in range(count):
            writer.write(encode_frame(Frame(2, number.to_bytes(4, "big") * (1 << 14))))
            await writer.drain()
        writer.write(encode_frame(Frame(8, b"\x03\xe8")))

    async with server(handle) as url, session(url, compression=None) as live:
        for number in range(count):
            assert await live.receive() == number.to_bytes(4, "big") * (1 << 14)
            for _ in range(3):
                await asyncio.sleep(0)  # what can come may come
            assert live.counters.frames_in - number < 90  # 4 MiB and one read
        assert await live.receive() is None
        assert live.status.code == 1000


async def test_a_close_is_seen_behind_what_nobody_reads(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """Our close ends the pause; the messages before the server's can still be read."""
    count = 300

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        writer.write(encode_frame(Frame(2, bytes(1 << 16))) * count)
        await reader.readexactly(1)
        writer.write(encode_frame(Frame(8, b"\x03\xe8")))

    options = {"compression": None, "close_timeout": 1000.0}
    async with server(handle) as url, session(url, **options) as live:
        await live.open()
        await live.close(1000, "")
        assert (live.status.code, live.status.clean) == (1000, True)
        got = 0
        while await live.receive() is not None:
            got += 1
        assert got == count


def test_the_inbox_holds_and_releases_by_number_and_by_size() -> None:
    """At 256 messages or 4 MiB, until half of it is read."""
    for messages, read in (([b"x"] * 257, 129), ([bytes(1 << 20)] * 5, 3)):
        held: list[bool] = []
        inbox = Inbox(held.append)
        inbox.put(messages[:-1])
        assert held == []
        inbox.put(messages[-1:])
        assert held == [True]

        async def take(inbox: Inbox, count: int) -> None:
            for _ in range(count):
                await inbox.get()

        asyncio.run(take(inbox, read - 1))
        assert held == [True]
        asyncio.run(take(inbox, 1))
        assert held == [True, False]


async def test_send_waits_for_room(server: Server, session: Session, upgrade: Upgrade) -> None:
    """A peer that does not read: the buffer is bounded and counted, then it empties."""
    may_read = asyncio.Event()
    sent = 0

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        await may_read.wait()
        while await reader.read(1 << 20):
            continue

    async with server(handle) as url, session(url, compression=None, close_timeout=0.05) as live:
        await live.open()

        async def flood() -> None:
            nonlocal sent
            while True:
                await live.send(bytes(1 << 16))
                sent += 1

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(flood(), 0.3)
        assert sent == live.counters.frames_out
        assert 0 < live.counters.buffered < 1 << 18
        may_read.set()
        await live.send(b"room again")
        for _ in range(1000):
            if live.counters.buffered:
                await asyncio.sleep(0.01)
        assert live.counters.buffered == 0


@pytest.mark.parametrize("lenient", [False, True])
async def test_the_size_limit_counts_what_is_inflated(
    server: Server, session: Session, upgrade: Upgrade, lenient: bool
) -> None:
    """A bomb of 32 MiB is never made; in lenient mode the next message comes."""
    deflater = zlib.compressobj(9, wbits=-15)
    bomb = deflater.compress(bytes(1 << 25)) + deflater.flush(zlib.Z_SYNC_FLUSH)[:-4]

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer, DEFLATE)
        writer.write(encode_frame(Frame(2, bomb, rsv1=True)) + encode_frame(Frame(1, b"next")))
        await reader.read(1)

    async with server(handle) as url, session(url, max_size=1000, lenient=lenient) as live:
        if lenient:
            assert await live.receive() == "next"
            await live.disconnect()
        else:
            status = await live.until("closed")
            assert status.violation == "too-big"
        first = received(live)[0]
        assert first.bad == ("too-big",)
        assert first.payload is not None
        assert len(first.payload) <= 1000


async def test_a_message_at_the_limit_is_taken(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """In one frame and in several, compressed and not."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer, DEFLATE)
        small = zlib.compress(bytes(1000), wbits=-15)
        for frame in (
            Frame(2, bytes(1000)),
            Frame(2, bytes(500), fin=False),
            Frame(0, bytes(500)),
            Frame(2, small, rsv1=True),
            Frame(2, bytes(1001)),
        ):
            writer.write(encode_frame(frame))
        await reader.read(1)

    async with server(handle) as url, session(url, max_size=1000) as live:
        for _ in range(3):
            assert await live.receive() == bytes(1000)
        assert (await live.until("closed")).violation == "too-big"


async def test_the_librarys_handshake_is_not_kept(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """It holds a compressor of its own: a quarter of a megabyte for each idle connection."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer, DEFLATE)
        await reader.read()

    gc.collect()
    before = {id(each) for each in gc.get_objects() if isinstance(each, PerMessageDeflate)}
    async with server(handle) as url, session(url) as live:
        status = await live.until("open")
        assert status.extensions.startswith("permessage-deflate")
        gc.collect()
        after = [each for each in gc.get_objects() if isinstance(each, PerMessageDeflate)]
        assert [each for each in after if id(each) not in before] == []
