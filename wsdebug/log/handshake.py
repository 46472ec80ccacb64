"""The steps of a handshake with their times, hop after hop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wsdebug.payload.escape import escape
from wsdebug.session.lines import Event

__all__ = ["Step", "last_hop", "said_no", "steps"]

FINISHED = {"dns": "DNS", "tcp": "TCP", "proxy": "proxy", "tls": "TLS", "response": "upgrade"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in microseconds since the session started; `failed` if it ended the attempt.

    `event` is its outcome.
    """

    name: str
    start_us: int
    end_us: int
    failed: bool = False
    event: Event | None = None


def steps(events: Sequence[Event]) -> list[Step]:
    """The steps in order; the last one has failed if an error or a refusal ended it.

    The time from a `reconnect` to its `connecting` was spent waiting: it is no step.
    """
    found: list[Step] = []
    since: int | None = None
    for event in events:
        now = event.time_us
        if now is None:
            continue
        if since is None:
            since = now
        if event.name == "connecting":
            since = now
            if found and found[-1].name == "upgrade":  # it was sent on, and went there
                found[-1] = replace(found[-1], name="redirect", failed=False)
        elif event.name in FINISHED:
            name = FINISHED[event.name]
            version = str(event.fields.get("version") or "")
            if name == "TLS" and version:
                name = version if version.startswith("TLS") else f"TLS {version}"
            failed = said_no(event.name, event.fields)
            shown = escape(name).replace("TLSv", "TLS ")
            found.append(Step(shown, since, now, failed, event))
            since = now
        elif event.name == "request":
            since = now
        elif event.name == "error" and found and (found[-1].failed or found[-1].name == "upgrade"):
            found[-1] = replace(found[-1], failed=True)
        elif event.name == "error":
            name = _next_step(last_hop(events), event)
            found.append(Step(name, since, now, failed=True, event=event))
    return found


def said_no(event: str, fields: Mapping[str, Any]) -> bool:
    """Whether a step's event is an answer that ended the way: not 101, or a proxy's not 2xx."""
    status = fields.get("status")
    if event == "proxy":
        return status is not None and not (isinstance(status, int) and 200 <= status < 300)
    return event == "response" and status != 101


def last_hop(events: Sequence[Event]) -> Sequence[Event]:
    """The events since the last redirect that was followed, without the wait before."""
    begins = [at for at, event in enumerate(events) if event.name == "connecting"]
    return events[begins[-1] :] if begins else events


def _next_step(hop: Sequence[Event], error: Event) -> str:
    names = {event.name for event in hop}
    kind = str(error.fields.get("kind", ""))
    if kind in FINISHED.values():
        return kind
    if "request" in names or "tls" in names:
        return "upgrade"
    if "tcp" in names:
        url = str(hop[0].fields.get("url", ""))
        return "TLS" if url.startswith("wss:") else "upgrade"
    return "TCP" if "dns" in names else "DNS"
