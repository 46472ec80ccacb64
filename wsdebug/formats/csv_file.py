"""Sessions as CSV (RFC 4180): a row for each frame, for spreadsheets and data tools."""

import csv
import io
import re
from base64 import b64encode
from typing import BinaryIO

from wsdebug.formats.source import Source, utc_text
from wsdebug.session.encode import seconds
from wsdebug.session.lines import FrameLine
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode, opcode_name
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["COLUMNS", "HOLDS", "write"]

# fmt: off
HOLDS = frozenset((
    "mask", "fragment", "bits", "violation", "uninflated", "ping", "pong", "close",
    "reserved", "event:clock",
))
# fmt: on
COLUMNS = (
    "line",
    "connection",
    "time",  # seconds since the start
    "wall_time",  # RFC 3339, UTC
    "direction",  # sent or received
    "opcode",
    "fin",
    "bits",  # rsv1 rsv2 rsv3, those that are set
    "mask",  # 8 hex digits
    "size",  # bytes of the payload that were kept, inflated
    "wire_size",  # bytes of the payload on the wire
    "violations",
    "close_code",  # the payload of a close frame is its reason
    "payload_kind",  # text, base64, hex, or none where it could not be inflated
    "payload",
)
# What a spreadsheet takes for a formula at the beginning of a cell, or of one that begins at
# another separator than the comma. Such text stands as base64: no character is added to it.
FORMULA = re.compile(r"\A[\t\r\n]|(?:\A|[;\t\r\n])\"*[=+\-@\uff1d\uff0b\uff0d\uff20]")
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
PIECE = 1 << 16  # characters written at a time


def write(source: Source, out: BinaryIO) -> None:
    """Write a heading and the rows. Raises SessionUnreadable, and OSError."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # \r\n, quotes doubled and only where they must be
    writer.writerow(COLUMNS)
    for line, time_us in source.lines(HOLDS):
        if isinstance(line, FrameLine):
            writer.writerow(_row(line, time_us, source))
        if text.tell() > PIECE:
            _flush(text, out)
    _flush(text, out)


def _flush(text: io.StringIO, out: BinaryIO) -> None:
    out.write(text.getvalue().encode())
    text.seek(0)
    text.truncate()


def _row(line: FrameLine, time_us: int, source: Source) -> list[object]:
    frame = line.frame
    code, kind, payload = _payload(line)
    has_time, has_start = line.time_us is not None, source.started_us is not None
    return [
        line.number,
        line.connection,
        seconds(time_us) if has_time else "",
        utc_text(source.wall_us(time_us)) if has_time and has_start else "",
        "sent" if line.sent else "received",
        opcode_name(frame.opcode),
        "true" if frame.fin else "false",
        " ".join(bit for bit in ("rsv1", "rsv2", "rsv3") if getattr(frame, bit)),
        frame.mask.hex() if frame.mask is not None else "",
        len(line.payload) if line.payload is not None else "",
        line.wire_size,
        " ".join(name if name in VIOLATIONS else "other" for name in line.bad),
        code,
        kind,
        payload,
    ]


def _payload(line: FrameLine) -> tuple[object, str, str]:
    """Close code, kind and payload."""
    data, opcode = line.payload, line.frame.opcode
    if data is None:
        return "", "none", ""
    body = parse_close(data) if opcode == Opcode.CLOSE else None
    if body is not None:
        return body.code if body.code is not None else "", *_text(body.reason)
    if line.is_text or opcode in (Opcode.PING, Opcode.PONG):
        try:
            return "", *_text(data.decode())
        except UnicodeDecodeError:
            pass
    return "", *_bytes(data)


def _text(text: str) -> tuple[str, str]:
    if FORMULA.search(text) or NO_TEXT.search(text):
        return _bytes(text.encode())
    return "text", text


def _bytes(data: bytes) -> tuple[str, str]:
    """As base64; where that begins like a formula, as hex."""
    encoded = b64encode(data).decode()
    return ("hex", data.hex()) if encoded.startswith("+") else ("base64", encoded)
