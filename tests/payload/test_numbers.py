"""Numbers for people."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload import numbers

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("n", "short", "spelled"),
    [
        (0, "0", "0 B"),
        (842, "842", "842 B"),
        (999, "999", "999 B"),
        (1000, "1.0k", "1.0 kB"),
        (2104, "2.1k", "2.1 kB"),
        (9_626, "9.4k", "9.4 kB"),
        (10_180, "9.9k", "9.9 kB"),
        (10_200, "10k", "10 kB"),
        (12_300, "12k", "12 kB"),
        (999 << 10, "999k", "999 kB"),
        (1_023_900, "1.0M", "1.0 MB"),
        (64 << 20, "64M", "64 MB"),
        (2**64 - 1, "16E", "16 EB"),
    ],
)
def test_sizes_are_short(n: int, short: str, spelled: str) -> None:
    """At most four cells in a column, with a unit in a sentence."""
    assert numbers.short_size(n) == short
    assert numbers.short_bytes(n) == spelled


@given(st.integers(0, 2**64 - 1))
def test_a_size_fits_its_column(n: int) -> None:
    """Any length a frame can declare."""
    assert len(numbers.short_size(n)) <= 4


@pytest.mark.parametrize(
    ("us", "shown"),
    [
        (None, ""),
        (0, "00.000"),
        (534_999, "00.534"),
        (41 * SECOND + 6_000, "41.006"),
        (62 * SECOND + 345_000, "01:02.345"),
        (3_723 * SECOND + 450_000, "1:02:03.4"),
        (36_000 * SECOND, "10:00:00"),
        (999 * 3_600 * SECOND, "999:00:00"),
        (1_000 * 3_600 * SECOND, "41d 16h"),
        (-5, "00.000"),
    ],
)
def test_times_fit_nine_cells(us: int | None, shown: str) -> None:
    """As fine as there is room for, cut and never rounded up."""
    assert numbers.clock_time(us) == shown
    assert len(shown) <= 9


def test_wall_time_takes_twelve_cells() -> None:
    """In the zone asked for."""
    moment = datetime(2026, 8, 3, 12, 2, 41, 6_900, tzinfo=UTC)
    epoch_us = int(moment.timestamp()) * SECOND + 6_900
    assert numbers.wall_time(epoch_us, UTC) == "12:02:41.006"
    assert numbers.wall_time(epoch_us, timezone(timedelta(hours=2))) == "14:02:41.006"


@pytest.mark.parametrize(
    ("us", "shown"),
    [
        (340, "340 µs"),
        (64_000, "64 ms"),
        (1_200_000, "1.2 s"),
        (999_900, "1.0 s"),
        (31 * SECOND, "31 s"),
        (120 * SECOND, "2 min"),
        (125 * SECOND, "2 min 5 s"),
        (3_840 * SECOND, "1 h 4 min"),
        (72 * 3600 * SECOND, "3 days"),
    ],
)
def test_spans_are_in_words(us: int, shown: str) -> None:
    """Two units at most."""
    assert numbers.duration(us) == shown


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (0, "0 frames"),
        (1, "1 frame"),
        (12_004, "12,004 frames"),
        (1_200_000, "1.2 M frames"),
        (23_000_000, "23 M frames"),
    ],
)
def test_counts_of_frames(n: int, shown: str) -> None:
    """Exact below a million."""
    assert numbers.frames_words(n) == shown


NOW = datetime(2026, 8, 3, 14, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("then", "ago", "when"),
    [
        (NOW, "just now", "today 14:30"),
        (NOW - timedelta(minutes=11), "11 min ago", "today 14:19"),
        (NOW - timedelta(hours=5), "5 h ago", "today 09:30"),
        (NOW - timedelta(hours=20), "20 h ago", "yesterday"),
        (datetime(2026, 8, 2, 22, 30, tzinfo=UTC), "14 h ago", "today 00:30"),
        (NOW - timedelta(days=3), "31 Jul", "31 Jul"),
        (NOW.replace(year=2025), "3 Aug 2025", "3 Aug 2025"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=23))), "1 Jan 1", "1 Jan 1"),
    ],
)
def test_moments_are_in_words(then: datetime, ago: str, when: str) -> None:
    """In the zone of the person who reads them."""
    assert numbers.ago(then, NOW) == ago
    assert numbers.when(then, NOW) == when
