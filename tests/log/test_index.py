"""The index says the same as a look at every line, however the lines came."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wsdebug.log.index import STRIDE, LineIndex
from wsdebug.session.lines import Event, FrameLine, Header
from wsdebug.session.parse import parse_line

LINES = [
    b'{"t":1.0,"recv":"a"}',
    b'{"t":1.0,"c":2,"mask":"00000000","send":"\\"bad\\":[,\\"event\\":\\""}',
    b'{"t":1.0,"bad":["truncated"],"recv":"a"}',
    b'{"t":1.0,"op":"text","bad":["invalid-utf8"],"recv":{"b64":"/w=="}}',
    b'{"send":{"json":{"a":1,"bad":["x"],"event":"end"}}}',
    b'{"recv":{"json":{"a":1,"event":"open"}}}',
    b'{"t":1.0,"event":"end","frames":1}',
    b'{"t":1.0,"event":"closed","by":"server"}',
    b'{"t":1.0,"note":"n"}',
    b'# {"t":1.0,"event":"end"}',
    b'# {"t":1.0,"bad":["truncated"],"recv":"a"}',
    b"",
    b" \t\r",
    b"not json",
    b"[1]",
    b"\xff",
]
LONG = [
    b'{"t":1.0,"recv":"' + b"x" * STRIDE + b'"}',
    b'{"t":1.0,"bad":["truncated"],"recv":"' + b"x" * STRIDE + b'"}',
    b'{"t":1.0,"recv":"' + b"x" * STRIDE + b'","bad":["truncated"]}',
    b"#" + b"x" * STRIDE,
]


def expected(lines: list[bytes]) -> tuple[list[int], int]:
    """Numbers of the lines that are rows, and how many violations there are."""
    rows, violations = [], 0
    is_first = True
    for number, data in enumerate(lines, 1):
        line = parse_line(data, number, first=is_first)
        is_first = is_first and line is None
        is_end = isinstance(line, Event) and line.name == "end"
        if line is not None and not isinstance(line, Header) and not is_end:
            rows.append(number)
        violations += isinstance(line, FrameLine) and bool(line.bad)
    return rows, violations


@given(st.lists(st.sampled_from(LINES + LONG[:1]), max_size=30), st.data())
@example([LINES[0]] * 2000 + [LINES[2], b"", LINES[6]] + [LINES[0]] * 2000, None)
def test_rows_and_violations_are_those_of_every_line(
    lines: list[bytes], data: st.DataObject | None
) -> None:
    """Whatever stands in a line beside them, and wherever the chunks are cut."""
    index = LineIndex()
    at = 0
    while at < len(lines):
        count = data.draw(st.integers(1, 8)) if data is not None else len(lines)
        index.add(b"".join(line + b"\n" for line in lines[at : at + count]))
        at += count
    rows, violations = expected(lines)
    assert [index.line_of(row) for row in range(index.rows)] == rows
    assert (index.lines, index.violations) == (len(lines), violations)


@given(st.lists(st.sampled_from(LONG), max_size=6))
def test_long_lines_are_known_by_their_beginning(lines: list[bytes]) -> None:
    """A violation stands before the payload."""
    index = LineIndex()
    index.add(b'{"url":"ws://h/"}\n')
    for line in lines:
        index.add_long(line[:STRIDE], len(line) + 1)
    assert index.violations == lines.count(LONG[1])
    assert index.rows == len(lines) - lines.count(LONG[3])


@given(st.lists(st.lists(st.sampled_from([5, 300, 30_000, 65_516, 65_517, 70_000]), max_size=8)))
@example([[30_000], [65_516, 30_000, 30_000, 5]])
@example([[5, 70_000, 5], [5] * 5000, [65_517], [30_000] * 4, [65_516, 65_516]])
def test_plain_lines_are_found_without_a_look_at_them(chunks: list[list[int]]) -> None:
    """As many as are said; places among them are found, and where long ones end."""
    index = LineIndex()
    starts = [0]
    for sizes in filter(None, chunks):
        lines = [b'{"t":1.0,"recv":"%b"}\n' % (b"x" * size) for size in sizes]
        index.add_plain(b"".join(lines), len(lines))
        for line in lines:
            starts.append(starts[-1] + len(line))
    assert (index.lines, index.size) == (len(starts) - 1, starts[-1])
    for wanted in range(1, len(starts)):
        offset, number = index.locate(wanted)
        assert starts[number - 1] == offset
        assert starts[wanted - 1] - offset <= 3 * STRIDE
        if starts[wanted] - starts[wanted - 1] > STRIDE:
            assert index.end_of_long(starts[wanted - 1]) == starts[wanted]


BROKEN = b'{"t":1.0,"mask":"61626364","bad":["masked-by-server"],"recv":"x"}\n'
FAILING = b'{"t":1.0,"op":"close","mask":"61626364","send":{"code":1002,"reason":""}}\n'


@pytest.mark.parametrize(
    ("lines", "failed"),
    [
        ([BROKEN, FAILING], {1: 2}),
        ([BROKEN, b"# by hand\n", FAILING], {}),
        ([BROKEN, FAILING.replace(b"1002", b"1000")], {}),
        ([BROKEN.replace(b"recv", b"send"), FAILING], {}),
        ([FAILING], {}),
        ([b'{"t":1.0,"recv":"x"}\n', FAILING, BROKEN, FAILING], {1: 4}),
        ([line.replace(b"1.0,", b'1.0,"c":7,') for line in (BROKEN, FAILING)] * 2, {7: 2}),
        ([BROKEN, FAILING.replace(b"send", b"recv")], {}),
        ([BROKEN.replace(b"masked-by-server", b"my own"), FAILING], {}),
    ],
)
def test_a_connection_that_a_broken_rule_ended_is_known(
    lines: list[bytes], failed: dict[int, int]
) -> None:
    """By our close frame with the rule's code right after it; however the lines come."""
    for size in (1, len(lines)):
        index = LineIndex()
        for at in range(0, len(lines), size):
            index.add(b"".join(lines[at : at + size]))
        assert index.failed == failed


@pytest.mark.parametrize(
    ("first", "is_row"),
    [
        (b'{"url":"ws://h/"}', False),
        (b' {"title":"a","wsdebug":1,"url":"ws://h/"}', False),
        (b'\xef\xbb\xbf{"wsdebug":1,"url":"ws://h/"}', False),
        (b'{"wsdebug":1,"url":5}', True),
        (b'{"wsdebug":"1","url":"ws://h/"}', True),
    ],
)
def test_a_header_is_no_row_unless_it_is_damaged(first: bytes, is_row: bool) -> None:
    """However it is written; what is damaged is shown as such."""
    index = LineIndex()
    index.add(b"# by hand\n" + first + b"\n" + LINES[0] + b"\n")
    assert (2 not in index.hidden(1, 3)) is is_row
