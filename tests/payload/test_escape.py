"""Peer text made safe."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload import escape as escaping
from wsdebug.payload.escape import (
    byte_segments,
    cell_width,
    cut_cells,
    escape,
    escape_bytes,
    segments,
)

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("what", "text", "shown"),
    [
        ("plain", 'a "b" \\n', 'a "b" \\n'),
        ("German", "Grüße", "Grüße"),
        ("Japanese", "東京", "東京"),
        ("an emoji", "🎉", "🎉"),
        ("line ends", "a\r\nb\tc", "a\\r\\nb\\tc"),
        ("an escape sequence", "\x1b[31m", "\\x1b[31m"),
        ("NUL and DEL", "\x00\x7f", "\\x00\\x7f"),
        ("C1", "\x85\x9b", "\\x85\\x9b"),
        ("bidi override", "a\u202eb", "a\\u202eb"),
        ("bidi isolate", "\u2066", "\\u2066"),
        ("zero width", "a\u200b\u200d\ufeff", "a\\u200b\\u200d\\ufeff"),
        ("line separators", "\u2028\u2029", "\\u2028\\u2029"),
        ("a lone surrogate", "\ud800", "\\ud800"),
        ("private use", "\ue000", "\\ue000"),
        ("unassigned", "\uffff", "\\uffff"),
        ("a tag", "\U000e0041", "\\U000e0041"),
        ("unusual spaces", "\xa0\u2003", "\\xa0\\u2003"),
        ("soft hyphen", "\xad", "\\xad"),
        ("invisible letters", "\u3164\u115f", "\\u3164\\u115f"),
        ("variation selector", "❤\ufe0f", "❤\\ufe0f"),
        ("a mark on a letter", "e\u0301", "e\u0301"),
        ("a mark with nothing below", "\u0301a", "\\u0301a"),
        ("a mark after an escape", "\n\u0301", "\\n\\u0301"),
        ("a tower of marks", "a" + "\u0301" * 6, "a" + "\u0301" * 4 + "\\u0301\\u0301"),
    ],
)
def test_what_is_not_visible_is_spelled_out(what: str, text: str, shown: str) -> None:
    """Everything else stays as it is."""
    assert escape(text) == shown, what


def test_line_feeds_can_stay_for_text_in_lines() -> None:
    """All the rest is escaped nevertheless, and a mark cannot stand on a line feed."""
    assert escape("a\nb\r\x1b", newlines=False) == "a\nb\\r\\x1b"
    assert escape("a\n\u0301", newlines=False) == "a\n\\u0301"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b'{"name":"J\xffrgen"}', '{"name":"J\\xffrgen"}'),
        (b"\xc3", "\\xc3"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),
        ("ü\x85".encode(), "ü\\x85"),
        (b"", ""),
    ],
)
def test_bytes_that_are_not_utf8_are_shown_one_by_one(data: bytes, shown: str) -> None:
    """Whatever is valid around them is shown as text."""
    assert escape_bytes(data) == shown


def test_pieces_tell_an_escape_from_a_backslash_that_was_there() -> None:
    """So that a style can mark the difference."""
    assert segments("a\\n\nb") == [("a\\n", False), ("\\n", True), ("b", False)]
    assert byte_segments(b"J\xff\xfer") == [("J", False), ("\\xff\\xfe", True), ("r", False)]
    assert segments("") == byte_segments(b"") == []


@given(ANY_TEXT)
def test_any_text_becomes_printable(text: str) -> None:
    """Nothing that moves a cursor, hides or turns around, whatever comes in."""
    shown = escape(text)
    assert shown.isprintable()
    assert not shown or not category(shown[0]).startswith("M")
    assert "".join(part for part, _ in segments(text)) == shown
    assert escape(text, newlines=False).replace("\n", "").isprintable()


def test_what_is_remembered_of_characters_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer may send all that there are."""
    table = escaping._Table()
    monkeypatch.setattr(escaping, "_TABLE", table)
    shown = escape("".join(map(chr, range(0xF0000, 0xF0000 + 2 * escaping.REMEMBERED))))
    assert shown.startswith(r"\U000f0000\U000f0001")
    assert len(table) == escaping.REMEMBERED


@given(st.binary())
def test_any_bytes_become_printable(data: bytes) -> None:
    """Valid text is shown as text, the rest byte by byte."""
    shown = escape_bytes(data)
    assert shown.isprintable()
    assert "".join(part for part, _ in byte_segments(data)) == shown


@given(ANY_TEXT)
def test_escaping_what_is_escaped_changes_nothing(text: str) -> None:
    """So that two rooms may both be careful."""
    assert escape(escape(text)) == escape(text)


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("Grüße", 5), ("東京", 4), ("e\u0301", 1), ("🎉", 2), ("", 0)]
)
def test_width_is_counted_in_cells(text: str, width: int) -> None:
    """Wide characters take two, marks none."""
    assert cell_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("東京都", 6, "東京都"),
        ("東京都", 5, "東京…"),
        ("東京都", 4, "東…"),
        ("abc", 0, ""),
    ],
)
def test_text_is_cut_to_cells(text: str, width: int, cut: str) -> None:
    """Never half a wide character."""
    assert cut_cells(text, width) == cut


@given(ANY_TEXT.map(escape), st.integers(0, 30))
def test_cut_text_fits(text: str, width: int) -> None:
    """Whatever the text is."""
    assert cell_width(cut_cells(text, width)) <= width
