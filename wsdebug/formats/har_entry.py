"""The HAR entry of one connection, without its messages, as Chrome writes it."""

import binascii
from base64 import b64decode
from collections.abc import Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from wsdebug.formats.settings import as_headers, settings
from wsdebug.formats.source import utc_text
from wsdebug.payload.redact import MASK, Redactor
from wsdebug.session.lines import Event, Header

__all__ = ["STEPS", "har_entry"]

STEPS = frozenset(("connecting", "dns", "tcp", "proxy", "tls", "request", "response", "open"))
VERSION = "HTTP/1.1"  # RFC 6455 section 4.1 needs it, where nothing else was recorded
PAGE = "page_1"
OPENED: Mapping[str, Any] = {"status": 101, "reason": "Switching Protocols"}
BEFORE_TLS = ("tls", "proxy", "tcp")

Headers = list[tuple[str, str]]


def har_entry(
    connection: Header,
    events: Sequence[Event],
    began_us: int,
    span: tuple[int, int],
    *,
    is_open: bool,
) -> dict[str, Any]:
    """The entry by the events of the last way in; times in microseconds.

    `began_us` is when the connection began, since 1970; `span` is when it did and when it ended,
    from the session's start. Where no answer was recorded,
    one that `is_open`, for it had frames, has that of RFC 6455 section 4.2.2.
    """
    first_us, last_us = span
    way_in = _last_way_in(events)
    timings = _timings(way_in, first_us, last_us)
    entry: dict[str, Any] = {
        "pageref": PAGE,
        "startedDateTime": utc_text(began_us),
        "time": sum(ms for name, ms in timings.items() if name != "ssl" and ms >= 0),
        "request": _request(connection, way_in),
        "response": _response(way_in, is_open=is_open),
        "cache": {},
        "timings": timings,
        "_resourceType": "websocket",
    }
    remote = way_in["tcp"].fields.get("remote") if "tcp" in way_in else None
    host, _, port = remote.rpartition(":") if isinstance(remote, str) else ("", "", "")
    entry |= {"serverIPAddress": host.strip("[]"), "connection": port if host else ""}
    if "tls" in way_in:
        entry["_securityDetails"] = _security(way_in["tls"].fields)
    return entry


def _last_way_in(events: Sequence[Event]) -> dict[str, Event]:
    """Each step of the last hop by its name; those before were redirects or tries."""
    steps: dict[str, Event] = {}
    for event in events:
        if event.name == "connecting":
            steps.clear()
        steps.setdefault(event.name, event)
    return steps


def _request(connection: Header, steps: Mapping[str, Event]) -> dict[str, Any]:
    fields = steps["request"].fields if "request" in steps else {}
    headers = _pairs(fields.get("headers")) or _asked_headers(connection)
    words = str(fields.get("line") or "").split(" ")
    url = str((steps["connecting"].fields if "connecting" in steps else {}).get("url") or "")
    url = url or connection.url
    return {
        "method": words[0] or "GET",
        "url": url,
        "httpVersion": words[2] if len(words) == 3 else VERSION,
        "headers": _named(headers),
        "queryString": _named(_query(url)),
        "cookies": _cookies(headers, "cookie"),
        "headersSize": _head_size(fields),
        "bodySize": 0,
    }


def _response(steps: Mapping[str, Event], *, is_open: bool) -> dict[str, Any]:
    fields = OPENED if is_open else {}
    fields = steps["response"].fields if "response" in steps else fields
    headers = _pairs(fields.get("headers"))
    status = fields.get("status")
    head = _head(fields)
    response = {
        "status": status if isinstance(status, int) else 0,
        "statusText": str(fields.get("reason") or ""),
        "httpVersion": head.split(b" ")[0].decode("latin-1") if head else VERSION,
        "headers": _named(headers),
        "cookies": _cookies(headers, "set-cookie"),
        "content": _content(fields.get("body"), _value(headers, "content-type")),
        "redirectURL": _value(headers, "location"),
        "headersSize": _head_size(fields),
        "bodySize": 0 if status == 101 else -1,
    }
    if "error" in steps:
        response["_error"] = str(steps["error"].fields.get("message") or "")
    return response


def _asked_headers(connection: Header) -> Headers:
    """What was asked for, where no request was recorded; secrets stay as they are masked."""
    pairs = as_headers(settings(connection, Redactor(keep=True)))
    texts = (value for name, value in pairs if name == "header" and value is not None)
    parted = (text.partition(":") for text in texts)
    return [(name, value.strip()) for name, _, value in parted if value.strip()]


def _pairs(headers: Any) -> Headers:
    if not isinstance(headers, list):
        return []
    good = (pair for pair in headers if isinstance(pair, list) and len(pair) == 2)
    return [(str(name), str(value)) for name, value in good]


def _named(pairs: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _value(headers: Headers, name: str) -> str:
    return next((value for other, value in headers if other.lower() == name), "")


def _query(url: str) -> Headers:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _cookies(headers: Headers, header: str) -> list[dict[str, str]]:
    """Name and value of each; a masked header has none."""
    found: list[dict[str, str]] = []
    for name, value in headers:
        if name.lower() != header or value == MASK:
            continue
        try:
            jar = SimpleCookie(value)
        except CookieError:
            continue
        found += [{"name": cookie.key, "value": cookie.value} for cookie in jar.values()]
    return found


def _content(body: Any, kind: str) -> dict[str, Any]:
    """A refusal's body; text as it is, other bytes as base64."""
    content: dict[str, Any] = {"size": 0, "mimeType": kind or "x-unknown"}
    if isinstance(body, str):
        content |= {"size": len(body.encode()), "text": body}
    elif isinstance(body, dict) and isinstance(encoded := body.get("b64"), str):
        size = len(encoded) // 4 * 3 - encoded[-2:].count("=")
        content |= {"size": size, "text": encoded, "encoding": "base64"}
    return content


def _head(fields: Mapping[str, Any]) -> bytes:
    """The raw head, empty where there is none."""
    try:
        return b64decode(fields.get("raw") or "", validate=True)
    except (TypeError, ValueError, binascii.Error):
        return b""


def _head_size(fields: Mapping[str, Any]) -> int:
    """Bytes of the head as it crossed the wire, -1 where that is not known any more."""
    head = _head(fields)
    return len(head) if head and MASK.encode() not in head else -1


def _timings(steps: Mapping[str, Event], first_us: int, last_us: int) -> dict[str, float]:
    """Milliseconds of each step, -1 for one that was not; `connect` contains `ssl`."""

    def at(name: str) -> int | None:
        return steps[name].time_us if name in steps else None

    def span(start: int | None, end: int | None) -> float:
        return -1 if start is None or end is None else max(0, end - start) / 1000

    connected = next((at(name) for name in BEFORE_TLS if at(name) is not None), None)
    before_tls = at("proxy") if at("proxy") is not None else at("tcp")
    answered = at("response") if at("response") is not None else at("open")
    until = answered if answered is not None else connected
    return {
        "blocked": -1,
        "dns": span(at("connecting"), at("dns")),
        "connect": span(at("dns"), connected),
        "ssl": span(before_tls, at("tls")),
        "send": max(0, span(connected, at("request"))),
        "wait": max(0, span(at("request"), answered)),
        "receive": max(0, last_us - (until if until is not None else first_us)) / 1000,
    }


def _security(fields: Mapping[str, Any]) -> dict[str, str]:
    """As Playwright writes it."""
    given = fields.get("cert")
    cert: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    facts = {
        "protocol": fields.get("version"),
        "subjectName": cert.get("subject"),
        "issuer": cert.get("issuer"),
    }
    return {name: fact for name, fact in facts.items() if isinstance(fact, str)}
