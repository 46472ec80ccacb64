"""Two messages of a log beside each other."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.log import FrameLog
from wsdebug.replay.beside import (
    JSON_LIMIT,
    Change,
    Comparison,
    Spelled,
    compare_messages,
    first_difference,
    messages_at,
)

Session = Callable[..., Path]


def compared(path: Path, one: int, other: int) -> Comparison | None:
    """The comparison of two lines."""
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    try:
        messages = messages_at(log, one, other)
        return compare_messages(*messages) if messages is not None else None
    finally:
        log.close()


def found(session: Session, one: Any, other: Any) -> Comparison:
    """The comparison of two frames: dicts as lines, anything else as received text."""
    lines = [each if isinstance(each, dict) else {"recv": each} for each in (one, other)]
    comparison = compared(session(*lines), 1, 2)
    assert comparison is not None
    return comparison


def words(change: Change) -> tuple[str, str | None, str | None]:
    """A change in a row."""
    return (
        change.path,
        change.was.text if change.was else None,
        change.now.text if change.now else None,
    )


@pytest.mark.parametrize(
    ("one", "other", "changes"),
    [
        ('{"a":1}', '{"a":2}', [("$.a", "1", "2")]),
        ('{"a":1}', '{"b":1}', [("$.a", "1", None), ("$.b", None, "1")]),
        (
            '{"a":[1,{"b":null}]}',
            '{"a":[1,{"b":[]},true]}',
            [("$.a[1].b", "null", "[]"), ("$.a[2]", None, "true")],
        ),
        ('{"a":0.1}', '{"a":0.10}', []),
        (
            '{"a":0.1}',
            '{"a":0.1000000000000000000001}',
            [("$.a", "0.1", "0.1000000000000000000001")],
        ),
        ('{"a":1,"b":2}', ' {"b":2,"a":1.0}', []),
        ("5", "true", [("$", "5", "true")]),
        ('{"send":1}', "[1]", [("$", '{"send":1}', "[1]")]),
    ],
)
def test_json_differs_path_by_path(
    session: Session, one: str, other: str, changes: list[tuple[str, str | None, str | None]]
) -> None:
    """Numbers digit by digit, keys in any order, and what only one of them has."""
    comparison = found(session, one, other)
    assert comparison.changes is not None
    assert [words(change) for change in comparison.changes] == changes


def test_long_values_begin_shortly_before_their_difference(session: Session) -> None:
    """And are bounded, as paths are."""
    long = "x" * 5000
    comparison = found(session, json.dumps({"a": long + "1"}), json.dumps({"a": long + "2" * 9000}))
    assert comparison.changes is not None
    change = comparison.changes[0]
    assert change.was == Spelled("x" * 20 + '1"', 4981)
    assert change.now is not None
    assert change.now.text.startswith("x" * 20 + "2222")
    assert len(change.now.text) == 2000
    comparison = found(session, "{}", json.dumps({"k" * 9000: 1}))
    assert comparison.changes is not None
    assert len(comparison.changes[0].path) == 2000


def test_more_differences_than_are_listed_are_told(session: Session) -> None:
    """A hundred are."""
    comparison = found(session, json.dumps([0] * 101), json.dumps([1] * 101))
    assert comparison.changes is not None
    assert (len(comparison.changes), comparison.has_more) == (100, True)
    assert not found(session, "[0]", "[1]").has_more


@pytest.mark.parametrize(
    ("one", "other", "first_byte"),
    [
        ("same", "same", None),
        ("hello", "hallo", 1),
        ("hello", "hello there", 5),
        ("", "a", 0),
        ('{"a":1}', "no json", 0),
        ({"op": "binary", "recv": "12"}, {"op": "binary", "recv": "13"}, 1),
    ],
)
def test_what_is_no_json_differs_from_a_byte_on(
    session: Session, one: Any, other: Any, first_byte: int | None
) -> None:
    """Digits in a binary message are no number."""
    comparison = found(session, one, other)
    assert (comparison.changes, comparison.first_byte) == (None, first_byte)


def test_closes_differ_in_code_and_reason(session: Session) -> None:
    """In words, not in bytes."""
    close = {"op": "close", "recv": {"code": 1000, "reason": "bye"}}
    other = {"op": "close", "recv": {"code": 4000, "reason": "bye"}}
    comparison = found(session, close, other)
    assert comparison.changes is not None
    assert [words(change) for change in comparison.changes] == [("code", "1000", "4000")]
    broken = {"op": "close", "recv": {"b64": "/w=="}, "bad": ["close-length"]}
    assert found(session, close, broken).changes is None


def test_what_could_not_be_inflated_is_compared_as_it_came(session: Session) -> None:
    """Both of them on the wire, or bytes would be held against others."""
    broken = {"rsv1": True, "recv": None, "wire": "AAA=", "bad": ["inflate-failed"]}
    comparison = found(session, broken, {"rsv1": True, "recv": "{}", "wire": "AAE="})
    assert comparison.is_wire
    assert comparison.payloads == (b"\0\0", b"\0\1")
    assert (comparison.changes, comparison.first_byte) == (None, 1)


def test_json_that_is_too_large_is_compared_by_bytes(session: Session) -> None:
    """And it is told that it was."""
    large = "[" + " " * JSON_LIMIT + "1]"
    comparison = found(session, large, "[2]")
    assert (comparison.changes, comparison.first_byte, comparison.is_too_big) == (None, 1, True)
    assert not found(session, "x" * (JSON_LIMIT + 1), "[2]").is_too_big


PARTS = (
    {"t": 1.0, "fin": False, "recv": '{"a":'},
    {"t": 1.5, "op": "ping", "recv": "beat"},
    {"t": 2.0, "op": "cont", "recv": "1}"},
    {"t": 3.25, "mask": "01020304", "send": '{"a":2}'},
    {"t": 4.0, "note": "here"},
)


def test_fragments_stand_for_their_messages(session: Session) -> None:
    """Whichever line is first, the earlier message is; time counts from start to start."""
    path = session(*PARTS)
    for lines in ((3, 4), (4, 1)):
        comparison = compared(path, *lines)
        assert comparison is not None
        assert (comparison.one.number, comparison.other.number) == (1, 4)
        assert comparison.elapsed_us == 2_250_000
        assert comparison.changes is not None
        assert [words(change) for change in comparison.changes] == [("$.a", "1", "2")]


def test_frames_of_one_message_stand_for_themselves(session: Session) -> None:
    """There is nothing to compare in a message and itself."""
    comparison = compared(session(*PARTS), 3, 1)
    assert comparison is not None
    assert comparison.payloads == (b'{"a":', b"1}")


def test_only_frames_are_compared(session: Session) -> None:
    """A note has no payload, and a line that is not there neither."""
    path = session(*PARTS)
    assert compared(path, 1, 5) is None
    assert compared(path, 1, 99) is None


def test_without_times_none_is_between(session: Session) -> None:
    """Hand-written lines may have none."""
    assert found(session, "a", "b").elapsed_us is None


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40))
def test_the_first_difference_is_the_first(same: bytes, one: bytes, other: bytes) -> None:
    """All before it is the same, and it is not."""
    at = first_difference(same + one, same + other)
    if at is None:
        assert one == other
    else:
        a, b = same + one, same + other
        assert a[:at] == b[:at]
        assert a[at : at + 1] != b[at : at + 1]
