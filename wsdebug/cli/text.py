"""Rows, frames and refusals as plain, escaped lines of text."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from wsdebug.cli.color import Paint, Style
from wsdebug.errors import HandshakeRefused
from wsdebug.log.row import Row
from wsdebug.log.rows import PREVIEW, close_words
from wsdebug.payload.escape import cut_cells, escape, escape_bytes
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse_many import PlainKind, PlainLines
from wsdebug.wire.encode import encode_head
from wsdebug.wire.frame import Opcode, opcode_name
from wsdebug.wire.violations import VIOLATIONS

__all__ = [
    "head_text",
    "hex_dump",
    "json_text",
    "plain_text",
    "refusal_text",
    "row_text",
]

WIDTH = 140  # cells of a row
WAYS: dict[bool, tuple[str, Style]] = {True: (">", "blue"), False: ("<", "green")}


def row_text(row: Row, *, width: int | None = WIDTH, paint: Paint | None = None) -> str:
    """One row: line, time, direction, opcode, size, payload; in at most `width` cells, or whole
    as far as the payload was read.
    """
    paint = paint or Paint("never", sys.stdout)
    start = _start(row.line, row.time_us)
    if row.kind != "frame":
        style: Style = "red" if row.kind == "damaged" or row.event == "error" else "muted"
        return start + paint(_cut(_words(row), width, len(start)), style)
    size = f"{'' if row.is_exact else '~'}{row.size}"
    middle = f" {opcode_name(row.opcode):<6} {size:>8} "
    used = len(start) + 1 + len(middle)
    marks = "".join(f"{escape(name)} " for name in row.bad)
    marks = _cut(f"! {marks}" if marks else "", width, used)
    payload = _cut(_payload(row), width, used + len(marks))
    return f"{start}{paint(*WAYS[row.sent])}{middle}{paint(marks, 'red')}{payload}".rstrip()


def plain_text(
    numbers: Sequence[int], lines: PlainLines, kind: PlainKind, *, width: int | None, paint: Paint
) -> Iterator[str]:
    """The same of many plain lines, given with their numbers, at a tenth of the cost."""
    opcode = opcode_name(Opcode.TEXT if kind.is_text else Opcode.BINARY)
    ways = [paint(*WAYS[False]), paint(*WAYS[True])]
    are_shown = _are_shown(b"".join(lines.payloads))
    each = zip(numbers, lines.times_us, kind.ways, lines.payloads, strict=True)
    for number, time_us, sent, payload in each:
        start = _start(number, time_us)
        middle = f" {opcode:<6} {len(payload):>8} "
        preview = payload[:PREVIEW]
        shown = preview.decode() if are_shown else _shown(preview, is_text=kind.is_text)
        more = " …" if len(payload) > PREVIEW else ""
        text = _cut(shown + more, width, len(start) + 1 + len(middle))
        yield f"{start}{ways[sent]}{middle}{text}".rstrip()


def _start(line: int, time_us: int | None) -> str:
    time = f"{time_us / 1e6:.6f}" if time_us is not None else ""
    return f"{line:>6} {time:>12} "


def _cut(text: str, width: int | None, used: int) -> str:
    return text if width is None else cut_cells(text, max(8, width - used))


def _words(row: Row) -> str:
    if row.kind == "fold":
        until = f", until {row.until_us / 1e6:.6f}" if row.until_us is not None else ""
        return f"-- {row.folded:,} lines folded{until}"
    if row.text:
        return escape(f"-- {row.event or row.kind} {row.text}")
    fields = [
        f"{name}={value if isinstance(value, str) else _json(value)}"
        for name, value in row.fields.items()
        if name != "raw"
    ]
    return escape(" ".join(["--", row.event or row.kind, *fields]))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _payload(row: Row) -> str:
    notes = "" if row.recorded else "(not recorded) "
    notes += "(after our close) " if row.late else ""
    if row.fragment:
        notes += f"(fragment {row.fragment}{', the last' if row.fin else ''}) "
    return notes + _preview(row)


def _preview(row: Row) -> str:
    if row.preview is None:
        return "(could not be inflated)"
    if row.text:
        return escape(f"({row.text})")
    if row.opcode == Opcode.CLOSE:
        return escape(" ".join(close_words(row)).strip())
    more = " …" if row.size_shown > len(row.preview) else ""
    return _shown(row.preview, is_text=row.is_text) + more


def _shown(preview: bytes, *, is_text: bool) -> str:
    if is_text or _are_shown(preview):
        return escape_bytes(preview)
    return preview.hex(" ")


def _are_shown(data: bytes) -> bool:
    """Whether all characters are shown as they are."""
    return data.isascii() and data.decode().isprintable()


def json_text(data: bytes, *, is_terminal: bool) -> bytes:
    """A line of a session with its newline, as it is; for a terminal with JSON's own escapes
    where a character would not be seen.
    """
    if is_terminal:
        text = data.decode("utf-8", "replace")
        if escape(text) != text:
            text = "".join(char if escape(char) == char else _json_escape(char) for char in text)
        data = text.encode()
    return data + b"\n"


def _json_escape(char: str) -> str:
    if char in "\t\r":
        return " "
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def refusal_text(error: HandshakeRefused) -> Iterator[str]:
    """Status, headers and body of an answer that opened nothing."""
    if error.status:
        yield f"< {error.status} {escape(error.reason)}".rstrip()
    redactor = Redactor()
    for name, value in error.headers:
        yield f"< {escape(name)}: {escape(redactor.header(name, value))}"
    if error.body:
        yield "<"
        for line in error.body.decode("utf-8", "replace").rstrip("\r\n").split("\n"):
            yield f"< {escape(line.rstrip(chr(13)))}"


def head_text(line: FrameLine) -> Iterator[str]:
    """All of a frame but its payload: bits, length, mask, violations with their rules."""
    frame = line.frame
    way = "sent" if line.sent else "received"
    yield f"line {line.number}: {opcode_name(frame.opcode)}, {way}"
    if line.time_us is not None:
        yield f"time     {line.time_us / 1e6:.6f}"
    yield f"head     {_head_text(line)}"
    for name in ("fin", "rsv1", "rsv2", "rsv3"):
        yield f"{name.upper():<8} {int(getattr(frame, name))}"
    yield f"opcode   {frame.opcode} {opcode_name(frame.opcode)}"
    mask = frame.mask.hex() if frame.mask is not None else "any" if line.any_mask else "none"
    yield f"mask     {mask}"
    yield f"wire     {line.wire_size:,} bytes"
    kept = f"{len(line.payload):,} bytes" if line.payload is not None else "could not be inflated"
    yield f"payload  {kept}"
    if line.cut is not None:
        less = "less was kept" if line.is_shortened else "less was kept or came"
        yield f"declared {line.cut:,} bytes; {less}"
    for name in line.bad:
        violation = VIOLATIONS.get(name)
        rule = f": {violation.rule} {violation.section}" if violation else ""
        yield f"! {escape(name)}{rule}"


def hex_dump(data: bytes) -> Iterator[str]:
    """Rows of 16 bytes: offset, hex, ASCII."""
    for offset in range(0, len(data), 16):
        part = data[offset : offset + 16]
        ascii_part = "".join(chr(b) if 0x20 <= b < 0x7F else "." for b in part)
        yield f"{offset:08x}  {part.hex(' '):<47}  {ascii_part}"


def _head_text(line: FrameLine) -> str:
    declared = line.frame.declared_length
    if declared is None:
        declared = line.cut if line.cut is not None else line.wire_length
    try:
        return encode_head(replace(line.frame, declared_length=declared)).hex(" ")
    except ValueError as error:  # a file can say what no wire can carry
        return f"none: {escape(str(error))}"
