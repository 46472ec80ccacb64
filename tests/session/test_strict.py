"""A session read from its first line to its last."""

import gzip
from pathlib import Path

import pytest

from wsdebug.errors import SessionUnreadable
from wsdebug.session.attached import with_attached
from wsdebug.session.lines import FrameLine, Header
from wsdebug.session.parse import parse_line
from wsdebug.session.strict import file_lines, open_input, strict_lines

GOOD = b'# mine\n{"url":"ws://h/"}\n\n{"send":"a\xe2\x80\xa8b"}\n'


def read(path: Path) -> list[tuple[bytes, object]]:
    """Every line of a file."""
    with open_input(str(path)) as file:
        return list(strict_lines(file_lines(file, str(path)), str(path)))


@pytest.mark.parametrize("name", ["a.ws.jsonl", "a.ws.jsonl.gz"])
def test_every_line_comes_as_it_stands_and_as_its_value(tmp_path: Path, name: str) -> None:
    """Comments and blank lines too; a line ends at a newline only."""
    path = tmp_path / name
    path.write_bytes(gzip.compress(GOOD) if name.endswith(".gz") else GOOD)
    lines = read(path)
    assert b"".join(data for data, _ in lines) == GOOD
    kinds = [type(line) for _, line in lines]
    assert kinds == [type(None), Header, type(None), FrameLine]


@pytest.mark.parametrize(
    ("content", "number", "words"),
    [
        (GOOD + b"nonsense\n" + GOOD, 5, "not JSON"),
        (GOOD + b'{"send":"a"', 0, ""),
        (GOOD + b'{"t":1,"recv":{"b64":"AA', 0, ""),
        (GOOD + b'{"send":"a"\n', 5, "not JSON"),
        (GOOD + b'{"send":1}', 5, "a payload is"),
        (GOOD + b"nonsense", 5, "not JSON"),
        (b'{"send":"a"', 1, "not JSON"),
        (b"\x7fELF\xff", 1, "not UTF-8"),
        (b'{"wsdebug":9,"url":"ws://h/"}\n', 1, "format version 9"),
    ],
)
def test_the_first_damaged_line_stops_it(
    tmp_path: Path, content: bytes, number: int, words: str
) -> None:
    """A last line that was torn while it was written is no damage."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(content)
    if not number:
        torn: list[int] = []
        assert len(list(strict_lines(content.splitlines(keepends=True), "x", torn.append))) == 4
        assert torn == [5]
        return
    with pytest.raises(SessionUnreadable, match=words) as caught:
        read(path)
    assert (caught.value.path, caught.value.line) == (str(path), number)
    assert f"{path}, line {number}: " in str(caught.value)


def test_a_last_line_without_newline_counts(tmp_path: Path) -> None:
    """If it is whole."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(GOOD + b'{"recv":"b"}')
    assert len(read(path)) == 5


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A missing file, a folder, half an archive."""
    half = tmp_path / "half.gz"
    half.write_bytes(gzip.compress(GOOD * 100)[:60])
    wrong = tmp_path / "wrong.gz"
    wrong.write_bytes(GOOD)
    for path in (tmp_path / "none", tmp_path, half, wrong):
        with pytest.raises(SessionUnreadable, match="cannot read"):
            read(path)


def test_a_payload_may_stand_in_a_file_beside_the_session(tmp_path: Path) -> None:
    """Never outside of its folder."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "data.bin").write_bytes(b"\0\1")
    (tmp_path / "out.bin").write_bytes(b"secret")

    def frame(name: str) -> FrameLine:
        line = parse_line(b'{"send":{"file":"%b"}}' % name.encode(), 3)
        assert isinstance(line, FrameLine)
        return with_attached(line, "a.ws.jsonl", tmp_path / "in")

    assert frame("data.bin").payload == frame("data.bin").frame.payload == b"\0\1"
    for name in ("../out.bin", str(tmp_path / "out.bin"), "none", "x\\u0000"):
        with pytest.raises(SessionUnreadable, match=r"a\.ws\.jsonl, line 3: ") as caught:
            frame(name)
        assert caught.value.line == 3
    plain = parse_line(b'{"send":"x"}', 1)
    assert isinstance(plain, FrameLine)
    assert with_attached(plain, "x", tmp_path) is plain
