"""The Python API as its users see it."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import wsdebug
from wsdebug.playground.server import Playground
from wsdebug.session.lines import Event, FrameLine


@pytest_asyncio.fixture
async def url() -> AsyncIterator[str]:
    """A running playground."""
    async with Playground() as playground:
        yield playground.url


async def test_a_message_is_sent_and_read(url: str, tmp_path: Path) -> None:
    """Text, binary, a frame of one's own; all in the record."""
    path = tmp_path / "api.ws.jsonl"
    async with wsdebug.connect(url + "echo", record=str(path)) as connection:
        await connection.send("hello")
        await connection.send(b"\x00")
        await connection.send_frame(wsdebug.Frame(1, b"own", mask=b"abcd"))
        await connection.ping(b"p")
        got = []
        async for message in connection:
            got.append(message)
            if len(got) == 3:
                await connection.close(1000, "bye")
        assert got == ["hello", b"\x00", "own"]
        sent = [line for line in connection.log if isinstance(line, FrameLine) and line.sent]
        assert sent[-1].frame.opcode == 8
    assert '"event":"end"' in path.read_text().splitlines()[-1]


async def test_the_log_can_be_read_afterwards(url: str) -> None:
    """Though its file has no name: nothing is left behind."""
    before = set(os.listdir())
    async with wsdebug.connect(url + "echo", headers=[("X-A", "1")]) as connection:
        await connection.send("hello")
        assert await anext(aiter(connection)) == "hello"
    names = [line.name for line in connection.log if isinstance(line, Event)]
    assert names[-2:] == ["closed", "end"]
    frames = [line for line in connection.log if isinstance(line, FrameLine)]
    assert [line.payload for line in frames[:2]] == [b"hello", b"hello"]
    assert set(os.listdir()) == before


async def test_headers_and_subprotocols_go_out(url: str) -> None:
    """As they stand in the record."""
    async with wsdebug.connect(
        url + "echo", headers=[("X-A", "1"), ("User-Agent", None)], subprotocols=["chat"]
    ) as connection:
        pass
    (request,) = (e for e in connection.log if isinstance(e, Event) and e.name == "request")
    headers = request.fields["headers"]
    assert ["X-A", "1"] in headers
    assert ["Sec-WebSocket-Protocol", "chat"] in headers
    assert "User-Agent" not in dict(headers)


@pytest.mark.parametrize("code", [1000, 1001])
async def test_iteration_ends_at_an_ordinary_close(url: str, code: int) -> None:
    """The server has finished, or is going away."""
    async with wsdebug.connect(f"{url}close?code={code}") as connection:
        assert [message async for message in connection] == []


async def test_iteration_raises_the_code_and_reason(url: str) -> None:
    """At every other end; and a sender gets the same code."""
    async with wsdebug.connect(url + "close?code=4000&reason=why") as connection:
        with pytest.raises(wsdebug.ConnectionClosed, match="closed 4000: why") as caught:
            async for _ in connection:
                pass
        assert (caught.value.code, caught.value.reason, caught.value.by) == (4000, "why", "server")
        with pytest.raises(wsdebug.ConnectionClosed) as caught:
            await connection.send("late")
        assert (caught.value.code, caught.value.reason) == (4000, "why")


async def test_a_broken_rule_raises_with_its_section(url: str) -> None:
    """Strict is the default."""
    async with wsdebug.connect(url + "broken?kind=masked-by-server") as connection:
        with pytest.raises(wsdebug.ConnectionClosed, match=r"RFC 6455 §5\.1"):
            async for _ in connection:
                pass


async def test_what_keeps_it_from_connecting_is_raised(url: str) -> None:
    """A refusal, nobody there, a wrong URL, a wrong option."""
    with pytest.raises(wsdebug.HandshakeRefused, match="401") as refused:
        async with wsdebug.connect(url + "auth"):
            pass
    assert refused.value.body.startswith(b'{"error"')
    with pytest.raises(wsdebug.CannotConnect):
        async with wsdebug.connect("ws://127.0.0.1:1/"):
            pass
    with pytest.raises(wsdebug.UsageError, match="ftp:// is not a WebSocket"):
        async with wsdebug.connect("ftp://h/"):
            pass
    with pytest.raises(wsdebug.RecordingFailed):
        async with wsdebug.connect(url, record="/nowhere/a.ws.jsonl"):
            pass
    with pytest.raises(TypeError, match="nonsense"):
        async with wsdebug.connect(url, nonsense=1):
            pass


async def test_what_happens_inside_comes_out_as_it_is(url: str) -> None:
    """No group around it; the connection is closed and the record complete."""
    with pytest.raises(KeyError, match="mine"):
        async with wsdebug.connect(url + "echo") as connection:
            raise KeyError("mine")
    names = [line.name for line in connection.log if isinstance(line, Event)]
    assert names[-2:] == ["closed", "end"]


async def test_a_cancelled_task_closes_its_connection(url: str) -> None:
    """Cancelling goes through, in order."""
    opened: asyncio.Queue[wsdebug.Connection] = asyncio.Queue()

    async def stay() -> None:
        async with wsdebug.connect(url + "echo") as connection:
            opened.put_nowait(connection)
            async for _ in connection:
                pass

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(stay())
        connection = await opened.get()
        task.cancel()
    assert task.cancelled()
    (closed,) = (e for e in connection.log if isinstance(e, Event) and e.name == "closed")
    assert (closed.fields["by"], closed.fields["code"]) == ("client", 1000)


async def test_a_slow_reader_loses_nothing(url: str) -> None:
    """More messages than are kept for it."""
    async with wsdebug.connect(url + "echo", compression=None) as connection:

        async def send() -> None:
            for number in range(2000):
                await connection.send(str(number))

        got = []
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(send())
            async for message in connection:
                got.append(message)
                if len(got) == 2000:
                    break
        assert got == [str(number) for number in range(2000)]


async def test_what_cannot_be_sent_is_a_value_error(url: str) -> None:
    """And the connection stays open."""
    async with wsdebug.connect(url + "echo") as connection:
        for call in (
            connection.ping(bytes(126)),
            connection.pong(bytes(126)),
            connection.close(1000, "x" * 124),
            connection.send_frame(wsdebug.Frame(16)),
            connection.send("\ud800"),
        ):
            with pytest.raises(ValueError, match=r".+"):
                await call
        await connection.send("still here")
        assert await anext(aiter(connection)) == "still here"


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As for any module."""
    with pytest.raises(AttributeError):
        _ = wsdebug.nonsense


def test_every_public_name_is_there_and_documented() -> None:
    """Those that `__all__` lists, and what they offer."""
    for name in wsdebug.__all__:
        assert getattr(wsdebug, name).__doc__
    for name, member in vars(wsdebug.Connection).items():
        if not name.startswith("_"):
            assert member.__doc__, name
