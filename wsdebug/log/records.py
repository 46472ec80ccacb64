"""Lines decoded many at a time, as far as filters and statistics need them.

`parse_line` says what a line is; this says the same of lines that are whole, at a tenth of the
time, and leaves the others to it.
"""

import json
from base64 import b64decode
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from wsdebug.log.windows import Window
from wsdebug.payload.json_scan import JsonError
from wsdebug.payload.json_text import json_text
from wsdebug.payload.json_values import parse_strict_json
from wsdebug.session.fields import LONGEST
from wsdebug.session.frames import LESS_CAME
from wsdebug.session.lines import Event, FrameLine, Line, Note
from wsdebug.session.parse import VALUES, parse_line
from wsdebug.session.weight import too_many_values
from wsdebug.wire.close import encode_close, parse_close
from wsdebug.wire.frame import OPCODE_NAMES, Opcode

__all__ = [
    "Kept",
    "Record",
    "Written",
    "close_code",
    "decode_lines",
    "decode_window",
    "is_frame",
    "keep",
    "opcode_of",
    "payload_bytes",
    "payload_of",
    "payload_size",
    "payload_text",
    "wire_size",
]

OpcodeName = Literal["text", "binary", "cont", "ping", "pong", "close"]
OPCODES = {name: opcode for opcode, name in OPCODE_NAMES.items()}


class Written(msgspec.Struct, gc=False):
    """A payload that is no string."""

    b64: str | UnsetType = UNSET
    hex: str | UnsetType = UNSET
    json: Raw | UnsetType = UNSET
    regex: str | UnsetType = UNSET
    file: str | UnsetType = UNSET
    code: Annotated[int, Meta(ge=0, le=65535)] | None = None
    reason: str = ""


class Kept:
    """A payload as bytes; they may be fewer than `size`, to save memory."""

    __slots__ = ("data", "size")

    def __init__(self, data: bytes, size: int | None = None) -> None:
        self.data = data
        self.size = len(data) if size is None else size


Payload = str | Written | Kept | None


class Record(msgspec.Struct, gc=False):
    """A line: a frame where `send` or `recv` is set, an event, a note; nothing set where it is
    none of these, or damaged.
    """

    t: Annotated[float, Meta(ge=0, lt=LONGEST)] | None = None
    c: Annotated[int, Meta(ge=1)] = 1
    op: Annotated[int, Meta(ge=0, le=15)] | OpcodeName | None = None
    fin: bool = True
    rsv1: bool = False
    rsv2: bool = False
    rsv3: bool = False
    mask: str | UnsetType | None = UNSET
    bad: tuple[str, ...] = ()
    cut: Annotated[int, Meta(ge=0)] | None = None
    send: str | Written | UnsetType | None = UNSET
    recv: str | Written | UnsetType | None = UNSET
    wire: Raw | UnsetType = UNSET
    wlen: Annotated[int, Meta(ge=0)] | None = None
    event: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    code: Raw | None = None


LONGEST_CODE = 19  # digits
DECODER = msgspec.json.Decoder(Record)
FAILS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode_window(window: Window, hidden: Sequence[int]) -> list[Record]:
    """A record for each line, in order; `hidden` are its lines that are no rows."""
    if window.preview is not None:
        return [_record_of(window.preview.line, window.preview.size)]
    if not hidden:
        try:
            records = DECODER.decode_lines(window.data)
        except FAILS:
            records = []
        if len(records) == window.lines:
            return records
    lines = window.data.removesuffix(b"\n").split(b"\n")
    return [_decode_line(line, number) for number, line in enumerate(lines, window.first)]


def decode_lines(lines: Sequence[tuple[int, bytes]]) -> list[Record]:
    """A record for each line, given with its number and without its newline."""
    try:
        records = DECODER.decode_lines(b"\n".join([line for _, line in lines]))
    except FAILS:
        records = []
    if len(records) == len(lines):
        return records
    return [_decode_line(line, number) for number, line in lines]


def _decode_line(data: bytes, number: int) -> Record:
    try:
        return DECODER.decode(data)
    except FAILS:
        return _record_of(parse_line(data, number))


def _record_of(line: Line | None, size: int | None = None) -> Record:
    """`size` is that of a payload of which the line has only the beginning."""
    match line:
        case FrameLine(frame=frame):
            kept = line.size if size is None else size
            payload = line.payload if line.payload is None else Kept(line.payload, kept)
            mask = UNSET if line.any_mask else frame.mask.hex() if frame.mask else None
            record = Record(
                t=_seconds(line.time_us),
                c=line.connection,
                op=frame.opcode,
                fin=frame.fin,
                rsv1=frame.rsv1,
                rsv2=frame.rsv2,
                rsv3=frame.rsv3,
                mask=mask,
                bad=tuple(line.bad),
                wlen=line.wire_size,
            )
            keep(record, payload, sent=line.sent)
            return record
        case Event():
            code = line.fields.get("code")
            time = _seconds(line.time_us)
            written = Raw(b"%d" % code) if isinstance(code, int) else None
            return Record(t=time, c=line.connection, event=line.name, code=written)
        case Note():
            return Record(t=_seconds(line.time_us), note=line.text)
    return Record()


def _seconds(time_us: int | None) -> float | None:
    return time_us / 1_000_000 if time_us is not None else None


def keep(record: Record, payload: Payload, *, sent: bool) -> None:
    """Put another payload into a frame's record."""
    setattr(record, "send" if sent else "recv", payload)


def is_frame(record: Record) -> bool:
    """Whether the line is one."""
    return record.recv is not UNSET or record.send is not UNSET


def payload_of(record: Record) -> Payload:
    """A frame's payload as it is written; None where it could not be inflated."""
    payload = record.recv if record.recv is not UNSET else record.send
    return None if payload is UNSET else payload


def payload_bytes(payload: Payload) -> bytes | None:
    """The bytes, None where there are none to be had."""
    if isinstance(payload, str):
        return payload.encode()
    if isinstance(payload, Kept):
        return payload.data
    if payload is None:
        return None
    try:
        return _written_bytes(payload)
    except (ValueError, RecursionError):
        return None


def _written_bytes(payload: Written) -> bytes:
    if payload.b64 is not UNSET:
        return b64decode(payload.b64, validate=True)
    if payload.hex is not UNSET:
        return bytes.fromhex(payload.hex)
    if payload.json is not UNSET:
        written = bytes(payload.json)
        if len(written) > VALUES or too_many_values(b'{"recv":%b}' % written) is not None:
            raise ValueError("too many values")
        return _compact(written).encode()
    if payload.regex is not UNSET or payload.file is not UNSET:
        return b""
    return encode_close(payload.code, payload.reason if payload.code is not None else "")


def _compact(written: bytes) -> str:
    """As `parse_line` has it."""
    try:
        return json_text(parse_strict_json(written))
    except JsonError:
        return json.dumps(json.loads(written), ensure_ascii=False, separators=(",", ":"))


def payload_text(record: Record) -> str | None:
    """What a word is looked for in: the text, U+DC80 to U+DCFF standing for bytes that are not
    UTF-8; of a close, its code and its reason.
    """
    payload = payload_of(record)
    is_close = opcode_of(record) == Opcode.CLOSE
    if isinstance(payload, str) and not is_close:
        return payload
    data = payload_bytes(payload)
    if data is None:
        return None
    if is_close:
        body = parse_close(data)
        if body is not None:
            return f"{body.code} {body.reason}" if body.code is not None else ""
    return data.decode("utf-8", "surrogateescape")


def payload_size(record: Record) -> int:
    """Bytes of the payload, inflated; of one that was shortened those that came, as `FrameLine`
    has it.
    """
    if record.cut is not None and record.wlen is None and LESS_CAME.isdisjoint(record.bad):
        return record.cut
    payload = payload_of(record)
    if isinstance(payload, str):
        return len(payload) if payload.isascii() else len(payload.encode())
    if isinstance(payload, Kept):
        return payload.size
    if isinstance(payload, Written) and payload.b64 is not UNSET:
        return len(payload.b64) // 4 * 3 - payload.b64[-2:].count("=")
    return len(payload_bytes(payload) or b"")


def wire_size(record: Record) -> int:
    """Bytes of the payload on the wire."""
    if record.wlen is not None:
        return record.wlen
    if record.wire is UNSET:
        return payload_size(record)
    written = bytes(record.wire)  # with its quotes
    return (len(written) - 2) // 4 * 3 - written[-3:].count(b"=")


def opcode_of(record: Record) -> int:
    """The opcode of a frame, 0 to 15."""
    if isinstance(record.op, int):
        return record.op
    if record.op is not None:
        return OPCODES[record.op]
    payload = payload_of(record)
    if not isinstance(payload, Written):
        return Opcode.TEXT
    if payload.json is not UNSET or payload.regex is not UNSET:
        return Opcode.TEXT
    is_binary = any(part is not UNSET for part in (payload.b64, payload.hex, payload.file))
    return Opcode.BINARY if is_binary else Opcode.CLOSE


def close_code(record: Record) -> int | None:
    """The code of a close frame or of a `closed` event."""
    if record.event == "closed":
        return _whole(record.code)
    if not is_frame(record) or opcode_of(record) != Opcode.CLOSE:
        return None
    data = payload_bytes(payload_of(record))
    return int.from_bytes(data[:2], "big") if data is not None and len(data) >= 2 else None


def _whole(written: Raw | None) -> int | None:
    text = bytes(written) if written is not None else b""
    return int(text) if text.isdigit() and len(text) < LONGEST_CODE else None
