"""The tab Handshake: verdict, steps, checks, and both heads as they crossed the wire."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

from wsdebug.log.handshake import last_hop, said_no, steps
from wsdebug.log.handshake_checks import checks
from wsdebug.payload.escape import escape, escape_bytes
from wsdebug.payload.json_layout import tokens
from wsdebug.session.lines import Event
from wsdebug.tui.glyphs import Glyphs, duration_words
from wsdebug.tui.inspect_checks import check_lines
from wsdebug.tui.inspect_json import TOKEN_STYLES
from wsdebug.tui.inspect_lines import (
    EDGE,
    Part,
    StaticDocument,
    TextLine,
    line,
    spread,
    width_of,
    wrap,
)
from wsdebug.tui.inspect_steps import step_lines

__all__ = ["handshake_document", "outcome"]

INDENT = 3  # first cell of a header
BODY_LINES = 500  # rows of a refused body that are laid out
NOT_KEPT = "***"
LENGTH = re.compile("[0-9]{1,18}")


def outcome(events: Sequence[Event]) -> tuple[Event | None, str, str]:
    """The event that ended a handshake, the word for it, and the word's style."""
    hop = last_hop(events)
    response = _response(hop)
    for event in reversed(hop):
        if event.name == "open":
            return event, "open", "success bold"
        if event.name == "error" or event is response:
            if response is not None and response.fields.get("status") != 101:
                return response, "refused", "error bold"
            if event.name == "error":
                return event, _failure(event, response), "error bold"
    return (events[-1] if events else None), "connecting", "warning bold"


def _response(hop: Sequence[Event]) -> Event | None:
    return next((each for each in reversed(hop) if each.name == "response"), None)


def _failure(error: Event, response: Event | None) -> str:
    if response is not None:
        return "refused"
    kind, message = str(error.fields.get("kind")), str(error.fields.get("message"))
    if kind == "TLS":
        return "not trusted" if "certificate" in message else "no TLS"
    return "no answer"


def handshake_document(
    events: Sequence[Event],
    width: int,
    glyphs: Glyphs,
    *,
    started: str | None = None,
    insecure: bool = False,
    roomy: bool = True,
) -> StaticDocument:
    """All of the tab; with no events it says that this session has none."""
    if not events:
        return StaticDocument([line(("no handshake was recorded", "muted"))])
    blocks = [
        _verdict(events, width, glyphs),
        step_lines(steps(events), width, glyphs),
        check_lines(checks(events, started=started, insecure=insecure), width, glyphs),
    ]
    footer = ""
    for event in events:
        if event.name == "request":
            blocks.append(_head(event, "sent", width, glyphs))
            footer = _bytes_footer(event)
        elif event.name == "response" or (event.name == "proxy" and said_no("proxy", event.fields)):
            blocks.append(_head(event, "received", width, glyphs))
            body = _payload(event.fields.get("body"))
            if body is not None:
                blocks.append(_body(body, width, glyphs))
                footer = _body_footer(event, body)
    if not roomy:
        blocks[0] += blocks.pop(1)
    lines: list[TextLine] = []
    for block in blocks:
        if block:
            lines += [*([TextLine()] if lines else []), *block]
    return StaticDocument(lines, footer=footer)


def _verdict(events: Sequence[Event], width: int, glyphs: Glyphs) -> list[TextLine]:
    taken = [event for event in events if event.name != "reconnect"]
    times = [event.time_us for event in taken if event.time_us is not None]
    total = duration_words(times[-1] - times[0], glyphs) if len(times) > 1 else ""
    event, word, _ = outcome(events)
    response = _response(last_hop(events))
    marks: dict[str, Part] = {
        "open": (f"{glyphs.right} ", "success"),
        "connecting": (f"{glyphs.busy} ", "warning"),
    }
    left: list[Part] = [(" ", ""), marks.get(word, (f"{glyphs.wrong} ", "error bold"))]
    title = word
    if response is not None and response.fields.get("status"):
        title = f"{response.fields['status']} {response.fields.get('reason') or ''}".rstrip()
    left.append((escape(title), "fg bold"))
    rows = [spread(left, [(total, "fg bold")], width, glyphs.cut)]
    if event is not None and event.name == "error":
        message = escape(str(event.fields.get("message") or ""))
        for row in wrap(message, width - EDGE - INDENT, lines=4, mark=glyphs.cut):
            rows.append(line(("  ", ""), (row, "fg")))
    return rows


def _head(event: Event, direction: str, width: int, glyphs: Glyphs) -> list[TextLine]:
    """First line and headers: from the raw head where it was kept, else from the parsed one."""
    first, headers = _raw_head(event) or _parsed_head(event)
    mark: Part = (f"{glyphs.sent} ", "primary bold")
    if direction == "received":
        mark = (f"{glyphs.received} ", "fg bold")
    room = width - EDGE - INDENT
    rows = []
    for number, row in enumerate(wrap(escape(first), room)):
        rows.append(line(mark if number == 0 else ("  ", ""), (row, "fg bold")))
    for name, value in headers:
        rows += _header(name, value, room)
    return rows


def _header(name: str, value: str, room: int) -> list[TextLine]:
    """One header; a value that does not fit goes below its name."""
    style = "fg bold" if name.lower() in ("www-authenticate", "location") else "fg"
    indent: Part = (" " * (INDENT - 1), "")
    label: Part = (f"{escape(name)}: " if name else "", "muted")
    aside: list[Part] = [("  not kept", "muted")] if value.endswith(NOT_KEPT) else []
    text = escape(value)
    if width_of([label, (text, style), *aside]) <= room:
        return [line(indent, label, (text, style), *aside)]
    rows = [line(indent, label)] if name else []
    for row in wrap(text, room - 2):
        rows.append(line(indent, ("  ", ""), (row, style)))
    return rows


def _raw_head(event: Event) -> tuple[str, list[tuple[str, str]]] | None:
    raw = event.fields.get("raw")
    if not isinstance(raw, str):
        return None
    try:
        head = base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError):
        return None
    lines = head.decode("utf-8", "surrogateescape").rstrip("\r\n").split("\n")
    texts = [_visible(each.removesuffix("\r")) for each in lines]
    headers = []
    for text in texts[1:]:
        name, colon, value = text.partition(":")
        headers.append((name, value.lstrip(" ")) if colon else ("", text))
    return texts[0], headers


def _visible(text: str) -> str:
    """Bytes that are not UTF-8 are read as Latin-1, as HTTP once did (RFC 9110 section 5.5)."""
    if not any("\udc80" <= character <= "\udcff" for character in text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _parsed_head(event: Event) -> tuple[str, list[tuple[str, str]]]:
    if event.name == "request":
        first = str(event.fields.get("line") or "request")
    else:
        status, reason = event.fields.get("status"), event.fields.get("reason")
        first = f"HTTP/1.1 {status or ''} {reason or ''}".rstrip()
    pairs = event.fields.get("headers")
    if not isinstance(pairs, list):
        return first, []
    good = [pair for pair in pairs if isinstance(pair, list) and len(pair) == 2]
    return first, [(str(name), str(value)) for name, value in good]


def _payload(value: Any) -> bytes | None:
    """A payload object of an event as bytes; None for an absent or empty one."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass") or None
    if isinstance(value, Mapping):
        try:
            if isinstance(value.get("b64"), str):
                return base64.b64decode(value["b64"]) or None
            if isinstance(value.get("hex"), str):
                return bytes.fromhex(value["hex"]) or None
        except (binascii.Error, ValueError):
            return None
    return None


def _body(body: bytes, width: int, glyphs: Glyphs) -> list[TextLine]:
    room = width - EDGE - INDENT
    indent: Part = (" " * (INDENT - 1), "")
    text = escape_bytes(body[: 64 * 1024]) if b"\0" in body else _text_of(body)
    rows: list[TextLine] = []
    for number, source in enumerate(text.splitlines()):
        if len(rows) >= BODY_LINES:
            rows.append(line(indent, (f"{glyphs.cut} more", "muted")))
            break
        colours = source.lstrip().startswith(("{", "[")) and number == 0
        if colours and len(source) <= room:
            parts = [(escape(part), TOKEN_STYLES.get(kind, "fg")) for kind, part in tokens(source)]
            rows.append(line(indent, *parts))
            continue
        for row in wrap(escape(source.rstrip("\r")), room):
            rows.append(line(indent, (row, "fg")))
    return rows


def _text_of(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _bytes_footer(event: Event) -> str:
    return "as sent, byte for byte" if isinstance(event.fields.get("raw"), str) else ""


def _body_footer(event: Event, body: bytes) -> str:
    pairs = {name.lower(): value for name, value in _parsed_head(event)[1]}
    declared = pairs.get("content-length", "").strip()
    is_number = LENGTH.fullmatch(declared) is not None
    if is_number and int(declared) > len(body):
        return f"body {int(declared):,} bytes, the first {len(body):,} kept"
    if not is_number and len(body) >= 64 * 1024:
        return f"the first {len(body):,} bytes of the body kept"
    return f"body {len(body):,} bytes, all kept"
