"""The names of the JSON in a log: of its ends, and of what comes later."""

import json

from tests.log.test_filtered import GrowingSource
from wsdebug.log.names_seen import ROWS, NamesSeen

HEADER = '{"url":"ws://localhost/"}'


def frame(payload: object, *, key: str = "recv", op: str = "text") -> str:
    """A line with JSON in a frame."""
    return json.dumps({"t": 0.1, "op": op, key: json.dumps(payload)}, separators=(",", ":"))


def test_both_ends_of_a_long_log_are_read() -> None:
    """What stands between them is not; what was sent comes first."""
    source = GrowingSource()
    source.add(HEADER, frame({"subscribe": 1}, key="send"))
    source.add(*(frame({"tick": 1}) for _ in range(ROWS)))
    source.add(frame({"lost": 1}))
    source.add(*(frame({"tick": 2}) for _ in range(ROWS)))
    assert NamesSeen(source.log).look().names((), "") == ["subscribe", "tick"]


def test_what_comes_later_is_added() -> None:
    """The names of before are not touched, and each row counts once."""
    source = GrowingSource()
    source.add(HEADER, frame({"a": 1}), frame({"a": 1}), frame({"b": 1}))
    seen = NamesSeen(source.log)
    assert seen.is_stale
    before = seen.look()
    assert not seen.is_stale
    source.add(frame({"c": 1}), frame({"b": 1}), frame({"b": 1}))
    assert seen.is_stale
    assert seen.look().names((), "") == ["b", "a", "c"]
    assert before.names((), "") == ["a", "b"]


def test_only_data_frames_are_read() -> None:
    """No pings, no text without JSON."""
    source = GrowingSource()
    source.add(HEADER, frame({"a": 1}, op="ping"), frame("b"), frame([{"c": 1}]))
    assert NamesSeen(source.log).look().names((), "") == []
    assert NamesSeen(source.log).look().names(("[]",), "") == ["c"]
