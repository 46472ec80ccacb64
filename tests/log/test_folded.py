"""Runs of like lines as one row each: the same as found by a naive look at all rows."""

from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.folded import Fold, FoldedLines
from wsdebug.log.log import FrameLog

LINES = {
    "ping": '{"t":1.0,"op":"ping","recv":"p"}',
    "pong": '{"t":1.0,"op":"pong","mask":"00000000","send":"p"}',
    "text": '{"t":2.0,"recv":"quote"}',
    "beat": '{"t":3.0,"recv":"{\\"type\\":\\"heartbeat\\"}"}',
    "wrong": '{"t":3.0,"op":"ping","bad":["long-control"],"recv":"p"}',
    "first": '{"t":4.0,"fin":false,"recv":"heart"}',
    "last": '{"t":4.0,"op":"cont","recv":"beat"}',
    "step": '{"t":5.0,"event":"connecting","url":"ws://h/"}',
    "open": '{"t":5.0,"event":"open"}',
    "comment": "# heartbeat",
}
QUERY = "(op:ping | op:pong | heartbeat)"


def opened(path: Path, kinds: list[str]) -> FrameLog:
    """A log with such lines."""
    path.write_text("".join(f"{LINES[kind]}\n" for kind in kinds))
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    return log


def folded_lines(log: FrameLog, query: str = QUERY, among: str = "") -> FoldedLines:
    """All of it looked through."""
    base = FilteredLines(log, parse_filter(among)) if among else None
    folded = FoldedLines(log, parse_filter(query), base)
    while base is not None and (base.advance() or not base.is_complete):
        pass
    while folded.advance() or not folded.is_complete:
        pass
    return folded


def naive(log: FrameLog, among: str) -> list[tuple[int, int, int]]:
    """First and last line of each row, and how many lines it stands for; what may yet change
    stands by itself.
    """
    base = FilteredLines(log, parse_filter(among)) if among else None
    while base is not None and (base.advance() or not base.is_complete):
        pass
    taken = FilteredLines(log, parse_filter(f"{QUERY} -bad:any"))
    while taken.advance() or not taken.is_complete:
        pass
    lines = [log.index.line_of(row) for row in range(len(log))]
    shown = lines if base is None else [base.line_at(place) for place in range(len(base))]
    settled = min(taken.settled, base.settled if base is not None else log.index.settled)
    rows: list[tuple[int, int, int]] = []
    for is_taken, group in groupby(shown, key=lambda line: line in taken and line <= settled):
        run = list(group)
        if is_taken and len(run) > 1:
            rows.append((run[0], run[-1], len(run)))
        else:
            rows += [(line, line, 1) for line in run]
    return rows


def check(folded: FoldedLines, wanted: list[tuple[int, int, int]]) -> None:
    """Places and lines, there and back."""
    assert folded.lines(0, len(folded)) == [first for first, _, _ in wanted]
    for row, (first, last, count) in enumerate(wanted):
        fold = folded.fold_of(first)
        assert (fold is not None) is (count > 1)
        assert fold is None or (fold.first, fold.last, fold.count) == (first, last, count)
        assert [folded.place_of(first), folded.place_of(last)] == [row, row]
    for row in reversed(range(len(wanted))):
        assert folded.line_at(row) == wanted[row][0]


KINDS = st.lists(st.sampled_from([*LINES, "ping", "pong", "beat"]), max_size=40)
TOY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(KINDS, st.sampled_from(["", "dir:in", "-op:pong", "t:<4"]), st.integers(1, 200))
@TOY
def test_runs_are_rows(tmp_path: Path, kinds: list[str], among: str, window: int) -> None:
    """Whatever lies between, under a filter too, and wherever windows end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wsdebug.log.index.STRIDE", window)
        patch.setattr("wsdebug.log.windows.WINDOW", window)
        log = opened(tmp_path / "a", kinds)
        check(folded_lines(log, among=among), naive(log, among))
        log.close()


@given(KINDS, st.data())
@TOY
def test_runs_can_be_unfolded(tmp_path: Path, kinds: list[str], data: st.DataObject) -> None:
    """Each by itself, and folded again."""
    log = opened(tmp_path / "a", kinds)
    folded, wanted = folded_lines(log), naive(log, "")
    runs = [row for row in wanted if row[2] > 1]
    unfolded = data.draw(st.sets(st.sampled_from(runs))) if runs else set()
    for first, last, _ in unfolded:
        assert folded.set_folded(last, folded=False)
        assert not folded.set_folded(first, folded=False)
        assert folded.begins_unfolded(first)
        assert not folded.begins_unfolded(last)
    shown: list[int] = []
    for first, last, count in wanted:
        inside = range(folded._base.place_of(first), folded._base.place_of(last) + 1)
        is_open = (first, last, count) in unfolded
        shown += [folded._base.line_at(place) for place in inside] if is_open else [first]
    assert folded.lines(0, len(folded)) == shown
    assert [folded.place_of(line) for line in shown] == list(range(len(shown)))
    for first, _, _ in unfolded:
        assert folded.set_folded(first, folded=True)
    check(folded, wanted)
    log.close()


@given(st.lists(KINDS, max_size=8))
@TOY
def test_it_grows_with_the_log(tmp_path: Path, chunks: list[list[str]]) -> None:
    """Whenever it is looked at, the rows are those of what there is then."""
    path = tmp_path / "a"
    path.write_text("")
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    folded = FoldedLines(log, parse_filter(QUERY))
    settled: list[tuple[int, Fold | None]] = []
    for kinds in chunks:
        data = "".join(f"{LINES[kind]}\n" for kind in kinds).encode()
        with path.open("ab") as file:
            file.write(data)
        log.index.add(data)
        while folded.advance() or not folded.is_complete:
            pass
        lines = folded.lines(0, len(folded))
        assert lines == sorted(set(lines))
        known = folded.place_of(folded.settled + 1)
        rows = [(line, folded.fold_of(line)) for line in lines[:known]]
        assert rows[: len(settled)] == settled  # what was settled stays
        settled = rows
        hidden = sum(fold.count - 1 for line in lines if (fold := folded.fold_of(line)))
        assert len(lines) + hidden == len(log)
    if not log.index._steps and "first" not in [kind for chunk in chunks for kind in chunk]:
        check(folded, naive(log, ""))
    log.close()


def test_a_fold_is_a_row(tmp_path: Path) -> None:
    """With its first line, how many it stands for, and the time of the last."""
    log = opened(tmp_path / "a", ["text", "ping", "pong", "beat", "text", "ping"])
    rows = folded_lines(log).rows(0, 9)
    assert [(row.line, row.kind, row.folded) for row in rows] == [
        (1, "frame", 0),
        (2, "fold", 3),
        (5, "frame", 0),
        (6, "frame", 0),
    ]
    assert (rows[1].time_us, rows[1].until_us) == (1_000_000, 3_000_000)
    log.close()
