"""Values to the lines of a session file, keys in the order that the format gives."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import Any

from wsdebug.session.lines import FrameLine
from wsdebug.wire.close import parse_close
from wsdebug.wire.encode import minimal_form
from wsdebug.wire.frame import OPCODE_NAMES, Opcode
from wsdebug.wire.utf8 import Utf8Checker

__all__ = [
    "PIECE",
    "encode_event",
    "encode_frame_line",
    "encode_frame_pieces",
    "encode_header",
    "encode_note",
    "encode_plain_lines",
    "encode_sent_lines",
    "seconds",
]

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
    return f'{_start(time_us, connection)}"event":"{name}"{separator}{rest}\n'.encode()


def encode_note(time_us: int, text: str, on: int | None = None) -> bytes:
    """A note on a line, or on the moment."""
    tail = f',"on":{on}' if on is not None else ""
    return f'{_start(time_us, 1)}"note":{encode_basestring(text)}{tail}}}\n'.encode()


def encode_frame_line(line: FrameLine, *, keeps_wire: bool = True) -> bytes:
    """A frame line.

    The payload is a string where it is text in UTF-8, an object otherwise; `wire` follows only
    where it differs, `wlen` in its place if it is not kept.
    """
    payload, implied = _payload(line)
    on_wire = ""
    if _wire_is_kept(line, keeps_wire=keeps_wire):
        on_wire = f',"wire":"{b64encode(line.frame.payload).decode()}"'
    tail = _tail(line, keeps_wire=keeps_wire)
    return f"{_head(line, implied)}{payload}{on_wire}{tail}".encode()


def encode_plain_lines(payloads: Iterable[str | bytes], time_us: int, connection: int) -> bytes:
    """The lines of received messages in one unmasked, uncompressed frame each; str for text."""
    start = f'{_start(time_us, connection)}"recv":'
    return "".join(
        f"{start}{encode_basestring(payload)}}}\n"
        if isinstance(payload, str)
        else f'{start}{{"b64":"{b64encode(payload).decode()}"}}}}\n'
        for payload in payloads
    ).encode()


def encode_sent_lines(
    payloads: Iterable[bytes], masks: bytes, time_us: int, connection: int, *, is_text: bool
) -> bytes:
    """The lines of sent messages in one uncompressed frame each, with 4 bytes of `masks` for
    each; text is UTF-8.
    """
    start = f'{_start(time_us, connection)}"mask":"'
    keys = masks.hex()
    return "".join(
        f'{start}{keys[at : at + 8]}","send":{encode_basestring(payload.decode())}}}\n'
        if is_text
        else f'{start}{keys[at : at + 8]}","send":{{"b64":"{b64encode(payload).decode()}"}}}}\n'
        for at, payload in zip(range(0, len(keys), 8), payloads, strict=True)
    ).encode()


def encode_frame_pieces(line: FrameLine, *, keeps_wire: bool = True) -> Iterator[bytes]:
    """The same line piece by piece, each of about 1 MiB, for payloads longer than that."""
    data, frame = line.payload, line.frame
    if data is None or len(data) <= PIECE or frame.is_control:
        payload, implied = _payload(line)
        yield f"{_head(line, implied)}{payload}".encode()
    elif (line.frame.opcode == Opcode.TEXT or line.is_text) and _is_utf8(data):
        yield f'{_head(line, Opcode.TEXT)}"'.encode()
        for start, end in _character_cuts(data):
            yield encode_basestring(data[start:end].decode())[1:-1].encode()
        yield b'"'
    else:
        yield f'{_head(line, Opcode.BINARY)}{{"b64":"'.encode()
        yield from _base64_pieces(data)
        yield b'"}'
    if _wire_is_kept(line, keeps_wire=keeps_wire):
        yield b',"wire":"'
        yield from _base64_pieces(frame.payload)
        yield b'"'
    yield _tail(line, keeps_wire=keeps_wire).encode()


def _head(line: FrameLine, implied: int) -> str:
    """All before the payload; `implied` is the opcode that the payload's form says."""
    frame = line.frame
    parts = [_start(line.time_us or 0, line.connection)]
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


def _tail(line: FrameLine, *, keeps_wire: bool) -> str:
    if line.wire_length is not None:
        return f',"wlen":{line.wire_length}}}\n'
    if not keeps_wire and line.frame.payload != line.payload:
        return f',"wlen":{len(line.frame.payload)}}}\n'
    return "}\n"


def _is_utf8(data: bytes) -> bool:
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
        yield b64encode(data[start : start + step])


def _start(time_us: int, connection: int) -> str:
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


def _payload(line: FrameLine) -> tuple[str, int]:
    """The payload as JSON, and the opcode that it implies."""
    data, opcode = line.payload, line.frame.opcode
    if data is None:
        return "null", Opcode.TEXT
    if opcode == Opcode.CLOSE and line.frame.fin and not line.frame.rsv1:
        body = parse_close(data)
        if body is not None:
            return _close(body.code, body.reason), -1
    may_be_text = opcode == Opcode.TEXT or (opcode == Opcode.CONT and line.is_text)
    if may_be_text or (opcode in (Opcode.PING, Opcode.PONG) and data.isascii()):
        try:
            return encode_basestring(data.decode()), Opcode.TEXT
        except UnicodeDecodeError:
            pass
    return f'{{"b64":"{b64encode(data).decode()}"}}', Opcode.BINARY


def _close(code: int | None, reason: str) -> str:
    return "{}" if code is None else f'{{"code":{code},"reason":{encode_basestring(reason)}}}'


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
