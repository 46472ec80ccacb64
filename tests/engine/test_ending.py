"""How connections end, and what is on its way while they do."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from wsdebug.engine.live import LiveSession
from wsdebug.errors import ConnectionClosed
from wsdebug.session.lines import Event, FrameLine
from wsdebug.wire.decode import FrameDecoder
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Upgrade = Callable[..., Awaitable[bytes]]
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter

CLOSE = encode_frame(Frame(8, b"\x03\xe8"))


def closed(live: LiveSession) -> Event:
    """The `closed` event."""
    (event,) = (line for line in live.log if isinstance(line, Event) and line.name == "closed")
    return event


def frames(live: LiveSession) -> list[tuple[str, int, bytes | None, tuple[str, ...]]]:
    """Direction, opcode, payload and violations."""
    return [
        ("out" if line.sent else "in", line.frame.opcode, line.payload, line.bad)
        for line in live.log
        if isinstance(line, FrameLine)
    ]


async def test_after_both_close_frames_the_server_closes_tcp(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """Section 7.1.1: we only half-close, and wait for it as `closing`."""
    may_close = asyncio.Event()
    rest: asyncio.Queue[bytes] = asyncio.Queue()

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        writer.write(CLOSE)
        rest.put_nowait(await reader.read())  # to the end of our direction
        await may_close.wait()

    async with server(handle) as url, session(url) as live:
        status = await live.until("closing")
        assert status.due_ns > status.since_ns
        (answer,) = FrameDecoder(limit=200).feed(await rest.get())
        assert (answer.frame.opcode, answer.frame.payload) == (8, b"\x03\xe8")
        assert live.status.state == "closing"
        may_close.set()
        status = await live.until("closed")
        assert (status.code, status.by, status.clean) == (1000, "server", True)
        assert closed(live).fields == {
            "by": "server",
            "code": 1000,
            "reason": "",
            "clean": True,
            "sent": 1000,
        }


@pytest.mark.parametrize(
    ("sent", "rule", "code", "reason"),
    [
        (encode_frame(Frame(3)) + CLOSE, "reserved-opcode", 1000, ""),
        (encode_frame(Frame(8, b"\xff\xffbye")), "bad-close-code", 65535, "bye"),
        (encode_frame(Frame(8, b"\x03")), "bad-close-payload", 1005, ""),
        (encode_frame(Frame(8, b"\x03\xe8", rsv1=True)), "reserved-bit", 1000, ""),
    ],
)
async def test_what_broke_a_rule_is_no_success_whatever_code_came(
    server: Server,
    session: Session,
    upgrade: Upgrade,
    sent: bytes,
    rule: str,
    code: int,
    reason: str,
) -> None:
    """The code that was received stands in the record, also of a close frame that is wrong."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        writer.write(sent)
        await reader.read()

    async with server(handle) as url, session(url) as live:
        status = await live.until("closed")
        assert (status.code, status.reason, status.violation) == (code, reason, rule)
        assert not status.clean
        with pytest.raises(ConnectionClosed, match="failed because of"):
            live.raise_for_status()
        assert closed(live).fields == {
            "by": "client",
            "code": code,
            "reason": reason,
            "clean": False,
            "sent": 1002,
        }


async def test_a_server_that_never_closes_is_not_waited_for_longer_than_set(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """`--close-timeout`; the end of the wait stands in the state."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        await reader.read()
        await asyncio.Event().wait()

    async with server(handle) as url, session(url, close_timeout=0.05) as live:
        await live.open()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(live.close(4001, "mine"))
            status = await live.until("closing")
            assert status.due_ns - status.since_ns <= 50_000_000
        status = live.status
        assert (status.state, status.code, status.by) == ("closed", 1006, "client")
        assert closed(live).fields["sent"] == 4001
        assert not status.clean


async def test_disconnecting_twice_breaks_off(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """The second does not wait for the server."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        await asyncio.Event().wait()

    async with server(handle) as url, session(url, close_timeout=1000.0) as live:
        await live.open()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(live.disconnect())
            await live.until("closing")
            await live.disconnect()
        assert (live.status.state, live.status.code) == ("closed", 1006)


async def test_a_server_that_half_closes_still_gets_what_was_sent(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """Its direction ends without a close frame while ours waits in the buffer."""
    may_read = asyncio.Event()
    sizes: asyncio.Queue[int] = asyncio.Queue()
    size = 8 << 20

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        await reader.readexactly(1)
        writer.write_eof()
        await may_read.wait()
        sizes.put_nowait(1 + len(await reader.read()))

    async with server(handle) as url, session(url, compression=None) as live:
        await live.open()
        await live.send(bytes(size))
        await live.until("closing")
        assert live.counters.buffered > 0
        may_read.set()
        status = await live.until("closed")
        assert (status.code, status.by) == (1006, "network")
        assert await sizes.get() == size + 14


async def test_a_reset_is_named(server: Server, session: Session, upgrade: Upgrade) -> None:
    """Code 1006, and the system's word for it."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    async with server(handle) as url, session(url) as live:
        status = await live.until("closed")
        assert (status.code, status.by, status.clean) == (1006, "network", False)
        errors = [e.fields for e in live.log if isinstance(e, Event) and e.name == "error"]
        assert errors == [{"kind": "network", "message": "connection reset by peer"}]
        with pytest.raises(ConnectionClosed, match="the connection broke; no close frame came"):
            live.raise_for_status()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (encode_frame(Frame(1, b"hello"))[:5], ("in", 1, b"hel", ("truncated",))),
        (
            encode_frame(Frame(2, b"abc", declared_length=1 << 40)),
            ("in", 2, b"abc", ("too-big", "truncated")),
        ),
    ],
)
async def test_a_frame_that_was_cut_off_stands_in_the_record(
    server: Server,
    session: Session,
    upgrade: Upgrade,
    sent: bytes,
    expected: tuple[str, int, bytes, tuple[str, ...]],
) -> None:
    """Also where we end the connection because of it."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        writer.write(sent)
        if "too-big" in expected[3]:
            await reader.read()

    async with server(handle) as url, session(url, close_timeout=0.05) as live:
        await live.until("closed")
        assert frames(live)[-1] == expected


async def test_bytes_that_make_no_frame_head_are_kept(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """An event `bytes`."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        writer.write(b"\x81")

    async with server(handle) as url, session(url) as live:
        await live.until("closed")
        assert [e.fields for e in live.log if isinstance(e, Event) and e.name == "bytes"] == [
            {"b64": "gQ=="}
        ]


async def test_a_broken_rule_fails_the_connection_and_its_answer_is_recorded(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """Strict: our close frame has the code of the rule; the rule stands in the state."""
    answered = asyncio.Event()

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        writer.write(encode_frame(Frame(1, b"masked", mask=b"abcd")))
        await reader.readexactly(8)
        writer.write(encode_frame(Frame(8, b"\x03\xeasorry")))
        answered.set()

    async with server(handle) as url, session(url) as live:
        status = await live.until("closed")
        assert answered.is_set()
        assert (status.code, status.reason, status.by) == (1002, "sorry", "client")
        assert status.violation == "masked-by-server"
        with pytest.raises(ConnectionClosed, match=r"A server never masks .* RFC 6455 §5\.1"):
            live.raise_for_status()


@pytest.mark.parametrize("code", [1000, 1001, 1005, 3000, 4000])
async def test_only_1000_and_1001_are_ordinary_ends(
    server: Server, session: Session, upgrade: Upgrade, code: int
) -> None:
    """Every other raises, with code and reason; 1005 is an empty close frame."""
    payload = b"" if code == 1005 else code.to_bytes(2, "big") + b"why"

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        writer.write(encode_frame(Frame(8, payload)))
        await reader.read()

    async with server(handle) as url, session(url) as live:
        await live.until("closed")
        if code in (1000, 1001):
            live.raise_for_status()
        else:
            with pytest.raises(ConnectionClosed) as caught:
                live.raise_for_status()
            assert (caught.value.code, caught.value.by) == (code, "server")
            assert caught.value.reason == ("" if code == 1005 else "why")
        with pytest.raises(ConnectionClosed) as caught:
            await live.send("late")
        assert caught.value.code == code


async def test_a_close_frame_by_hand_and_what_follows_it(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """A frame may still be sent as it is set; a message may not."""
    came: list[int] = []

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        decoder = FrameDecoder(limit=200)
        while len(came) < 2:
            came.extend(each.frame.opcode for each in decoder.feed(await reader.read(100)))
        writer.write(CLOSE)

    async with server(handle) as url, session(url) as live:
        await live.open()
        await live.send_frame(Frame(8, b"\x0f\xa0", mask=b"abcd"))
        assert live.status.state == "closing"
        with pytest.raises(ConnectionClosed):
            await live.send("late")
        await live.send_frame(Frame(1, b"late", mask=b"abcd"))
        status = await live.until("closed")
        assert came == [8, 1]
        assert (status.by, status.clean) == ("client", True)


@pytest.mark.parametrize(
    ("code", "reason"), [(1000, "x" * 124), (None, "why"), (65536, ""), (-1, "")]
)
async def test_a_close_that_cannot_be_written_is_refused(
    server: Server, session: Session, upgrade: Upgrade, code: int | None, reason: str
) -> None:
    """The connection stays open."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        await reader.read(1)
        writer.write(CLOSE)

    async with server(handle) as url, session(url) as live:
        await live.open()
        with pytest.raises(ValueError, match=r"close|control|reason"):
            await live.close(code, reason)
        assert live.status.state == "open"
