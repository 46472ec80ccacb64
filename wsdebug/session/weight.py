"""What a long line would take as values, which are far more than its text: before any is made."""

import re

import msgspec

__all__ = ["MANY", "MOST", "is_mostly_payload", "too_many_values"]

MANY = 20_000  # values of a line, beside a payload's
MOST = 1_000_000  # of a payload in JSON
BASE64 = b'{"b64":"'
UP_TO_COMMA = rb'(?:[^",]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+,'
COMMAS = {count: re.compile(b"(?:%b){%d}" % (UP_TO_COMMA, count), re.DOTALL) for count in (1000, 1)}


class _Strings(msgspec.Struct):
    """The long strings of a frame's line as they stand there; other keys are passed over."""

    send: msgspec.Raw = msgspec.Raw(b"")
    recv: msgspec.Raw = msgspec.Raw(b"")
    wire: msgspec.Raw = msgspec.Raw(b"")


_DECODER = msgspec.json.Decoder(_Strings)


def is_mostly_payload(data: bytes, limit: int) -> bool:
    """Whether a line has at most `limit` bytes beside a payload's strings; false for what is no
    JSON object. Nothing of it is made a value.
    """
    try:
        found = _DECODER.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        return False
    strings = (memoryview(raw) for raw in (found.send, found.recv, found.wire))
    return len(data) - sum(len(raw) for raw in strings if _is_string(raw)) <= limit


def too_many_values(data: bytes) -> str | None:
    """Why a line is not to be read: it has more values than any that is recorded, of which each
    takes some hundred bytes and several rows on a screen. None if it may be read.
    """
    if data.count(b",") < MANY:
        return None
    try:
        found = _DECODER.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        return "not JSON"
    payloads = [bytes(raw) for raw in (found.send, found.recv, found.wire)]
    inside = sum(_values_of(raw, MOST) for raw in payloads if raw[:1] != b'"')
    if inside >= MOST:
        return f"a payload of over {MOST:,} values, too many to read: only its beginning is shown"
    beside = data.count(b",") - sum(raw.count(b",") for raw in payloads)
    if beside >= MANY and _values_of(data, inside + MANY) >= inside + MANY:
        return f"over {MANY:,} values, too many to read: only its beginning is shown"
    return None


def _values_of(data: bytes, most: int) -> int:
    """Commas that are not in strings, about so many at most."""
    count = at = 0
    for step, commas in COMMAS.items():
        while count < most and (found := commas.match(data, at)) is not None:
            count += step
            at = found.end()
    return count


def _is_string(raw: memoryview) -> bool:
    start = bytes(raw[: len(BASE64)])
    # base64 has no quotes: with more than those of key and value, something else is in the object
    return start[:1] == b'"' or (start == BASE64 and bytes(raw).count(b'"') == 4)
