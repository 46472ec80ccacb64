"""Rows, frames and refusals as plain, escaped lines of text."""

from collections.abc import Iterator
from dataclasses import replace

from wsdebug.errors import HandshakeRefused
from wsdebug.log.row import Row
from wsdebug.log.rows import close_words
from wsdebug.payload.escape import escape, escape_bytes
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import FrameLine
from wsdebug.wire.encode import encode_head
from wsdebug.wire.frame import opcode_name
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["frame_text", "json_text", "refusal_text", "row_text"]

WIDTH = 100  # cells of a payload


def row_text(row: Row) -> str:
    """One row: line, time, direction, opcode, size, payload."""
    time = f"{row.time_us / 1e6:.6f}" if row.time_us is not None else ""
    start = f"{row.line:>6} {time:>12} "
    if row.kind != "frame":
        words = row.text or " ".join(
            f"{name}={value}" for name, value in row.fields.items() if name != "raw"
        )
        return f"{start}-- {escape(f'{row.event or row.kind} {words}')}".rstrip()[:200]
    arrow = ">" if row.sent else "<"
    marks = "".join(f"{escape(name)} " for name in row.bad)
    start += f"{arrow} {opcode_name(row.opcode):<6} {'' if row.is_exact else '~'}{row.size:>8} "
    if not row.recorded:
        start += "(not recorded) "
    return f"{start}{'! ' + marks if marks else ''}{_preview(row)}".rstrip()


def _preview(row: Row) -> str:
    if row.preview is None:
        return "(could not be inflated)"
    if row.opcode == 8:
        return " ".join(close_words(row)).strip() and escape(" ".join(close_words(row)))
    if row.is_text or (row.preview.isascii() and row.preview.decode().isprintable()):
        text = escape_bytes(row.preview)
        return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
    shown = row.preview[: WIDTH // 3].hex(" ")
    return shown + (" …" if row.size > WIDTH // 3 else "")


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


def frame_text(line: FrameLine) -> Iterator[str]:
    """A frame in full: bits, length, mask, violations with their rules, payload as hex."""
    frame = line.frame
    way = "sent" if line.sent else "received"
    yield f"line {line.number}: {opcode_name(frame.opcode)}, {way}"
    yield f"head     {_head_text(line)}"
    for name in ("fin", "rsv1", "rsv2", "rsv3"):
        yield f"{name.upper():<8} {int(getattr(frame, name))}"
    yield f"opcode   {frame.opcode} {opcode_name(frame.opcode)}"
    yield f"mask     {frame.mask.hex() if frame.mask is not None else 'none'}"
    wire = line.wire_length if line.wire_length is not None else len(frame.payload)
    size = len(line.payload) if line.payload is not None else None
    yield f"wire     {wire:,} bytes"
    yield f"payload  {f'{size:,} bytes' if size is not None else 'could not be inflated'}"
    if line.cut is not None:
        yield f"declared {line.cut:,} bytes; less was kept or came"
    for name in line.bad:
        violation = VIOLATIONS.get(name)
        rule = f": {violation.rule} {violation.section}" if violation else ""
        yield f"! {escape(name)}{rule}"
    payload = line.payload or b""
    for offset in range(0, len(payload), 16):
        part = payload[offset : offset + 16]
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
