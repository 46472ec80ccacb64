"""Lines to rows: what a list shows, with the fragments around it known."""

from collections.abc import Sequence
from typing import Protocol

from wsdebug.log.fragments import Told, is_beside
from wsdebug.log.row import Row
from wsdebug.session.lines import Damaged, Event, FrameLine, Header, Line, Note, Wait
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["PREVIEW", "row_of"]

PREVIEW = 4096  # bytes of a payload
STEPS = frozenset(("connecting", "dns", "tcp", "proxy", "tls", "request", "response"))
ENDERS = frozenset(("closed", "error", "gap", "bytes"))  # events before which it may be silent
ASIDE = frozenset(("clock", "meta", "end"))  # events that say nothing of the peer
ANSWERS = {Opcode.PONG: Opcode.PING, Opcode.CLOSE: Opcode.CLOSE}


class Earlier(Protocol):
    """Knows of fragments that came earlier, by their lines."""

    def before(self, line: FrameLine, /) -> Told:
        """What is known of the fragment before one in its message; number 0 where there is none."""

    def tell(self, line: FrameLine, told: Told, /) -> None:
        """Take what is known of one: the next is mostly asked for next."""

    def told(self, line: FrameLine, /) -> Told | None:
        """What was taken of the last one of a direction and connection; None of any other."""


def row_of(line: Line, before: Sequence[Line], earlier: Earlier | None = None) -> Row:
    """The row of a line; `before` are the lines before it, oldest first. `earlier` is asked where
    they do not reach the beginning of its message, or one of them was told last.
    """
    previous = next(reversed(before), None)
    previous_us = getattr(previous, "time_us", None)
    match line:
        case FrameLine():
            return _frame(line, before, previous_us, earlier)
        case Event():
            return _event(line, before, previous_us)
        case Note():
            return Row(line.number, "note", line.time_us, previous_us, text=line.text)
        case Damaged():
            return Row(line.number, "damaged", text=line.why, preview=line.data[:PREVIEW])
        case Wait():
            return Row(line.number, "other", event="wait", fields={"seconds": line.seconds})
        case Header():
            return Row(line.number, "other", event="session", fields={"url": line.url})


def _event(line: Event, before: Sequence[Line], previous_us: int | None) -> Row:
    steps = _steps(line, before)
    if line.name == "open" and steps:
        at = before.index(steps[0])
        previous_us = getattr(before[at - 1], "time_us", None) if at else None
    return Row(
        line.number,
        "event",
        line.time_us,
        previous_us,
        line.connection,
        event=line.name,
        fields=line.fields,
        steps=steps,
        quiet_since_us=_quiet_since(before) if line.name in ENDERS else None,
    )


def _quiet_since(before: Sequence[Line]) -> int | None:
    """When something last came, went or happened while the connection was there."""
    for other in reversed(before):
        if isinstance(other, Event) and other.name in ("closed", "error"):
            return None
        if isinstance(other, FrameLine) or (isinstance(other, Event) and other.name not in ASIDE):
            return other.time_us
    return None


def _steps(line: Event, before: Sequence[Line]) -> tuple[Event, ...]:
    """The events of the same handshake before this one, from its `reconnect` or `connecting`,
    redirects included.
    """
    if line.name not in STEPS and line.name not in ("open", "error"):
        return ()
    steps: list[Event] = []
    for other in reversed(before):
        if isinstance(other, Note):
            continue
        if not isinstance(other, Event) or other.connection != line.connection:
            break
        if other.name == "reconnect":
            steps.append(other)
            break
        is_before = steps and steps[-1].name == "connecting" and other.name != "response"
        if other.name not in STEPS or is_before:
            break
        steps.append(other)
    return tuple(reversed(steps))


def _frame(
    line: FrameLine, before: Sequence[Line], previous_us: int | None, earlier: Earlier | None
) -> Row:
    frame, payload = line.frame, line.payload
    size, on_wire = line.size, line.wire_size
    fragment, inside, is_text = _fragment(line, before, earlier)
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
        is_exact=not line.is_shortened or line.wire_length is None,
        wire_size=on_wire if on_wire != size else None,
        preview=payload[:PREVIEW] if payload is not None else None,
        is_text=is_text,
        bad=line.bad,
        cut=line.cut,
        fragment=fragment,
        inside_fragments=inside,
        automatic=_is_automatic(line, before),
        text=_written(line),
        quiet_since_us=_quiet_since(before),
    )


def _written(line: FrameLine) -> str:
    """What stands by hand for a payload that the line itself does not have."""
    written = line.raw.get("send" if line.sent else "recv")
    if isinstance(written, dict):
        for form, words in (("regex", "matching"), ("file", "from the file")):
            if isinstance(written.get(form), str):
                return f"{words} {written[form]}"
    return ""


def _fragment(
    line: FrameLine, before: Sequence[Line], earlier: Earlier | None
) -> tuple[int, bool, bool]:
    """The number within its message, 0 outside; whether a message is under way around it; and
    whether it belongs to a text message.
    """
    if line.frame.is_control:
        return 0, _is_inside(before), line.is_text
    if line.frame.opcode:
        return (0 if line.frame.fin else 1), False, line.is_text
    told = _numbered(line, before, earlier)
    if earlier is not None:
        earlier.tell(line, told)
    return told.number, False, told.is_text or (line.is_text and not told.has_first)


def _is_inside(before: Sequence[Line]) -> bool:
    frames = (line for line in reversed(before) if isinstance(line, FrameLine))
    data = next((line for line in frames if not line.frame.is_control), None)
    return data is not None and not data.frame.fin


def _numbered(line: FrameLine, before: Sequence[Line], earlier: Earlier | None) -> Told:
    count, oldest = 1, line
    for other in reversed(before):
        if not isinstance(other, FrameLine) or not is_beside(other, line):
            continue
        if other.frame.fin:
            return Told(count, oldest.is_text, False)
        count, oldest = count + 1, other
        if other.frame.opcode:
            return Told(count, other.is_text, True)
        told = earlier.told(other) if earlier is not None else None
        if told is not None:
            return told._replace(number=count - 1 + told.number)
    told = earlier.before(oldest) if earlier is not None else None
    if told is None or not told.number:
        return Told(count, oldest.is_text, False)
    return told._replace(number=count + told.number)


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
