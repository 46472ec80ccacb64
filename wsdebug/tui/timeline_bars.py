"""The timeline's rows as text: bars each way, silences in words, and the scale. No widgets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from wsdebug.log.timeline import Bucket, silence_before
from wsdebug.payload.numbers import bar, frames_words, short_bytes
from wsdebug.tui.glyphs import Glyphs, duration_words
from wsdebug.tui.inspect_lines import Part

__all__ = ["ARROW", "Scale", "Unit", "bars", "scale_line"]

Unit = Literal["frames", "bytes"]
ARROW = 3  # cells of the direction
AIR = 2  # cells free beside words


@dataclass(frozen=True, slots=True)
class Scale:
    """What a bar of a timeline means: the highest one is `top` of `unit` in `cell_us`."""

    unit: Unit
    top: int
    cell_us: int  # microseconds

    @classmethod
    def of(cls, spans: Sequence[Bucket], unit: Unit, length_us: int) -> "Scale":
        """That of spans which are so long together."""
        top = max((max(_amounts(span, unit)) for span in spans), default=0)
        return cls(unit, top, length_us // max(1, len(spans)))

    def words(self, glyphs: Glyphs) -> tuple[str, str]:
        """`1,204 frames` and `in 1.3 s`; nothing without a bar."""
        if not self.top:
            return "", ""
        amount = frames_words(self.top) if self.unit == "frames" else short_bytes(self.top)
        return amount, f"in {duration_words(self.cell_us, glyphs)}"


def bars(
    spans: Sequence[Bucket],
    scale: Scale,
    glyphs: Glyphs,
    *,
    sent: bool,
    silence_us: int,
    is_plain: bool,
) -> list[Part]:
    """A cell for each span; what is wrong or missing stands among what was received, as do the
    silences of at least `silence_us`, 0 for none.
    """
    top = max(1, scale.top)
    made: list[Part] = []
    for span in spans:
        amount = _amounts(span, scale.unit)[0 if sent else 1]
        has_any = span.sent if sent else span.received
        sign = bar(max(1, amount), top, glyphs.spark) if has_any else " "
        style = "primary" if sent else "fg"
        if not sent and (span.wrong or span.gaps):
            style = "error" if span.wrong else "warning"
            sign = glyphs.violation if is_plain or not has_any else sign
        made.append((sign, style))
    if not sent and silence_us:
        _say_silences(made, spans, silence_us, glyphs)
    return made


def scale_line(
    width: int, first: str, last: str, cursor: tuple[int, str] | None, *, style: str
) -> Iterator[Part]:
    """The times of both ends in `width` cells, and that of the cursor at its cell, in a style of
    its own, where there is room.
    """
    yield (first, "muted")
    gap = width - len(first) - len(last)
    if cursor is not None:
        at, words = cursor
        before = at - len(words) // 2 - len(first)
        after = gap - before - len(words)
        if before >= AIR and after >= AIR:
            yield (" " * before + words, style)
            gap = after
    yield (" " * max(AIR, gap) + last, "muted")


def _amounts(span: Bucket, unit: Unit) -> tuple[int, int]:
    """Sent and received."""
    if unit == "frames":
        return span.sent, span.received
    return span.sent_bytes, span.received_bytes


def _say_silences(
    made: list[Part], spans: Sequence[Bucket], silence_us: int, glyphs: Glyphs
) -> None:
    """Write how long nothing came or went into the stretches that are wide enough."""
    start = 0
    for place, span in enumerate(spans):
        if not (span.sent or span.received or span.wrong or span.gaps):
            continue
        silence = silence_before(spans, place) if span.first_us >= 0 else None
        if silence is not None and silence >= silence_us:
            time = duration_words(silence, glyphs)
            fitting = [
                words for words in (f"silent {time}", time) if place - start >= len(words) + AIR
            ]
            if fitting:
                at = start + (place - start - len(fitting[0])) // 2
                letters: list[Part] = [(letter, "muted") for letter in fitting[0]]
                made[at : at + len(letters)] = letters
        start = place + 1
