"""Rows, frames and refusals as text: nothing of a peer reaches the terminal as it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.cli.debug_log import take_log
from wsdebug.cli.text import head_text, json_text, refusal_text, row_text
from wsdebug.errors import HandshakeRefused, UsageError
from wsdebug.log.rows import row_of
from wsdebug.payload.escape import escape
from wsdebug.session.encode import encode_frame_line
from wsdebug.session.lines import Event, FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.wire.frame import Frame

EVIL = "\x1b[2J\u202e\x9b31m"


@given(st.text())
def test_a_line_for_a_terminal_is_still_json(text: str) -> None:
    """Of the same value, with nothing hidden in it."""
    data = encode_frame_line(FrameLine(0, 0, False, Frame(1, text.encode()), text.encode()))
    shown = json_text(data[:-1], is_terminal=True)
    assert json.loads(shown) == json.loads(data)
    assert escape(shown.decode()[:-1]) == shown.decode()[:-1]
    assert json_text(data[:-1], is_terminal=False) == data


@pytest.mark.parametrize(
    ("arguments", "rest", "path"),
    [
        (["show", "x"], ["show", "x"], None),
        (["--log", "f", "show", "x"], ["show", "x"], "f"),
        (["show", "x", "--log=f"], ["show", "x"], "f"),
        (["send", "u", "--", "--log", "f"], ["send", "u", "--", "--log", "f"], None),
        (["show", "--logs"], ["show", "--logs"], None),
    ],
)
def test_the_log_is_taken_from_anywhere(
    arguments: list[str], rest: list[str], path: str | None
) -> None:
    """But not from the words after `--`."""
    assert take_log(arguments) == (rest, path)


@pytest.mark.parametrize("arguments", [["show", "--log"], ["--log="]])
def test_a_log_needs_a_file(arguments: list[str]) -> None:
    """It has no default."""
    with pytest.raises(UsageError, match="needs a file"):
        take_log(arguments)


@pytest.mark.parametrize(
    "line",
    [
        FrameLine(1, 0, False, Frame(1, EVIL.encode()), EVIL.encode(), is_text=True),
        FrameLine(1, 0, False, Frame(2, EVIL.encode()), EVIL.encode()),
        FrameLine(1, 0, False, Frame(8, b"\x0f\xa0" + EVIL.encode()), b"\x0f\xa0" + EVIL.encode()),
        FrameLine(1, 0, False, Frame(1, b"a"), b"a", bad=(EVIL,)),
        Event(1, 0, EVIL, {"reason": EVIL, EVIL: [EVIL]}),
        parse_line(b'{"note":"%b"}' % json.dumps(EVIL)[1:-1].encode(), 1),
    ],
)
def test_rows_are_escaped(line: FrameLine | Event) -> None:
    """Whatever a file says."""
    text = row_text(row_of(line, []))
    assert escape(text) == text
    if isinstance(line, FrameLine):
        assert all(escape(part) == part for part in head_text(line))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"recv":{"regex":"^a\\u001b+$"}}', "< text          0 (matching ^a\\x1b+$)"),
        ('{"send":{"file":"a.bin"}}', "> binary        0 (from the file a.bin)"),
        ('{"recv":{"json":{"a":"#any"}}}', '< text         12 {"a":"#any"}'),
    ],
)
def test_what_is_written_by_hand_for_a_payload_is_shown(line: str, shown: str) -> None:
    """As a line has it."""
    read = parse_line(line.encode(), 7)
    assert read is not None
    assert row_text(row_of(read, [])).split(None, 1)[1] == shown


def test_a_refusal_is_escaped_and_its_cookies_are_masked() -> None:
    """Body and headers are the server's."""
    error = HandshakeRefused(
        "no",
        status=403,
        reason=EVIL,
        headers=[("Set-Cookie", "a=hidden"), ("X", EVIL)],
        body=f"one\r\n{EVIL}\n".encode(),
    )
    lines = list(refusal_text(error))
    assert lines[0].startswith("< 403")
    assert lines[1] == "< Set-Cookie: ***"
    assert lines[3:5] == ["<", "< one"]
    assert all(escape(line) == line for line in lines)


@pytest.mark.parametrize(
    ("line", "head"),
    [
        (FrameLine(1, 0, False, Frame(1, b"hello"), b"hello"), "81 05"),
        (
            FrameLine(1, 0, False, Frame(1, b"he"), b"he", cut=70_000),
            "81 7f 00 00 00 00 00 01 11 70",
        ),
        (FrameLine(1, 0, False, Frame(1, rsv1=True), b"he", wire_length=300), "c1 7e 01 2c"),
        (
            FrameLine(1, 0, False, Frame(1, b"", length_form=7), b"", cut=300),
            "none: a length of 300",
        ),
    ],
)
def test_the_head_is_that_of_the_whole_frame(line: FrameLine, head: str) -> None:
    """Though not all of it was kept; a file can say what no wire can carry."""
    shown = next(part for part in head_text(line) if part.startswith("head"))
    assert shown.removeprefix("head").strip().startswith(head)
