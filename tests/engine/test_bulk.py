"""The fast lane says the same as the way of every frame."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wsdebug.engine.bulk import frames_size, plain_frames
from wsdebug.engine.conversation import Deflate, Limits
from wsdebug.engine.fast_lane import FastConversation
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.recorder import Recorder
from wsdebug.session.lines import SEPARATOR, MessageRun
from wsdebug.wire.deflate import Deflater
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

KEY = b"\x01\x02\x03\x04"
LIMIT = 300

texts = st.text(max_size=20) | st.sampled_from(
    (
        "\x7f",
        "a\x7fb",
        "\\u001e",
        "\x1e",
        '"',
        "\\",
        "\\u007f",
        "\n\t\x00\x1f",
        "\u2028\x85é€😀",
        "",
    )
)
plain = st.builds(
    Frame,
    st.sampled_from((1, 1, 2)),
    texts.map(str.encode) | st.sampled_from((b"x" * 125, b"x" * 126, b"x" * 200)),
)
odd = st.builds(
    Frame,
    st.sampled_from((0, 1, 2, 3, 8, 9, 10)),
    st.sampled_from(
        (b"", b"\xff", b"\xc3", b"\x03\xe8", b"hello", b"x" * 126, b"y" * 301, b"z" * 70_000)
    ),
    fin=st.booleans(),
    rsv1=st.booleans(),
    mask=st.sampled_from((None, KEY)),
    length_form=st.sampled_from((None, 16, 64)),
)
# a text or binary message to be compressed in its turn
compressed = st.builds(
    Frame,
    st.sampled_from((1, 1, 2)),
    texts.map(str.encode) | st.sampled_from((b"\xff", b"x" * 200, b"y" * 301)),
    rsv1=st.just(True),
    fin=st.booleans() | st.just(True),
)
streams = st.lists(plain | plain | compressed | odd, max_size=12) | st.lists(compressed | plain)


def encoded(frames: list[Frame], *, takeover: bool) -> bytes:
    """The frames on the wire; those of `compressed` squeezed, one after another."""
    deflater = Deflater(context_takeover=takeover)
    parts = []
    for frame in frames:
        payload = frame.payload
        if frame.rsv1 and frame.fin and frame.opcode in (1, 2) and not frame.mask:
            payload = deflater.deflate(payload)
        is_long = len(payload) > 65_535 and frame.length_form == 16
        form = 64 if is_long else frame.length_form
        parts.append(encode_frame(replace(frame, payload=payload, length_form=form)))
    return b"".join(parts)


cuts = st.lists(st.integers(0, 600), max_size=6)


def recorded(
    stream: bytes, places: list[int], deflate: Deflate | None, *, fast: bool, lenient: bool
) -> tuple[list[bytes], list[str | bytes], int, tuple[str, str, bytes]]:
    """The lines of a recorder that saw the stream, the messages, how many violations its index
    has, and what became of it all.
    """
    recorder = Recorder(
        ConnectOptions(url="ws://h/"), RecordOptions(), clock=lambda: 0, wall=lambda: 0
    )
    conversation = FastConversation(
        limits=Limits(LIMIT, lenient), deflate=deflate, random_mask=lambda: KEY, deliver=True
    )
    messages: list[str | bytes] = []
    start = 0
    for end in (*sorted(places), len(stream)):
        data = stream[start:end]
        start = max(start, end)
        receive = conversation.receive_runs if fast else conversation.receive
        recorder.frames_happened(receive(data), 1)
        messages += conversation.take_messages()
    recorder.frames_happened(conversation.receive_eof(), 1)
    lines = [line for _, line in recorder.log.raw_lines(2)]
    assert recorder.index.lines == len(lines) + 1
    violations = recorder.index.violations
    state = (conversation.state, conversation.failure, conversation.stray)
    outgoing = conversation.outgoing()
    recorder.close()
    return lines, messages, violations, (*state[:2], state[2] + b"|" + outgoing)


@given(
    frames=streams,
    rest=st.binary(max_size=4),
    places=cuts,
    lenient=st.booleans(),
    takeover=st.sampled_from((True, True, False, None)),
)
@example(
    frames=[Frame(1, b"x" * 130)], rest=b"\x81\x7e\x00", places=[1, 3], lenient=False, takeover=None
)
@example([], b"\x81", [], False, True)
@example([Frame(1, b"x" * 130), Frame(1, b"\xff"), Frame(1, b"y")], b"", [9], True, None)
@example([Frame(1, b"\xff" * 130), Frame(1, b"y")], b"", [9], True, None)
@example([Frame(1, b"x" * 130), Frame(2, b"y"), Frame(1, b"z" * LIMIT * 2)], b"", [9], True, None)
@example([Frame(1, b"xyz" * 40, rsv1=True)] * 3, b"\x81", [5, 20], True, True)
def test_both_ways_make_the_same_record(
    frames: list[Frame], rest: bytes, places: list[int], lenient: bool, takeover: bool | None
) -> None:
    """Line by line, in any cut, with anything between the plain frames and at the end."""
    deflate = None if takeover is None else Deflate(peer_context_takeover=takeover)
    stream = encoded(frames, takeover=bool(takeover)) + rest
    fast = recorded(stream, places, deflate, fast=True, lenient=lenient)
    assert fast == recorded(stream, places, deflate, fast=False, lenient=lenient)


@pytest.mark.parametrize(
    ("frame", "payload"),
    [
        (Frame(1, "grün".encode()), "grün"),
        (Frame(1, b""), ""),
        (Frame(2, b"\x00"), b"\x00"),
        (Frame(2, bytes(126)), bytes(126)),
        (Frame(2, bytes(65535)), bytes(65535)),
        (Frame(2, bytes(65536)), bytes(65536)),
        (Frame(2, bytes(1 << 17)), bytes(1 << 17)),
    ],
)
def test_plain_frames_are_taken(frame: Frame, payload: str | bytes) -> None:
    """As many as stand one after another, up to the beginning of the next."""
    data = encode_frame(frame)
    payloads, end = plain_frames(b"?" + data * 3 + data[:1], 1, 1 << 20)
    assert (payloads, end) == ([frame.payload] * 3, 1 + 3 * len(data))
    assert frames_size(payloads) == 3 * len(data)
    (run,) = FastConversation(random_mask=lambda: KEY, deliver=True).receive_runs(
        data * 3 + data[:1]
    )
    assert isinstance(run, MessageRun)
    assert run.messages() == [payload] * 3
    assert [line.payload for line in run.lines()] == payloads


@pytest.mark.parametrize(
    "frame",
    [
        Frame(1, b"\xff"),
        Frame(1, b"x", fin=False),
        Frame(0, b"x"),
        Frame(9, b"x"),
        Frame(1, b"x", rsv1=True),
        Frame(1, b"x", mask=KEY),
        Frame(1, b"x", length_form=16),
        Frame(2, bytes((1 << 17) + 1)),
        Frame(2, bytes(1001)),
        Frame(2, bytes(200), length_form=64),
        Frame(2, declared_length=900),
    ],
)
def test_every_other_frame_is_left(frame: Frame) -> None:
    """Wrong ones, controls, fragments, compressed and large ones."""
    limit = 1 << 20 if len(frame.payload) > 60_000 else 1000
    ok = encode_frame(Frame(1, b"ok"))
    conversation = FastConversation(random_mask=lambda: KEY, limits=Limits(limit))
    happened = conversation.receive_runs(ok + encode_frame(frame) + ok)
    first = happened[0]
    assert isinstance(first, MessageRun)
    assert first.payloads == [b"ok"]
    assert not any(isinstance(each, MessageRun) for each in happened[1:2])


def test_an_odd_frame_leaves_its_neighbours_in_the_fast_lane() -> None:
    """They are runs before and after it."""
    conversation = FastConversation(random_mask=lambda: KEY)
    ok, ping = encode_frame(Frame(1, b"ok")), encode_frame(Frame(9, b"p"))
    happened = conversation.receive_runs(ok * 5 + ping * 2 + ok * 3 + ok[:3])
    kinds = [len(each.payloads) if isinstance(each, MessageRun) else 0 for each in happened]
    assert kinds == [5, 0, 0, 0, 0, 3]  # each ping has its pong
    (run,) = conversation.receive_runs(ok[3:] + ok)
    assert isinstance(run, MessageRun)
    assert len(run.payloads) == 2


def test_texts_with_the_separator_in_them_are_escaped_one_by_one() -> None:
    """And stay as many as they were."""
    recorder = Recorder(
        ConnectOptions(url="ws://h/"), RecordOptions(), clock=lambda: 0, wall=lambda: 0
    )
    payloads = [b"a", SEPARATOR, b'"' + SEPARATOR * 2, b""]
    run = MessageRun(payloads, True, SEPARATOR.join(payloads).decode())
    recorder.frames_happened([run], 1)
    written = [line for _, line in recorder.log.raw_lines(2)]
    recorder.frames_happened([*run.lines()], 1)
    assert written == [line for _, line in recorder.log.raw_lines(6)]
    recorder.close()


def test_a_run_is_cut_like_its_frames(tmp_path: Path) -> None:
    """Where one of its payloads is over the limit, and as a whole where none is."""
    lines = []
    for fast in (True, False):
        path = tmp_path / f"{fast}.ws.jsonl"
        options = RecordOptions(path=str(path), max_payload=4)
        recorder = Recorder(ConnectOptions(url="ws://h/"), options, clock=lambda: 0)
        for payloads in ([b"a", b"abcd"], [b"a", "abcü".encode(), b"abcdefgh"]):
            run = MessageRun(payloads, True, SEPARATOR.join(payloads).decode())
            recorder.frames_happened([run] if fast else [*run.lines()], 1)
        recorder.close()
        lines.append([line for _, line in recorder.log.raw_lines(2)][:5])
    assert lines[0] == lines[1]
    assert [b'"cut"' in line for line in lines[0]] == [False, False, False, True, True]
