"""What can be checked about a handshake, and each verdict."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from wsdebug.log.handshake import last_hop
from wsdebug.session.lines import Event

__all__ = ["Check", "checks", "common_name", "header_values"]

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Check:
    """One verdict: `right`, `wrong`, `open` (could not be checked) or `risky` (was not asked)."""

    verdict: str
    name: str
    words: str
    aside: str = ""
    more: tuple[str, ...] = ()


def checks(
    events: Sequence[Event], *, started: str | None = None, insecure: bool = False
) -> list[Check]:
    """Everything about a handshake that can be checked; after redirects, about the last hop.

    `started` is the session's start (RFC 3339): a certificate's days count from the handshake.
    """
    by_name = {event.name: event for event in last_hop(events)}
    request, response = by_name.get("request"), by_name.get("response")
    found: list[Check] = []
    status = response.fields.get("status") if response else None
    if response is not None and status != 101:
        words = f"{status}, not 101" if status else "no HTTP answer"
        found.append(Check("wrong", "status", words))
    if request is not None:
        found.append(_accept_key(request, response, by_name.get("error")))
    opened = by_name.get("open")
    if request is not None and response is not None and status == 101:
        found += _subprotocol(request, response, opened)
        found += _compression(request, response)
    if "tls" in by_name:
        judged = _certificate(by_name["tls"], started, insecure=insecure)
        # A refusal has its own cause: a good certificate is no news beside it.
        found += [each for each in judged if status == 101 or each.verdict != "right"]
    return found


def header_values(event: Event, name: str) -> list[str]:
    """The values of a header in a request or response event, in order."""
    pairs = event.fields.get("headers")
    if not isinstance(pairs, list):
        return []
    return [
        str(pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and str(pair[0]).lower() == name
    ]


def _accept_key(request: Event, response: Event | None, error: Event | None) -> Check:
    sent = header_values(request, "sec-websocket-key")
    if response is None:
        ending = "no answer came" if error else "no answer yet"
        return Check("open", "accept key", "", f"not checked, {ending}")
    if response.fields.get("status") != 101:
        return Check("open", "accept key", "", "not checked, the answer ended here")
    if not sent:
        return Check("open", "accept key", "", "not checked, no key was sent")
    received = header_values(response, "sec-websocket-accept")
    # RFC 6455 section 4.2.2: base64 of the SHA-1 of the key and a fixed GUID
    digest = hashlib.sha1((sent[0].strip() + GUID).encode(), usedforsecurity=False).digest()
    if not received:
        return Check("wrong", "accept key", "missing from the answer")
    if received[0].strip() == base64.b64encode(digest).decode():
        return Check("right", "accept key", "answers the key we sent")
    return Check("wrong", "accept key", "does not answer the key we sent")


def _subprotocol(request: Event, response: Event, opened: Event | None) -> list[Check]:
    offered = _split(header_values(request, "sec-websocket-protocol"))
    agreed = _split(header_values(response, "sec-websocket-protocol"))
    if not agreed and opened is not None and opened.fields.get("subprotocol"):
        agreed = [str(opened.fields["subprotocol"])]
    aside = "offered " + ", ".join(offered) if offered else "none was offered"
    if agreed:
        verdict = "right" if len(agreed) == 1 and agreed[0] in offered else "wrong"
        return [Check(verdict, "subprotocol", ", ".join(agreed), aside)]
    return [Check("open", "subprotocol", "none agreed", aside)] if offered else []


def _compression(request: Event, response: Event) -> list[Check]:
    offered = [each for each in _extensions(request) if each]
    agreed = [each for each in _extensions(response) if each]
    if not agreed:
        if not offered:
            return []
        names = ", ".join(dict.fromkeys(each[0] for each in offered))
        return [Check("open", "compression", "none agreed", f"offered {names}")]
    names_offered = {each[0] for each in offered}
    found = []
    for each in agreed:
        is_known = each[0] in names_offered
        name = "compression" if each[0] == "permessage-deflate" else "extension"
        aside = "" if is_known else "was not offered"
        found.append(Check("right" if is_known else "wrong", name, each[0], aside, tuple(each[1:])))
    return found


def _split(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _extensions(event: Event) -> list[list[str]]:
    return [
        [part.strip() for part in extension.split(";") if part.strip()]
        for extension in _split(header_values(event, "sec-websocket-extensions"))
    ]


def _certificate(tls: Event, started: str | None, *, insecure: bool) -> list[Check]:
    cert = tls.fields.get("cert")
    if not isinstance(cert, Mapping):
        return [Check("risky", "certificate", "not checked")] if insecure else []
    subject = common_name(cert.get("subject"))
    days = _days_left(cert.get("not_after"), started, tls.time_us or 0)
    if insecure:
        return [Check("risky", "certificate", subject or "unnamed", "not checked")]
    if days is None:
        return [Check("right", "certificate", subject or "unnamed")]
    if days < 0:
        return [Check("wrong", "certificate", subject or "unnamed", "expired")]
    aside = "1 day left" if days == 1 else f"{days:,} days left"
    return [Check("right", "certificate", subject or "unnamed", aside)]


def common_name(subject: Any) -> str:
    """The name in a subject, written as a string (`CN=…, O=…`) or as a mapping."""
    if isinstance(subject, Mapping):
        subject = subject.get("commonName") or subject.get("CN") or ""
    text = str(subject or "")
    for part in text.split(","):
        key, equals, value = part.strip().partition("=")
        if equals and key in ("CN", "commonName"):
            return value
    return text


def _days_left(not_after: Any, started: str | None, time_us: int) -> int | None:
    if not isinstance(not_after, str) or not isinstance(started, str):
        return None
    try:
        begin = datetime.fromisoformat(started).timestamp() + time_us / 1_000_000
        return int((_moment(not_after).timestamp() - begin) // DAY)
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    """RFC 3339, or the form of certificates: `Oct  3 12:00:00 2026 GMT`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        words = text.split()
        if len(words) != 5:
            return parsedate_to_datetime(text)
        moment = datetime.strptime(" ".join(words[:4]), "%b %d %H:%M:%S %Y")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
