"""Payloads in files beside the session."""

import os
from pathlib import Path

import pytest

from wsdebug.errors import SessionUnreadable
from wsdebug.session.attached import with_attached
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line


def frame(name: str, folder: Path) -> FrameLine:
    """A frame with a file, read."""
    line = parse_line(b'{"send":{"file":"%b"}}' % name.encode(), 3)
    assert isinstance(line, FrameLine)
    return with_attached(line, "a.ws.jsonl", folder)


def test_the_bytes_are_those_of_the_file(tmp_path: Path) -> None:
    """On the wire too."""
    (tmp_path / "data.bin").write_bytes(b"\0\1")
    line = frame("data.bin", tmp_path)
    assert line.payload == line.frame.payload == b"\0\1"
    plain = parse_line(b'{"send":"x"}', 1)
    assert isinstance(plain, FrameLine)
    assert with_attached(plain, "x", tmp_path) is plain


@pytest.mark.parametrize(
    "name",
    [
        *("../out.bin", "./x/../../out.bin", "up/out.bin", "null", "none", "x\\u0000", "."),
        *("/etc/hostname", "/dev/zero", "/proc/self/environ", "~/.ssh/id_rsa"),
    ],
)
def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, name: str) -> None:
    """Nor what is no file; the line is named."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out.bin").write_bytes(b"secret")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "in" / "null").symlink_to("/dev/null")
    with pytest.raises(SessionUnreadable, match=r"a\.ws\.jsonl, line 3: ") as caught:
        frame(name, tmp_path / "in")
    assert caught.value.line == 3


def test_links_pipes_and_giants_are_refused(tmp_path: Path) -> None:
    """A pipe would be waited for without end, a giant would fill the memory."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "out.bin").write_bytes(b"secret")
    (folder / "link").symlink_to(tmp_path / "out.bin")
    os.mkfifo(folder / "pipe")
    with (folder / "giant").open("wb") as giant:
        giant.truncate(1 << 40)
    for name, why in (
        ("link", "link is outside of the session's folder"),
        ("pipe", "pipe is no ordinary file"),
        ("giant", "giant is too large: 1,099,511,627,776 bytes"),
    ):
        with pytest.raises(SessionUnreadable, match=why):
            frame(name, folder)
