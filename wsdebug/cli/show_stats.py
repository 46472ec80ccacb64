"""A session in numbers, as text and as JSON."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from wsdebug.cli.color import Paint
from wsdebug.log.histogram import Histogram
from wsdebug.log.latencies import Latency
from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics, Traffic
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import duration, short_bytes, with_commas
from wsdebug.wire.frame import opcode_name

__all__ = ["stats_json", "stats_text"]

PERCENTILES = (50, 90, 99)
STEPS = frozenset(("connecting", "dns", "tcp", "proxy", "tls", "request", "response", "end"))
LABEL = 20  # cells
COLUMN = 12


def stats_text(log: FrameLog, statistics: Statistics, paint: Paint) -> Iterator[str]:
    """Lines of text for a person."""
    yield from _session(log, statistics)
    yield ""
    yield paint(_row("", "frames", "bytes", "on the wire", "frames/s", "peak/s", "bytes/s"), "bold")
    for name, traffic in (("received", statistics.received), ("sent", statistics.sent)):
        yield _traffic(name, traffic, statistics.duration_us)
        for opcode, count in sorted(traffic.opcodes.items()):
            yield _row(f"  {opcode_name(opcode)}", with_commas(count))
    spreads = [
        (f"{name} messages", traffic.sizes)
        for name, traffic in (("received", statistics.received), ("sent", statistics.sent))
        if traffic.sizes.count
    ]
    if spreads:
        yield ""
        yield paint(_spread_heading("size in bytes"), "bold")
        yield from (_spread(name, sizes, with_commas) for name, sizes in spreads)
    latencies = [pair for pair in _latencies(statistics) if pair[1].asked]
    if latencies:
        yield ""
        yield paint(_spread_heading("latency"), "bold")
        for name, latency in latencies:
            text = _spread(name, latency.times, duration)
            waiting = latency.unanswered
            yield text + (f"   {with_commas(waiting)} unanswered" if waiting else "")


def _session(log: FrameLog, statistics: Statistics) -> Iterator[str]:
    header = log.header
    if header is not None and header.url:
        yield _row("url", "") + escape(header.url)
    if header is not None and header.started:
        yield _row("started", "") + escape(header.started)
    yield _row("duration", "") + duration(statistics.duration_us)
    yield _row("connections", "") + with_commas(len(statistics.connections))
    closes = {str(code): count for code, count in sorted(statistics.close_codes.items())}
    events = {name: count for name, count in statistics.events.items() if name not in STEPS}
    for label, counts in (
        ("violations", statistics.violations),
        ("close frames", closes),
        ("events", events),
    ):
        if counts:
            words = ", ".join(f"{escape(name)} {count:,}" for name, count in counts.items())
            yield _row(label, "") + words
    if statistics.notes:
        yield _row("notes", "") + with_commas(statistics.notes)
    if statistics.silence_us:
        silence = duration(statistics.silence_us)
        yield _row("longest silence", "") + f"{silence}, before line {statistics.silence_line}"


def _row(label: str, *cells: str) -> str:
    text = f"{label:<{LABEL}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells if cell)
    return text if not any(cells) else text.rstrip()


def _traffic(name: str, traffic: Traffic, duration_us: int) -> str:
    seconds = duration_us / 1_000_000
    return _row(
        name,
        with_commas(traffic.frames),
        short_bytes(traffic.bytes),
        short_bytes(traffic.wire_bytes),
        f"{traffic.frames / seconds:,.1f}" if seconds else "-",
        with_commas(traffic.peak_frames),
        short_bytes(round(traffic.bytes / seconds)) if seconds else "-",
    )


def _spread_heading(label: str) -> str:
    return _row(label, "count", "least", *(f"p{percent}" for percent in PERCENTILES), "most")


def _spread(label: str, spread: Histogram, words: Any) -> str:
    if not spread.count:
        return _row(label, "0")
    numbers = (spread.low, *map(spread.percentile, PERCENTILES), spread.high)
    return _row(label, with_commas(spread.count), *map(words, numbers))


def _latencies(statistics: Statistics) -> list[tuple[str, Latency]]:
    pairs = statistics.pairs
    return [
        ("ping to pong", pairs.pings),
        ("request to answer", pairs.requests),
        ("answers of ours", pairs.peer_requests),
    ]


def stats_json(log: FrameLog, statistics: Statistics) -> str:
    """One object on one line; times in seconds, sizes in bytes."""
    header = log.header
    pings, requests, peer_requests = (latency for _, latency in _latencies(statistics))
    return json.dumps(
        {
            "url": header.url if header is not None else None,
            "started": header.started if header is not None else None,
            "duration": statistics.duration_us / 1_000_000,
            "connections": len(statistics.connections),
            "received": _traffic_json(statistics.received, statistics.duration_us),
            "sent": _traffic_json(statistics.sent, statistics.duration_us),
            "ping": _latency_json(pings),
            "request": _latency_json(requests),
            "peer_request": _latency_json(peer_requests),
            "violations": dict(statistics.violations),
            "close_codes": {str(code): n for code, n in sorted(statistics.close_codes.items())},
            "events": dict(statistics.events),
            "notes": statistics.notes,
            "longest_silence": {
                "seconds": statistics.silence_us / 1_000_000,
                "line": statistics.silence_line or None,
            },
        },
        ensure_ascii=False,
    )


def _traffic_json(traffic: Traffic, duration_us: int) -> dict[str, Any]:
    seconds = duration_us / 1_000_000
    opcodes: Counter[int] = traffic.opcodes
    return {
        "frames": traffic.frames,
        "bytes": traffic.bytes,
        "wire_bytes": traffic.wire_bytes,
        "opcodes": {opcode_name(opcode): count for opcode, count in sorted(opcodes.items())},
        "frames_per_second": round(traffic.frames / seconds, 3) if seconds else None,
        "bytes_per_second": round(traffic.bytes / seconds, 3) if seconds else None,
        "peak_frames_per_second": traffic.peak_frames,
        "peak_bytes_per_second": traffic.peak_bytes,
        "message_size": _spread_json(traffic.sizes, 1),
    }


def _latency_json(latency: Latency) -> dict[str, Any]:
    return {**_spread_json(latency.times, 1_000_000), "unanswered": latency.unanswered}


def _spread_json(spread: Histogram, unit: int) -> dict[str, Any]:
    """`unit` is what the numbers are divided by."""
    if not spread.count:
        return {"count": 0}

    def scaled(number: float) -> float:
        return number if unit == 1 else number / unit

    return {
        "count": spread.count,
        "min": scaled(spread.low),
        "mean": round(spread.mean / unit, 9),
        **{f"p{percent}": scaled(spread.percentile(percent)) for percent in PERCENTILES},
        "max": scaled(spread.high),
    }
