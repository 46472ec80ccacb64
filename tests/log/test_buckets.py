"""Spans of time that double their width: nothing is lost, and there are never more of them."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.buckets import Buckets


@dataclass
class Times:
    """Those that lie in a span."""

    times: list[int] = field(default_factory=list)

    def add(self, later: "Times") -> None:
        """Behind those that are here."""
        self.times += later.times


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=50), st.integers(1, 40))
def test_every_time_lies_in_one_span(times: list[int], count: int) -> None:
    """In order; a time before the last one counts as that."""
    buckets = Buckets(Times, 16)
    latest, counted = 0, []
    for time_us in times:
        latest = max(latest, time_us)
        counted.append(latest)
        buckets.at(time_us).times.append(latest)
    assert (buckets.first_us, buckets.last_us) == (counted[0], latest)
    spans = buckets.spans(count)
    assert len(spans) == count
    assert [time_us for span in spans for time_us in span.times] == counted


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=50))
def test_times_are_known_to_a_bucket(times: list[int]) -> None:
    """A span holds what belongs to it, give or take the width of a bucket."""
    buckets = Buckets(Times, 64)
    for time_us in sorted(times):
        buckets.at(time_us).times.append(time_us)
    length = max(times) - min(times) + 1
    for number, span in enumerate(buckets.spans(4)):
        for time_us in span.times:
            assert abs((time_us - min(times)) - (2 * number + 1) * length / 8) <= length * 3 / 16


def test_without_times_there_are_no_spans() -> None:
    """Nor with no room for them."""
    buckets = Buckets(Times, 16)
    assert buckets.spans(3) == []
    buckets.at(5)
    assert (buckets.spans(0), len(buckets.spans(3))) == ([], 3)
