"""Throughput and latencies over time, in bounded memory."""

from dataclasses import dataclass, field
from typing import Literal

from wsdebug.log.histogram import Histogram

__all__ = ["LATENCIES", "MOMENTS", "LatencyKind", "Moment"]

LatencyKind = Literal["ping", "request", "peer_request"]
LATENCIES: tuple[tuple[LatencyKind, str], ...] = (
    ("ping", "ping to pong"),
    ("request", "request to answer"),
    ("peer_request", "answers of ours"),
)
MOMENTS = 512  # spans of time that are told apart
BITS = 6  # that are kept of a latency in a moment: it is known to a thirtieth


@dataclass(slots=True)
class Moment:
    """What crossed the wire in a span of time, and how long answers that came then had taken.

    Bytes are those of payloads, inflated; `latencies` in microseconds.
    """

    line: int = 0  # the first frame; 0 for none
    sent: int = 0  # frames
    received: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    latencies: dict[LatencyKind, Histogram] = field(default_factory=dict)

    def frame(self, line: int, size: int, *, sent: bool) -> None:
        """Take a frame."""
        self.line = self.line or line
        if sent:
            self.sent += 1
            self.sent_bytes += size
        else:
            self.received += 1
            self.received_bytes += size

    def frames(
        self, line: int, sent: int, sent_bytes: int, received: int, received_bytes: int
    ) -> None:
        """Take frames from a line on."""
        self.line = self.line or line
        self.sent += sent
        self.sent_bytes += sent_bytes
        self.received += received
        self.received_bytes += received_bytes

    def answered(self, kind: LatencyKind, took_us: int) -> None:
        """Take an answer that came now."""
        self._latency(kind).add(took_us)

    def add(self, later: "Moment") -> None:
        """Take what came in a later span."""
        self.line = self.line or later.line
        self.sent += later.sent
        self.received += later.received
        self.sent_bytes += later.sent_bytes
        self.received_bytes += later.received_bytes
        for kind, latency in later.latencies.items():
            self._latency(kind).take(latency)

    def _latency(self, kind: LatencyKind) -> Histogram:
        latency = self.latencies.get(kind)
        if latency is None:
            latency = self.latencies[kind] = Histogram(BITS)
        return latency
