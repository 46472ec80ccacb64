"""A session as rows: which lines are rows, and what a row knows of its surroundings."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import SessionUnreadable
from wsdebug.log.counting import Counting
from wsdebug.log.index import LineIndex
from wsdebug.log.log import FrameLog
from wsdebug.session.disk import Disk
from wsdebug.session.lines import FrameLine
from wsdebug.session.writer import SessionWriter

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


def opened(path: Path) -> FrameLog:
    """Opened and counted."""
    log = FrameLog.open(str(path))
    assert log.complete.wait(30)
    return log


def test_violations_of_a_long_file_are_found_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over many blocks, and only blocks with one are read."""
    path = tmp_path / "a.ws.jsonl"
    bad = (3, 4000, 4001, 19_999)
    with path.open("w") as file:
        for number in range(1, 20_001):
            mark = ',"bad":["invalid-utf8"]' if number in bad else ""
            file.write(f'{{"t":{number}.0{mark},"recv":"{number}"}}\n')
    log = opened(path)
    assert log.violations == 4
    read: list[int] = []
    raw_lines = log.raw_lines

    def counted(first: int = 1) -> Iterator[tuple[int, bytes]]:
        for number, data in raw_lines(first):
            read.append(number)
            yield number, data

    monkeypatch.setattr(log, "raw_lines", counted)
    for line, after, before in (
        (1, 3, None),
        (3, 4000, None),
        (4, 4000, 3),
        (4000, 4001, 3),
        (4001, 19_999, 4000),
        (10_000, 19_999, 4001),
        (20_000, None, 19_999),
    ):
        read.clear()
        assert log.next_violation(line) == after
        assert log.next_violation(line, backward=True) == before
        assert len(read) < 15_000
    log.close()


def test_what_looks_like_a_violation_inside_a_payload_is_none(tmp_path: Path) -> None:
    """A hand-written `json` has its keys unescaped."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text(
        '{"recv":{"json":{"a":1,"bad":["x"]}}}\n{"t":1,"bad":["truncated"],"recv":"a"}\n'
    )
    log = opened(path)
    assert log.next_violation(0) == 2
    log.close()


@pytest.mark.parametrize(
    ("steps", "names"),
    [
        ([], []),
        (HANDSHAKE[:1], ["connecting"]),
        (HANDSHAKE, ["connecting", "dns"]),
        ([*HANDSHAKE, '{"t":1,"event":"error","message":"no"}'], ["connecting", "dns", "error"]),
        (
            [*HANDSHAKE, '{"t":1,"note":"hm"}', '{"t":2,"event":"open"}'],
            ["connecting", "dns", "open"],
        ),
    ],
)
def test_a_handshake_is_known_as_far_as_it_has_come(
    tmp_path: Path, steps: list[str], names: list[str]
) -> None:
    """Under way, failed, or done."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("\n".join(['{"url":"ws://h/"}', *steps]) + "\n")
    log = opened(path)
    assert [event.name for event in log.handshake(1)] == names
    log.close()


def test_each_connection_has_its_own_handshake(tmp_path: Path) -> None:
    """The second after a failed first."""
    path = tmp_path / "a.ws.jsonl"
    again = [line.replace('"event"', '"c":2,"event"') for line in HANDSHAKE]
    reconnect = '{"t":1.1,"c":2,"event":"reconnect","attempt":1}'
    failed = '{"t":1,"event":"error","message":"no"}'
    path.write_text("\n".join([*HANDSHAKE, failed, reconnect, *again]) + "\n")
    log = opened(path)
    assert [event.name for event in log.handshake(1)] == ["connecting", "dns", "error"]
    assert [event.name for event in log.handshake(2)] == ["reconnect", "connecting", "dns"]
    log.close()


@pytest.mark.parametrize("size", [(1 << 16) - 40, 1 << 16, 70_000, 1_100_000, 3_000_000])
def test_a_long_line_is_a_row_by_its_beginning(tmp_path: Path, size: int) -> None:
    """Its neighbours are found, and it is read wholly when asked for."""
    path = tmp_path / "a.ws.jsonl"
    long = '{"t":2.0,"recv":"' + "x" * size + '"}'
    path.write_text("\n".join(['{"t":1.0,"recv":"a"}', long, '{"t":3.0,"recv":"b"}', long]) + "\n")
    log = opened(path)
    rows = log.rows(0, 10)
    assert [row.size for row in rows] == [1, size, 1, size]
    assert [len(row.preview or b"") for row in rows] == [1, 4096, 1, 4096]
    assert [row.line for row in log.rows(2, 4)] == [3, 4]
    whole = log.line(4)
    assert isinstance(whole, FrameLine)
    assert whole.payload == b"x" * size
    log.close()


@given(st.lists(st.sampled_from([5, 300, 65_530, 65_536, 140_000]), max_size=12), st.data())
def test_lines_are_found_however_they_came(sizes: list[int], data: st.DataObject) -> None:
    """Live in chunks of any size, as from a file."""
    lines = [b'{"t":1.0,"recv":"%b"}\n' % (b"x" * size) for size in sizes]
    writer = SessionWriter(None, index := LineIndex(), disk=Disk(interval=3600))
    at = 0
    while at < len(lines):
        count = data.draw(st.integers(1, 4))
        chunk = lines[at : at + count]
        writer.write(b"".join(chunk), frames=len(chunk), plain=data.draw(st.booleans()))
        at += count
    log = FrameLog(writer, index)
    assert [row.size for row in log.rows(0, 100)] == sizes
    for number, size in enumerate(sizes, 1):
        assert [row.size for row in log.rows(number - 1, number)] == [size]
        assert [len(line) for _, line in log.raw_lines(number)] == [
            len(line) - 1 for line in lines[number - 1 :]
        ]
    log.close()


def test_the_beginning_is_there_before_the_rest_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening does not wait for the end of the file."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"t":1.0,"recv":"a"}\n' * 200_000)
    may_count = threading.Event()
    counts = Counting._count

    def late(counting: Counting) -> None:
        may_count.wait(30)
        counts(counting)

    monkeypatch.setattr(Counting, "_count", late)
    log = FrameLog.open(str(path))
    assert not log.complete.is_set()
    assert 0 < len(log) < 200_000
    assert len(log.rows(0, 40)) == 40
    may_count.set()
    assert log.complete.wait(30)
    assert len(log) == 200_000
    log.close()


def test_the_rest_is_counted_when_somebody_says_so(tmp_path: Path) -> None:
    """Once, however often that is said; and never after the end."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"t":1.0,"recv":"a"}\n' * 20_000)
    log = FrameLog.open(str(path), counts=False)
    assert 0 < len(log) < 20_000
    assert log.is_counting
    for _ in range(3):
        log.start_counting()
    assert log.complete.wait(30)
    assert len(log) == 20_000
    log.close()
    log = FrameLog.open(str(path), counts=False)
    log.close()
    log.start_counting()
    assert log.is_counting


def test_an_archive_is_read_like_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Piece by piece."""
    monkeypatch.setattr("wsdebug.session.reader.CHUNK", 1000)
    path = tmp_path / "a.ws.jsonl.gz"
    lines = [f'{{"t":{number}.0,"recv":"{number}"}}' for number in range(500)]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    log = opened(path)
    assert (len(log), log.problem) == (500, "")
    assert log.rows(499, 500)[0].preview == b"499"
    log.close()


def test_a_broken_archive_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """And says why it ends."""
    path = tmp_path / "a.ws.jsonl.gz"
    lines = b"".join(b'{"t":%d.0,"recv":"%d"}\n' % (n, n * 7919) for n in range(200_000))
    path.write_bytes(gzip.compress(lines)[:-100_000])
    log = opened(path)
    assert "cannot read" in log.problem
    assert 1000 < len(log) < 200_000
    log.close()
    path.write_text("no archive")
    with pytest.raises(SessionUnreadable, match="cannot read"):
        FrameLog.open(str(path))


def test_a_later_format_is_refused(tmp_path: Path) -> None:
    """Naming both versions, and the line."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('# a\n{"wsdebug":2,"url":"ws://h/"}\n')
    with pytest.raises(SessionUnreadable, match=r"line 2: format version 2; .* up to 1") as caught:
        FrameLog.open(str(path))
    assert caught.value.line == 2


def test_rows_that_are_not_in_the_file_say_so() -> None:
    """While the disk is full."""

    def refuse(fd: int, data: memoryview) -> int:
        raise OSError(28, "")

    line = b'{"t":1.0,"recv":"a"}\n'
    writer = SessionWriter(None, index := LineIndex(), disk=Disk(write=refuse, interval=3600))
    log = FrameLog(writer, index)
    writer.write(line, frames=1)
    assert [row.recorded for row in log.rows(0, 9)] == [False]
    log.close()


def test_a_message_that_was_never_finished_ends_where_the_next_begins(tmp_path: Path) -> None:
    """The rest of the file is not read."""
    path = tmp_path / "a.ws.jsonl"
    lines = ['{"t":1,"fin":false,"recv":"a"}', '{"t":2,"op":"cont","fin":false,"recv":"b"}']
    path.write_text("\n".join([*lines, '{"t":3,"recv":"c"}']) + "\n")
    log = opened(path)
    assert [line.payload for line in log.message(1)] == [b"a", b"b"]
    log.close()


@pytest.mark.parametrize("count", [2, 300, 30_000])
def test_a_message_is_found_however_many_fragments_it_has(tmp_path: Path, count: int) -> None:
    """From any of them, with another direction's message between."""
    path = tmp_path / "a.ws.jsonl"
    inner = ['{"t":2,"op":"cont","fin":false,"recv":"b"}'] * count
    between = ['{"t":2,"op":"cont","fin":false,"mask":"00000000","send":"x"}']
    lines = ['{"t":1,"recv":"z"}', '{"t":1,"fin":false,"recv":"a"}', *inner, *between]
    path.write_text("\n".join([*lines, '{"t":3,"op":"cont","recv":"c"}', lines[0]]) + "\n")
    log = opened(path)
    numbers = [log.rows(row, row + 1)[0].fragment for row in (count + 3, 1, count, 2, count + 3)]
    assert numbers == [count + 2, 1, count, 2, count + 2]
    assert all(row.is_text for row in log.rows(count, count + 4))
    for number in (2, 3, count, count + 4):
        frames = log.message(number)
        assert (frames[0].payload, frames[-1].payload) == (b"a", b"c")
        assert len(frames) == count + 2
    log.close()


def test_fragments_without_a_first_one_are_those_since_the_message_before(tmp_path: Path) -> None:
    """A server that goes on with nothing."""
    path = tmp_path / "a.ws.jsonl"
    lone = '{"t":2,"op":"cont","bad":["unexpected-cont"],"recv":"b"}'
    path.write_text("\n".join(['{"t":1,"recv":"z"}', lone, lone]) + "\n")
    log = opened(path)
    assert [frame.number for frame in log.message(2)] == [2]
    assert [frame.number for frame in log.message(3)] == [3]
    log.close()


def test_the_last_rows_are_there_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they will be, but for their line numbers; without what is no row."""
    path = tmp_path / "a.ws.jsonl"
    lines = [f'{{"t":1.0,"recv":"{number}"}}' for number in range(200_000)]
    path.write_text("\n".join(["# by hand", *lines, "", '{"t":2.0,"event":"end","frames":1}']))
    may_count = threading.Event()
    counts = Counting._count

    def late(counting: Counting) -> None:
        may_count.wait(30)
        counts(counting)

    monkeypatch.setattr(Counting, "_count", late)
    log = FrameLog.open(str(path))
    assert log.is_counting
    for count in (1, 45, 5000):
        tail = log.tail(count)
        assert [row.preview for row in tail] == [
            b"%d" % number for number in range(200_000 - count, 200_000)
        ]
        assert {row.line for row in tail} == {0}
    may_count.set()
    assert log.complete.wait(30)
    assert not log.is_counting
    log.close()
    path.write_text('{"url":"ws://h/"}\n{"t":1.0,"recv":"a"}\n')
    log = FrameLog.open(str(path))
    assert [row.preview for row in log.tail(10)] == [b"a"]
    log.close()
