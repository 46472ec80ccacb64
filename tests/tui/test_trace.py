"""What is measured from outside."""

import json
from pathlib import Path

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.tui.trace import open_trace


def test_keys_and_repaints_are_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, with the clock's nanoseconds; a private file."""
    path = tmp_path / "trace"
    monkeypatch.setenv("WSDEBUG_TRACE", str(path))
    trace = open_trace()
    assert trace is not None
    trace.key("read", "a")
    trace.key("handled", "a")
    trace.repaint(12)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    times = [line.pop("t") for line in lines]
    assert times == sorted(times)
    assert lines == [
        {"what": "read", "key": "a"},
        {"what": "handled", "key": "a"},
        {"what": "repaint", "bytes": 12},
    ]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_trace_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a sentence; a disk that is full later is nothing to stop for."""
    monkeypatch.setenv("WSDEBUG_TRACE", "/no/such/trace")
    words = "WSDEBUG_TRACE: cannot write /no/such/trace: no such file or directory"
    with pytest.raises(RecordingFailed, match=words):
        open_trace()
    monkeypatch.setenv("WSDEBUG_TRACE", "/dev/full")
    trace = open_trace()
    assert trace is not None
    trace.key("read", "a")
    monkeypatch.delenv("WSDEBUG_TRACE")
    assert open_trace() is None
