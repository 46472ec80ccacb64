"""Two messages of a log beside each other: what differs, in JSON or from which byte on."""

from dataclasses import dataclass
from typing import Any, AnyStr

from wsdebug.log.joined import Message
from wsdebug.log.log import FrameLog
from wsdebug.payload.json_text import json_text
from wsdebug.replay.came import NO_VALUE, json_of
from wsdebug.replay.patterns import LIMIT, compare_json
from wsdebug.replay.results import ABSENT, Difference
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = [
    "JSON_LIMIT",
    "Change",
    "Comparison",
    "Spelled",
    "compare_messages",
    "first_difference",
    "messages_at",
]

JSON_LIMIT = 8 << 20  # bytes of a payload; a larger one as values takes too much memory
KEPT = 2000  # characters of a value or path
SAME = 20  # characters that are kept before the first that differs
CONTAINERS = (b"{", b"[")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A JSON value as text, at most `KEPT` characters of it; `skipped` are left out before."""

    text: str
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: an RFC 9535 path, or `code` and `reason` of a close; None for no value."""

    path: str
    was: Spelled | None
    now: Spelled | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of `one` in `other`.

    `payloads` are those that were compared: as they were on the wire (`is_wire`) where either
    could not be inflated. `changes` is None where they are not both JSON; `has_more` says that
    there are more than these. `first_byte` is where the payloads begin to differ, None where they
    are the same; `is_too_big` that they look like JSON, but are too large to be compared as such.
    """

    one: Message
    other: Message
    payloads: tuple[bytes, bytes]
    changes: tuple[Change, ...] | None
    first_byte: int | None
    has_more: bool = False
    is_wire: bool = False
    is_too_big: bool = False

    @property
    def elapsed_us(self) -> int | None:
        """From the start of the one to the start of the other, in microseconds."""
        start, end = self.one.first.time_us, self.other.first.time_us
        return end - start if start is not None and end is not None else None


def messages_at(log: FrameLog, one: int, other: int) -> tuple[Message, Message] | None:
    """The messages that two lines belong to, the earlier first; None where a line is no frame.

    Two frames of the same message stand for themselves. Reads all of both.
    """
    lines = sorted((one, other))
    found = [log.message(line) for line in lines]
    if not all(found):
        return None
    if found[0][0].number == found[1][0].number:
        found = [
            [each for each in frames if each.number == line]
            for frames, line in zip(found, lines, strict=True)
        ]
    first, second = sorted((Message(tuple(frames)) for frames in found), key=lambda m: m.number)
    return first, second


def compare_messages(one: Message, other: Message) -> Comparison:
    """Compare; takes as long as the payloads are big."""
    is_wire = one.payload is None or other.payload is None
    payloads = (_wire(one), _wire(other)) if is_wire else (one.payload or b"", other.payload or b"")
    is_big = any(len(payload) > JSON_LIMIT for payload in payloads)
    differences = None if is_wire or is_big else _differences(one, other)
    is_close = one.opcode == Opcode.CLOSE
    return Comparison(
        one,
        other,
        payloads,
        changes=None
        if differences is None
        else tuple(_change(each, is_close=is_close) for each in differences),
        first_byte=first_difference(*payloads),
        has_more=differences is not None and len(differences) == LIMIT,
        is_wire=is_wire,
        is_too_big=is_big and not is_wire and all(map(_looks_like_json, payloads)),
    )


def _differences(one: Message, other: Message) -> list[Difference] | None:
    """In JSON, or in what two close frames say; None where they are not both the one or other."""
    are_closes = one.opcode == other.opcode == Opcode.CLOSE
    values = [
        _close_value(message.payload or b"")
        if are_closes
        else json_of(message.payload or b"", message.opcode)
        for message in (one, other)
    ]
    return None if any(value is NO_VALUE for value in values) else compare_json(*values)


def _looks_like_json(payload: bytes) -> bool:
    return payload[:64].lstrip().startswith(CONTAINERS)


def first_difference(one: AnyStr, other: AnyStr) -> int | None:
    """Where two texts begin to differ; None where they are the same."""
    if one == other:
        return None
    low, high = 0, min(len(one), len(other))
    while low < high:  # halves are compared as a whole: as fast for megabytes as can be
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _wire(message: Message) -> bytes:
    return b"".join(frame.frame.payload for frame in message.frames)


def _close_value(payload: bytes) -> Any:
    body = parse_close(payload)
    if body is None:
        return NO_VALUE
    return {} if body.code is None else {"code": body.code, "reason": body.reason}


def _change(difference: Difference, *, is_close: bool) -> Change:
    path = difference.path[:KEPT]
    was, now = (
        None if value is ABSENT else json_text(value)
        for value in (difference.expected, difference.got)
    )
    at = first_difference(was, now) if was is not None and now is not None else 0
    skipped = at - SAME if at is not None and at > 2 * SAME else 0
    return Change(
        path.removeprefix("$.") if is_close else path,
        _spelled(was, skipped),
        _spelled(now, skipped),
    )


def _spelled(text: str | None, skipped: int) -> Spelled | None:
    return None if text is None else Spelled(text[skipped : skipped + KEPT], skipped)
