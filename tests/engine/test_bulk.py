"""The fast lane says the same as the way of every frame."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wsdebug.engine.bulk import plain_frames
from wsdebug.engine.conversation import Conversation, Deflate, Limits
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.recorder import Recorder
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

KEY = b"\x01\x02\x03\x04"
LIMIT = 300

plain = st.builds(
    Frame, st.sampled_from((1, 2)), st.text(max_size=20).map(str.encode) | st.just(b"x" * 200)
)
odd = st.builds(
    Frame,
    st.sampled_from((0, 1, 2, 3, 8, 9, 10)),
    st.sampled_from((b"", b"\xff", b"\x03\xe8", b"hello", b"x" * 126, b"y" * 301)),
    fin=st.booleans(),
    rsv1=st.booleans(),
    mask=st.sampled_from((None, KEY)),
    length_form=st.sampled_from((None, 16, 64)),
)
streams = st.lists(plain | plain | odd, max_size=8).map(
    lambda frames: b"".join(encode_frame(frame) for frame in frames)
)
cuts = st.lists(st.integers(0, 600), max_size=6)


def recorded(
    stream: bytes, places: list[int], *, fast: bool, lenient: bool
) -> tuple[list[bytes], list[str | bytes], tuple[str, str, bytes]]:
    """The lines of a recorder that saw the stream, the messages, and what became of it all."""
    recorder = Recorder(ConnectOptions(url="ws://h/"), RecordOptions(), clock=lambda: 0)
    conversation = Conversation(
        limits=Limits(LIMIT, lenient), deflate=Deflate(), random_mask=lambda: KEY, deliver=True
    )
    messages: list[str | bytes] = []
    start = 0
    for end in (*sorted(places), len(stream)):
        data = stream[start:end]
        start = max(start, end)
        if fast:
            taken, data = conversation.receive_plain(data)
            if taken.payloads:
                recorder.plain_happened(taken.payloads, 1)
                messages += taken.payloads
        recorder.frames_happened(conversation.receive(data) if data else [], 1)
        messages += conversation.take_messages()
    recorder.frames_happened(conversation.receive_eof(), 1)
    lines = [line for _, line in recorder.log.raw_lines(2)]
    state = (conversation.state, conversation.failure, conversation.stray)
    outgoing = conversation.outgoing()
    recorder.close()
    return lines, messages, (*state[:2], state[2] + b"|" + outgoing)


@settings(deadline=None)
@given(stream=streams, rest=st.binary(max_size=4), places=cuts, lenient=st.booleans())
@example(
    stream=encode_frame(Frame(1, b"x" * 130)), rest=b"\x81\x7e\x00", places=[1, 3], lenient=False
)
@example(stream=b"", rest=b"\x81", places=[], lenient=False)
def test_both_ways_make_the_same_record(
    stream: bytes, rest: bytes, places: list[int], lenient: bool
) -> None:
    """Line by line, in any cut, with anything between the plain frames and at the end."""
    fast = recorded(stream + rest, places, fast=True, lenient=lenient)
    assert fast == recorded(stream + rest, places, fast=False, lenient=lenient)


@pytest.mark.parametrize(
    ("frame", "payload"),
    [
        (Frame(1, "grün".encode()), "grün"),
        (Frame(1, b""), ""),
        (Frame(2, b"\x00"), b"\x00"),
        (Frame(2, bytes(126)), bytes(126)),
        (Frame(2, bytes(65535)), bytes(65535)),
    ],
)
def test_plain_frames_are_taken(frame: Frame, payload: str | bytes) -> None:
    """As many as stand one after another, up to the beginning of the next."""
    data = encode_frame(frame)
    taken = plain_frames(data * 3 + data[:1], 1 << 20)
    assert taken.payloads == [payload] * 3
    assert (taken.size, taken.end, taken.is_cut) == (3 * len(frame.payload), 3 * len(data), True)


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
        Frame(2, bytes(65536)),
        Frame(2, bytes(1001)),
        Frame(2, declared_length=900),
    ],
)
def test_every_other_frame_is_left(frame: Frame) -> None:
    """Wrong ones, controls, fragments, compressed and large ones."""
    limit = 1 << 20 if len(frame.payload) > 60_000 else 1000
    ok = encode_frame(Frame(1, b"ok"))
    taken = plain_frames(ok + encode_frame(frame) + ok, limit)
    if frame.declared_length:
        assert (taken.payloads, taken.is_cut) == (["ok"], True)
    else:
        assert (taken.payloads, taken.end, taken.is_cut) == (["ok"], 4, False)
