"""A live log as it is shown: secrets stand nowhere in its payloads, the record has them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.recorder import Recorder
from wsdebug.session.disk import Disk
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.wire.frame import Frame

SECRET = 'hun"ter é'
URL = "ws://127.0.0.1:1/"
ESCAPED = json.dumps({"a": SECRET}).encode()
PAYLOADS = [
    (1, b"nothing"),
    (1, f"say {SECRET}!".encode()),
    (1, json.dumps({"a": SECRET}, ensure_ascii=False).encode()),
    (1, ESCAPED),
    (2, b"\xff\0" + SECRET.encode() + b"\xfe"),
    (1, b"x" * 70_000 + SECRET.encode()),
    (1, SECRET.encode() + b"x" * 70_000),
    (8, b"\x03\xe8" + SECRET.encode()),
    (9, b"ping"),
]


def frame(opcode: int, payload: bytes, *, wire: bytes | None = None) -> FrameLine:
    """A received frame; compressed where `wire` is given."""
    on_wire = payload if wire is None else wire
    made = Frame(opcode, on_wire, rsv1=wire is not None)
    return FrameLine(0, None, False, made, payload, is_text=opcode == 1)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """A recording of the payloads."""
    options = ConnectOptions(URL, secret=(("s", SECRET),))
    record = RecordOptions(path=str(tmp_path / "a.ws.jsonl"))
    recorder = Recorder(options, record, disk=Disk(interval=3600))
    recorder.frames_happened([frame(opcode, payload) for opcode, payload in PAYLOADS], 1)
    recorder.note(f"is it {SECRET}?")
    yield recorder
    recorder.close()
    recorder.log.close()


def masked(payload: bytes) -> bytes:
    """What is to be shown of a payload."""
    for spelling in (
        SECRET,
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
    ):
        payload = payload.replace(spelling.encode(), b"***")
    return payload


def test_no_row_line_or_message_shows_a_secret(recorder: Recorder) -> None:
    """Neither as it is nor as JSON spells it; everything else is as it was."""
    shown, plain = recorder.shown_log, recorder.log
    rows = shown.rows(0, 100)
    for row, was in zip(rows, plain.rows(0, 100), strict=True):
        assert (row.line, row.size, row.opcode) == (was.line, was.size, was.opcode)
        assert row.preview == masked(was.preview or b"")
    assert rows[-1].text == "is it ***?"
    for number, (_, payload) in enumerate(PAYLOADS, 2):
        line = shown.line(number)
        assert isinstance(line, FrameLine)
        assert line.payload == masked(payload)
        assert [each.payload for each in shown.message(number)] == [masked(payload)]
    text = b"\n".join(data for _, data in shown.raw_lines()).decode()
    for spelling in (SECRET, "hun\\", "hun\\\\"):
        assert spelling not in text


def test_the_record_has_payloads_as_they_are(recorder: Recorder) -> None:
    """Only what is shown is masked."""
    lines = [line for line in recorder.log if isinstance(line, FrameLine)]
    assert [line.payload for line in lines] == [payload for _, payload in PAYLOADS]


def test_of_a_masked_frame_only_the_length_on_the_wire_is_told(recorder: Recorder) -> None:
    """What it was compressed to would give it away."""
    recorder.frames_happened([frame(1, SECRET.encode(), wire=b"\1\2\3")], 1)
    number = recorder.index.lines
    (_, data), *_ = recorder.shown_log.raw_lines(number)
    line = parse_line(data, number)
    assert isinstance(line, FrameLine)
    assert (line.payload, line.frame.payload, line.wire_length) == (b"***", b"", 3)
    assert line.frame.rsv1


def test_what_is_learnt_later_is_masked_from_then_on(tmp_path: Path) -> None:
    """Without secrets the lines are those of the file."""
    record = RecordOptions(path=str(tmp_path / "a.ws.jsonl"))
    recorder = Recorder(ConnectOptions(URL), record, disk=Disk(interval=3600))
    recorder.frames_happened([frame(1, b"late")], 1)
    assert list(recorder.shown_log.raw_lines()) == list(recorder.log.raw_lines())
    recorder.redactor.learn({"s": "late"})
    assert [row.preview for row in recorder.shown_log.rows(0, 9)] == [b"***"]
    recorder.close()
    recorder.log.close()


def test_secrets_that_are_kept_are_shown(tmp_path: Path) -> None:
    """`--keep-secrets`."""
    record = RecordOptions(path=str(tmp_path / "a.ws.jsonl"), keep_secrets=True)
    options = ConnectOptions(URL, secret=(("s", "x"),))
    recorder = Recorder(options, record, disk=Disk(interval=3600))
    recorder.frames_happened([frame(1, b"x")], 1)
    assert [row.preview for row in recorder.shown_log.rows(0, 9)] == [b"x"]
    recorder.close()
    recorder.log.close()
