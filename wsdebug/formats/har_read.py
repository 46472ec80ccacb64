"""HAR files of Chrome, Firefox, Playwright, mitmproxy and others as session lines."""

from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from wsdebug import __version__
from wsdebug.errors import SessionUnreadable
from wsdebug.formats.har_value import Document, Value
from wsdebug.formats.losses import Losses
from wsdebug.formats.settings import part_headers
from wsdebug.formats.source import epoch_us, utc_text
from wsdebug.session.checked import called, file_text
from wsdebug.session.encode import encode_event, encode_frame_line, encode_header
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["read"]

SENT = frozenset(("send", "sent", "request", "outgoing"))
RECEIVED = frozenset(("receive", "received", "recv", "response", "incoming"))
SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
PORTS = {"ws": 80, "wss": 443}
UNITS = (1_000_000, 1_000, 1)  # microseconds in the unit of a time: s (Chrome), ms, µs
NEAR = 30 * 86_400 * 1_000_000  # µs; a time that is farther from the start counts from nowhere
FARTHEST = 10**17  # µs, from the start
DAY = 86_400  # seconds; times from nowhere that begin below it count from the start
BEFORE_OPEN = ("blocked", "dns", "connect", "send", "wait")
SURROGATES = "lone surrogate, written as U+FFFD"
NO_BASE64 = "data that is not base64, taken as text"
ELSEWHERE = "connection whose messages are in a file of their own, left out"


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a WebSocket and when it began, in microseconds from 1970."""

    value: Value
    started_us: int
    times: tuple[int, ...]  # of its messages, from the entry's start, never falling


def read(file: BinaryIO, path: str, losses: Losses) -> Iterator[bytes]:
    """The lines of a session: a connection for each WebSocket of the archive.

    Raises SessionUnreadable with line and place for what is malformed, and where no entry is a
    WebSocket's.
    """
    log = _log(file.read(), path)
    entries = _entries(log, path, losses)
    started_us = _started_us(log, entries[0].started_us)
    size = 0
    for line in (_header(entries[0], started_us), *_lines(entries, started_us, losses)):
        size += len(line)
        yield line
    frames = sum(len(entry.times) for entry in entries)
    last_us = max(entry.started_us + max((0, *entry.times)) for entry in entries) - started_us
    yield encode_event(last_us, 1, "end", {"frames": frames, "bytes": size})


def _log(data: bytes, path: str) -> Value:
    """What the whole file is about. Raises SessionUnreadable."""
    log = Document(file_text(data, path), path).root()["log"]
    if "entries" not in log:
        log["entries"].wrong("is missing: this is no HAR file")
    return log


def _entries(log: Value, path: str, losses: Losses) -> list[_Entry]:
    """Those of WebSockets, by their start; there is one at least."""
    found: list[_Entry] = []
    for value in log["entries"]:
        if not _is_websocket(value):
            losses.add("entry that is no WebSocket", "entries that are no WebSocket")
            continue
        found.append(_timed(value, found))
        content = value["response"]["content"]
        if "_webSocketMessages" not in value and "_file" in content:  # Playwright's attach
            losses.add(ELSEWHERE, ELSEWHERE, name=content["_file"].text())
    if not found:
        words = f"{called(path)}: none of its entries is a WebSocket"
        raise SessionUnreadable(words, path=path)
    return sorted(found, key=lambda entry: entry.started_us)


def _started_us(log: Value, first_us: int) -> int:
    """When the session began, in microseconds from 1970: our own archives tell by their page."""
    if log["creator"]["name"].text() != "wsdebug":
        return first_us
    pages = (epoch_us(page["startedDateTime"].text()) for page in log["pages"])
    page_us = next(pages, None)
    return first_us if page_us is None else min(first_us, page_us)


def _is_websocket(entry: Value) -> bool:
    if "_webSocketMessages" in entry or entry["_resourceType"].text() == "websocket":
        return True
    return entry["request"]["url"].text().lower().startswith(("ws:", "wss:"))


def _timed(entry: Value, before: Sequence[_Entry]) -> _Entry:
    """Without a start of its own it begins with its first message, or else the entry before."""
    started = entry["startedDateTime"]
    start_us = epoch_us(started.text())
    if start_us is None and started.text():
        started.wrong("is not an ISO 8601 time with its zone")
    start_us = start_us or None  # the year 1 is what some tools write for no time
    times = [message["time"].number() for message in entry["_webSocketMessages"]]
    first = next((time for time in times if time is not None and time >= 0), None)
    unit = _unit(first, start_us)
    if start_us is None and unit:
        start_us = round((first or 0) * unit)
    fallback = before[-1].started_us if before else 0
    start_us = fallback if start_us is None else start_us
    base = start_us if unit else round((first or 0) * UNITS[0]) if (first or 0) > DAY else 0
    now, fixed = 0, []
    for message, time in zip(entry["_webSocketMessages"], times, strict=True):
        if time is not None and time >= 0:
            now = max(now, round(time * (unit or UNITS[0])) - base)
        if now > FARTHEST:
            message["time"].wrong("is too far from the others")
        fixed.append(now)
    return _Entry(entry, start_us, tuple(fixed))


def _unit(first: float | None, start_us: int | None) -> int:
    """Microseconds in the unit of times that count from 1970; 0 for times that do not."""
    if first is None:
        return 0
    for unit in UNITS:
        if start_us is not None and abs(first * unit - start_us) < NEAR:
            return unit
        # from 2001 to 2286, where nothing else tells
        if start_us is None and 1e15 <= first * unit < 1e16:
            return unit
    return 0


def _header(entry: _Entry, started_us: int) -> bytes:
    request = entry.value["request"]
    parted = part_headers(_headers(request["headers"]))
    header: dict[str, Any] = {"wsdebug": 1, "url": _url(request["url"])}
    if started_us:
        header["started"] = utc_text(started_us)
    header |= {
        "app": f"wsdebug {__version__}",
        "headers": [list(pair) for pair in parted.headers],
        "subprotocols": list(parted.subprotocols),
        "connect": dict(parted.connect),
    }
    return encode_header(_clean(header))


def _lines(entries: Sequence[_Entry], started_us: int, losses: Losses) -> Iterator[bytes]:
    """All lines by time; those of one connection in their order."""
    timed: list[tuple[int, bytes]] = []
    for number, entry in enumerate(entries, 1):
        offset = entry.started_us - started_us
        opened = _opened_us(entry)
        for name, fields in _events(entry.value):
            at = 0 if name in ("connecting", "tcp", "request") else opened
            timed.append((offset + at, encode_event(offset + at, number, name, _clean(fields))))
        messages = entry.value["_webSocketMessages"]
        for message, at in zip(messages, entry.times, strict=True):
            timed.append((offset + at, _frame(message, offset + at, number, losses)))
    timed.sort(key=lambda pair: pair[0])
    for _, line in timed:
        yield line


def _opened_us(entry: _Entry) -> int:
    """When the handshake was done, from the entry's start: never after its first message."""
    spans = (entry.value["timings"][name].number() or 0 for name in BEFORE_OPEN)
    return min(round(sum(max(0, ms) for ms in spans) * 1000), *entry.times[:1], NEAR)


def _events(entry: Value) -> Iterator[tuple[str, dict[str, Any]]]:
    """The way in, as far as the entry tells."""
    request, response = entry["request"], entry["response"]
    url = _url(request["url"])
    yield "connecting", {"url": url}
    address = entry["serverIPAddress"].text().strip("[]")
    if address:
        host = f"[{address}]" if ":" in address else address
        yield "tcp", {"remote": f"{host}:{_port(url)}"}
    parts = urlsplit(url)
    resource = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    version = request["httpVersion"].text() or "HTTP/1.1"
    method = request["method"].text() or "GET"
    headers = [list(pair) for pair in _headers(request["headers"])]
    yield "request", {"line": f"{method} {resource} {version.upper()}", "headers": headers}
    status = int(response["status"].number() or 0)
    pairs = _headers(response["headers"])
    if status:
        facts = {"status": status, "reason": response["statusText"].text()}
        answer = [list(pair) for pair in pairs]
        yield "response", {**facts, "headers": answer, **_body(response["content"])}
    if status == 101 or entry["_webSocketMessages"].value:
        values = {name.lower(): value for name, value in pairs}
        yield (
            "open",
            {
                "subprotocol": values.get("sec-websocket-protocol"),
                "extensions": values.get("sec-websocket-extensions", ""),
            },
        )
    elif status or "_error" in response:
        words = response["_error"].text() or f"{status} {response['statusText'].text()}".strip()
        yield "error", {"kind": "refused" if status else "network", "message": words}


def _body(content: Value) -> dict[str, Any]:
    text = content["text"].text()
    if not text:
        return {}
    return {"body": {"b64": text} if content["encoding"].text() == "base64" else text}


def _frame(message: Value, time_us: int, connection: int, losses: Losses) -> bytes:
    kind, data = message["type"].text().lower(), message["data"].text()
    number = message["opcode"].number()
    opcode = Opcode.TEXT if number is None else int(number)
    if kind == "error":  # Chrome's own, opcode -1
        facts = {"kind": "browser", "message": _clean(data)}
        return encode_event(time_us, connection, "error", facts)
    if kind not in SENT | RECEIVED:
        message["type"].wrong("is neither send nor receive")
    if not 0 <= opcode <= 15 or opcode != (number if number is not None else opcode):
        message["opcode"].wrong("is not a number from 0 to 15")
    is_text = opcode == Opcode.TEXT
    payload = _text_bytes(data, losses) if is_text else _binary_bytes(data, losses)
    frame = Frame(opcode, payload)
    sent = kind in SENT
    line = FrameLine(0, time_us, sent, frame, payload, connection, is_text=is_text, any_mask=sent)
    return encode_frame_line(line)


def _text_bytes(text: str, losses: Losses) -> bytes:
    shown = _clean(text)
    if shown != text:
        losses.add(SURROGATES, SURROGATES.replace("surrogate", "surrogates"))
    return str(shown).encode()


def _binary_bytes(text: str, losses: Losses) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        losses.add(NO_BASE64, NO_BASE64)
        return _text_bytes(text, losses)


def _headers(pairs: Value) -> list[tuple[str, str]]:
    """Objects with name and value, or pairs."""
    found = []
    for pair in pairs:
        if isinstance(pair.value, list):
            words = [part.text() for part in pair]
            if len(words) != 2:
                pair.wrong("is not a name and a value")
            found.append((words[0], words[1]))
        else:
            found.append((pair["name"].text(), pair["value"].text()))
    return found


def _url(value: Value) -> str:
    """As a WebSocket's: `http:` is what some tools write for `ws:`."""
    url = value.text().partition("#")[0]
    scheme, separator, rest = url.partition("://")
    try:
        urlsplit(url)
        return f"{SCHEMES[scheme.lower() if separator else '']}://{rest}"
    except (KeyError, ValueError):  # of a bracket that is not closed
        value.wrong("is not a ws, wss, http or https URL")


def _port(url: str) -> int:
    parts = urlsplit(url)
    try:
        return parts.port or PORTS[parts.scheme]
    except ValueError:
        return PORTS[parts.scheme]


def _clean(value: Any) -> Any:
    """Strings without the lone surrogates that no file can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(item) for name, item in value.items()}
    return value
