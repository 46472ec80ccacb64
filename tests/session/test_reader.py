"""Session files as sources of bytes."""

import os
from pathlib import Path

import pytest

from wsdebug.session.reader import open_source


def test_a_source_that_is_closed_while_it_is_read_gives_what_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not what another file has, that was opened by the same number meanwhile."""
    path, other = tmp_path / "a.ws.jsonl", tmp_path / "other"
    path.write_text('{"send":"a"}\n')
    other.write_text("something else")
    source = open_source(str(path))
    pread = os.pread
    opened: list[int] = []

    def closed_meanwhile(fd: int, size: int, offset: int) -> bytes:
        source.close()
        opened.append(os.open(other, os.O_RDONLY))
        return pread(fd, size, offset)

    monkeypatch.setattr(os, "pread", closed_meanwhile)
    try:
        assert source.pread(100, 0) == b'{"send":"a"}\n'
        assert (source.pread(100, 0), source.size, source.recorded_size) == (b"", 0, 0)
    finally:
        os.close(*opened)
