"""Sizes, counts and times as people read them."""

__all__ = ["log_time", "short_bytes", "short_size", "with_commas"]

UNITS = "kMGTPE"


def with_commas(number: int) -> str:
    """`12,004`."""
    return f"{number:,}"


def short_size(size: int) -> str:
    """Bytes in at most four characters: `999`, `2.1k`, `64M` (1k is 1,024)."""
    if size < 1000:
        return str(size)
    value = float(size)
    for unit in UNITS:
        value /= 1024
        if value < 9.95:
            return f"{value:.1f}{unit}"
        if value < 999.5:
            return f"{value:.0f}{unit}"
    return f"{value:.0f}E"


def short_bytes(size: int) -> str:
    """`842 B`, `9.4 kB`, `12 kB`."""
    text = short_size(size)
    return f"{text[:-1]} {text[-1]}B" if text[-1] in UNITS else f"{text} B"


def log_time(time_us: int) -> str:
    """Time since the start in at most 9 characters: `00.534`, `01:02.345`, `1:02:03.4`, `30:02:03`."""
    tenths, ms = time_us // 100_000, time_us // 1000
    seconds = time_us // 1_000_000
    if seconds < 60:
        return f"{seconds:02}.{ms % 1000:03}"
    minutes, second = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes:02}:{second:02}.{ms % 1000:03}"
    hours, minute = divmod(minutes, 60)
    clock = f"{hours}:{minute:02}:{second:02}"
    return f"{clock}.{tenths % 10}" if hours < 10 else clock
