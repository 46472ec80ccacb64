"""A glance at a session."""

import gzip
from pathlib import Path

import pytest

from wsdebug.log.first_rows import HEAD, first_rows

HEADER = '{"wsdebug":1,"url":"ws://a/"}'
CONNECTING = '{"t":0.1,"event":"connecting","url":"ws://a/"}'
OPEN = '{"t":0.2,"event":"open","subprotocol":null,"extensions":""}'
TEXT = '{"t":0.3,"recv":"hello"}'
PART = '{"t":0.4,"fin":false,"recv":"hel"}'
REST = '{"t":0.5,"op":"cont","recv":"lo"}'


def written(path: Path, *lines: str) -> Path:
    """A file of these lines."""
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_the_first_rows(tmp_path: Path) -> None:
    """As the log shows them: with their lines and fragments, without header and handshake."""
    path = written(tmp_path / "a", "# by hand", HEADER, CONNECTING, OPEN, TEXT, "", PART, REST)
    rows = first_rows(path, 9)
    assert [(row.line, row.kind, row.fragment) for row in rows] == [
        (4, "event", 0),
        (5, "frame", 0),
        (7, "frame", 1),
        (8, "frame", 2),
    ]
    assert [step.name for step in rows[0].steps] == ["connecting"]
    assert rows[1].previous_us == 200_000
    assert [row.line for row in first_rows(path, 2)] == [4, 5]
    packed = tmp_path / "a.ws.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert first_rows(packed, 9) == rows


def test_a_long_line_ends_it(tmp_path: Path) -> None:
    """What is cut off is not shown; what is damaged is, as everywhere."""
    path = written(tmp_path / "a", HEADER, TEXT, "not JSON", f'{{"t":1,"recv":"{"x" * HEAD}"}}')
    assert [(row.line, row.kind) for row in first_rows(path, 9)] == [(2, "frame"), (3, "damaged")]


@pytest.mark.parametrize("data", [None, b"", b"\x1f\x8b\x08 cut", b"\xff" * 9])
def test_what_cannot_be_read_has_none(tmp_path: Path, data: bytes | None) -> None:
    """Or is a damaged row, in a file that is no archive."""
    for name in ("a.ws.jsonl", "a.ws.jsonl.gz"):
        path = tmp_path / name
        if data is not None:
            path.write_bytes(data)
        assert all(row.kind == "damaged" for row in first_rows(path, 9))
