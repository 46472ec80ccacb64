"""The timeline's rows as text: what a bar means, and what is said of gaps and silences."""

import pytest

from wsdebug.log.timeline import Bucket
from wsdebug.tui.glyphs import ASCII, UNICODE, Glyphs
from wsdebug.tui.timeline_bars import Scale, Unit, bars

SPANS = [
    Bucket(1, sent=1, received=8, sent_bytes=64, received_bytes=8, first_us=0, last_us=0),
    *[Bucket()] * 30,
    Bucket(9, received=4, received_bytes=64, first_us=40_000_000, last_us=40_000_000),
    Bucket(13, gaps=1),
    Bucket(14, received=1, received_bytes=1, wrong=1, first_us=42_000_000, last_us=42_000_000),
]


def row(spans: list[Bucket], unit: Unit, glyphs: Glyphs = UNICODE, **wanted: object) -> str:
    """A row of bars as text."""
    options = {"sent": False, "silence_us": 10_000_000, "is_plain": False, **wanted}
    made = bars(spans, Scale.of(spans, unit, 43_000_000), glyphs, **options)  # type: ignore[arg-type]
    return "".join(text for text, _ in made)


@pytest.mark.parametrize(
    ("unit", "received", "sent"),
    [("frames", "█▄!▁", "▁"), ("bytes", "▁█!▁", "█")],
)
def test_bars_are_frames_or_bytes(unit: Unit, received: str, sent: str) -> None:
    """Both directions by one measure; the silence between them in words."""
    text = row(SPANS, unit)
    assert text[:1] + text[-3:] == received
    assert text[1:-3].strip() == "silent 40 s"
    assert row(SPANS, unit, sent=True).strip() == sent


@pytest.mark.parametrize(
    ("silence_us", "cells", "words"),
    [
        (10_000_000, 30, "silent 40 s"),
        (10_000_000, 12, "40 s"),
        (10_000_000, 5, ""),
        (40_000_001, 30, ""),
        (0, 30, ""),
    ],
)
def test_silences_are_told_where_they_are_long_and_there_is_room(
    silence_us: int, cells: int, words: str
) -> None:
    """Fewer words where there is little."""
    spans = [SPANS[0], *[Bucket()] * cells, *SPANS[-3:]]
    assert row(spans, "frames", silence_us=silence_us)[1:-3].strip() == words


def test_who_is_not_there_is_not_silent() -> None:
    """Between the end of a connection and the next one."""
    spans = [SPANS[0], Bucket(2, is_closed=True), *[Bucket()] * 30, SPANS[-1]]
    assert "silent" not in row(spans, "frames")


def test_colours() -> None:
    """Red is wrong, amber is missing, blue is sent; without colours a sign stands there."""
    scale = Scale.of(SPANS, "frames", 1)

    def styles(*, sent: bool, is_plain: bool) -> list[tuple[str, str]]:
        made = bars(SPANS, scale, UNICODE, sent=sent, silence_us=0, is_plain=is_plain)
        return [(text, style) for text, style in made if text.strip()]

    assert styles(sent=False, is_plain=False) == [
        ("█", "fg"),
        ("▄", "fg"),
        ("!", "warning"),
        ("▁", "error"),
    ]
    assert styles(sent=False, is_plain=True)[-1] == ("!", "error")
    assert styles(sent=True, is_plain=False) == [("▁", "primary")]


def test_what_the_highest_bar_means() -> None:
    """An amount, and the time of a cell."""
    assert Scale.of(SPANS, "frames", 34_000_000).words(UNICODE) == ("8 frames", "in 1.0 s")
    assert Scale.of(SPANS, "bytes", 3_400).words(UNICODE) == ("64 B", "in 100 µs")
    assert Scale.of(SPANS, "bytes", 3_400).words(ASCII) == ("64 B", "in 100 us")
    assert Scale.of([], "frames", 1).words(UNICODE) == ("", "")
