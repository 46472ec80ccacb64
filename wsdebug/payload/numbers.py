"""Numbers for people: sizes, counts, durations, times of day."""

from contextlib import suppress
from datetime import datetime, timedelta, tzinfo

__all__ = [
    "ASCII_SPARK",
    "SPARK",
    "ago",
    "bar",
    "clock_time",
    "duration",
    "frames_words",
    "short_bytes",
    "short_count",
    "short_size",
    "wall_time",
    "when",
    "with_commas",
]

SPARK = "▁▂▃▄▅▆▇█"  # signs of bars, the least first
ASCII_SPARK = "_.-+=*%#"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _scaled(n: int, step: int) -> tuple[str, str]:
    """(`2.1`, `k`): at most three characters, rounded."""
    if n < 1000:
        return str(n), ""
    value = float(n)
    for unit in "kMGTP":
        value /= step
        if value < 9.95:
            return f"{value:.1f}", unit
        if value < 999.5:
            return f"{value:.0f}", unit
    value /= step
    return (f"{value:.1f}" if value < 9.95 else f"{value:.0f}"), "E"


def bar(number: int, most: int, steps: str) -> str:
    """A number as one of `steps`, of which the last is `most`; a space for 0 and less."""
    if number <= 0:
        return " "
    return steps[min(len(steps), -(-number * len(steps) // most)) - 1]


def short_size(n: int) -> str:
    """Bytes in at most four cells: `999`, `2.1k`, `64M` (1k is 1,024)."""
    return "".join(_scaled(n, 1024))


def short_bytes(n: int) -> str:
    """Bytes with their unit: `842 B`, `9.4 kB`, `12 kB`, `1.2 GB` (1 kB is 1,024 B)."""
    number, unit = _scaled(n, 1024)
    return f"{number} {unit}B"


def short_count(n: int) -> str:
    """A count with commas, from a million on rounded: `12,004`, `1.2 M`."""
    if n < 1_000_000:
        return with_commas(n)
    number, unit = _scaled(n, 1000)
    return f"{number} {unit}"


def frames_words(n: int) -> str:
    """`1 frame`, `12,004 frames`, `1.2 M frames`."""
    return f"{short_count(n)} {'frame' if n == 1 else 'frames'}"


def with_commas(n: int) -> str:
    """`2,104`."""
    return f"{n:,}"


def clock_time(us: int | None) -> str:
    """Time since a start, for a column of 9 cells: `00.534`, `01:02.345`, `1:02:03.4`.

    `us` is in microseconds; what does not fit is cut, never rounded up. None is empty.
    """
    if us is None:
        return ""
    milliseconds = max(0, us) // 1000
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 1000:
        return f"{hours // 24}d {hours % 24:02}h"[:9]
    if hours >= 10:
        return f"{hours}:{minutes:02}:{seconds:02}"
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}.{milliseconds // 100}"
    if minutes:
        return f"{minutes:02}:{seconds:02}.{milliseconds:03}"
    return f"{seconds:02}.{milliseconds:03}"


def wall_time(epoch_us: int, zone: tzinfo | None = None) -> str:
    """The time of day in 12 cells, `14:02:41.006`; the local one without `zone`.

    `epoch_us` counts microseconds from 1970 in UTC.
    """
    seconds, us = divmod(epoch_us, 1_000_000)
    moment = datetime.fromtimestamp(seconds, zone)
    return f"{moment:%H:%M:%S}.{us // 1000:03}"


def duration(us: int) -> str:
    """A span in words: `340 µs`, `64 ms`, `1.2 s`, `31 s`, `2 min 5 s`, `1 h 4 min`, `3 days`."""
    us = max(0, us)
    if us < 1000:
        return f"{us} µs"
    if us < 999_500:
        return f"{us / 1000:.0f} ms"
    if us < 9_950_000:
        return f"{us / 1_000_000:.1f} s"
    seconds = round(us / 1_000_000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def ago(then: datetime, now: datetime) -> str:
    """`just now`, `11 min ago`, `3 h ago`; from a day on as `when`. Both times know their zone."""
    seconds = int((now - then).total_seconds())
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 86400:
        return f"{seconds // 3600} h ago"
    return when(then, now)


def when(then: datetime, now: datetime) -> str:
    """`today 14:02`, `yesterday`, `31 Jul`, `31 Jul 2025`: in `now`'s zone."""
    with suppress(OverflowError):  # the first and the last day there are have no other zone
        then = then.astimezone(now.tzinfo)
    if then.date() == now.date():
        return f"today {then:%H:%M}"
    if then.date() == now.date() - timedelta(days=1):
        return "yesterday"
    day = f"{then.day} {MONTHS[then.month - 1]}"
    return day if then.year == now.year else f"{day} {then.year}"
