"""Lines to rows: what a list shows, with the fragments around it known."""

from collections.abc import Sequence

from wsdebug.log.row import Row
from wsdebug.session.lines import Damaged, Event, FrameLine, Line, Note
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["PREVIEW", "row_of"]

PREVIEW = 4096  # bytes of a payload
ANSWERS = {Opcode.PONG: Opcode.PING, Opcode.CLOSE: Opcode.CLOSE}


def row_of(line: Line, before: Sequence[Line]) -> Row:
    """The row of a line; `before` are the lines before it, oldest first, at least those of the
    message it may belong to.
    """
    previous = before[-1] if before else None
    previous_us = getattr(previous, "time_us", None)
    match line:
        case FrameLine():
            return _frame(line, before, previous_us)
        case Event():
            return Row(
                line.number,
                "event",
                line.time_us,
                previous_us,
                line.connection,
                event=line.name,
                fields=line.fields,
            )
        case Note():
            return Row(line.number, "note", line.time_us, previous_us, text=line.text)
        case Damaged():
            return Row(line.number, "damaged", text=line.why, preview=line.data[:PREVIEW])
        case _:
            return Row(line.number, "other")


def _frame(line: FrameLine, before: Sequence[Line], previous_us: int | None) -> Row:
    frame, payload = line.frame, line.payload
    size = len(payload) if payload is not None else 0
    on_wire = line.wire_length if line.wire_length is not None else len(frame.payload)
    fragment, inside = _fragment(line, before)
    return Row(
        line=line.number,
        kind="frame",
        time_us=line.time_us,
        previous_us=previous_us,
        connection=line.connection,
        sent=line.sent,
        opcode=frame.opcode,
        fin=frame.fin,
        rsv1=frame.rsv1,
        rsv2=frame.rsv2,
        rsv3=frame.rsv3,
        masked=frame.mask is not None,
        size=size,
        wire_size=on_wire if on_wire != size else None,
        preview=payload[:PREVIEW] if payload is not None else None,
        is_text=line.is_text,
        bad=line.bad,
        cut=line.cut,
        fragment=fragment,
        inside_fragments=inside,
        automatic=_is_automatic(line, before),
    )


def _fragment(line: FrameLine, before: Sequence[Line]) -> tuple[int, bool]:
    """The number within its message, 0 outside; and whether a message is under way around it."""
    if not line.frame.is_control and line.frame.opcode and line.frame.fin:
        return 0, False
    if not line.frame.is_control and line.frame.opcode:
        return 1, False
    count = 1
    for other in reversed(before):
        if not isinstance(other, FrameLine) or other.frame.is_control:
            continue
        if line.frame.is_control:
            return 0, not other.frame.fin
        if other.sent is not line.sent:
            continue
        if other.frame.fin:
            break
        count += 1
        if other.frame.opcode:
            return count, False
    return (0, False) if line.frame.is_control else (count, False)


def _is_automatic(line: FrameLine, before: Sequence[Line]) -> bool:
    """An answer in the same turn of the engine carries the time of what it answers."""
    asked = ANSWERS.get(Opcode(line.frame.opcode)) if line.frame.opcode in (8, 10) else None
    if asked is None or not line.sent:
        return False
    for other in reversed(before):
        if getattr(other, "time_us", None) != line.time_us:
            return False
        if isinstance(other, FrameLine) and not other.sent and other.frame.opcode == asked:
            return asked == Opcode.CLOSE or other.payload == line.payload
    return False


def close_words(row: Row) -> tuple[str, str]:
    """Code and reason of a close row, both empty for an empty one."""
    body = parse_close(row.preview or b"")
    if body is None or body.code is None:
        return "", ""
    return str(body.code), body.reason
