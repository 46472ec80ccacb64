"""A raw frame as it is set: its bytes, the rules it breaks, and what makes no frame."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import UsageError
from wsdebug.tui.compose_raw_model import RawDraft, make_frame, of_frame, read_raw
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

KEY = bytes.fromhex("a1b2c3d4")
HELLO = RawDraft(payload="68 65 6c 6c 6f")


def test_the_bytes_are_those_of_the_picture() -> None:
    """Head, masking key and masked payload stand apart."""
    draft = replace(HELLO, rsv2=True, key="a1 b2 c3 d4", is_fresh=False, length="9")
    reading = read_raw(draft, key=bytes(4))
    assert (reading.head, reading.key) == (bytes.fromhex("a189"), KEY)
    assert reading.payload == bytes.fromhex("c9d7afb8ce")
    assert (reading.size, reading.length, reading.shown) == (11, 5, "hello")
    assert reading.lie == "the payload has 5; the peer waits for 4 more"
    assert reading.rules == (("reserved bit set", "RFC 6455 §5.2"),)
    assert reading.outcome.startswith("a correct server fails the connection with 1002")
    assert encode_frame(make_frame(draft)) == reading.head + reading.key + reading.payload


@pytest.mark.parametrize(
    ("changes", "rules", "outcome"),
    [
        ({}, [], "a correct server takes it"),
        ({"is_masked": False}, ["not masked by the client"], "with 1002"),
        ({"opcode": 3}, ["reserved opcode"], "with 1002"),
        ({"opcode": 9, "fin": False}, ["fragmented control frame"], "with 1002"),
        ({"opcode": 9, "payload": "00" * 126}, ["control frame over 125 bytes"], "with 1002"),
        ({"opcode": 8, "payload": "03"}, ["malformed close payload"], "with 1002"),
        ({"length_form": "64"}, ["length not in its shortest form"], "with 1002"),
        ({"payload": "ff"}, ["invalid UTF-8"], "with 1007"),
        ({"payload": "ff", "opcode": 2}, [], "takes it"),
        ({"fin": False}, [], "begins a message"),
        ({"opcode": 0}, [], "only inside a message"),
    ],
)
def test_the_rules_that_a_frame_breaks(
    changes: dict[str, Any], rules: list[str], outcome: str
) -> None:
    """Each by its title, with what a correct server does."""
    reading = read_raw(replace(HELLO, **changes), key=KEY)
    assert [words for words, _ in reading.rules] == rules
    assert outcome in reading.outcome


@pytest.mark.parametrize("is_compressing", [True, False])
def test_rsv1_is_right_where_compression_was_agreed(is_compressing: bool) -> None:
    """RFC 7692 section 6."""
    reading = read_raw(replace(HELLO, rsv1=True), key=KEY, is_compressing=is_compressing)
    assert (reading.rules == ()) == is_compressing


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "a1 b2", "is_fresh": False}, "key"),
        ({"key": "", "is_fresh": False}, "key"),
        ({"length": "x"}, "length"),
        ({"length": str(1 << 64)}, "length"),
        ({"length": "126", "length_form": "7"}, "length"),
        ({"length": "65536", "length_form": "16"}, "length"),
        ({"payload": "6"}, "payload"),
        ({"payload": "=a", "form": "base64"}, "payload"),
    ],
)
def test_what_makes_no_frame_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    """In words; nothing else is shown."""
    draft = replace(HELLO, **changes)
    reading = read_raw(draft, key=KEY)
    assert reading.problem
    assert reading.field == field
    assert not reading.is_sendable
    with pytest.raises(UsageError, match=r"\w") as caught:
        make_frame(draft)
    assert caught.value.field == field


def test_a_length_that_is_too_short_feeds_the_next_frame() -> None:
    """And the true length is no lie."""
    reading = read_raw(replace(HELLO, length="2"), key=KEY)
    assert reading.lie == "the payload has 5; the peer takes the last 3 for the next frame"
    assert read_raw(replace(HELLO, length="5"), key=KEY).lie == ""


@given(
    st.builds(
        Frame,
        st.integers(0, 15),
        st.binary(max_size=200),
        fin=st.booleans(),
        rsv1=st.booleans(),
        rsv2=st.booleans(),
        rsv3=st.booleans(),
        mask=st.none() | st.binary(min_size=4, max_size=4),
        length_form=st.none() | st.just(64),
        declared_length=st.none() | st.integers(300, 65535),
    )
)
def test_a_frame_of_the_log_is_made_again(frame: Frame) -> None:
    """Bit by bit."""
    assert encode_frame(make_frame(of_frame(frame))) == encode_frame(frame)
