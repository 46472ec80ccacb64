"""A session in numbers, as lines of text for a person."""

from collections.abc import Callable, Iterator
from functools import partial

from wsdebug.log.histogram import Histogram
from wsdebug.log.log import FrameLog
from wsdebug.log.over_time_text import LABEL, latencies, over_time_text, slowest_text
from wsdebug.log.statistics import Statistics, Traffic
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import SPARK, duration, short_bytes, with_commas
from wsdebug.wire.frame import opcode_name

__all__ = ["LABEL", "PERCENTILES", "statistics_text"]

PERCENTILES = (50, 90, 99)
SPREAD = ("count", "least", *(f"p{percent}" for percent in PERCENTILES), "most")
STEPS = frozenset(("connecting", "dns", "tcp", "proxy", "tls", "request", "response", "end"))
COLUMN = 12


def statistics_text(
    log: FrameLog,
    statistics: Statistics,
    bold: Callable[[str], str],
    *,
    column: int = COLUMN,
    spark: str = SPARK,
) -> Iterator[str]:
    """Lines of text for a person, six columns of `column` cells behind the names.

    `bold` makes a heading of a line; `spark` are the signs of bars, the least first.
    """
    yield from _session(log, statistics)
    yield ""
    row = partial(_row, column=column)
    yield bold(row("", "frames", "bytes", "wire", "frames/s", "peak/s", "bytes/s"))
    for name, traffic in (("received", statistics.received), ("sent", statistics.sent)):
        yield row(name, *_traffic(traffic, statistics.duration_us))
        for opcode, count in sorted(traffic.opcodes.items()):
            yield row(f"  {opcode_name(opcode)}", with_commas(count))
    spreads = [
        (f"{name} messages", traffic.sizes)
        for name, traffic in (("received", statistics.received), ("sent", statistics.sent))
        if traffic.sizes.count
    ]
    if spreads:
        yield ""
        yield bold(row("size in bytes", *SPREAD))
        yield from (row(name, *_spread(sizes, with_commas)) for name, sizes in spreads)
    pairs = [pair for pair in latencies(statistics) if pair[1].asked]
    if pairs:
        yield ""
        yield bold(row("latency", *SPREAD))
        for name, latency in pairs:
            yield row(name, *_spread(latency.times, duration))
            if latency.unanswered:
                yield row("  unanswered", with_commas(latency.unanswered))
    width = LABEL + 6 * column
    yield from slowest_text(statistics, bold, width=width)
    yield from over_time_text(statistics, bold, spark, width=width)


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


def _row(label: str, *cells: str, column: int = COLUMN) -> str:
    text = f"{label:<{LABEL}}" + "".join(f" {cell:>{column - 1}}" for cell in cells if cell)
    return text if not any(cells) else text.rstrip()


def _traffic(traffic: Traffic, duration_us: int) -> tuple[str, ...]:
    seconds = duration_us / 1_000_000
    return (
        with_commas(traffic.frames),
        short_bytes(traffic.bytes),
        short_bytes(traffic.wire_bytes),
        f"{traffic.frames / seconds:,.1f}" if seconds else "-",
        with_commas(traffic.peaks(duration_us)[0]),
        short_bytes(round(traffic.bytes / seconds)) if seconds else "-",
    )


def _spread(spread: Histogram, words: Callable[[int], str]) -> tuple[str, ...]:
    if not spread.count:
        return ("0",)
    numbers = (spread.low, *map(spread.percentile, PERCENTILES), spread.high)
    return (with_commas(spread.count), *map(words, numbers))
