"""Automatic reconnect: when it goes on, after how long, and what stands in the record."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from unittest.mock import patch

import pytest

import wsdebug
from wsdebug.engine.backoff import backoff, retry_after
from wsdebug.engine.live import LiveSession
from wsdebug.errors import CannotConnect, HandshakeRefused, UsageError
from wsdebug.session.lines import Event
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Upgrade = Callable[..., Awaitable[bytes]]
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Handler = Callable[[Reader, Writer], Awaitable[None]]


@pytest.mark.parametrize(
    ("attempt", "jitter", "seconds"),
    [
        (1, 1.0, 1.0),
        (2, 1.0, 2.0),
        (5, 1.0, 16.0),
        (6, 1.0, 30.0),
        (7, 1.0, 30.0),
        (100_000, 1.0, 30.0),
        (3, 0.25, 1.0),
        (9, 0.0, 0.0),
    ],
)
def test_the_bound_doubles_up_to_half_a_minute(attempt: int, jitter: float, seconds: float) -> None:
    """Jitter takes any part of it."""
    assert backoff(attempt, jitter) == seconds


NOW = datetime(2026, 8, 3, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Mon, 03 Aug 2026 12:01:30 GMT", 90.0),
        ("Monday, 03-Aug-26 12:01:30 GMT", 90.0),
        ("Mon, 03 Aug 2026 11:00:00 GMT", 0.0),
        ("999999999999", 86_400.0),
        ("9" * 400, None),
        ("-1", None),
        ("soon", None),
        ("\u00b2", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999", None),
        ("", None),
    ],
)
def test_a_server_may_say_when(value: str, seconds: float | None) -> None:
    """Seconds or a date, at most a day; anything else counts as nothing."""
    assert retry_after([("X", "1"), ("retry-AFTER", value)], NOW) == seconds


def answering(*answers: bytes | None, upgrade: Upgrade, then: bytes = b"") -> Handler:
    """Gives each connection its answer, None for an upgrade that is followed by `then`; the
    last one again and again.
    """
    left = list(answers)

    async def handle(reader: Reader, writer: Writer) -> None:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if answer is None:
            await upgrade(reader, writer)
            writer.write(then)
            await reader.read(1)
        else:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)

    return handle


BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"


async def test_each_attempt_stands_in_the_record(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """With its number, the wait before it, and the number of its connection."""
    handle = answering(BUSY, BUSY, None, upgrade=upgrade)
    options = {"reconnect": True, "jitter": lambda: 0.001}
    async with server(handle) as url, session(url, **options) as live:
        await live.open()
        status = live.status
        events = [line for line in live.log if isinstance(line, Event)]
    assert (status.state, status.connection, status.attempt) == ("open", 3, 2)
    again = [(e.connection, e.fields) for e in events if e.name == "reconnect"]
    assert again == [(2, {"attempt": 1, "delay": 0.001}), (3, {"attempt": 2, "delay": 0.002})]
    steps = ["connecting", "dns", "tcp", "request", "response", "error"]
    assert [e.name for e in events if e.connection == 1] == steps
    assert [e.name for e in events if e.connection == 2] == ["reconnect", *steps]
    assert [e.name for e in events if e.connection == 3] == ["reconnect", *steps[:-1], "open"]


@pytest.mark.parametrize(("steady", "attempts"), [(0.0, [1, 1]), (3600.0, [1, 2])])
async def test_messages_go_on_over_a_reconnect(
    server: Server, session: Session, upgrade: Upgrade, steady: float, attempts: list[int]
) -> None:
    """A reader sees one stream; attempts count from the last connection that stayed open."""
    hello = encode_frame(Frame(1, b"hello"))
    handle = answering(None, upgrade=upgrade, then=hello + encode_frame(Frame(8, b"\x03\xf4")))
    waits = patch("wsdebug.engine.live.STEADY", steady)
    async with server(handle) as url, session(url, reconnect=True) as live:
        with waits:
            for number in range(1, 4):
                assert await live.receive() == "hello"
                assert live.status.connection == number
        again = [e.fields for e in live.log if isinstance(e, Event) and e.name == "reconnect"]
        assert [fields["attempt"] for fields in again] == attempts


async def test_the_python_api_goes_on_too(server: Server, upgrade: Upgrade) -> None:
    """Iteration ends when the person closes."""
    hello = encode_frame(Frame(1, b"hello"))
    handle = answering(None, upgrade=upgrade, then=hello + encode_frame(Frame(8, b"\x03\xf4")))
    got = []
    async with server(handle) as url, wsdebug.connect(url, reconnect=True) as connection:
        async for message in connection:
            got.append(message)
            if len(got) == 2:
                break
    assert got == ["hello", "hello"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 302])
async def test_a_refusal_that_will_stay_stops_it(
    server: Server, session: Session, upgrade: Upgrade, status: int
) -> None:
    """4xx, and redirects that are not followed; even with Retry-After."""
    head = f"HTTP/1.1 {status} No\r\nRetry-After: 0\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"
    handle = answering(head.encode(), upgrade=upgrade)
    async with server(handle) as url, session(url, reconnect=True) as live:
        with pytest.raises(HandshakeRefused, match=str(status)):
            await live.open()
        assert live.status.connection == 1


async def test_options_that_are_wrong_stop_it(session: Session) -> None:
    """They would be wrong the next time."""
    async with session("wss://127.0.0.1:1/", reconnect=True, cacert="/nowhere") as live:
        with pytest.raises(UsageError):
            await live.open()


async def test_retry_after_is_obeyed(server: Server, session: Session, upgrade: Upgrade) -> None:
    """Instead of the backoff; the state says until when, and the wait can be ended."""
    busy = BUSY.replace(b"\r\n\r\n", b"\r\nRetry-After: 1000\r\n\r\n")
    handle = answering(busy, upgrade=upgrade)
    async with server(handle) as url, session(url, reconnect=True) as live:
        status = await live.until("waiting")
        assert status.due_ns - status.since_ns == pytest.approx(1000e9, rel=0.01)
        assert status.attempt == 1
        (again,) = (e.fields for e in live.log if isinstance(e, Event) and e.name == "reconnect")
        assert again == {"attempt": 1, "delay": 1000.0}
        await live.disconnect()
        await live.until("closed")


@pytest.mark.parametrize("how", ["close", "disconnect", "frame"])
async def test_ones_own_close_is_the_end(
    server: Server, session: Session, upgrade: Upgrade, how: str
) -> None:
    """However it was sent; nothing is dialled again."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        await reader.read(1)
        writer.write(encode_frame(Frame(8, b"\x03\xe8")))

    async with server(handle) as url, session(url, reconnect=True) as live:
        await live.open()
        match how:
            case "close":
                await live.close(1000, "bye")
            case "disconnect":
                await live.disconnect()
            case _:
                await live.send_frame(Frame(8, b"\x03\xe8", mask=b"abcd"))
        assert await live.receive() is None
        assert (live.status.state, live.status.connection) == ("closed", 1)


async def test_without_it_one_attempt_is_all(session: Session) -> None:
    """Nobody listens there."""
    async with session("ws://127.0.0.1:1/") as live:
        with pytest.raises(CannotConnect):
            await live.open()
        assert await live.receive() is None
        assert not [e for e in live.log if isinstance(e, Event) and e.name == "reconnect"]


async def test_a_session_runs_again_in_the_same_record(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """The next connection has the next number."""
    async with server(answering(None, upgrade=upgrade)) as url, session(url) as live:
        await live.open()
        await live.disconnect()
        await live.until("closed")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(live.run())
            await live.until("open")
            assert live.status.connection == 2
            await live.disconnect()
        opens = [e.connection for e in live.log if isinstance(e, Event) and e.name == "open"]
        assert opens == [1, 2]
