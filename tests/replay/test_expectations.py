"""What is expected, what comes, and the words for where they differ."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import QueryInvalid
from wsdebug.payload.escape import cell_width
from wsdebug.replay.expectations import (
    Expectation,
    Expectations,
    expect_close,
    expect_exact,
    expect_json,
    expect_none,
    expect_text,
    message_words,
)


@pytest.mark.parametrize(
    ("expectation", "message", "is_met"),
    [
        (expect_text("^ok"), "ok then", True),
        (expect_text("^ok"), "not ok", False),
        (expect_text("ok"), "not ok", True),
        (expect_text("gr.n"), "grün".encode(), True),
        (expect_text("\xff"), b"\x00\xff", True),
        (expect_text("^$"), "", True),
        (expect_json("$.type==ok"), '{"type":"ok"}', True),
        (expect_json("$.type==ok"), b'{"type":"ok"}', True),
        (expect_json("$.type==ok"), '{"type":"no"}', False),
        (expect_json("$.id"), '{"id":null}', True),
        (expect_json("$.id"), "{}", False),
        (expect_json("$.id"), "not JSON", False),
        (expect_json("$..px>100"), '[{"px":99},{"px":101}]', True),
        (expect_exact("grün"), "grün", True),
        (expect_exact("grün"), "grün".encode(), True),
        (expect_exact("grün"), "grün ", False),
        (expect_exact("\udcff"), b"\xff", True),
        (expect_close(1000), "closed", False),
        (expect_none(), "", False),
    ],
)
def test_an_expectation_takes_its_message(
    expectation: Expectation, message: str | bytes, is_met: bool
) -> None:
    """Text and bytes, each by its own rule."""
    expectations = Expectations([expectation])
    assert expectations.message(message) is is_met
    assert (expectations.verdict == "met") is is_met


@pytest.mark.parametrize(
    "expectation", [expect_text('^"?(a+)+$'), expect_json("$=~^(a+)+$")], ids=["text", "JSON"]
)
def test_no_message_makes_an_expression_take_forever(expectation: Expectation) -> None:
    """Though it has as many ways to match as there are numbers of 60 bits."""
    assert not Expectations([expectation]).message(f'"{"a" * 60}b"')


@pytest.mark.parametrize(
    ("make", "text"), [(expect_text, "("), (expect_json, "$["), (expect_json, "type")]
)
def test_what_does_not_parse_is_refused(make: Callable[[str], Expectation], text: str) -> None:
    """With its place."""
    with pytest.raises(QueryInvalid, match="at character"):
        make(text)


def test_others_pass_in_between_in_order() -> None:
    """Each message can be one only, and none is looked at twice."""
    expectations = Expectations([expect_text("a"), expect_text("b"), expect_text("a")])
    taken = [expectations.message(message) for message in ("b", "x", "ab", "a", "b", "a")]
    assert taken == [False, False, True, False, True, True]
    assert expectations.verdict == "met"
    assert expectations.current is None
    assert expectations.message("a") is False


def test_with_next_none_may_pass() -> None:
    """What came instead is said."""
    expectations = Expectations([expect_text("a"), expect_text("b")], next_only=True)
    assert expectations.message("a")
    assert not expectations.message("c")
    assert expectations.verdict == "failed"
    assert expectations.failure == "expected a message matching b; got c"
    assert not expectations.message("b")
    assert expectations.verdict == "failed"


def test_next_does_not_keep_messages_from_a_close() -> None:
    """They are no answer to it."""
    expectations = Expectations([expect_close(1000)], next_only=True)
    assert not expectations.message("a")
    assert expectations.closed(1000)
    assert expectations.verdict == "met"


def test_silence_is_broken_by_any_message() -> None:
    """And met by time, or by the end."""
    broken = Expectations([expect_none()])
    broken.message("x")
    assert broken.failure == "expected no message; got x"
    quiet = Expectations([expect_none(), expect_text("a")])
    quiet.quiet()
    assert quiet.message("a")
    assert quiet.verdict == "met"
    closed = Expectations([expect_none()])
    assert closed.closed(1011) is False
    assert closed.verdict == "met"


@pytest.mark.parametrize(
    ("expected", "code", "is_expected", "failure"),
    [
        ([expect_close(4000)], 4000, True, ""),
        ([expect_close(1006)], 1006, True, ""),
        (
            [expect_close(4000)],
            4001,
            False,
            "expected a close with 4000; it was closed with 4001, after hello",
        ),
        (
            [expect_text("^a")],
            1006,
            False,
            "expected a message matching ^a; the connection broke, after hello",
        ),
        (
            [expect_close(1000), expect_text("^a")],
            1000,
            True,
            "expected a message matching ^a; it was closed with 1000",
        ),
        (
            [expect_close(1000), expect_close(1000)],
            1000,
            True,
            "expected a close with 1000; it was closed with 1000",
        ),
        ([], 4000, False, ""),
    ],
)
def test_the_end_is_what_was_expected_or_too_early(
    expected: list[Expectation], code: int, is_expected: bool, failure: str
) -> None:
    """Nothing will come after it."""
    expectations = Expectations(expected)
    expectations.message("hello")
    assert expectations.closed(code) is is_expected
    assert expectations.failure == failure
    assert expectations.verdict == ("failed" if failure else "met")


def test_a_wait_in_vain_says_what_came() -> None:
    """The last, and how many."""
    expectations = Expectations([expect_exact("a\x1b"), expect_json("$.b")])
    assert expectations.missing("within 1 s") == "expected the message a\\x1b; not seen within 1 s"
    expectations.message("x")
    assert expectations.missing("within 1 s").endswith("not seen within 1 s, after x")
    expectations.message(b"\x00\xff")
    words = "not seen within 1 s, after 2 others, the last 2 bytes 00 ff"
    assert expectations.missing("within 1 s").endswith(words)
    expectations.message("a\x1b")
    words = "expected a JSON message with $.b; not seen within 1 s"
    assert expectations.missing("within 1 s") == words


@given(st.text() | st.binary())
def test_a_message_is_one_short_line_without_controls(message: str | bytes) -> None:
    """Whatever the peer has sent."""
    words = message_words(message)
    assert words.isprintable()
    assert 0 < cell_width(words) <= 130


def test_long_messages_are_cut() -> None:
    """And an empty one is called so."""
    assert message_words("x" * 10_000) == "x" * 119 + "…"
    assert message_words(bytes(1000)).startswith("1,000 bytes 00 00 ")
    assert message_words(bytes(1000)).endswith(" …")
    assert message_words("") == "an empty message"
    assert message_words(b"") == "0 bytes"
