"""Every sign on the screen, in Unicode and in ASCII, all one cell wide."""

import os
from dataclasses import dataclass
from typing import Any

from wsdebug.payload.numbers import ASCII_SPARK, SPARK, duration

__all__ = ["ASCII", "UNICODE", "Glyphs", "duration_words", "glyphs_of", "terminal_glyphs"]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs."""

    sent: str = "→"
    received: str = "←"
    open: str = "●"
    closed: str = "○"
    busy: str = "◌"
    right: str = "✓"
    wrong: str = "✗"
    violation: str = "!"
    cursor: str = "▌"
    first: str = "┌"
    middle: str = "├"
    last: str = "└"
    beside: str = "│"
    folded: str = "▸"
    unfolded: str = "▾"
    rule: str = "─"
    active: str = "━"
    cut: str = "…"
    dot: str = "·"
    dash: str = "–"
    up: str = "↑"
    down: str = "↓"
    spark: str = SPARK

    @property
    def is_ascii(self) -> bool:
        """Whether our own words keep to ASCII too."""
        return self.sent.isascii()


UNICODE = Glyphs()
ASCII = Glyphs(
    sent=">",
    received="<",
    open="*",
    closed="o",
    busy="~",
    right="+",
    wrong="x",
    cursor="|",
    first="+",
    middle="+",
    last="+",
    beside="|",
    folded=">",
    unfolded="v",
    rule="-",
    active="=",
    cut="~",
    dot=".",
    dash="-",
    up="^",
    down="v",
    spark=ASCII_SPARK,
)


def terminal_glyphs() -> Glyphs:
    """ASCII where the locale is no UTF-8, else Unicode."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
    return UNICODE if "utf" in locale.lower() or not locale else ASCII


def duration_words(time_us: int, glyphs: Glyphs) -> str:
    """A span of time, with `us` in ASCII."""
    words = duration(time_us)
    return words.replace("µ", "u") if glyphs.is_ascii else words


def glyphs_of(app: Any) -> Glyphs:
    """The signs that an app uses; Unicode where it has not chosen."""
    glyphs = getattr(app, "glyphs", UNICODE)
    assert isinstance(glyphs, Glyphs)
    return glyphs
