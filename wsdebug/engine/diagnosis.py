"""A way in, taken apart: each step with its verdict, its time, and what came of it in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.route import route_of
from wsdebug.engine.target import parse_url
from wsdebug.log.handshake import Step, steps
from wsdebug.log.handshake_checks import Check, checks, common_name, header_values
from wsdebug.session.lines import Event

__all__ = ["Finding", "Verdict", "diagnose", "unreached"]

# `risky`: it came to be, but something of it was not looked at; `open`: it was not reached.
Verdict = Literal["right", "wrong", "risky", "open"]
UNTOLD = frozenset(("raw", "headers", "body"))  # facts that the record has in full


@dataclass(frozen=True, slots=True)
class Finding:
    """One step; `facts` are those of its event, `checks` what could be checked of it.

    Nothing of it is escaped.
    """

    step: str
    verdict: Verdict
    words: str = ""
    duration_us: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()


def diagnose(
    events: Sequence[Event], *, started: str | None = None, insecure: bool = False
) -> list[Finding]:
    """The steps of a handshake that was recorded, hop after hop.

    `started` is the session's start (RFC 3339), `insecure` says that no certificate was checked.
    """
    found = steps(events)
    judged = checks(events, started=started, insecure=insecure)
    failure = next((event for event in reversed(events) if event.name == "error"), None)
    findings = []
    for number, step in enumerate(found):
        is_last_of_kind = all(step.name != other.name for other in found[number + 1 :])
        own = tuple(_checks_of(step, judged)) if is_last_of_kind else ()
        findings.append(_finding(step, own, failure))
    return findings


def unreached(options: ConnectOptions, findings: Sequence[Finding]) -> Iterator[str]:
    """The steps that would have followed the last one. Raises UsageError."""
    target = parse_url(options.url)
    route = route_of(target, options)
    names = [] if route.unix_socket else ["DNS"]
    names += ["TCP", *(["proxy"] if route.proxy else []), *(["TLS"] if target.is_secure else [])]
    names += ["upgrade", "ping"]
    last = findings[-1].step.partition(" ")[0] if findings else ""
    yield from names[names.index(last) + 1 :] if last in names else ()


def _finding(step: Step, own: tuple[Check, ...], failure: Event | None) -> Finding:
    verdict: Verdict = "right"
    if step.failed or any(check.verdict == "wrong" for check in own):
        verdict = "wrong"
    elif any(check.verdict == "risky" for check in own):
        verdict = "risky"
    event = step.event
    words = _words(event) if event is not None else ""
    if step.failed and failure is not None:
        words = str(failure.fields.get("message") or words)
    facts = event.fields if event is not None else {}
    return Finding(
        step.name,
        verdict,
        words,
        step.end_us - step.start_us,
        {name: value for name, value in facts.items() if name not in UNTOLD},
        own,
    )


def _checks_of(step: Step, judged: Sequence[Check]) -> Iterator[Check]:
    for check in judged:
        is_of_tls = check.name == "certificate"
        if check.name == "status" or (check.verdict == "open" and step.failed):
            continue  # said by the step itself
        if step.name.startswith("TLS") if is_of_tls else step.name == "upgrade":
            yield check


def _words(event: Event) -> str:
    """What came of a step."""
    fields = event.fields
    match event.name:
        case "dns":
            found = fields.get("addresses")
            addresses = ", ".join(map(str, found)) if isinstance(found, list) else ""
            return f"{addresses} ({fields['by']})" if "by" in fields else addresses
        case "tcp":
            local = fields.get("local")
            return f"{fields.get('remote')}" + (f" from {local}" if local else "")
        case "proxy":
            answer = f"{fields.get('status') or ''} {fields.get('reason') or ''}".strip()
            way = f"{fields.get('url')} to {fields.get('to')}"
            return f"{way}: {answer}" if answer else way
        case "tls":
            return _tls(fields)
        case "response":
            answer = f"{fields.get('status')} {fields.get('reason') or ''}".strip()
            place = header_values(event, "location")
            return f"{answer}, on to {place[0]}" if place else answer
        case _:
            return str(fields.get("message") or "")


def _tls(fields: Mapping[str, Any]) -> str:
    facts = [str(fields.get(name)) for name in ("cipher", "alpn") if fields.get(name)]
    cert = fields.get("cert")
    if isinstance(cert, Mapping):
        issuer = common_name(cert.get("issuer"))
        facts.append(f"certificate by {issuer}" if issuer else "certificate of nobody")
    if fields.get("of"):
        facts.append(f"with the {fields['of']}")
    return ", ".join(facts)
