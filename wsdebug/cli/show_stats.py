"""A session in numbers, as JSON."""

import json
from collections import Counter
from typing import Any

from wsdebug.log.histogram import Histogram
from wsdebug.log.latencies import Latency
from wsdebug.log.log import FrameLog
from wsdebug.log.over_time import LATENCIES, Moment
from wsdebug.log.over_time_text import answer_id, latencies
from wsdebug.log.statistics import Statistics, Traffic
from wsdebug.log.statistics_text import PERCENTILES
from wsdebug.wire.frame import opcode_name

__all__ = ["stats_json"]

SPANS = 60  # of the session, in `over_time`


def stats_json(log: FrameLog, statistics: Statistics) -> str:
    """One object on one line; times in seconds, sizes in bytes."""
    header = log.header
    pings, requests, peer_requests = (latency for _, latency in latencies(statistics))
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
            "slowest": _slowest_json(statistics),
            "over_time": _over_time_json(statistics),
        },
        ensure_ascii=False,
    )


def _traffic_json(traffic: Traffic, duration_us: int) -> dict[str, Any]:
    seconds = duration_us / 1_000_000
    opcodes: Counter[int] = traffic.opcodes
    peak_frames, peak_bytes = traffic.peaks(duration_us)
    return {
        "frames": traffic.frames,
        "bytes": traffic.bytes,
        "wire_bytes": traffic.wire_bytes,
        "opcodes": {opcode_name(opcode): count for opcode, count in sorted(opcodes.items())},
        "frames_per_second": round(traffic.frames / seconds, 3) if seconds else None,
        "bytes_per_second": round(traffic.bytes / seconds, 3) if seconds else None,
        "peak_frames_per_second": peak_frames,
        "peak_bytes_per_second": peak_bytes,
        "message_size": _spread_json(traffic.sizes, 1),
    }


def _latency_json(latency: Latency) -> dict[str, Any]:
    return {**_spread_json(latency.times, 1_000_000), "unanswered": latency.unanswered}


def _slowest_json(statistics: Statistics) -> list[dict[str, Any]]:
    """The slowest answers of each kind, with their lines."""
    kinds = [kind for kind, _ in LATENCIES]
    return [
        {
            "kind": kind,
            "seconds": answer.took_us / 1_000_000,
            "asked": answer.asked_line,
            "answered": answer.line,
            "id": answer_id(answer) if isinstance(answer.id, bytes) else answer.id,
        }
        for kind, (_, latency) in zip(kinds, latencies(statistics), strict=True)
        for answer in latency.slowest
    ]


def _over_time_json(statistics: Statistics) -> list[dict[str, Any]]:
    """Spans of the same length; of latencies only those of answers that came in one."""
    moments, start_us = statistics.over_time.spans(SPANS), statistics.first_us or 0
    step_us = (statistics.duration_us + 1) / SPANS
    return [
        {"t": round((start_us + number * step_us) / 1_000_000, 6), **_moment_json(moment)}
        for number, moment in enumerate(moments)
    ]


def _moment_json(moment: Moment) -> dict[str, Any]:
    return {
        "line": moment.line or None,
        "received": {"frames": moment.received, "bytes": moment.received_bytes},
        "sent": {"frames": moment.sent, "bytes": moment.sent_bytes},
        **{
            kind: _spread_json(moment.latencies[kind], 1_000_000)
            for kind, _ in LATENCIES
            if kind in moment.latencies
        },
    }


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
