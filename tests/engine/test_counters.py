"""The totals of a live session."""

import pytest

from wsdebug.engine.status import Counters
from wsdebug.session.frames import FrameLine, Happened, MessageRun
from wsdebug.wire.frame import Frame, Opcode


def frame(opcode: Opcode, *, fin: bool = True, sent: bool = False) -> FrameLine:
    """With two bytes."""
    return FrameLine(0, 0, sent, Frame(opcode, b"hi", fin=fin), b"hi", is_text=False)


@pytest.mark.parametrize(
    ("happened", "messages"),
    [
        ([frame(Opcode.TEXT)], 1),
        ([MessageRun([b"hi", b"ho"], is_text=True, joined="hi\x7fho")], 2),
        ([frame(Opcode.TEXT, sent=True)], 0),
        ([frame(Opcode.PING), frame(Opcode.PONG), frame(Opcode.CLOSE)], 0),
        ([frame(Opcode.BINARY, fin=False), frame(Opcode.CONT, fin=False)], 0),
        ([frame(Opcode.BINARY, fin=False), frame(Opcode.CONT)], 1),
    ],
)
def test_a_message_counts_once_and_a_control_frame_is_none(
    happened: list[Happened], messages: int
) -> None:
    """What a person has missed in another tab is messages, not the pongs of the keepalive."""
    counters = Counters()
    for each in happened:
        counters.count(each)
    assert counters.messages_in == messages
