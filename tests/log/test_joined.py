"""Fragments become messages."""

from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.joined import Joiner, Message
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame


def line(
    opcode: int, data: bytes | None, number: int = 1, *, fin: bool = True, **place: bool | int
) -> FrameLine:
    """A received frame."""
    sent, connection = bool(place.get("sent")), int(place.get("connection", 1))
    return FrameLine(number, 0, sent, Frame(opcode, data or b"", fin=fin), data, connection)


def joined(*lines: FrameLine) -> tuple[list[Message], list[int]]:
    """The messages, and the lines of frames that belong to none."""
    joiner = Joiner()
    messages = [message for frame in lines if (message := joiner.feed(frame)) is not None]
    joiner.end()
    return messages, sorted(frame.number for frame in joiner.unfinished)


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


def test_what_was_not_inflated_is_no_message() -> None:
    """Nor is what has it as a part."""
    messages, rest = joined(line(1, b"a", 1, fin=False), line(0, None, 2), line(1, None, 3))
    assert (messages, rest) == ([], [])


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
