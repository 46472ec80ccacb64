"""A live log as it is shown: secrets stand nowhere in its payloads, the record has them."""

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wsdebug.cli.text import row_text
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.recorder import Recorder
from wsdebug.payload.redact import masked as redacted
from wsdebug.payload.spellings import Spellings
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


def test_what_is_masked_is_not_called_cut(recorder: Recorder) -> None:
    """Only what goes on behind the preview."""
    pairs = zip(recorder.shown_log.rows(0, 100), recorder.log.rows(0, 100), strict=True)
    frames = [(row, was) for row, was in pairs if row.kind == "frame"]
    assert len(frames) == len(PAYLOADS)
    for row, was in frames:
        assert (len(row.preview or b"") < row.size_shown) is (len(was.preview or b"") < was.size)
    shown = [row_text(row) for row, _ in frames]
    assert [text.endswith("…") for text in shown] == [False] * 5 + [True] * 2 + [False] * 2


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


# Over fragments


def shown_parts(recorder: Recorder, first: int) -> tuple[list[bytes], list[bytes]]:
    """The payloads from a line on, as rows and as lines have them."""
    lines = [line for line in recorder.shown_log if isinstance(line, FrameLine)]
    rows = [row.preview or b"" for row in recorder.shown_log.rows(0, 100_000) if row.line >= first]
    return rows, [line.payload or b"" for line in lines if line.number >= first]


def parts(*payloads: bytes, is_whole: bool = True) -> list[FrameLine]:
    """A message in fragments."""
    frames = []
    for number, payload in enumerate(payloads):
        is_last = is_whole and number == len(payloads) - 1
        made = Frame(0 if number else 1, payload, fin=is_last)
        frames.append(FrameLine(0, None, False, made, payload, is_text=number == 0))
    return frames


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.sets(st.integers(0, 40), max_size=12),
    empty=st.integers(0, 3),
    text=st.sampled_from(
        (f"ab{SECRET}cd{SECRET}", f"{SECRET}hun", json.dumps([SECRET]), "hun hun")
    ),
)
def test_a_secret_across_fragments_is_masked_in_each(
    recorder: Recorder, cuts: set[int], empty: int, text: str
) -> None:
    """Wherever it is cut, with other frames between; what is no part of one stays."""
    data = text.encode()
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(places)] + [b""] * empty
    others = parts(b"his ", b"own")
    mixed: list[FrameLine] = []
    for number, part in enumerate(parts(*pieces)):
        mixed += [part, frame(9, b"hun")]
        mixed += [replace(other, sent=True) for other in others[number : number + 1]]
    first = recorder.index.lines + 1
    recorder.frames_happened(mixed, 1)
    spans = list(Spellings([SECRET]).find(data))
    expected = [
        hidden(data[a:b], [(start - a, end - a) for start, end in spans])
        for a, b in itertools.pairwise(places)
    ]
    for shown in shown_parts(recorder, first):
        parted = list(zip(shown, mixed, strict=True))
        ours = [part for part, line in parted if not (line.frame.is_control or line.sent)]
        pings = [part for part, line in parted if line.frame.is_control]
        assert ours == [*expected, *[b""] * empty]
        assert pings == [b"hun"] * len(pieces)


def hidden(piece: bytes, spans: list[tuple[int, int]]) -> bytes:
    """A piece without what the spans have of it."""
    return redacted(piece, [(max(0, start), end) for start, end in spans if end > 0])


def test_what_may_yet_become_a_secret_is_not_shown_before(recorder: Recorder) -> None:
    """Until the next fragment tells; three characters on."""
    first = recorder.index.lines + 1
    recorder.frames_happened(parts(b"say hun", is_whole=False), 1)
    assert shown_parts(recorder, first) == ([b"say ***"], [b"say ***"])
    recorder.frames_happened(parts(b"", b"dred")[1:], 1)
    assert shown_parts(recorder, first) == ([b"say hun", b"dred"],) * 2


def test_a_preview_ends_before_a_secret_that_lies_across_its_end(recorder: Recorder) -> None:
    """At 4,096 bytes, and where a line is too long to be parsed."""
    first = recorder.index.lines + 1
    for size in (10_000, 100_000):
        payload = (b"x" * 4090 + SECRET.encode()).ljust(size)
        recorder.frames_happened([frame(1, payload)], 1)
    rows, lines = shown_parts(recorder, first)
    assert [row[4080:] for row in rows][:1] == [b"x" * 10 + b"***"]
    assert not any(b"hun" in part for part in rows + lines)


def test_compressed_fragments_of_a_masked_message_do_not_tell_it(recorder: Recorder) -> None:
    """What was on the wire is left out of those without a part of the secret too."""
    first = recorder.index.lines + 1
    frames = parts(b"", SECRET.encode())
    packed = replace(frames[0], frame=Frame(1, b"\1\2\3", fin=False, rsv1=True))
    recorder.frames_happened([packed, frames[1]], 1)
    line = recorder.shown_log.line(first)
    assert isinstance(line, FrameLine)
    assert (line.frame.payload, line.wire_length, line.payload) == (b"", 3, b"")


@pytest.mark.parametrize("size", [1, 70_000])
def test_long_and_many_fragments_are_masked(recorder: Recorder, size: int) -> None:
    """Across lines of which only the beginning is read, and far apart."""
    first = recorder.index.lines + 1
    secret = SECRET.encode()
    frames = parts(b"x" * size + secret[:4], *[b""] * 300, secret[4:] + b"x" * size)
    recorder.frames_happened(frames, 1)
    rows, lines = shown_parts(recorder, first)
    assert lines[0] == b"x" * size + b"***"
    assert lines[-1] == b"***" + b"x" * size
    assert (rows[-1][:4], len(rows)) == (b"***x", 302)


def test_beyond_what_is_looked_at_a_part_is_masked_all_the_same(recorder: Recorder) -> None:
    """Thousands of empty fragments keep it from being found."""
    first = recorder.index.lines + 1
    secret = SECRET.encode()
    recorder.frames_happened(parts(secret[:4], *[b""] * 5000, secret[4:]), 1)
    log = recorder.shown_log
    assert [log.line(line).payload for line in (first, first + 5001)] == [b"***", b"***"]  # type: ignore[union-attr]


def test_several_threads_may_read(recorder: Recorder) -> None:
    """The screen and what it asks for beside."""
    first = recorder.index.lines + 1
    recorder.frames_happened(parts(*[bytes((byte,)) for byte in SECRET.encode() * 200]), 1)
    log = recorder.shown_log
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda line: log.line(first + line), range(0, 1500, 7)))
    assert {line.payload for line in found if isinstance(line, FrameLine)} == {b"***"}
