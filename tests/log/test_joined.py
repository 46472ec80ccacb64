"""Fragments become messages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.joined import Joiner, Message
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.wire.frame import Frame


def line(
    opcode: int, data: bytes | None, number: int = 1, *, fin: bool = True, **place: bool | int
) -> FrameLine:
    """A received frame."""
    sent, connection = bool(place.get("sent")), int(place.get("connection", 1))
    return FrameLine(number, 0, sent, Frame(opcode, data or b"", fin=fin), data, connection)


def joined(*lines: FrameLine) -> tuple[list[Message], list[int]]:
    """The data messages that are whole, and the lines of frames that belong to none."""
    joiner = Joiner()
    messages = [message for frame in lines for message in joiner.feed(frame)]
    messages += joiner.rest()
    broken = [message for message in messages if not message.is_whole]
    rest = sorted(frame.number for message in broken for frame in message.frames)
    return [message for message in messages if message.is_whole and not message.is_control], rest


def test_control_frames_and_other_messages_may_stand_between() -> None:
    """Of the other direction, and of other connections."""
    messages, rest = joined(
        line(1, b"a", 1, fin=False),
        line(9, b"p", 2),
        line(2, b"x", 3, fin=False, sent=True),
        line(2, b"z", 4, connection=2),
        line(0, b"", 5, fin=False),
        line(0, b"b", 6),
        line(0, b"y", 7, sent=True),
    )
    assert [(m.data, m.is_text, m.sent, m.connection) for m in messages] == [
        (b"z", False, False, 2),
        (b"ab", True, False, 1),
        (b"xy", False, True, 1),
    ]
    assert [m.number for m in messages] == [4, 1, 3]
    assert rest == []


def test_what_belongs_to_no_message_is_named() -> None:
    """A continuation of nothing, a message cut off by another, one without its end."""
    messages, rest = joined(
        line(0, b"a", 1),
        line(1, b"b", 2, fin=False),
        line(1, b"c", 3),
        line(0, b"d", 4),
        line(2, b"e", 5, fin=False),
    )
    assert [m.data for m in messages] == [b"c"]
    assert rest == [1, 2, 4, 5]


def test_what_was_not_inflated_has_no_payload() -> None:
    """Nor has what has it as a part."""
    messages, rest = joined(line(1, b"a", 1, fin=False), line(0, None, 2), line(1, None, 3))
    assert [(m.payload, m.data, m.text()) for m in messages] == [(None, b"", None)] * 2
    assert rest == []


def test_text_is_given_only_where_it_is_text() -> None:
    """Of a text message in UTF-8."""
    [text], _ = joined(line(1, "é".encode()[:1], fin=False), line(0, "é".encode()[1:]))
    assert text.text() == "é"
    [binary], [wrong] = joined(line(2, b"a"))[0], joined(line(1, b"\xff"))[0]
    assert (binary.text(), wrong.text()) == (None, None)


@given(st.lists(st.binary(max_size=9), min_size=1, max_size=9))
def test_a_message_is_all_of_its_fragments(parts: list[bytes]) -> None:
    """However it was cut."""
    last = len(parts) - 1
    frames = [
        line(2 if not at else 0, part, at + 1, fin=at == last) for at, part in enumerate(parts)
    ]
    [message], rest = joined(*frames)
    assert message.data == b"".join(parts)
    assert message.frames == tuple(frames)
    assert rest == []


def as_told(*lines: str, by_frame: bool = False) -> list[tuple[int, int, bytes | None]]:
    """Line, opcode and payload of each message of a session."""
    joiner = Joiner(by_frame=by_frame)
    found: list[Message] = []
    for number, text in enumerate(lines, 1):
        frame = parse_line(text.encode(), number)
        assert isinstance(frame, FrameLine)
        found += joiner.feed(frame)
    found += joiner.rest()
    return [(message.number, message.opcode, message.payload) for message in found]


A = '{"op":"text","fin":false,"recv":"a"}'
B = '{"op":"cont","recv":"b"}'
MORE = '{"op":"cont","fin":false,"recv":"m"}'
PING = '{"op":"ping","recv":"p"}'


@pytest.mark.parametrize(
    ("lines", "messages"),
    [
        (['{"recv":"x"}'], [(1, 1, b"x")]),
        ([A, B], [(1, 1, b"ab")]),
        ([A, PING, MORE, B], [(2, 9, b"p"), (1, 1, b"amb")]),
        ([A, '{"recv":"x"}'], [(1, 1, b"a"), (2, 1, b"x")]),
        ([A], [(1, 1, b"a")]),
        ([B], [(1, 0, b"b")]),
        ([A, '{"op":3,"recv":"r"}', B], [(2, 3, b"r"), (1, 1, b"ab")]),
        ([A, '{"op":"cont","recv":null}'], [(1, 1, None)]),
        ([A, '{"send":"s"}', B], [(2, 1, b"s"), (1, 1, b"ab")]),
    ],
)
def test_frames_are_joined(lines: list[str], messages: list[Any]) -> None:
    """Each direction on its own; what was never finished comes last."""
    assert as_told(*lines) == messages
    assert len(as_told(*lines, by_frame=True)) == len(lines)
