"""What a hostile file costs: the memory of its lines, not that of the values in them."""

import tracemalloc
from pathlib import Path

import pytest

from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.log import FrameLog
from wsdebug.session.lines import Damaged

NAMES = ",".join(f'"k{number}":0' for number in range(200_000))  # some 2 MB
ZEROS = "0," * 1_000_000


@pytest.mark.parametrize(
    "line",
    [
        f'{{"event":"tcp",{NAMES}}}',
        f'{{"event":"closed","code":{{{NAMES}}}}}',
        f'{{"url":"ws://h/","vars":{{{NAMES}}}}}',
        f'{{"recv":"x","extra":{{{NAMES}}}}}',
        f'{{"recv":{{"json":[{ZEROS}{{{NAMES}}}]}}}}',
        f'{{"event":"tcp",{NAMES}',
    ],
    ids=["event", "code", "header", "frame", "json", "torn"],
)
def test_no_values_are_made_of_a_line_with_very_many(tmp_path: Path, line: str) -> None:
    """Neither for its row, nor for what is said of it, nor for a filter."""
    path = tmp_path / "x.ws.jsonl"
    path.write_text(f'{line}\n{{"recv":"after"}}\n')
    tracemalloc.start()
    try:
        log = FrameLog.open(str(path))
        log.complete.wait()
        assert [row.line for row in log.rows(0, 9)] == [1, 2]
        assert isinstance(log.line(1), Damaged)
        found = FilteredLines(log, parse_filter("$.a | after"))
        while found.advance():
            pass
        assert found.lines(0, 9) == [2]
        log.close()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * len(line)
