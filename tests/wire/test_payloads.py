"""Close payloads, UTF-8 over fragments, and compression."""

import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.wire.close import (
    CLOSE_CODES,
    CloseBody,
    close_code_allowed,
    encode_close,
    parse_close,
)
from wsdebug.wire.deflate import Deflater, InflateFailed, Inflater, InflateTooBig
from wsdebug.wire.utf8 import Utf8Checker

MIB = 1 << 20


@pytest.mark.parametrize(
    ("payload", "body"),
    [
        (b"", CloseBody(None)),
        (b"\x03", None),
        (b"\x03\xe8", CloseBody(1000)),
        (b"\x03\xe8bye", CloseBody(1000, "bye")),
        (b"\x03\xe8\xff", None),
        (b"\xff\xff", CloseBody(65535)),
    ],
)
def test_a_close_payload_is_a_code_and_a_reason(payload: bytes, body: CloseBody | None) -> None:
    """RFC 6455 section 5.5.1; None is malformed."""
    assert parse_close(payload) == body
    if body is not None:
        assert encode_close(body.code, body.reason) == payload


def test_a_reason_needs_a_code() -> None:
    """There is no place for it without."""
    with pytest.raises(ValueError, match="needs a code"):
        encode_close(None, "bye")


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        *((code, True) for code in (1000, 1003, 1007, 1014, 3000, 4999)),
        *((code, False) for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)),
    ],
)
def test_only_some_codes_stand_on_the_wire(code: int, allowed: bool) -> None:
    """RFC 6455 section 7.4 and IANA's registry."""
    assert close_code_allowed(code) is allowed
    assert code not in CLOSE_CODES or CLOSE_CODES[code].explanation


@given(st.binary(max_size=24), st.integers(0, 24))
def test_utf8_is_judged_over_fragments_as_at_once(data: bytes, cut: int) -> None:
    """The offset is that of the whole message, wherever it is cut."""
    try:
        data.decode()
        expected = None
    except UnicodeDecodeError as error:
        expected = error.start
    checker = Utf8Checker()
    found = checker.feed(data[:cut], final=False)
    if found is None:
        found = checker.feed(data[cut:], final=True)
    assert found == expected


def test_the_example_of_the_rfc_inflates() -> None:
    """RFC 7692 sections 7.2.3.1 and 7.2.3.2: the second message refers to the first."""
    inflater = Inflater()
    assert inflater.inflate(bytes.fromhex("f248cdc9c90700"), final=True, limit=MIB) == b"Hello"
    assert inflater.inflate(bytes.fromhex("f200110000"), final=True, limit=MIB) == b"Hello"


@pytest.mark.parametrize(
    "data",
    ["f348cdc9c9070000", "f348cdc9c90700", "000500faff48656c6c6f00", "f248050000 00ffffcac9c90700"],
)
def test_other_ways_to_end_a_message_inflate(data: str) -> None:
    """RFC 7692 section 7.2.3: a last block, with and without the octet after it; a stored one."""
    inflater = Inflater()
    for _ in range(2):
        assert inflater.inflate(bytes.fromhex(data), final=True, limit=MIB) == b"Hello"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xff\xff", "invalid"),
        (b"", "middle of a block"),
        (bytes.fromhex("f248cdc9c907"), "middle of a block"),
        (bytes.fromhex("f248cdc9c907 00 0000ffff"), "middle of a block"),
        (b"\x03\x00" * 2000, "more than 1024 blocks"),
    ],
    ids=["noise", "nothing", "cut off", "tail left on", "no end of last blocks"],
)
def test_what_is_no_deflate_stream_fails(data: bytes, why: str) -> None:
    """RFC 7692 section 7.2.2, with a reason in words."""
    with pytest.raises(InflateFailed, match=why):
        Inflater().inflate(data, final=True, limit=MIB)


@given(st.text("abcde ", min_size=1, max_size=300), st.integers(1, 9), st.data())
def test_a_message_that_is_cut_off_fails(message: str, level: int, data: st.DataObject) -> None:
    """At any byte within its block: it never passes for a shorter message."""
    deflater = zlib.compressobj(level, wbits=-15)
    whole = (deflater.compress(message.encode()) + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]
    end = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(InflateFailed):
        Inflater().inflate(whole[:end], final=True, limit=MIB)


@pytest.mark.parametrize("cut_off", [b"", bytes.fromhex("f248cdc9c907")])
def test_a_later_message_is_judged_as_the_first(cut_off: bytes) -> None:
    """Whatever way the one before it ended."""
    for ended in ("f348cdc9c90700", "f248cdc9c90700"):
        inflater = Inflater()
        assert inflater.inflate(bytes.fromhex(ended), final=True, limit=MIB) == b"Hello"
        with pytest.raises(InflateFailed, match="middle of a block"):
            inflater.inflate(cut_off, final=True, limit=MIB)


def test_without_context_takeover_nothing_refers_to_the_message_before() -> None:
    """RFC 7692 section 7.1.1.1: such a peer has promised not to."""
    first, second = bytes.fromhex("f248cdc9c90700"), bytes.fromhex("f200110000")
    inflater = Inflater(context_takeover=False)
    for _ in range(2):
        assert inflater.inflate(first, final=True, limit=MIB) == b"Hello"
    with pytest.raises(InflateFailed, match="distance"):
        inflater.inflate(second, final=True, limit=MIB)


@given(
    st.lists(st.lists(st.binary(max_size=200), min_size=1, max_size=3), max_size=4),
    st.booleans(),
    st.integers(9, 15),
)
def test_what_is_deflated_inflates(messages: list[list[bytes]], takeover: bool, bits: int) -> None:
    """Any fragments, any window, with and without context takeover."""
    deflater = Deflater(window_bits=bits, context_takeover=takeover)
    inflater = Inflater(window_bits=bits, context_takeover=takeover)
    for fragments in messages:
        last = len(fragments) - 1
        compressed = [deflater.deflate(part, final=i == last) for i, part in enumerate(fragments)]
        joined = b"".join(
            inflater.inflate(part, final=i == last, limit=MIB) for i, part in enumerate(compressed)
        )
        assert joined == b"".join(fragments)


def test_a_bomb_never_goes_off() -> None:
    """No more than the limit is ever made."""
    bomb = Deflater().deflate(bytes(8 * MIB))
    with pytest.raises(InflateTooBig) as caught:
        Inflater().inflate(bomb, final=True, limit=1000)
    assert caught.value.partial == bytes(1000)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_window_that_zlib_cannot_write_is_refused(bits: int) -> None:
    """Before anything is sent."""
    with pytest.raises(ValueError, match="window"):
        Deflater(window_bits=bits)


@pytest.mark.parametrize("size", [2 * MIB, 65 * MIB + 5, 200 * MIB])
def test_what_is_dropped_keeps_the_stream_unless_it_is_too_much(size: int) -> None:
    """The next message refers to the end of it."""
    deflater = zlib.compressobj(9, wbits=-15)
    bombs = [deflater.compress(bytes(size)) + deflater.flush(zlib.Z_SYNC_FLUSH)]
    bombs.append(deflater.compress(bytes(300)) + deflater.flush(zlib.Z_SYNC_FLUSH))
    inflater = Inflater()
    with pytest.raises(InflateTooBig) as caught:
        inflater.inflate(bombs[0][:-4], final=True, limit=MIB)
    assert caught.value.partial == bytes(MIB)
    if size < 65 * MIB:
        assert inflater.inflate(bombs[1][:-4], final=True, limit=MIB) == bytes(300)
    else:
        with pytest.raises(InflateFailed):
            inflater.inflate(bombs[1][:-4], final=True, limit=MIB)


@given(st.binary(min_size=1, max_size=400), st.integers(0, 399), st.integers(0, 9))
def test_messages_at_and_over_a_limit_leave_the_stream_right(
    message: bytes, limit: int, level: int
) -> None:
    """The same message again, by reference, whatever was kept of the first."""
    deflater = zlib.compressobj(level, wbits=-15)
    inflater = Inflater()
    for _ in range(3):
        data = (deflater.compress(message * 5) + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]
        if limit < len(message) * 5:
            with pytest.raises(InflateTooBig) as caught:
                inflater.inflate(data, final=True, limit=limit)
            assert caught.value.partial == (message * 5)[:limit]
        else:
            assert inflater.inflate(data, final=True, limit=limit) == message * 5
    data = (deflater.compress(message * 5) + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]
    assert inflater.inflate(data, final=True, limit=MIB) == message * 5


def test_who_sends_nothing_has_no_compressor() -> None:
    """It is 256 KiB a connection, which most of those that only listen have agreed on."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        deflater = Deflater()
        assert tracemalloc.get_traced_memory()[0] - before < 1 << 14
        deflater.deflate(b"hello")
        assert tracemalloc.get_traced_memory()[0] - before > 1 << 17
    finally:
        tracemalloc.stop()
