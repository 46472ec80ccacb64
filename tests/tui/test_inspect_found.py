"""What a replay found, as rows of the log and of the inspector."""

import json

import pytest

from tests.replay.test_marks import WRONG
from wsdebug.log.log import FrameLog
from wsdebug.replay.marks import FOUND_RIGHT, Found, Place
from wsdebug.tui.glyphs import ASCII, UNICODE, Glyphs
from wsdebug.tui.inspect_found import found_lines
from wsdebug.tui.inspect_lines import plain, width_of
from wsdebug.tui.row_text import RowLayout, row_line

PX = Place("$.px", "101.3", "101.2")
LONG = Place("$.a" * 30, "x" * 100, "y" * 100)
DIFFERS = Found(False, ("expected 101.3", " at $.px"), "differs from line 13 of echo", (PX, LONG))


@pytest.mark.parametrize(
    ("found", "glyphs", "mark", "payload"),
    [
        (None, UNICODE, " ", "hello"),
        (FOUND_RIGHT, UNICODE, "✓", "hello"),
        (FOUND_RIGHT, ASCII, "+", "hello"),
        (DIFFERS, UNICODE, "!", "expected 101.3 at $.px  hello"),
        (WRONG, ASCII, "!", "differs  hello"),
    ],
)
def test_a_row_has_the_mark_and_the_words(
    tmp_path: object, found: Found | None, glyphs: Glyphs, mark: str, payload: str
) -> None:
    """On the ground of what is wrong, if it is; the arrow is that of any frame."""
    path = f"{tmp_path}/a.ws.jsonl"
    with open(path, "w") as file:
        file.write(json.dumps({"recv": "hello"}) + "\n")
    log = FrameLog.open(path)
    (row,) = log.rows(0, 1)
    log.close()
    layout = RowLayout(88, glyphs)
    line = row_line(row, layout, has_cursor=False, is_focused=False, found=found)
    text = "".join(part for part, _ in line.parts)
    assert (text[1], text[48:].rstrip()) == (mark, payload)
    is_wrong = found is not None and not found.is_right
    assert line.ground == ("wrong" if is_wrong else "")
    assert (f" {glyphs.received} ", "fg bold") in line.parts or not is_wrong


def test_each_place_has_what_was_expected_and_what_came() -> None:
    """In one row, or where it is too long in rows of its own."""
    rows = plain(found_lines(DIFFERS, 50, UNICODE, 40))
    assert rows[:2] == [
        "  ! differs from line 13 of echo",
        "    $.px  expected 101.3, got 101.2",
    ]
    assert sum("expected x" in row for row in rows) == sum("got      y" in row for row in rows) == 1
    assert "".join(row.strip().removeprefix("got").strip() for row in rows).count("y") == 100


@pytest.mark.parametrize("most", [2, 4, 8])
def test_what_is_left_out_is_counted(most: int) -> None:
    """The payload below keeps its room; the first place is always shown."""
    many = Found(False, ("", ""), "differs", tuple([PX] * 20), more=5)
    rows = found_lines(many, 50, UNICODE, most)
    assert len(rows) == most + 1
    assert plain(rows)[-1] == f"    and at {26 - most} more places"
    assert {row.ground for row in rows} == {"box"}
    assert all(width_of(row.parts) <= 50 for row in rows)


def test_what_is_carried_is_no_mistake() -> None:
    """No red ground."""
    found = Found(True, title="later messages carry what is new in it", places=(PX,))
    rows = found_lines(found, 60, UNICODE, 10)
    assert plain(rows)[0] == "  ✓ later messages carry what is new in it"
    assert {row.ground for row in rows} == {""}
