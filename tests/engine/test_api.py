"""The Python API as its users see it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import wsdebug
from wsdebug.playground.server import Playground
from wsdebug.session.lines import FrameLine


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


async def test_iteration_raises_the_code_and_reason(url: str) -> None:
    """Unless it is 1000 or 1001."""
    async with wsdebug.connect(url + "close?code=4000&reason=why") as connection:
        with pytest.raises(wsdebug.ConnectionClosed) as caught:
            async for _ in connection:
                pass
        assert (caught.value.code, caught.value.reason) == (4000, "why")
    async with wsdebug.connect(url + "close?code=1001") as connection:
        assert [message async for message in connection] == []


async def test_what_keeps_it_from_connecting_is_raised(url: str) -> None:
    """A refusal, nobody there, a wrong URL."""
    with pytest.raises(wsdebug.HandshakeRefused, match="401"):
        async with wsdebug.connect(url + "auth"):
            pass
    with pytest.raises(wsdebug.CannotConnect):
        async with wsdebug.connect("ws://127.0.0.1:1/"):
            pass
    with pytest.raises(wsdebug.WsdebugError):
        async with wsdebug.connect("ftp://h/"):
            pass


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


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As for any module."""
    with pytest.raises(AttributeError):
        _ = wsdebug.nonsense
