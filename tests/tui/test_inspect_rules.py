"""Broken rules in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.session.lines import FrameLine
from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.inspect_lines import plain
from wsdebug.tui.inspect_rules import box_lines, first_invalid, verdict_lines
from wsdebug.wire.frame import Frame
from wsdebug.wire.violations import VIOLATIONS


@pytest.mark.parametrize(
    ("data", "start", "end", "why"),
    [
        (b'{"name":"J\xffrgen"}', 10, 11, "FF never starts or continues a character."),
        (b"a\x80", 1, 2, "80 continues a character, but none was begun."),
        (b"\xc0\xaf", 0, 1, "C0 never starts or continues a character."),
        (b"ab\xe2(\xa1", 2, 3, "E2 begins a character of 3 bytes, but 28 follows."),
        (b"\xf0\x9f\x98!", 0, 3, "F0 begins a character of 4 bytes, but 21 follows."),
        (b"\xed\xa0\x80", 0, 1, "ED A0 spells a surrogate, which is no character."),
        (b"\xe0\x80\xaf", 0, 1, "E0 80 spells a character longer than needed."),
        (b"\xf4\x90\x80\x80", 0, 1, "F4 90 is past the last character, U+10FFFF."),
        (b"ok \xe2\x82", 3, 5, "The message ends inside a character."),
    ],
)
def test_where_and_why_utf8_breaks(data: bytes, start: int, end: int, why: str) -> None:
    """Each way to break UTF-8 has its sentence."""
    found = first_invalid(data)
    assert found is not None
    assert (found.start, found.end, found.why) == (start, end, why)


def test_a_cut_character_is_fine_until_the_message_ends() -> None:
    """Fragments may split characters (RFC 6455 section 8.1)."""
    assert first_invalid("ü".encode()[:1], final=False) is None


@given(st.binary(max_size=40), st.integers(0, 3))
def test_the_first_wrong_byte_is_that_of_the_decoder(data: bytes, padding: int) -> None:
    """Decoding in steps finds what decoding at once finds."""
    padded = b"x" * (1024 * 1024 - padding) + data
    found = first_invalid(padded)
    wrong: tuple[int, int] | None = None
    try:
        padded.decode()
    except UnicodeDecodeError as error:
        wrong = error.start, error.end
    assert (found and (found.start, found.end)) == wrong


def frame(*bad: str, sent: bool = False, payload: bytes = b"") -> FrameLine:
    """A frame that broke rules."""
    return FrameLine(1, 0, sent, Frame(1, payload), payload, bad=bad)


def test_the_box_of_the_picture() -> None:
    """Title, reason, rule with section, and what happened."""
    data = b'{"name":"J\xffrgen"}'
    rows = box_lines(
        frame("invalid-utf8", payload=data),
        52,
        UNICODE,
        lenient=True,
        invalid=first_invalid(data),
    )
    assert plain(rows) == [
        "  ! invalid UTF-8 at byte 10",
        "    FF never starts or continues a character.",
        "    A text message must be UTF-8: RFC 6455 §8.1",
        "    Lenient: noted, and the connection went on.",
    ]
    assert {row.ground for row in rows} == {"box"}


@pytest.mark.parametrize(
    ("broken", "lenient", "last"),
    [
        (frame("masked-by-server"), False, "Strict: the connection was closed with 1002."),
        (frame("masked-by-server"), True, "Lenient: noted, and the connection went on."),
        (frame("too-big"), False, "Strict: the connection was closed with 1009."),
        (frame("truncated"), False, "The connection broke off here."),
        (frame("data-after-close"), False, "Noted; the connection was already ending."),
        (frame("unmasked-by-client", sent=True), False, "Sent as it was set."),
    ],
)
def test_what_happened_because_of_it(broken: FrameLine, lenient: bool, last: str) -> None:
    """The box ends with the outcome."""
    rows = plain(box_lines(broken, 60, UNICODE, lenient=lenient))
    assert rows[-1].strip() == last


def test_an_unknown_outcome_is_not_made_up() -> None:
    """A hand-written session does not say whether it was strict."""
    rows = plain(box_lines(frame("masked-by-server"), 60, UNICODE, lenient=None))
    assert rows[-1].strip() == "A server never masks its frames: RFC 6455 §5.1"


def test_few_rows_keep_the_rule() -> None:
    """A small screen has the title and the first row of the rule."""
    rows = box_lines(frame("long-length", "truncated"), 80, UNICODE, lenient=True, brief=True)
    assert len(rows) == 2


@pytest.mark.parametrize("name", VIOLATIONS)
@pytest.mark.parametrize("width", [40, 52, 84])
def test_every_violation_fits(name: str, width: int) -> None:
    """No row is wider than the inspector, and the section is never torn."""
    for rows in (
        plain(verdict_lines([name], width, ASCII)),
        plain(box_lines(frame(name), width, ASCII, lenient=False)),
    ):
        assert all(len(row) <= width - 2 for row in rows)
        assert VIOLATIONS[name].title in rows[0]
        section = VIOLATIONS[name].section.replace("§", "")
        assert any(section in row for row in rows)


def test_a_violation_of_a_later_version_is_named() -> None:
    """An unknown name in a file is shown as it is."""
    assert plain(verdict_lines(["new-rule"], 52, UNICODE)) == [" ! new-rule"]
