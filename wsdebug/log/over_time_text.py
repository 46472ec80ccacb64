"""Throughput and latencies over time, and the slowest answers, as lines of text for a person."""

from collections.abc import Callable, Iterator, Sequence

from wsdebug.log.latencies import Answer, Latency
from wsdebug.log.over_time import LATENCIES, Moment
from wsdebug.log.statistics import Statistics
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import bar, duration, short_bytes, with_commas

__all__ = ["LABEL", "answer_id", "latencies", "over_time_text", "slowest_text"]

LABEL = 18  # cells
NAME = 24  # cells beside bars
COLUMN = 12
CELL = COLUMN - 1
MOST = 20  # beside the bars
SHOWN = 5  # of the slowest answers
PERCENTS = (50, 99)
SERIES: tuple[tuple[str, Callable[[Moment], int], Callable[[int], str]], ...] = (
    ("frames received", lambda moment: moment.received, with_commas),
    ("bytes received", lambda moment: moment.received_bytes, short_bytes),
    ("frames sent", lambda moment: moment.sent, with_commas),
    ("bytes sent", lambda moment: moment.sent_bytes, short_bytes),
)


def over_time_text(
    statistics: Statistics, bold: Callable[[str], str], spark: str, *, width: int
) -> Iterator[str]:
    """A row of bars, made of `spark`, in `width` cells, for all that can be told over time."""
    cells = max(1, width - NAME - MOST)
    moments = statistics.over_time.spans(cells)
    length_us = statistics.duration_us + 1
    if not any(moment.line for moment in moments) or length_us < cells:
        return
    yield ""
    yield bold(f"{'over time':<{LABEL}} {duration(length_us // cells)} a cell")
    for name, number, words in SERIES:
        yield from _row(name, [number(moment) for moment in moments], words, spark)
    for kind, name in LATENCIES:
        spreads = [moment.latencies.get(kind) for moment in moments]
        for percent in PERCENTS:
            times = [spread.percentile(percent) if spread else 0 for spread in spreads]
            yield from _row(f"{name} p{percent}", times, duration, spark)


def _row(
    name: str, numbers: Sequence[int], words: Callable[[int], str], spark: str
) -> Iterator[str]:
    most = max(numbers)
    if most:
        bars = "".join(bar(number, most, spark) for number in numbers)
        yield f"{name:<{NAME}} {bars}  most {words(most)}"


def slowest_text(
    statistics: Statistics, bold: Callable[[str], str], *, width: int
) -> Iterator[str]:
    """The answers that took longest, with their lines."""
    room = max(1, width - LABEL - 3 * COLUMN - 2)
    rows = [(name, answer) for name, pair in latencies(statistics) for answer in _slowest(pair)]
    if rows:
        yield ""
        yield bold(_cells("slowest", "took", "asked", "answered", "id"))
    for name, answer in rows:
        asked, answered = (f"line {line:,}" for line in (answer.asked_line, answer.line))
        yield _cells(name, duration(answer.took_us), asked, answered, answer_id(answer, room))


def _cells(name: str, took: str, asked: str, answered: str, found: str) -> str:
    return f"{name:<{LABEL}} {took:>{CELL}} {asked:>{CELL}} {answered:>{CELL}}  {found}"


def _slowest(latency: Latency) -> list[Answer]:
    return latency.slowest[:SHOWN]


def answer_id(answer: Answer, cells: int = 40) -> str:
    """What joins an answer with its question, escaped and cut."""
    found = answer.id
    text = found.decode("utf-8", "surrogateescape") if isinstance(found, bytes) else str(found)
    shown = escape(text[:cells])
    return shown if len(shown) <= cells else shown[:cells]


def latencies(statistics: Statistics) -> list[tuple[str, Latency]]:
    """What was asked and answered, by name."""
    pairs = statistics.pairs
    found = {"ping": pairs.pings, "request": pairs.requests, "peer_request": pairs.peer_requests}
    return [(name, found[kind]) for kind, name in LATENCIES]
