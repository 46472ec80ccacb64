"""The playground through the engine: every path, every broken rule, by name."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import HandshakeRefused
from wsdebug.playground.broken import BROKEN_KINDS
from wsdebug.playground.server import Playground
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Opcode


@pytest_asyncio.fixture
async def url() -> AsyncIterator[str]:
    """The URL of a running playground, without the last slash."""
    async with Playground() as playground:
        yield playground.url.rstrip("/")


async def frames_of(url: str, count: int, **options: object) -> list[FrameLine]:
    """Connect, wait for so many frames or the end, close; the frames of the record."""
    live = LiveSession(ConnectOptions(url=url, **options), deliver=True)  # type: ignore[arg-type]
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(live.run())
        while not running.done() and live.counters.frames_in < count:
            await asyncio.wait([running], timeout=0.01)
        await live.disconnect()
    frames = [line for line in live.log if isinstance(line, FrameLine)]
    await live.finish()
    return frames


@pytest.mark.parametrize("kind", BROKEN_KINDS)
async def test_every_broken_rule_is_named(url: str, kind: str) -> None:
    """A strict client fails, and its record says why."""
    frames = await frames_of(f"{url}/broken?kind={kind}", 9, close_timeout=0.2, max_size=1 << 20)
    if kind == "too-big":  # only the head came: our close is all there is, and the frame cut off
        sent = [line for line in frames if line.sent]
        assert sent[0].payload == b"\x03\xf1"
    else:
        assert kind in [name for line in frames for name in line.bad]


async def test_fragments_have_a_ping_between(url: str) -> None:
    """As on the wire."""
    frames = await frames_of(f"{url}/fragments", 5, compression=None)
    opcodes = [line.frame.opcode for line in frames if not line.sent][:5]
    assert opcodes[:2] == [Opcode.TEXT, Opcode.CONT]
    assert Opcode.PING in opcodes


async def test_compressed_messages_have_both_sizes(url: str) -> None:
    """Smaller on the wire."""
    first = (await frames_of(f"{url}/deflate", 1))[0]
    assert first.payload is not None
    assert first.frame.rsv1
    assert len(first.frame.payload) < len(first.payload)


@pytest.mark.parametrize(("path", "opcode"), [("/", 1), ("/ticker?rate=100", 1), ("/binary", 2)])
async def test_a_path_sends_what_it_says(url: str, path: str, opcode: int) -> None:
    """Greeting, quotes, binary."""
    assert (await frames_of(url + path, 1))[0].frame.opcode == opcode


async def test_close_closes_with_the_code(url: str) -> None:
    """And the reason."""
    frames = await frames_of(f"{url}/close?code=4000&reason=bye", 9)
    assert frames[0].payload == b"\x0f\xa0bye"


@pytest.mark.parametrize(
    ("path", "status"), [("/auth", 401), ("/redirect", 302), ("/nothing", 404)]
)
async def test_a_path_refuses(url: str, path: str, status: int) -> None:
    """With the status that it says."""
    live = LiveSession(ConnectOptions(url=url + path))
    await live.run()
    failure = live.status.failure
    assert isinstance(failure, HandshakeRefused)
    assert failure.status == status
    await live.finish()


async def test_auth_opens_with_the_credentials(url: str) -> None:
    """`-u demo:demo`."""
    live = LiveSession(ConnectOptions(url=f"{url}/auth", user="demo:demo"), deliver=True)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(live.run())
        await live.open()
        await live.send("hi")
        assert await live.receive() == "hi"
        await live.close()
    await live.finish()


@pytest.mark.parametrize("header", [("Host", "evil.example"), ("Origin", "https://evil.example")])
async def test_pages_from_elsewhere_are_refused(url: str, header: tuple[str, str]) -> None:
    """DNS rebinding does not reach it."""
    live = LiveSession(ConnectOptions(url=f"{url}/echo", header=(header,)))
    await live.run()
    failure = live.status.failure
    assert isinstance(failure, HandshakeRefused)
    assert failure.status == 403
    await live.finish()
