"""The playground through the engine: what each path sends, and how it ends."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

import wsdebug
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import CannotConnect, HandshakeRefused
from wsdebug.playground.broken import AFTERWARDS, BROKEN_KINDS
from wsdebug.playground.paths import PATHS
from wsdebug.playground.server import Playground
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Opcode
from wsdebug.wire.violations import VIOLATIONS

HANDSHAKES = [kind for kind, broken in BROKEN_KINDS.items() if broken.headers]
ENDS = ["no-close", "vanish", "reset"]
RULES = [kind for kind in BROKEN_KINDS if kind not in HANDSHAKES + ENDS]


@pytest_asyncio.fixture
async def url() -> AsyncIterator[str]:
    """The URL of a running playground, without the last slash."""
    async with Playground() as playground:
        yield playground.url.rstrip("/")


async def frames_of(url: str, count: int, **options: object) -> list[FrameLine]:
    """Connect, wait for so many frames or the end, close; the frames of the record."""
    live = LiveSession(ConnectOptions(url=url, **options), deliver=True)  # type: ignore[arg-type]
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(live.run())
        while not running.done() and live.counters.frames_in < count:
            await asyncio.wait([running], timeout=0.01)
        await live.disconnect()
    frames = [line for line in live.log if isinstance(line, FrameLine)]
    await live.finish()
    return frames


async def refusal(options: ConnectOptions) -> CannotConnect:
    """Why it does not come to a connection."""
    live = LiveSession(options)
    await live.run()
    failure = live.status.failure
    await live.finish()
    assert isinstance(failure, CannotConnect)
    return failure


def test_every_violation_of_a_server_can_be_made() -> None:
    """All names of the session format but the one that only a client can break."""
    assert set(RULES) == set(VIOLATIONS) - {"unmasked-by-client"}


@pytest.mark.parametrize("kind", RULES)
async def test_every_broken_rule_is_named(url: str, kind: str) -> None:
    """A strict client fails, and its record says why."""
    frames = await frames_of(f"{url}/broken?kind={kind}", 9, close_timeout=0.2, max_size=1 << 20)
    if kind == "too-big":  # only the head came: our close is all there is, and the frame cut off
        sent = [line for line in frames if line.sent]
        assert sent[0].payload == b"\x03\xf1"
    else:
        assert kind in [name for line in frames for name in line.bad]


@pytest.mark.parametrize("kind", [kind for kind in RULES if BROKEN_KINDS[kind].then == "echo"])
async def test_a_lenient_client_goes_on_after_a_fault(url: str, kind: str) -> None:
    """What the server sends next is good."""
    count = len(BROKEN_KINDS[kind].frames) + 1
    frames = await frames_of(f"{url}/broken?kind={kind}", count, lenient=True)
    after = [line for line in frames if line.frame.payload == AFTERWARDS.payload]
    assert [line.bad for line in after] == [()]


@pytest.mark.parametrize("kind", HANDSHAKES)
async def test_a_fault_of_the_upgrade_is_refused(url: str, kind: str) -> None:
    """Never taken for a WebSocket, lenient or not."""
    failure = await refusal(ConnectOptions(url=f"{url}/broken?kind={kind}", lenient=True))
    assert isinstance(failure, HandshakeRefused)
    assert failure.status == 101


@pytest.mark.parametrize("kind", ENDS)
async def test_an_end_without_close_is_1006(url: str, kind: str) -> None:
    """No answer to ours, the end of the stream, a reset."""
    live = LiveSession(ConnectOptions(url=f"{url}/broken?kind={kind}", close_timeout=0.2))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(live.run())
        if kind == "no-close":
            await live.open()
            await live.disconnect()
        await running
    assert (live.status.code, live.status.clean) == (1006, False)
    await live.finish()


async def test_the_greeting_lists_every_path_in_words(url: str) -> None:
    """And every fault."""
    greeting = json.loads((await frames_of(f"{url}/", 1))[0].payload or b"")
    assert list(greeting["paths"]) == list(PATHS)
    assert all(greeting["paths"].values())
    assert greeting["broken"] == list(BROKEN_KINDS)


@pytest.mark.parametrize("message", ["hello", "", b"\x00\xff", b""])
@pytest.mark.parametrize("path", ["/echo", "/slow?delay=0", "/fragments?size=2"])
async def test_what_is_sent_comes_back_as_it_was(url: str, path: str, message: str | bytes) -> None:
    """Text as text, binary as binary, the empty ones too."""
    async with wsdebug.connect(url + path) as connection:
        await connection.send(message)
        async for answer in connection:
            if answer == message and type(answer) is type(message):
                await connection.close()
        received = [line for line in connection.log if isinstance(line, FrameLine)]
    assert not [line for line in received if line.bad]


async def test_fragments_cut_a_character_and_have_a_ping_between(url: str) -> None:
    """As on the wire."""
    frames = await frames_of(f"{url}/fragments", 5)
    received = [line.frame for line in frames if not line.sent][:5]
    assert [frame.opcode for frame in received] == [1, 0, Opcode.PING, 0, 0]
    assert [frame.fin for frame in received] == [False, False, True, False, True]
    data = [frame.payload for frame in received if frame.opcode != Opcode.PING]
    assert json.loads(b"".join(data))["note"].startswith("cents of €")
    with pytest.raises(UnicodeDecodeError):
        data[1].decode()


async def test_compressed_messages_have_both_sizes(url: str) -> None:
    """Smaller on the wire, in one frame and in fragments."""
    frames = await frames_of(f"{url}/deflate", 3)
    whole, *fragments = [line for line in frames if not line.sent and not line.frame.is_control]
    assert whole.payload is not None
    assert whole.frame.rsv1
    assert len(whole.frame.payload) < len(whole.payload)
    assert b"".join(line.payload or b"" for line in fragments) == whole.payload
    assert [line.frame.rsv1 for line in fragments] == [True, *(False for _ in fragments[1:])]


async def test_the_ticker_counts_and_ends(url: str) -> None:
    """The same quotes for the same seed, in order, in bulk at a high rate."""
    runs = []
    for _ in range(2):
        async with wsdebug.connect(f"{url}/ticker?rate=100000&count=5000&seed=3") as connection:
            runs.append([str(message) async for message in connection])
    assert runs[0] == runs[1]
    assert [json.loads(quote)["seq"] for quote in runs[0]] == list(range(1, 5001))


async def test_a_ticker_closes_behind_many_messages(url: str) -> None:
    """It does not read them, but sees the close."""
    async with wsdebug.connect(f"{url}/ticker") as connection:
        for _ in range(100):
            await connection.send("never read")
        await connection.close()
        ended = [message async for message in connection]
    assert all("quote" in str(message) for message in ended)


async def test_binary_messages_are_of_several_kinds(url: str) -> None:
    """Known by their first bytes."""
    lines = await frames_of(f"{url}/binary", 4, compression=None)
    frames = [line.frame for line in lines if not line.sent][:4]
    assert {frame.opcode for frame in frames} == {Opcode.BINARY}
    heads = [frame.payload[:4] for frame in frames[1:3]]
    assert (heads[0], heads[1][:2]) == (b"\x89PNG", b"\x1f\x8b")


async def test_a_pong_is_confirmed(url: str) -> None:
    """By a text; without our pong the pings go on alone."""
    frames = await frames_of(f"{url}/ping?every=0.01", 4, compression=None)
    assert b'{"type":"pong","seq":1}' in [line.frame.payload for line in frames]
    frames = await frames_of(f"{url}/ping?every=0.01", 4, auto_pong=False)
    received = {line.frame.opcode for line in frames if not line.sent} - {Opcode.CLOSE}
    assert received == {Opcode.PING}


@pytest.mark.parametrize(
    ("query", "payload"),
    [
        ("", b"\x03\xe8"),
        ("?code=4000&reason=bye", b"\x0f\xa0bye"),
        ("?code=1005", b"\x03\xed"),
        ("?code=none", b""),
    ],
)
async def test_close_closes_as_it_is_told(url: str, query: str, payload: bytes) -> None:
    """With any code, at once, and only once."""
    frames = await frames_of(f"{url}/close{query}", 9)
    received = [line for line in frames if not line.sent]
    assert [line.payload for line in received] == [payload]


async def test_everybody_in_the_chat_sees_a_message(url: str) -> None:
    """Its sender too; nobody elsewhere."""
    async with (
        wsdebug.connect(f"{url}/chat") as ann,
        wsdebug.connect(f"{url}/chat") as bob,
        wsdebug.connect(f"{url}/echo") as cid,
    ):
        await ann.send("hello")
        assert [await anext(aiter(one)) for one in (ann, bob)] == ["hello", "hello"]
        await cid.send("alone")
        assert await anext(aiter(cid)) == "alone"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/auth", 401, "login first"),
        ("/redirect", 302, "go to /echo"),
        ("/redirect?status=307&to=wss://h/", 307, "go to wss://h/"),
        ("/redirect?status=200", 400, "status must be one of 301, 302"),
        ("/redirect?to=%0d%0aX:1", 400, "to must be a URL"),
        ("/nothing", 404, "/ lists them"),
        ("/ticker?rate=fast", 400, "rate must be a number from 0.01 to 1000000"),
        ("/ticker?rate=nan", 400, "rate must be a number"),
        ("/slow?delay=61", 400, "delay must be a number from 0 to 60"),
        ("/close?code=65536", 400, "code must be a number from 0 to 65535"),
        (f"/close?reason={'x' * 124}", 400, "reason must have at most 123 bytes, not 124"),
        ("/broken", 400, "kind must be one of invalid-utf8, "),
        ("/broken?kind=nonsense", 400, "kind must be one of invalid-utf8, "),
    ],
)
async def test_a_path_refuses_in_words(url: str, path: str, status: int, words: str) -> None:
    """With the status that it says."""
    failure = await refusal(ConnectOptions(url=url + path))
    assert isinstance(failure, HandshakeRefused)
    assert failure.status == status
    assert words in failure.body.decode()


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


@pytest.mark.parametrize(
    "header",
    [
        ("Host", "evil.example"),
        ("Host", "[evil"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
    ],
)
async def test_pages_from_elsewhere_are_refused(url: str, header: tuple[str, str]) -> None:
    """DNS rebinding does not reach it."""
    failure = await refusal(ConnectOptions(url=f"{url}/echo", header=(header,)))
    assert isinstance(failure, HandshakeRefused)
    assert failure.status == 403


@pytest.mark.parametrize("path", ["/slow?delay=60", "/ping?every=3600", "/broken?kind=no-close"])
async def test_the_server_stops_while_a_client_stays(path: str) -> None:
    """Whatever a path waits for."""
    playground = await Playground().__aenter__()
    live = LiveSession(ConnectOptions(url=playground.url + path[1:]))
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(live.run())
        while live.status.state != "open" and live.status.step != "upgrade":
            await asyncio.wait([running], timeout=0.01)
        await playground.__aexit__(None, None, None)
    await live.finish()
    assert live.status.state in ("closed", "failed")
