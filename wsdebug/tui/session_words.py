"""What the bar and the status line say of a session. No widgets."""

from collections.abc import Iterator
from dataclasses import replace

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError
from wsdebug.log.timeline import Timeline
from wsdebug.payload.escape import escape
from wsdebug.tui.keymap import shown
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.status_line import Traffic
from wsdebug.tui.words import StateWords, describe

__all__ = ["public_url", "shown_url", "state_words", "traffic_of"]


def shown_url(session: OpenSession) -> str:
    """The URL as given; with the scheme that was taken, if it has none."""
    url = session.options.url if session.options else ""
    if not url or "://" in url:
        return url
    return public_url(url) or url


def public_url(url: str) -> str:
    """A URL without its user info; empty where it cannot be read, as with a variable for a port."""
    try:
        return parse_url(url).url
    except UsageError:
        return ""


def state_words(session: OpenSession, now_ns: int, *, dot: str = "·") -> StateWords:
    """The bar's words at a monotonic time, with `dot` between facts."""
    status = session.status
    replay = session.replay
    parts = (
        f"replays {replay.name}" if replay is not None else "",
        status.subprotocol or "",
        status.extensions.partition(";")[0],
        status.tls,
        *_chosen(session.options_used),
        *status.notices,
    )
    facts = f" {dot} ".join(escape(part) for part in parts if part)
    log = session.log
    if session.file is not None and log is not None:
        facts = f"a saved session; {shown('F5')} connects again, {shown('r')} replays it"
        if log.problem:
            why = escape(log.problem.removeprefix(f"cannot read {log.path}: "))
            reason = f"read up to line {log.index.lines:,}; then: {why}"
            return StateWords("wrong", "damaged", "", reason, "error", "connect")
    words = describe(status, now_ns, facts, dot=dot)
    if replay is None:
        return words
    return replace(words, action="stop" if session.is_live else "replay again")


def _chosen(options: ConnectOptions | None) -> Iterator[str]:
    """What was asked for and matters while it is connected."""
    if options is None:
        return
    if options.insecure:
        yield "certificate not checked"
    headers = sum(value is not None for _, value in options.header)
    if headers:
        yield "1 header" if headers == 1 else f"{headers} headers"
    if options.reconnect:
        yield "reconnects"


def traffic_of(
    session: OpenSession, timeline: Timeline | None = None, *, sending: str = ""
) -> Traffic:
    """The status line's counters; those of a file are what its `timeline` has counted. `sending`
    is what is sent again and again, in words.
    """
    status, counters, path = session.status, session.counters, session.path
    label = "saved" if session.file else "recording" if path else "not recorded"
    frames_out: int | None = counters.frames_out
    frames_in: int | None = counters.frames_in
    bytes_out: int | None = counters.bytes_out
    bytes_in: int | None = counters.bytes_in
    if session.file is not None and session.log is not None:
        is_whole = session.log.complete.is_set()
        if timeline is not None and is_whole and timeline.is_complete:
            frames_out, bytes_out = timeline.sent, timeline.sent_bytes
            frames_in, bytes_in = timeline.received, timeline.received_bytes
        else:
            frames_out = frames_in = None
    return Traffic(
        frames_out=frames_out,
        bytes_out=bytes_out,
        frames_in=frames_in,
        bytes_in=bytes_in,
        round_trip_ns=counters.round_trip_ns,
        waiting=counters.buffered and counters.buffered + session.queue.size,
        connected=status.state in ("open", "closing"),
        file=path.name if path else "",
        file_size=session.log.index.size if session.log is not None else 0,
        label=label if session.log is not None else "",
        problem=status.recording_problem,
        replay=session.replay,
        sending=sending,
    )
