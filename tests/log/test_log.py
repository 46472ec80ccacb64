"""A session as rows: which lines are rows, and what a row knows of its surroundings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from wsdebug.log.log import FrameLog

HANDSHAKE = [
    '{"t":0.0,"event":"connecting","url":"ws://h/"}',
    '{"t":0.1,"event":"dns","addresses":["127.0.0.1"]}',
]
SESSION = [
    "# by hand",
    '{"wsdebug":1,"url":"ws://h/"}',
    *HANDSHAKE,
    '{"t":0.2,"event":"open","subprotocol":null,"extensions":""}',
    '{"t":0.3,"fin":false,"recv":"a"}',
    '{"t":0.4,"op":"ping","recv":"p"}',
    '{"t":0.4,"op":"pong","mask":"00000000","send":"p"}',
    '{"t":0.5,"op":"cont","recv":"b"}',
    '{"t":0.6,"op":"text","bad":["invalid-utf8"],"recv":{"b64":"/w=="}}',
    '{"t":0.7,"recv":"says \\",\\"event\\":\\"end\\""}',
    "not json",
    '{"t":0.8,"event":"closed","by":"server","code":1000,"reason":"","clean":true}',
    '{"t":0.9,"event":"end","frames":6}',
]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FrameLog]:
    """The session above, opened and counted."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("\n".join(SESSION) + "\n")
    opened = FrameLog.open(str(path))
    assert opened.complete.wait(10)
    yield opened
    opened.close()


def test_header_comments_and_steps_are_no_rows(log: FrameLog) -> None:
    """Line numbers stay those of the file."""
    assert [row.line for row in log.rows(0, 100)] == [5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert len(log) == 9
    assert (log.row_of(6), log.row_of(3)) == (1, None)
    assert log.header is not None
    assert log.header.url == "ws://h/"


def test_fragments_are_numbered_with_what_stands_between(log: FrameLog) -> None:
    """And an answer in the same turn is automatic."""
    rows = {row.line: row for row in log.rows(0, 100)}
    assert [rows[line].fragment for line in (6, 7, 8, 9, 10)] == [1, 0, 0, 2, 0]
    assert rows[7].inside_fragments
    assert rows[8].automatic
    assert [line.payload for line in log.message(9)] == [b"a", b"b"]


def test_violations_are_counted_and_found(log: FrameLog) -> None:
    """Both ways."""
    assert log.violations == 1
    assert log.next_violation(5) == 10
    assert log.next_violation(13, backward=True) == 10
    assert log.next_violation(10) is None


def test_a_damaged_line_is_a_row_that_says_so(log: FrameLog) -> None:
    """The rest is usable."""
    (row,) = (row for row in log.rows(0, 100) if row.kind == "damaged")
    assert (row.line, "not JSON" in row.text) == (12, True)


def test_the_handshake_of_a_connection_is_found(log: FrameLog) -> None:
    """Though its steps are no rows."""
    assert [event.name for event in log.handshake(1)] == ["connecting", "dns", "open"]


def test_a_failing_handshake_shows_its_steps(tmp_path: Path) -> None:
    """There is no `open`."""
    path = tmp_path / "a.ws.jsonl"
    lines = ['{"url":"ws://h/"}', *HANDSHAKE, '{"t":1,"event":"error","message":"no"}']
    path.write_text("\n".join(lines) + "\n")
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    assert [row.event for row in log.rows(0, 9)] == ["connecting", "dns", "error"]
    log.close()


def test_rows_are_found_in_a_long_file(tmp_path: Path) -> None:
    """Over many blocks, with hidden lines between."""
    path = tmp_path / "a.ws.jsonl"
    with path.open("w") as file:
        file.write('{"url":"ws://h/"}\n')
        for number in range(20_000):
            file.write(f'{{"t":{number}.0,"recv":"{number}"}}\n')
            if number % 1000 == 0:
                file.write("# a comment\n")
    log = FrameLog.open(str(path))
    assert log.complete.wait(30)
    assert len(log) == 20_000
    for row in (0, 1, 999, 1000, 1001, 12_345, 19_999):
        assert log.rows(row, row + 1)[0].preview == str(row).encode()
    log.close()
