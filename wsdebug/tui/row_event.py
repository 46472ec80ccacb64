"""A row that is no frame: a step of a handshake with its time, or words between rules."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from wsdebug.log.handshake import said_no
from wsdebug.log.handshake_checks import common_name, header_values
from wsdebug.log.row import Row
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import short_bytes, with_commas
from wsdebug.session.lines import Event
from wsdebug.tui.glyphs import Glyphs, duration_words
from wsdebug.tui.inspect_lines import Part, cut, width_of

__all__ = ["event_parts"]

STEPS = {"dns": "DNS", "tcp": "TCP", "proxy": "proxy", "tls": "TLS"}
STEPS |= {"request": "request", "response": "response"}
ENDINGS = ("DNS", "TCP", "proxy", "TLS", "upgrade")  # kinds of an `error` that name a step
WORD = 8  # cells of a step's word
CLOSERS = {"client": "by you", "server": "by the server"}


def event_parts(row: Row, room: int, glyphs: Glyphs) -> list[Part]:
    """Everything from the direction column on, in at most `room` cells."""
    kind = str(row.fields.get("kind"))
    if row.event in STEPS:
        return _step(row, STEPS[row.event], _step_facts(row), room, glyphs)
    if row.event == "error" and kind in ENDINGS and not _refusal(row):
        return _step(row, kind, str(row.fields.get("message") or ""), room, glyphs)
    word, style = _word(row)
    words = _joined(_facts(row, glyphs), glyphs)
    parts = [(glyphs.rule * 2 + " ", "rule"), (escape(word), style)]
    parts.append((f"  {words} " if words else " ", "muted"))
    parts = list(cut(parts, room, glyphs.cut))
    return [*parts, (glyphs.rule * (room - width_of(parts)), "rule")]


def _step(row: Row, word: str, facts: str, room: int, glyphs: Glyphs) -> list[Part]:
    """`✓  TCP       203.0.113.7:443      18 ms`, the time at the right."""
    status = row.fields.get("status") if row.event == "response" else 101
    sends_on = isinstance(status, int) and 300 <= status < 400
    failed = row.event == "error" or (said_no(row.event, row.fields) and not sends_on)
    if row.event == "request":
        mark: Part = (f"{glyphs.sent}  ", "primary bold")
    elif sends_on:
        mark = (f"{glyphs.dot}  ", "muted")
    elif failed:
        mark = (f"{glyphs.wrong}  ", "error bold")
    else:
        mark = (f"{glyphs.right}  ", "success")
    took = ""
    if row.event != "request" and row.steps:
        took = _span(row.steps[-1], row, glyphs)
    parts = [
        mark,
        (f"{word:<{WORD}}  ", "error bold" if failed else "fg"),
        (escape(facts), "muted"),
    ]
    left = cut(parts, max(0, room - len(took) - 2 * bool(took)), glyphs.cut)
    gap = max(0, room - width_of(left) - len(took))
    return [*left, (" " * gap, ""), (took, "muted")] if took else list(left)


def _span(first: Event, row: Row, glyphs: Glyphs) -> str:
    if first.time_us is None or row.time_us is None:
        return ""
    return duration_words(row.time_us - first.time_us, glyphs)


def _step_facts(row: Row) -> str:
    fields = row.fields
    match row.event:
        case "dns":
            found = fields.get("addresses")
            addresses = [str(each) for each in found] if isinstance(found, list) else []
            host = _host(row.steps)
            is_name = host and addresses and host not in addresses
            return f"{host} is {', '.join(addresses)}" if is_name else ", ".join(addresses)
        case "tcp":
            return str(fields.get("remote") or "")
        case "proxy":
            answer = f"{fields.get('status') or ''} {fields.get('reason') or ''}".strip()
            return ", ".join(filter(None, (str(fields.get("url") or ""), answer)))
        case "tls":
            version = str(fields.get("version") or "").removeprefix("TLSv")
            cert = fields.get("cert")
            name = common_name(cert.get("subject")) if isinstance(cert, Mapping) else ""
            return ", ".join(filter(None, (version, f"certificate for {name}" if name else "")))
        case "request":
            line = str(fields.get("line") or "").removesuffix(" HTTP/1.1")
            return f"{line}, {_credentials(row)}"
        case "response":
            answer = f"{fields.get('status')} {fields.get('reason') or ''}".strip()
            response = Event(row.line, row.time_us, row.event, fields)
            return ", to ".join([answer, *header_values(response, "location")[:1]])
        case _:
            return _pairs(fields)


def _host(steps: Sequence[Event]) -> str:
    for step in reversed(steps):
        if step.name == "connecting":
            try:
                return urlsplit(str(step.fields.get("url") or "")).hostname or ""
            except ValueError:
                return ""
    return ""


def _credentials(row: Row) -> str:
    request = Event(row.line, row.time_us, row.event, row.fields)
    if header_values(request, "authorization"):
        return "with credentials"
    return "with a cookie" if header_values(request, "cookie") else "no credentials"


def _word(row: Row) -> tuple[str, str]:
    """What stands at the opcode's column, and its style."""
    if row.kind == "damaged":
        return "damaged line", "error bold"
    if row.event == "error":
        return ("refused" if _refusal(row) else "error"), "error bold"
    name = row.event or row.kind
    styles = {"open": "success bold", "closed": "fg bold", "gap": "warning"}
    return name, styles.get(name, "fg")


def _refusal(row: Row) -> str:
    """Why the server refused, in the words after `refused:`."""
    message = str(row.fields.get("message") or "")
    return message.removeprefix("refused: ") if message.startswith("refused: ") else ""


def _facts(row: Row, glyphs: Glyphs) -> list[str]:
    fields = row.fields
    if row.kind in ("note", "damaged"):
        return [row.text]
    match row.event:
        case "open":
            return _open(row, glyphs)
        case "closed":
            return _closed(fields)
        case "error":
            return [_refusal(row) or str(fields.get("message") or "")]
        case "connecting" | "session":
            return [str(fields.get("url") or "")]
        case "reconnect":
            return [f"attempt {fields.get('attempt')} in {_seconds(fields.get('delay'), glyphs)}"]
        case "wait":
            return [_seconds(fields.get("seconds"), glyphs)]
        case "gap":
            return _gap(fields)
        case _:
            return [_pairs(fields)]


def _open(row: Row, glyphs: Glyphs) -> list[str]:
    """`again, attempt 1 after 1.2 s`, `64 ms`, `101`, and what was agreed."""
    facts = []
    again = next((step for step in row.steps if step.name == "reconnect"), None)
    if again is not None:
        delay = _seconds(again.fields.get("delay"), glyphs)
        facts.append(f"again, attempt {again.fields.get('attempt')} after {delay}")
    elif row.connection > 1:
        facts.append(f"connection {row.connection:,}")
    first = next((step for step in row.steps if step.name == "connecting"), None)
    if first is not None:
        facts.append(_span(first, row, glyphs))
    facts += [str(step.fields.get("status")) for step in row.steps if step.name == "response"][-1:]
    agreed = str(row.fields.get("extensions") or "")
    names = [part.partition(";")[0].strip() for part in agreed.split(",")]
    return [*facts, str(row.fields.get("subprotocol") or ""), ", ".join(names)]


def _closed(fields: Mapping[str, Any]) -> list[str]:
    code = f"{fields.get('code')} {fields.get('reason') or ''}".strip()
    by = CLOSERS.get(str(fields.get("by")))
    if by is None:
        return ["the connection broke", code]
    return [f"{by}, {'cleanly' if fields.get('clean') else 'not cleanly'}", code]


def _gap(fields: Mapping[str, Any]) -> list[str]:
    frames, size, why = fields.get("frames"), fields.get("bytes"), str(fields.get("why") or "")
    if why == "interrupted" and not frames:
        return ["the recording was interrupted here"]
    lost = f"{with_commas(frames)} frames" if isinstance(frames, int) else "frames"
    if isinstance(size, int) and size:
        lost += f", {short_bytes(size)},"
    return [f"{lost} not recorded", why]


def _seconds(value: Any, glyphs: Glyphs) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        return "a moment"
    return duration_words(round(value * 1_000_000), glyphs)


def _pairs(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in fields.items() if key != "raw")


def _joined(facts: Sequence[str], glyphs: Glyphs) -> str:
    return f" {glyphs.dot} ".join(escape(fact) for fact in facts if fact)
