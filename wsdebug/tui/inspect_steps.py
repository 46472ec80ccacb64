"""The steps of a handshake as rows, with a bar at each one's place."""

from collections.abc import Sequence

from wsdebug.log.handshake import Step
from wsdebug.payload.numbers import duration
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, TextLine, columns, is_ascii

__all__ = ["milliseconds", "step_lines"]

BAR = 19


def milliseconds(duration_us: int, glyphs: Glyphs) -> str:
    """A duration, in ASCII with `us`."""
    text = duration(duration_us)
    return text.replace("µ", "u") if is_ascii(glyphs) else text


def step_lines(found: Sequence[Step], width: int, glyphs: Glyphs) -> list[TextLine]:
    """A row a step: its name, its duration and a bar at its place in the whole."""
    if not found:
        return []
    full = max(8, width - BAR - EDGE - 1)
    begin, end = found[0].start_us, found[-1].end_us
    whole = max(1, end - begin)
    rows = []
    for step in found:
        size = min(full, max(1, round(full * (step.end_us - step.start_us) / whole)))
        start = min(full - size, round(full * (step.start_us - begin) / whole))
        rows.append(
            TextLine(
                (
                    *columns((1, f"{step.name:<9.9}", "muted")),
                    (f"{milliseconds(step.end_us - step.start_us, glyphs):>6}   ", "fg"),
                    (glyphs.rule * start, "rule"),
                    (glyphs.active * size, "error bold" if step.failed else "fg bold"),
                    (glyphs.rule * (full - size - start), "rule"),
                )
            )
        )
    return rows
