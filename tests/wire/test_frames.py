"""Frames to bytes and back, against the RFC's examples and the websockets library."""

from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame as OracleFrame
from websockets.frames import Opcode as OracleOpcode
from websockets.streams import StreamReader

from wsdebug.wire.decode import Decoded, FrameDecoder
from wsdebug.wire.encode import apply_mask, encode_frame, encode_head
from wsdebug.wire.frame import Frame
from wsdebug.wire.problems import problems

MIB = 1 << 20
KEY = bytes.fromhex("37fa213d")

RFC_EXAMPLES = [  # RFC 6455 section 5.7, RFC 7692 section 7.2.3.1
    ("unmasked text", "81 05 48 65 6c 6c 6f", Frame(0x1, b"Hello")),
    ("masked text", "81 85 37 fa 21 3d 7f 9f 4d 51 58", Frame(0x1, b"Hello", mask=KEY)),
    ("first fragment", "01 03 48 65 6c", Frame(0x1, b"Hel", fin=False)),
    ("last fragment", "80 02 6c 6f", Frame(0x0, b"lo")),
    ("ping", "89 05 48 65 6c 6c 6f", Frame(0x9, b"Hello")),
    ("masked pong", "8a 85 37 fa 21 3d 7f 9f 4d 51 58", Frame(0xA, b"Hello", mask=KEY)),
    ("256 bytes", "82 7e 01 00" + " 61" * 256, Frame(0x2, b"a" * 256)),
    ("64 KiB", "82 7f 00 00 00 00 00 01 00 00" + " 61" * 65536, Frame(0x2, b"a" * 65536)),
    ("compressed", "c1 07 f2 48 cd c9 c9 07 00", Frame(0x1, b"\xf2H\xcd\xc9\xc9\x07\0", rsv1=True)),
    ("every bit", "f3 80 00 00 00 00", Frame(3, rsv1=True, rsv2=True, rsv3=True, mask=bytes(4))),
    ("long form", "81 7e 00 01 61", Frame(0x1, b"a", length_form=16)),
    ("longest form", "81 7f 00 00 00 00 00 00 00 01 61", Frame(0x1, b"a", length_form=64)),
]


@pytest.mark.parametrize(("case", "data", "frame"), RFC_EXAMPLES)
def test_bytes_and_frame_are_the_same(case: str, data: str, frame: Frame) -> None:
    """Each example both ways."""
    raw = bytes.fromhex(data)
    assert encode_frame(frame) == raw, case
    decoder = FrameDecoder(limit=MIB)
    assert decoder.feed(raw) == [Decoded(frame)], case
    assert decoder.is_between_frames


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (Frame(16), "4 bits"),
        (Frame(1, mask=b"abc"), "4 bytes"),
        (Frame(1, b"a" * 126, length_form=7), "7-bit form"),
        (Frame(1, declared_length=70000, length_form=16), "16-bit form"),
    ],
)
def test_what_cannot_be_written_is_refused(frame: Frame, words: str) -> None:
    """In words that name the field."""
    with pytest.raises(ValueError, match=words):
        encode_head(frame)


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (125, "82 7d"),
        (126, "82 7e 00 7e"),
        (0xFFFF, "82 7e ff ff"),
        (0x10000, "82 7f 00 00 00 00 00 01 00 00"),
    ],
)
def test_a_length_is_written_in_its_shortest_form(size: int, head: str) -> None:
    """RFC 6455 section 5.2."""
    assert encode_head(Frame(2, bytes(size))) == bytes.fromhex(head)


def test_a_length_may_lie() -> None:
    """The head claims nine, five follow: the decoder waits, and keeps what came."""
    raw = encode_frame(Frame(1, b"hello", declared_length=9))
    decoder = FrameDecoder(limit=MIB)
    assert decoder.feed(raw) == []
    assert decoder.partial() == Decoded(Frame(1, b"hello"), cut=9)


def test_a_frame_over_the_limit_is_cut_and_the_next_is_whole() -> None:
    """What is over the limit is skipped, not stored."""
    decoder = FrameDecoder(limit=10)
    raw = encode_frame(Frame(2, bytes(100), mask=KEY)) + encode_frame(Frame(1, b"next"))
    assert decoder.feed(raw[:20]) == []
    assert decoder.oversize == 100
    assert decoder.feed(raw[20:]) == [
        Decoded(Frame(2, bytes(10), mask=KEY), cut=100),
        Decoded(Frame(1, b"next")),
    ]


frames = st.builds(
    Frame,
    opcode=st.integers(0, 15),
    payload=st.binary(max_size=300),
    fin=st.booleans(),
    rsv1=st.booleans(),
    rsv2=st.booleans(),
    rsv3=st.booleans(),
    mask=st.none() | st.binary(min_size=4, max_size=4),
    length_form=st.none() | st.just(64),
)


@given(st.lists(frames, max_size=8), st.lists(st.integers(0, 3000), max_size=8))
def test_any_cut_of_the_stream_gives_the_same_frames(sent: list[Frame], cuts: list[int]) -> None:
    """Reads end anywhere."""
    stream = b"".join(encode_frame(frame) for frame in sent)
    decoder = FrameDecoder(limit=MIB)
    got: list[Decoded] = []
    at = 0
    for cut in [*sorted(cuts), len(stream)]:
        got += decoder.feed(stream[at:cut])
        at = max(at, min(cut, len(stream)))
    assert got == [Decoded(frame) for frame in sent]


@given(st.binary(), st.binary(min_size=4, max_size=4))
def test_masking_is_its_own_inverse(data: bytes, key: bytes) -> None:
    """And is a XOR of byte i with key byte i mod 4."""
    masked = apply_mask(data, key)
    assert masked == bytes(byte ^ key[i % 4] for i, byte in enumerate(data))
    assert apply_mask(masked, key) == data


@given(
    st.sampled_from([0, 1, 2, 8, 9, 10]),
    st.binary(max_size=125),
    st.booleans(),
)
def test_the_oracle_reads_what_we_write(opcode: int, payload: bytes, mask: bool) -> None:
    """websockets parses our bytes to the same frame, and we its."""
    raw = encode_frame(Frame(opcode, payload, mask=KEY if mask else None))
    reader = StreamReader()
    reader.feed_data(raw)
    reader.feed_eof()
    parsed = _finish(OracleFrame.parse(reader.read_exact, mask=mask))
    assert (parsed.opcode, bytes(parsed.data), parsed.fin) == (opcode, payload, True)
    theirs = OracleFrame(OracleOpcode(opcode), payload).serialize(mask=False)
    assert FrameDecoder(limit=MIB).feed(theirs) == [Decoded(Frame(opcode, payload))]


def _finish(generator: Generator[None, None, OracleFrame]) -> OracleFrame:
    try:
        while True:
            next(generator)
    except StopIteration as stop:
        frame = stop.value
        assert isinstance(frame, OracleFrame)
        return frame


@pytest.mark.parametrize(
    ("frame", "from_client", "names"),
    [
        (Frame(1, b"x"), False, ()),
        (Frame(1, b"x", mask=KEY), True, ()),
        (Frame(1, b"x"), True, ("unmasked-by-client",)),
        (Frame(1, b"x", mask=KEY), False, ("masked-by-server",)),
        (Frame(1, b"x", rsv1=True), False, ("reserved-bit",)),
        (Frame(3), False, ("reserved-opcode",)),
        (Frame(11, fin=False), False, ("reserved-opcode", "fragmented-control")),
        (Frame(9, bytes(126)), False, ("long-control",)),
        (Frame(9, fin=False), False, ("fragmented-control",)),
        (Frame(1, b"x", length_form=16), False, ("long-length",)),
        (Frame(8), False, ()),
        (Frame(8, b"\x03"), False, ("bad-close-payload",)),
        (Frame(8, b"\x03\xe8\xff"), False, ("bad-close-payload",)),
        (Frame(8, b"\x03\xed"), False, ("bad-close-code",)),
        (Frame(8, b"\x03\xe7"), False, ("bad-close-code",)),
        (Frame(8, b"\x0b\xb8ok"), False, ()),
    ],
)
def test_a_frame_is_judged_by_itself(
    frame: Frame, from_client: bool, names: tuple[str, ...]
) -> None:
    """Every rule that one frame can break."""
    assert problems(frame, from_client=from_client, rsv1_allowed=False) == names
