"""What is sent, one by one, many at once and in fragments, says the same."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.engine.conversation import Conversation, Deflate
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.outgoing import fresh_masks
from wsdebug.engine.recorder import Recorder
from wsdebug.errors import ConnectionClosed
from wsdebug.session.encode_many import encode_sent_lines
from wsdebug.session.lines import FrameLine
from wsdebug.wire.decode import FrameDecoder
from wsdebug.wire.encode import apply_mask, encode_frame
from wsdebug.wire.frame import Frame

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Upgrade = Callable[..., Awaitable[bytes]]
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter

messages = st.lists(
    st.text(max_size=20).map(str.encode)
    | st.sampled_from((b"", b"x" * 125, b"x" * 126, b"\x1b", b"y" * 65_535, b"z" * 30_000)),
    max_size=6,
)


def client(deflate: Deflate | None = None) -> Conversation:
    """A client's conversation whose masking keys are counted."""
    keys = count(1)
    return Conversation(random_mask=lambda: next(keys).to_bytes(4, "big"), deflate=deflate)


def recorder(*, keeps_wire: bool = True) -> Recorder:
    """One that writes to no named file, at time 0."""
    record = RecordOptions(keeps_wire=keeps_wire)
    return Recorder(ConnectOptions(url="ws://h/"), record, clock=lambda: 0, wall=lambda: 0)


@given(
    opcode=st.sampled_from((1, 2)),
    payloads=messages,
    deflate=st.sampled_from((None, Deflate(), Deflate(our_context_takeover=False))),
    keeps_wire=st.booleans(),
)
def test_many_at_once_are_the_same_bytes_and_lines(
    opcode: int, payloads: list[bytes], deflate: Deflate | None, keeps_wire: bool
) -> None:
    """Compressed or not."""
    one, many = client(deflate), client(deflate)
    singly, together = recorder(keeps_wire=keeps_wire), recorder(keeps_wire=keeps_wire)
    for payload in payloads:
        singly.frames_happened(one.send_message(opcode, payload), 1)
    sent = many.send_plain(opcode, payloads)
    assert sent is not None
    together.plain_sent(sent, 1)
    assert many.outgoing() == one.outgoing()
    assert [*together.log.raw_lines(2)] == [*singly.log.raw_lines(2)]
    assert together.frames == singly.frames == len(payloads)
    singly.close()
    together.close()


def test_a_continuation_after_many_belongs_to_the_last_of_them() -> None:
    """Its payload is text if theirs are."""
    conversation = client()
    for opcode, is_text in ((1, True), (2, False)):
        conversation.send_plain(opcode, [b"a", b"b"])
        (line,) = conversation.send_frame(Frame(0, b"c", mask=b"mask"))
        assert line.is_text == is_text


def test_what_compression_leaves_as_it_is_is_written_once() -> None:
    """`wire` stands only where it differs."""
    payloads, keys = [b"same", b"other"], [b"\0\0\0\1", b"\0\0\0\2"]
    for keeps_wire, tail in ((True, b'"wire":"bw=="'), (False, b'"wlen":1')):
        assert encode_sent_lines(
            payloads,
            keys,
            '{"t":0.000000,',
            is_text=True,
            wires=[b"same", b"o"],
            keeps_wire=keeps_wire,
        ).splitlines() == [
            b'{"t":0.000000,"rsv1":true,"mask":"00000001","send":"same"}',
            b'{"t":0.000000,"rsv1":true,"mask":"00000002","send":"other",%b}' % tail,
        ]


@given(data=st.binary(max_size=300), mask=st.binary(min_size=4, max_size=4))
def test_the_compiled_mask_is_ours(data: bytes, mask: bytes) -> None:
    """Where there is no wheel, ours takes its place."""
    speedups = pytest.importorskip("websockets.speedups")
    assert speedups.apply_mask(data, mask) == apply_mask(data, mask)


def test_each_frame_has_a_fresh_mask() -> None:
    """More than are drawn at once; two of so few are hardly ever the same."""
    masks = [*islice(fresh_masks(), 3000)]
    assert {len(mask) for mask in masks} == {4}
    assert len(set(masks)) > 2990


@pytest.mark.parametrize(
    ("conversation", "payload"),
    [
        (client(), b"x" * 65_536),
        (client(Deflate()), b"x" * 65_536),
        (Conversation(role="server", random_mask=lambda: b""), b"unmasked"),
    ],
)
def test_what_is_not_plain_is_not_sent_that_way(conversation: Conversation, payload: bytes) -> None:
    """None, and no bytes."""
    assert conversation.send_plain(1, [b"short", payload]) is None
    assert conversation.outgoing() == b""


@given(
    data=st.text(max_size=40).map(str.encode),
    size=st.integers(1, 50),
    deflate=st.sampled_from((None, Deflate(), Deflate(our_context_takeover=False))),
)
def test_fragments_join_to_the_message(data: bytes, size: int, deflate: Deflate | None) -> None:
    """Compressed or not; each but the last carries so many bytes (section 5.4)."""
    ours = client(deflate)
    peer_deflate = deflate and Deflate(peer_context_takeover=deflate.our_context_takeover)
    peer = Conversation(role="server", random_mask=lambda: b"", deflate=peer_deflate, deliver=True)
    lines = [*ours.send_fragments(1, data, size), *ours.send_message(2, b"next")]
    first, *others = [line.frame for line in lines[:-1]]
    assert (first.opcode, first.rsv1) == (1, deflate is not None)
    assert all((frame.opcode, frame.rsv1) == (0, False) for frame in others)
    assert [line.frame.fin for line in lines[:-1]] == [False] * len(others) + [True]
    assert all(len(line.payload or b"") == size for line in lines[:-2])
    assert b"".join(line.payload or b"" for line in lines[:-1]) == data
    assert all(line.is_text for line in lines[:-1])
    got = peer.receive(ours.outgoing())
    assert [line.bad for line in got] == [()] * len(got)
    assert [line.payload for line in got] == [line.payload for line in lines]
    assert peer.take_messages() == [data.decode(), b"next"]


async def collect(reader: Reader, writer: Writer, upgrade: Upgrade) -> list[Frame]:
    """The frames of a client until it closes; each text is answered."""
    await upgrade(reader, writer)
    decoder = FrameDecoder(limit=1 << 20)
    frames: list[Frame] = []
    while data := await reader.read(1 << 16):
        for decoded in decoder.feed(data):
            frames.append(decoded.frame)
            if decoded.frame.opcode == 8:
                writer.write(encode_frame(Frame(8, decoded.frame.payload)))
                return frames
            if decoded.frame.opcode == 1:
                writer.write(encode_frame(Frame(1, decoded.frame.payload)))
    return frames


@pytest.mark.parametrize("is_kept", [True, False])
async def test_a_session_sends_and_receives_with_and_without_a_record(
    server: Server, upgrade: Upgrade, is_kept: bool
) -> None:
    """Messages come in one list; a fragmented one has its frames."""
    frames: asyncio.Future[list[Frame]] = asyncio.get_running_loop().create_future()

    async def handle(reader: Reader, writer: Writer) -> None:
        frames.set_result(await collect(reader, writer, upgrade))

    async with server(handle) as url, asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        live = LiveSession(ConnectOptions(url=url), RecordOptions(is_kept=is_kept), deliver=True)
        running = tasks.create_task(live.run())
        await live.open()
        await live.sender.messages(1, [b"one", b"two"])
        await live.sender.fragments(2, bytes(600), 2)
        got: list[str | bytes] = []
        while len(got) < 2:
            got += await live.receive_all() or []
        await live.close()
        await running
        assert got == ["one", "two"]
        assert await live.receive_all() is None
        with pytest.raises(ConnectionClosed):
            await live.sender.messages(1, [b"late"])
    sent = await frames
    assert [frame.payload for frame in sent[:2]] == [b"one", b"two"]
    assert len(sent) == 2 + 300 + 1
    assert (live.counters.frames_out, live.counters.frames_in) == (303, 3)
    assert live.counters.bytes_out == 6 + 600 + 2
    if is_kept:
        lines = [line for line in live.log if isinstance(line, FrameLine) and line.sent]
        assert [line.payload for line in lines] == [frame.payload for frame in sent]
    await live.finish()
    assert live.status.recording_problem == ""


async def test_a_ping_tells_when_it_was_answered(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """By its own pong."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        data = FrameDecoder(limit=200).feed(await reader.read(100))[0].frame.payload
        writer.write(encode_frame(Frame(10, data)))
        await reader.read()

    async with server(handle) as url, session(url, close_timeout=0.1) as live:
        await live.open()
        ping = await live.ping(b"now")
        await ping.answered.wait()
        assert live.counters.round_trip_ns is not None
