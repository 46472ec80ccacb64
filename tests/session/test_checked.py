"""A session read by those who need all of it to be right."""

import gzip
import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from wsdebug.errors import SessionUnreadable
from wsdebug.session.checked import checked, checked_lines, file_lines
from wsdebug.session.lines import FrameLine, Header, Wait

LINES = b'# one\n\n{"url":"ws://h/"}\n{"send":"a\xe2\x80\xa8b"}\n{"wait":1}\n'


def kinds(path: Path | str) -> list[tuple[int, type]]:
    """Number and type of each line."""
    return [(number, type(line)) for number, _, line in checked_lines(str(path))]


EXPECTED = [(1, type(None)), (2, type(None)), (3, Header), (4, FrameLine), (5, Wait)]


def test_every_line_comes_with_its_number(tmp_path: Path) -> None:
    """Comments too; lines end at newlines only."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(LINES)
    assert kinds(path) == EXPECTED
    data = [data for _, data, _ in checked_lines(str(path))]
    assert b"\n".join(data) + b"\n" == LINES
    path.write_bytes(LINES[:-1])
    assert kinds(path) == EXPECTED
    packed = tmp_path / "a.ws.jsonl.gz"
    packed.write_bytes(gzip.compress(LINES))
    assert kinds(packed) == EXPECTED


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name `-`; a damaged line is that of standard input."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(LINES)))
    assert kinds("-") == EXPECTED
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"nonsense\n")))
    with pytest.raises(SessionUnreadable, match="standard input, line 1: not JSON"):
        kinds("-")


@pytest.mark.parametrize(
    ("tail", "line"),
    [
        (b"nonsense\n", 6),
        (b'{"t":1,"send":\n', 6),
        (b'{"send":"a"', 6),
        (b'{"t":1,"hello":1}', 6),
        (b'{"t":1,"send":"a', None),
        (b'{"t":1,"send":{"b64":"A', None),
        (b'{"t":1', None),
        (b'{"t":1,"send":"\xe2\x80', None),
    ],
)
def test_a_damaged_line_stops_and_a_torn_recording_does_not(
    tmp_path: Path, tail: bytes, line: int | None
) -> None:
    """Torn is what a recorder had begun to write, without its newline."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(LINES + tail)
    if line is None:
        assert kinds(path) == EXPECTED
    else:
        with pytest.raises(SessionUnreadable) as caught:
            kinds(path)
        assert caught.value.line == line


def test_a_later_version_is_not_read(tmp_path: Path) -> None:
    """Both versions are named."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"wsdebug":2,"url":"ws://h/"}\n')
    with pytest.raises(SessionUnreadable, match="format version 2; this wsdebug reads up to 1"):
        kinds(path)
    with pytest.raises(SessionUnreadable, match="no such file"):
        kinds(tmp_path / "none")


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A missing file, a folder, half an archive, what is none."""
    half, wrong = tmp_path / "half.gz", tmp_path / "wrong.gz"
    half.write_bytes(gzip.compress(LINES * 100)[:60])
    wrong.write_bytes(LINES)
    for path in (tmp_path / "none", tmp_path, half, wrong):
        with pytest.raises(SessionUnreadable, match="cannot read"):
            kinds(path)


def test_a_torn_line_is_told() -> None:
    """By its number, to those who ask."""
    torn: list[int] = []
    lines = (LINES + b'{"t":1,"se').splitlines(keepends=True)
    assert len(list(checked(lines, "x", torn.append))) == 5
    assert torn == [6]


def test_a_line_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the file is none of ours."""
    monkeypatch.setattr("wsdebug.session.checked.PIECE", 3)
    monkeypatch.setattr("wsdebug.session.checked.LINE_LIMIT", 8)
    with pytest.raises(SessionUnreadable, match="x, line 2: over 8 bytes"):
        list(file_lines(io.BytesIO(b"# 1\n# 2345678\n"), "x"))
