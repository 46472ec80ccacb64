"""Found lines: a sorted set, in two bytes each."""

from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.hits import Hits

NUMBERS = st.integers(1, 300_000) | st.sampled_from([65_535, 65_536, 65_537, 131_072])


@given(st.sets(NUMBERS), st.sets(NUMBERS, max_size=9), st.data())
def test_hits_are_a_sorted_set(lines: set[int], late: set[int], data: st.DataObject) -> None:
    """Whatever comes in whichever order."""
    hits = Hits()
    ordered = sorted(lines)
    cut = data.draw(st.integers(0, len(ordered)))
    hits.extend(ordered[:cut])
    hits.extend(ordered[cut:])
    for line in late:
        hits.add(line)
        hits.add(line)
    wanted = lines | late
    if wanted:
        gone = data.draw(st.sets(st.sampled_from(sorted(wanted)), max_size=3))
        for line in gone:
            hits.remove(line)
        wanted -= gone
    follow = max(wanted, default=0) + 1
    hits.extend([follow, follow + 70_000])
    run = range(follow + 70_001, follow + 70_001 + data.draw(st.sampled_from([0, 1, 3, 66_000])))
    hits.extend(run)
    expected = [*sorted(wanted), follow, follow + 70_000, *run]
    assert list(hits) == expected
    assert len(hits) == len(expected)
    assert hits.between(0, len(expected)) == expected
    start = data.draw(st.integers(0, len(expected) + 1))
    assert hits.between(start, start + 3) == expected[start : start + 3]
    assert hits.between(-2, 3) == expected[:3]
    for line in (*late, follow, follow - 1, follow + 200_000):
        assert hits.rank(line) == sum(other < line for other in expected)
        assert (line in hits) is (line in expected)
