"""Values to the lines of a session file, keys in the order that the format gives."""

import json
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from json.encoder import encode_basestring
from typing import Any

from wsdebug.session.frames import FrameLine
from wsdebug.wire.close import parse_close
from wsdebug.wire.encode import minimal_form
from wsdebug.wire.frame import OPCODE_NAMES, Opcode
from wsdebug.wire.utf8 import Utf8Checker

__all__ = [
    "PIECE",
    "base64",
    "encode_event",
    "encode_frame_line",
    "encode_frame_pieces",
    "encode_header",
    "encode_note",
    "line_start",
    "quoted",
    "quoted_text",
    "seconds",
]

CONTROLS = bytes(range(0x20))
MANY = 4096  # bytes for which a module that must be loaded first pays
DENSE = MANY // 12  # quotes in so many, with more of which rapidjson is faster than orjson
PIECE = 1 << 20  # bytes of a payload that are encoded at a time


def seconds(time_us: int) -> str:
    """Microseconds as seconds with 6 decimals, as `t` is written."""
    return f"{time_us // 1_000_000}.{time_us % 1_000_000:06}"


def encode_header(header: Mapping[str, Any]) -> bytes:
    """The first line; keys stand as they are given."""
    return _json(header).encode() + b"\n"


def encode_event(time_us: int, connection: int, name: str, fields: Mapping[str, Any]) -> bytes:
    """An event line; `fields` follow `t`, `c` and `event`."""
    rest = _json(dict(fields))[1:]
    separator = "," if fields else ""
    return f'{line_start(time_us, connection)}"event":"{name}"{separator}{rest}\n'.encode()


def encode_note(time_us: int, text: str, on: int | None = None) -> bytes:
    """A note on a line, or on the moment."""
    tail = f',"on":{on}' if on is not None else ""
    return f'{line_start(time_us, 1)}"note":{encode_basestring(text)}{tail}}}\n'.encode()


def encode_frame_line(
    line: FrameLine, start: str | None = None, *, keeps_wire: bool = True
) -> bytes:
    """A frame line; `start` are its first keys (`line_start`) where they are not its own.

    The payload is a string where it is text in UTF-8, an object otherwise; `wire` follows only
    where it differs, `wlen` in its place if it is not kept.
    """
    payload, implied = _payload(line)
    head = _head(line, implied, start).encode()
    tail = _tail(line, keeps_wire=keeps_wire)
    if _wire_is_kept(line, keeps_wire=keeps_wire):
        wire = base64(line.frame.payload)
        return b'%b%b,"wire":"%b"%b' % (head, payload, wire, tail)
    return b"%b%b%b" % (head, payload, tail)


def encode_frame_pieces(
    line: FrameLine, start: str | None = None, *, keeps_wire: bool = True
) -> Iterator[bytes]:
    """The same line piece by piece, each of about 1 MiB, for payloads longer than that."""
    data, frame = line.payload, line.frame
    if data is None or len(data) <= PIECE or frame.is_control:
        payload, implied = _payload(line)
        yield _head(line, implied, start).encode() + payload
    elif (line.frame.opcode == Opcode.TEXT or line.is_text) and _is_utf8(data):
        yield f'{_head(line, Opcode.TEXT, start)}"'.encode()
        for first, end in _character_cuts(data):
            yield quoted(data[first:end])[1:-1]
        yield b'"'
    else:
        yield f'{_head(line, Opcode.BINARY, start)}{{"b64":"'.encode()
        yield from _base64_pieces(data)
        yield b'"}'
    if _wire_is_kept(line, keeps_wire=keeps_wire):
        yield b',"wire":"'
        yield from _base64_pieces(frame.payload)
        yield b'"'
    yield _tail(line, keeps_wire=keeps_wire)


def _head(line: FrameLine, implied: int, start: str | None) -> str:
    """All before the payload; `implied` is the opcode that the payload's form says."""
    frame = line.frame
    parts = [line_start(line.time_us or 0, line.connection) if start is None else start]
    if frame.opcode != implied:
        name = OPCODE_NAMES.get(frame.opcode)
        parts.append(f'"op":"{name}",' if name else f'"op":{frame.opcode},')
    if not frame.fin:
        parts.append('"fin":false,')
    for bit in ("rsv1", "rsv2", "rsv3"):
        if getattr(frame, bit):
            parts.append(f'"{bit}":true,')
    if frame.mask is not None:
        parts.append(f'"mask":"{frame.mask.hex()}",')
    elif line.sent and not line.any_mask:
        parts.append('"mask":null,')
    parts.append(_length(line))
    if line.bad:
        parts.append('"bad":[' + ",".join(f'"{name}"' for name in line.bad) + "],")
    if line.cut is not None:
        parts.append(f'"cut":{line.cut},')
    parts.append(f'"{"send" if line.sent else "recv"}":')
    return "".join(parts)


def _wire_is_kept(line: FrameLine, *, keeps_wire: bool) -> bool:
    return keeps_wire and line.wire_length is None and line.frame.payload != line.payload


def _tail(line: FrameLine, *, keeps_wire: bool) -> bytes:
    if line.wire_length is not None:
        return b',"wlen":%d}\n' % line.wire_length
    if not keeps_wire and line.frame.payload != line.payload:
        return b',"wlen":%d}\n' % len(line.frame.payload)
    return b"}\n"


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    checker = Utf8Checker()
    starts = range(0, len(data), PIECE)
    return all(
        checker.feed(data[start : start + PIECE], final=start == starts[-1]) is None
        for start in starts
    )


def _character_cuts(data: bytes) -> Iterator[tuple[int, int]]:
    """Pieces of UTF-8 that end between characters."""
    start = 0
    while start < len(data):
        end = min(start + PIECE, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        yield start, end
        start = end


def _base64_pieces(data: bytes) -> Iterator[bytes]:
    step = PIECE // 3 * 3
    for start in range(0, len(data), step):
        yield base64(data[start : start + step])


def line_start(time_us: int, connection: int) -> str:
    """The first keys of a line."""
    return f'{{"t":{seconds(time_us)},' + (f'"c":{connection},' if connection != 1 else "")


def _length(line: FrameLine) -> str:
    frame = line.frame
    if frame.length_form is None and frame.declared_length is None:
        return ""
    declared = frame.declared_length
    if declared is None:
        declared = line.cut if line.cut is not None else len(frame.payload)
    form = frame.length_form or minimal_form(declared)
    return f'"len":{{"form":{form},"declared":{declared}}},'


def quoted_text(text: str) -> bytes:
    """Text without surrogates as JSON; the digits of `\\u` are of either case."""
    if len(text) < MANY:
        return encode_basestring(text).encode()
    if text.isascii() and text.count('"', 0, MANY) > DENSE:  # rapidjson is slow beyond ASCII
        return _dense_quoted()(text).encode()
    return _sparse_quoted()(text)


def quoted(text: bytes) -> bytes:
    """UTF-8 as JSON."""
    if len(text) >= MANY:
        return quoted_text(text.decode())
    if b'"' in text or b"\\" in text or len(text.translate(None, CONTROLS)) != len(text):
        # no byte of a character beyond ASCII needs an escape, hence Latin-1
        return encode_basestring(text.decode("latin-1")).encode("latin-1")
    return b'"%b"' % text


def base64(data: bytes) -> bytes:
    """Bytes in base64, without newlines."""
    return b2a_base64(data, newline=False) if len(data) < MANY else _compiled_base64()(data)


@cache
def _sparse_quoted() -> Callable[[str], bytes]:
    from orjson import dumps

    return dumps


@cache
def _dense_quoted() -> Callable[[str], str]:
    from rapidjson import dumps

    return partial(dumps, ensure_ascii=False)


@cache
def _compiled_base64() -> Callable[[bytes], bytes]:
    from pybase64 import b64encode

    return b64encode


def _payload(line: FrameLine) -> tuple[bytes, int]:
    """The payload as JSON, and the opcode that it implies."""
    data, opcode = line.payload, line.frame.opcode
    if data is None:
        return b"null", Opcode.TEXT
    if opcode == Opcode.CLOSE and line.frame.fin and not line.frame.rsv1:
        body = parse_close(data)
        if body is not None:
            return _close(body.code, body.reason).encode(), -1
    may_be_text = opcode == Opcode.TEXT or (opcode == Opcode.CONT and line.is_text)
    is_ping = opcode in (Opcode.PING, Opcode.PONG)
    if data.isascii() if is_ping else may_be_text and _is_utf8(data):
        return quoted(data), Opcode.TEXT
    return b'{"b64":"%b"}' % base64(data), Opcode.BINARY


def _close(code: int | None, reason: str) -> str:
    return "{}" if code is None else f'{{"code":{code},"reason":{encode_basestring(reason)}}}'


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
