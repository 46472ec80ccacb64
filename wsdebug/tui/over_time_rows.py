"""Throughput and latencies over time as rows of bars, and what a place of them says. No widgets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wsdebug.log.latencies import Answer
from wsdebug.log.over_time import LatencyKind, Moment
from wsdebug.log.over_time_text import answer_id
from wsdebug.payload.numbers import bar, short_bytes, with_commas
from wsdebug.tui.glyphs import Glyphs, duration_words
from wsdebug.tui.inspect_lines import Part
from wsdebug.tui.timeline_bars import Unit

__all__ = ["GUTTER", "Plot", "answer_words", "latency_plot", "moment_words", "traffic_plot"]

GUTTER = 20  # cells left of the bars
NAMES: dict[LatencyKind, tuple[str, str]] = {
    "ping": ("pong", "pongs"),
    "request": ("answer", "answers"),
    "peer_request": ("answer of ours", "answers of ours"),
}
SECOND = 1_000_000  # µs


@dataclass(frozen=True, slots=True)
class Plot:
    """A number for each cell, and a higher one behind it; `most` says what the highest bar is."""

    name: str
    style: str
    most: str
    about: str  # a second row of words, where there is room
    bars: tuple[tuple[int, int], ...]

    @property
    def top(self) -> int:
        """The highest bar."""
        return max((high for _, high in self.bars), default=0)

    def rows(self, height: int, glyphs: Glyphs) -> list[tuple[Part, list[Part]]]:
        """So many rows, the upper one first: the words at the left, and a part for each cell."""
        steps, top = len(glyphs.spark), max(1, self.top)
        levels = [
            tuple(-(-number * height * steps // top) for number in pair) for pair in self.bars
        ]
        words = [f" {self.name:<8}{self.most:>{GUTTER - 11}}", f" {self.about}"]
        rows: list[tuple[Part, list[Part]]] = []
        for row in range(height):
            below = (height - 1 - row) * steps
            cells = [self._cell(low - below, high - below, glyphs) for low, high in levels]
            left = words[row] if row < len(words) else ""
            rows.append(((f"{left:<{GUTTER}}", "fg" if not row else "muted"), cells))
        return rows

    def _cell(self, low: int, high: int, glyphs: Glyphs) -> Part:
        """The sign of a row in which a bar has so many steps."""
        number, style = (low, self.style) if low > 0 else (high, "disabled")
        return bar(number, len(glyphs.spark), glyphs.spark), style


def traffic_plot(moments: Sequence[Moment], unit: Unit, cell_us: int, *, sent: bool) -> Plot:
    """Frames or bytes that went one way."""
    if unit == "frames":
        numbers = [moment.sent if sent else moment.received for moment in moments]
        words: Callable[[float], str] = _per_second
    else:
        numbers = [moment.sent_bytes if sent else moment.received_bytes for moment in moments]
        words = _bytes_per_second
    most = max(numbers, default=0) * SECOND / max(1, cell_us)
    name, style = ("sent", "primary") if sent else ("received", "fg")
    return Plot(name, style, words(most), unit, tuple((number, number) for number in numbers))


def latency_plot(moments: Sequence[Moment], kind: LatencyKind, glyphs: Glyphs) -> Plot:
    """How long answers took: the middle one, and behind it the slowest."""
    bars: list[tuple[int, int]] = []
    for moment in moments:
        spread = moment.latencies.get(kind)
        bars.append((spread.percentile(50), spread.high) if spread else (0, 0))
    most = max((high for _, high in bars), default=0)
    about = f"{NAMES[kind][1]}, p50 most"
    return Plot("latency", "fg", duration_words(most, glyphs), about, tuple(bars))


def moment_words(moment: Moment, kind: LatencyKind, glyphs: Glyphs) -> str:
    """`← 312, 24 kB   → 2, 60 B   12 answers, p50 21 ms, most 64 ms`."""
    if not moment.line:
        return "nothing"
    words = [
        f"{glyphs.received} {with_commas(moment.received)}, {short_bytes(moment.received_bytes)}",
        f"{glyphs.sent} {with_commas(moment.sent)}, {short_bytes(moment.sent_bytes)}",
    ]
    spread = moment.latencies.get(kind)
    if spread is not None:
        times = (spread.percentile(50), spread.high)
        middle, most = (duration_words(time, glyphs) for time in times)
        name = NAMES[kind][spread.count != 1]
        words.append(f"{with_commas(spread.count)} {name}, p50 {middle}, most {most}")
    return "   ".join(words)


def answer_words(answer: Answer, glyphs: Glyphs) -> str:
    """A row of the slowest answers."""
    took, asked = duration_words(answer.took_us, glyphs), f"{answer.asked_line:,}"
    return f"{took:>9}   line {asked:>9} to {answer.line:>9,}   {answer_id(answer)}"


def _per_second(rate: float) -> str:
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"


def _bytes_per_second(rate: float) -> str:
    return f"{short_bytes(round(rate))}/s"
