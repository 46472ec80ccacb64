"""Frames joined to messages."""

from typing import Any

import pytest

from wsdebug.replay.messages import Assembler, Message
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line


def frames(*lines: str) -> list[FrameLine]:
    """Lines as values, numbered from 1."""
    found = [parse_line(line.encode(), number) for number, line in enumerate(lines, 1)]
    return [line for line in found if isinstance(line, FrameLine)]


def joined(*lines: str, **options: Any) -> list[tuple[int, int, bytes | None]]:
    """Line, opcode and payload of each message."""
    assembler = Assembler(**options)
    found: list[Message] = []
    for line in frames(*lines):
        found += assembler.feed(line)
    found += assembler.rest()
    return [(message.line, message.opcode, message.payload) for message in found]


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
    assert joined(*lines) == messages
    assert len(joined(*lines, by_frame=True)) == len(lines)
