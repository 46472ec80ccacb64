"""One line of a session in full, as the inspector shows it."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from wsdebug.cli.color import Paint, Style
from wsdebug.cli.text import head_text, hex_dump
from wsdebug.log.log import FrameLog
from wsdebug.log.whole import WholeMessage
from wsdebug.payload.escape import escape
from wsdebug.payload.json_layout import layout, looks_like_json
from wsdebug.payload.json_scan import is_json
from wsdebug.session.lines import Event, FrameLine, Header, Line, Note, Wait
from wsdebug.wire.frame import opcode_name

__all__ = ["line_text"]

STYLES: dict[str, Style] = {"name": "blue", "string": "green", "number": "yellow", "cut": "muted"}
PRETTY = 4 << 20  # bytes of JSON that are laid out
LISTED = 100  # frames of a message


def line_text(log: FrameLog, line: Line, columns: int, paint: Paint) -> Iterator[str]:
    """A frame with its message and payload; of another line all that it says."""
    match line:
        case FrameLine():
            yield from _frame(log, line, columns, paint)
        case Event():
            yield paint(f"line {line.number}: {escape(line.name)}", "bold")
            if line.time_us is not None:
                yield f"time     {line.time_us / 1e6:.6f}"
            for name, value in line.fields.items():
                yield from _field(name, value, paint)
        case Note(text=text):
            yield paint(f"line {line.number}: note", "bold")
            yield from escape(text, newlines=False).split("\n")
        case Wait(seconds=seconds):
            yield paint(f"line {line.number}: wait {seconds:g} s", "bold")
        case Header(raw=raw):
            yield paint(f"line {line.number}: header", "bold")
            for name, value in raw.items():
                yield from _field(name, value, paint)


def _frame(log: FrameLog, line: FrameLine, columns: int, paint: Paint) -> Iterator[str]:
    heading, *head = head_text(line)
    yield paint(heading, "bold")
    yield from (paint(text, "red") if text.startswith("!") else text for text in head)
    whole = log.whole(line.number, first=LISTED)
    payload = line.payload
    if whole is not None and whole.finish().count > 1:
        yield ""
        yield from _frames(whole, line.number, paint)
        payload = whole.known
    is_text = line.frame.opcode in (0, 1, 2) and bool(payload)
    if is_text and payload is not None and (text := _text(payload)) is not None:
        yield ""
        yield from _pretty(text, columns, paint)
    if line.payload:
        yield ""
        yield from hex_dump(line.payload)


def _frames(whole: WholeMessage, current: int, paint: Paint) -> Iterator[str]:
    yield paint("message", "bold") + f"  {whole.count:,} frames"
    for frame in whole.frames[:LISTED]:
        size = f"{frame.size:,} bytes" if frame.payload is not None else "not inflated"
        text = f"  line {frame.number:<8} {opcode_name(frame.frame.opcode):<6} {size}"
        yield paint(text, "bold") if frame.number == current else text
    if whole.count > LISTED:
        yield paint(f"  … {whole.count - LISTED:,} more", "muted")


def _text(payload: bytes) -> str | None:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None


def _pretty(text: str, columns: int, paint: Paint) -> Iterator[str]:
    """JSON laid out, other text in its lines."""
    if len(text) > PRETTY or not (looks_like_json(text) and is_json(text)):
        yield from escape(text, newlines=False).split("\n")
        return
    for line in layout(text, width=columns):
        parts = (
            paint(escape(part), STYLES.get(kind, "bold")) if kind in STYLES else escape(part)
            for kind, part in line.tokens
        )
        yield " " * line.indent + "".join(parts)


def _field(name: str, value: Any, paint: Paint) -> Iterator[str]:
    """A field of an event or header; lines, and pairs as headers are, one below the other."""
    if name == "raw":  # a head byte for byte, which stands here in its fields
        return
    label = paint(escape(name), "blue")
    if isinstance(value, list) and value and all(map(_is_pair, value)):
        yield label
        yield from (f"  {escape(str(key))}: {escape(str(text))}" for key, text in value)
    elif isinstance(value, dict) and isinstance(value.get("b64"), str):
        yield label
        with suppress(ValueError):
            yield from (f"  {text}" for text in hex_dump(b64decode(value["b64"])))
    elif isinstance(value, str) and "\n" in value:
        yield label
        yield from (f"  {text}" for text in escape(value, newlines=False).split("\n"))
    else:
        words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield f"{label}  {escape(words)}"


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2
