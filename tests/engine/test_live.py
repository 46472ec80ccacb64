"""A live session against real servers on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve

from wsdebug.engine.happened import lines_of
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.errors import CannotConnect, ConnectionClosed, HandshakeRefused
from wsdebug.session.lines import Event, FrameLine, Happened


async def echo(connection: ServerConnection) -> None:
    """Send back what comes; `end` closes with 4000."""
    async for message in connection:
        if message == "end":
            await connection.close(4000, "as asked")
        else:
            await connection.send(message)


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    """An echo server's URL."""
    async with serve(echo, "127.0.0.1", 0) as running:
        port = next(iter(running.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}/"


@asynccontextmanager
async def raw_server(answer: bytes) -> AsyncIterator[str]:
    """A server that reads a head, writes bytes and closes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    running = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with running:
        yield f"ws://127.0.0.1:{running.sockets[0].getsockname()[1]}/"


@asynccontextmanager
async def session(url: str, path: Path, **options: object) -> AsyncIterator[LiveSession]:
    """A session that runs beside the test and is finished after it."""
    live = LiveSession(
        ConnectOptions(url=url, **options),  # type: ignore[arg-type]
        RecordOptions(path=str(path)),
        deliver=True,
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(live.run())
        try:
            yield live
        finally:
            await live.disconnect()
    await live.finish()


def events(live: LiveSession) -> list[str]:
    """Names of the events of the record."""
    return [line.name for line in live.log if isinstance(line, Event)]


async def test_a_message_goes_out_and_comes_back(tmp_path: Path) -> None:
    """And every step and frame stands in the record, in order."""
    path = tmp_path / "a.ws.jsonl"
    async with server() as url, session(url, path) as live:
        await live.open()
        assert live.status.state == "open"
        await live.send("hello")
        assert await live.receive() == "hello"
        await live.send(b"\x00\x01")
        assert await live.receive() == b"\x00\x01"
        await live.ping(b"p")
        await live.close(1000, "bye")
        assert (live.status.code, live.status.clean, live.status.by) == (1000, True, "client")
        live.raise_for_status()
        steps = ["connecting", "dns", "tcp", "request", "response", "open", "closed"]
        assert events(live) == steps
        frames = [line for line in live.log if isinstance(line, FrameLine)]
        assert [(f.sent, f.frame.opcode, f.payload) for f in frames[:2]] == [
            (True, 1, b"hello"),
            (False, 1, b"hello"),
        ]
        assert all(frame.frame.rsv1 for frame in frames[:4])
        rows = live.log.rows(0, 100)
        assert [row.event for row in rows if row.event] == ["open", "closed"]
    text = path.read_text().splitlines()
    assert json.loads(text[0])["url"] == url
    assert json.loads(text[-1])["event"] == "end"
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_close_from_the_server_is_told_with_its_code(tmp_path: Path) -> None:
    """And raises for those who must act."""
    async with server() as url, session(url, tmp_path / "a.ws.jsonl") as live:
        await live.open()
        await live.send("end")
        assert await live.receive() is None
        assert (live.status.code, live.status.reason) == (4000, "as asked")
        with pytest.raises(ConnectionClosed, match="4000"):
            live.raise_for_status()
        with pytest.raises(ConnectionClosed):
            await live.send("late")


async def test_a_refusal_is_kept_whole(tmp_path: Path) -> None:
    """Status, headers and body; the steps stay rows."""
    answer = (
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\n'
        b"Content-Length: 5\r\n\r\nlogin"
    )
    async with raw_server(answer) as url, session(url, tmp_path / "a.ws.jsonl") as live:
        with pytest.raises(HandshakeRefused, match="401, wants Basic") as caught:
            await live.open()
        assert caught.value.body == b"login"
        assert events(live)[-2:] == ["response", "error"]
        assert len(live.log) == 6


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 101 Ok\r\n\r\n"])
async def test_an_answer_that_is_no_upgrade_is_refused(tmp_path: Path, answer: bytes) -> None:
    """Nothing, another protocol, a 101 without its headers."""
    async with raw_server(answer) as url, session(url, tmp_path / "a.ws.jsonl") as live:
        with pytest.raises(HandshakeRefused):
            await live.open()
        assert live.status.state == "failed"


async def test_nobody_listening_is_said_in_words(tmp_path: Path) -> None:
    """With the address."""
    async with session("ws://127.0.0.1:1/", tmp_path / "a.ws.jsonl") as live:
        with pytest.raises(CannotConnect, match=r"nobody listens on 127\.0\.0\.1:1"):
            await live.open()


async def test_secrets_never_reach_the_record(tmp_path: Path) -> None:
    """Not in the header, not in the raw request."""
    path = tmp_path / "a.ws.jsonl"
    async with (
        server() as url,
        session(url + "?token=tok-1", path, user="ann:pw-1", cookie="c=ck-1") as live,
    ):
        await live.open()
    text = path.read_text()
    for secret in ("tok-1", "pw-1", "ck-1", "YW5uOnB3LTE="):
        assert secret not in text


async def test_a_connection_that_broke_is_tried_again(tmp_path: Path) -> None:
    """Each attempt in the record, with its number."""
    third = asyncio.Event()
    requests: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        if len(requests) == 3:
            third.set()

    running = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with running:
        url = f"ws://127.0.0.1:{running.sockets[0].getsockname()[1]}/"
        live = LiveSession(
            ConnectOptions(url=url, reconnect=True),
            RecordOptions(path=str(tmp_path / "a.ws.jsonl")),
            jitter=lambda: 0.001,
        )
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(live.run())
            await third.wait()
            await live.disconnect()
    assert events(live).count("reconnect") >= 2
    assert max(line.connection for line in live.log if isinstance(line, Event)) >= 3
    await live.finish()


async def test_each_frame_is_handed_over_with_its_line(tmp_path: Path) -> None:
    """Once it is recorded, whichever way it came; for a replay, which compares them."""
    taken: list[FrameLine] = []

    def take(happened: Happened) -> None:
        taken.extend(lines_of((happened,)))

    async with server() as url, session(url, tmp_path / "a.ws.jsonl") as live:
        live.tap(take)
        await live.open()
        for message in ("plain", b"binary", "x" * 70_000):
            await live.send(message)
        await live.ping(b"p")
        while live.counters.frames_in < 4:
            await live.receive()
        await live.close()
        live.tap(None)
        lines = [line for line in live.log if isinstance(line, FrameLine)]
    assert [(line.number, line.payload) for line in taken] == [
        (line.number, line.payload) for line in lines
    ]
    assert {line.sent for line in taken} == {True, False}
