"""The lines that most of a recording consists of to values, in less than half the time."""

import re
from base64 import b64decode
from collections.abc import Callable
from json import JSONDecoder

from wsdebug.session.frames import FrameLine
from wsdebug.wire.frame import Frame

__all__ = ["parse_plain"]

HEAD = re.compile(
    rb'\{"t":((?:0|[1-9][0-9]{0,8})\.[0-9]{6}),(?:"c":([1-9][0-9]{0,8}),)?'
    rb'(?:"mask":"([0-9a-f]{8})",)?"(recv|send)":(?=["{])'
)
BINARY = re.compile(rb'\{"b64":"([A-Za-z0-9+/=]*)"\}\}')
TEXT, DATA = 1, 2  # opcodes

_value: Callable[[str], tuple[str, int]] = JSONDecoder().raw_decode


def parse_plain(data: bytes, number: int) -> FrameLine | None:
    """A line as it is recorded of a frame that is a message, without a violation and uncompressed.

    None of any other, and of one that may be damaged: `parse_line` says what it is.
    """
    head = HEAD.match(data)
    if head is None:
        return None
    time, connection, mask, way = head.groups()
    payload = _text(data, head.end()) if data[head.end()] == 0x22 else _binary(data, head.end())
    if payload is None:
        return None
    is_text = data[head.end()] == 0x22
    key = bytes.fromhex(mask.decode()) if mask is not None else None
    sent = way == b"send"
    return FrameLine(
        number,
        round(float(time) * 1_000_000),
        sent,
        Frame(TEXT if is_text else DATA, payload, mask=key),
        payload,
        int(connection or 1),
        is_text=is_text,
        any_mask=sent and key is None,
    )


def _text(data: bytes, start: int) -> bytes | None:
    if b"\\ud" in data or b"\\uD" in data:  # a surrogate may stand alone
        return None
    try:
        rest = data[start:].decode()
        text, end = _value(rest)
    except ValueError:
        return None
    return text.encode() if rest[end:] == "}" else None


def _binary(data: bytes, start: int) -> bytes | None:
    found = BINARY.fullmatch(data, start)
    if found is None:
        return None
    try:
        return b64decode(found[1], validate=True)
    except ValueError:
        return None
