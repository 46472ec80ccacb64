"""Filters that were used, and those that have a name."""

from pathlib import Path

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.workspace.filters import Filters


@pytest.fixture
def filters(tmp_path: Path) -> Filters:
    """Nothing yet, not even their folder."""
    return Filters(tmp_path / "state" / "used", tmp_path / "state" / "names.json")


def test_used_ones_come_newest_first_and_named_ones_after(filters: Filters) -> None:
    """Each once; blank ones are none."""
    for text in ("op:ping", " a ", "", "op:ping"):
        filters.add(text)
    filters.keep("slow", "size:>1M")
    filters.keep("pings", "op:ping")
    assert filters.known() == ["op:ping", "a", "size:>1M"]
    assert filters.named() == {"pings": "op:ping", "slow": "size:>1M"}


def test_a_name_is_given_anew_and_forgotten(filters: Filters, tmp_path: Path) -> None:
    """In a file of mode 0600."""
    filters.keep("a", "1")
    filters.keep("a", "ü")
    filters.keep("b", "2")
    filters.forget("b")
    filters.forget("never there")
    assert filters.named() == {"a": "ü"}
    assert (tmp_path / "state" / "names.json").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "state").iterdir()] == ["names.json"]


@pytest.mark.parametrize("data", [b"", b"[1]", b'{"a"', b"\xff", b'{"a": 1}'])
def test_a_damaged_file_holds_none(filters: Filters, tmp_path: Path, data: bytes) -> None:
    """And the next one is kept all the same."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "names.json").write_bytes(data)
    assert filters.named() == {}
    filters.keep("a", "b")
    assert filters.named() == {"a": "b"}


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    """With the file's name."""
    (tmp_path / "file").write_text("")
    filters = Filters(tmp_path / "used", tmp_path / "file" / "names.json")
    with pytest.raises(RecordingFailed, match=r"names\.json cannot be written"):
        filters.keep("a", "b")
