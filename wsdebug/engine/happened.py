"""What happened on a connection, looked at: as lines, counted, cut."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from wsdebug.session.lines import FrameLine, Happened, MessageRun
from wsdebug.wire.frame import Opcode

__all__ = ["cut_to", "lines_of", "messages_in", "numbered", "unfinished"]


def lines_of(happened: Iterable[Happened]) -> Iterator[FrameLine]:
    """All of it line by line."""
    for each in happened:
        if isinstance(each, MessageRun):
            yield from each.lines()
        else:
            yield each


def numbered(
    happened: Iterable[Happened], number: int, time_us: int | None, connection: int
) -> Iterator[Happened]:
    """All of it with its lines, from a number on, its time and its connection."""
    for each in happened:
        yield replace(each, number=number, time_us=time_us, connection=connection)
        number += len(each.payloads) if isinstance(each, MessageRun) else 1


def unfinished(happened: Iterable[Happened], before: set[bool]) -> set[bool]:
    """The directions in which a fragmented message is under way after these frames."""
    for each in happened:
        if isinstance(each, MessageRun):
            before = before - {False}
        elif not each.frame.fin and not each.frame.is_control:
            before = before | {each.sent}
        elif before and not each.frame.is_control:
            before = before - {each.sent}
    return before


def messages_in(happened: Happened) -> int:
    """How many received messages end in it."""
    if isinstance(happened, MessageRun):
        return len(happened.payloads)
    frame = happened.frame
    return not happened.sent and frame.fin and frame.opcode <= Opcode.BINARY


def cut_to(happened: Iterable[Happened], limit: int) -> Iterator[Happened]:
    """All of it with at most `limit` bytes of each payload."""
    for each in happened:
        if isinstance(each, FrameLine):
            yield _cut_line(each, limit)
        elif max(map(len, each.payloads)) <= limit:
            yield each
        else:
            yield from (_cut_line(line, limit) for line in each.lines())


def _cut_line(line: FrameLine, limit: int) -> FrameLine:
    """A data frame with at most `limit` bytes of payload; text is cut between characters."""
    payload, frame = line.payload, line.frame
    if frame.is_control or payload is None or len(payload) <= limit:
        return line
    end = limit
    if line.is_text:
        while end > 0 and payload[end] & 0xC0 == 0x80:
            end -= 1
    kept = payload[:end]
    cut = line.cut if line.cut is not None else len(frame.payload)
    if payload == frame.payload:
        return replace(line, payload=kept, frame=replace(frame, payload=kept), cut=cut)
    # What is kept of a compressed payload could not be inflated: only its length is.
    wire = replace(frame, payload=b"")
    return replace(line, payload=kept, frame=wire, cut=cut, wire_length=len(frame.payload))
