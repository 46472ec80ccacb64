"""A session in numbers, as JSON."""

import json
from collections import Counter
from typing import Any

from wsdebug.log.histogram import Histogram
from wsdebug.log.latencies import Latency
from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics, Traffic
from wsdebug.log.statistics_text import PERCENTILES, latencies
from wsdebug.wire.frame import opcode_name

__all__ = ["stats_json"]


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
