"""Headers, events and hand-written lines without the secrets in them."""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wsdebug.payload.redact import Redactor, is_secret_name
from wsdebug.session.encode import encode_frame_line
from wsdebug.session.lines import Event, FrameLine, Header, Line, Note

__all__ = ["encode_line", "redacted"]

URLS = frozenset(("url", "line", "proxy"))
NO_TIME = b'{"t":0.000000,'
PAYLOADS = frozenset(("b64", "hex", "file"))  # forms that are no text


def redacted(line: Line, redactor: Redactor) -> Line:
    """The same line where there is nothing to hide; payloads of frames are not looked at."""
    match line:
        case Header():
            return _header(line, redactor)
        case Event():
            fields = {name: _fact(name, fact, redactor) for name, fact in line.fields.items()}
            return line if fields == line.fields else replace(line, fields=fields)
        case Note():
            text = redactor.shown(line.text)
            return line if text == line.text else replace(line, text=text)
        case FrameLine() if line.raw:
            raw = _shown(line.raw, redactor)
            return line if raw == line.raw else replace(line, raw=raw)
        case _:
            return line


def _header(line: Header, redactor: Redactor) -> Header:
    connect = {name: redactor.option(name, value) for name, value in line.connect.items()}
    headers = tuple(
        (name, redactor.header(name, value) if value else "") for name, value in line.headers
    )
    raw = {**line.raw, "url": redactor.url(line.url)} if line.url else dict(line.raw)
    given = raw.get("vars")
    if isinstance(given, dict) and not redactor.keep:
        # a variable without a value must be supplied
        raw["vars"] = {
            name: None if is_secret_name(name) else _shown(value, redactor)
            for name, value in given.items()
        }
    if headers:
        raw["headers"] = [list(pair) for pair in headers]
    if connect:
        raw["connect"] = connect
    names = [*line.redacted, *(name for name in redactor.names if name not in line.redacted)]
    if raw == line.raw:
        return line
    if names:
        raw["redacted"] = names
    return replace(
        line,
        url=redactor.url(line.url),
        headers=headers,
        connect=connect,
        redacted=tuple(names),
        raw=raw,
    )


def _fact(name: str, fact: Any, redactor: Redactor) -> Any:
    """One field of an event."""
    if name == "raw" and isinstance(fact, str):
        try:
            head = b64decode(fact, validate=True)
        except (ValueError, binascii.Error):
            return redactor.text(fact)
        return b64encode(redactor.head(head)).decode()
    if name == "headers" and isinstance(fact, list):
        return [_pair(pair, redactor) for pair in fact]
    if name == "body":
        return _shown(fact, redactor)
    if isinstance(fact, str):
        return redactor.url(fact) if name in URLS else redactor.text(fact)
    if isinstance(fact, list):
        return [_fact("", item, redactor) for item in fact]
    if isinstance(fact, Mapping):
        return {key: _fact("", item, redactor) for key, item in fact.items()}
    return fact


def _pair(pair: Any, redactor: Redactor) -> Any:
    if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
        return [pair[0], redactor.header(pair[0], pair[1])]
    return _fact("", pair, redactor)


def _shown(value: Any, redactor: Redactor) -> Any:
    """JSON with the declared secrets masked in its strings, keys among them."""
    if isinstance(value, str):
        return redactor.shown(value)
    if isinstance(value, list):
        return [_shown(item, redactor) for item in value]
    if isinstance(value, Mapping):
        return {redactor.shown(key): _shown(item, redactor) for key, item in value.items()}
    return value


def encode_line(line: Line) -> bytes:
    """The line of the file for a value that `redacted` or masking made, keys as they stood."""
    value: dict[str, Any] = {}
    if isinstance(line, Event | Note) and line.time_us is not None:
        value["t"] = line.time_us / 1_000_000
    match line:
        case Header():
            value |= line.raw
        case Event():
            place = {"c": line.connection} if line.connection != 1 else {}
            value |= {**place, "event": line.name, **line.fields}
        case Note():
            value |= {"note": line.text} | ({"on": line.on} if line.on is not None else {})
        case FrameLine() if line.raw:
            value |= _frame(line)
        case FrameLine():
            data = encode_frame_line(line).removesuffix(b"\n")
            return data if line.time_us is not None else data.replace(NO_TIME, b"{", 1)
        case _:
            raise TypeError(f"{type(line).__name__} is never rewritten")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _frame(line: FrameLine) -> dict[str, Any]:
    """A hand-written frame with its own keys; a payload that is no text with the bytes it has."""
    value = dict(line.raw)
    kind = "send" if line.sent else "recv"
    payload = value.get(kind)
    if isinstance(payload, dict) and not PAYLOADS.isdisjoint(payload) and "file" not in payload:
        value[kind] = {"b64": b64encode(line.payload or b"").decode()}
    return value
