"""Deleted sessions, and those that come back."""

import fcntl
import os
from pathlib import Path

from wsdebug.workspace.trash import Trash, sweep


def sessions(folder: Path, *names: str) -> list[Path]:
    """Files of these names, each with its name in it."""
    paths = [folder / f"{name}.ws.jsonl" for name in names]
    for path in paths:
        path.write_text(path.name)
    return paths


def test_the_last_comes_back_first(tmp_path: Path) -> None:
    """With what was in it; until then it is in no list."""
    one, other = sessions(tmp_path, "one", "other")
    trash = Trash()
    assert trash.put(one)
    assert trash.put(other)
    assert list(tmp_path.glob("*.ws.jsonl")) == []
    assert trash.take_back() == other
    assert trash.take_back() == one
    assert trash.take_back() is None
    assert one.read_text() == "one.ws.jsonl"


def test_what_is_not_taken_back_is_gone(tmp_path: Path) -> None:
    """When the trash is emptied, for good."""
    (one,) = sessions(tmp_path, "one")
    trash = Trash()
    trash.put(one)
    trash.empty()
    assert os.listdir(tmp_path) == []
    assert trash.take_back() is None


def test_nothing_is_put_in_place_of_another_file(tmp_path: Path) -> None:
    """Two of one name come back one after the other."""
    (one,) = sessions(tmp_path, "one")
    trash = Trash()
    assert trash.put(one)
    one.write_text("newer")
    assert trash.take_back() is None
    assert trash.put(one)
    assert trash.take_back() == one
    assert one.read_text() == "newer"
    assert trash.take_back() is None
    one.unlink()
    assert trash.take_back() == one
    assert one.read_text() == "one.ws.jsonl"


def test_what_is_being_recorded_stays(tmp_path: Path) -> None:
    """So does what is no file."""
    (one,) = sessions(tmp_path, "one")
    trash = Trash()
    with one.open() as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        assert not trash.put(one)
    (tmp_path / "link.ws.jsonl").symlink_to(one)
    assert not trash.put(tmp_path / "link.ws.jsonl")
    assert not trash.put(tmp_path / "none.ws.jsonl")
    assert one.exists()


def test_a_sweep_leaves_what_may_still_come_back(tmp_path: Path) -> None:
    """What was left by another that did not end in order goes."""
    one, other = sessions(tmp_path, "one", "other")
    left = tmp_path / ".left.ws.jsonl.deleted"
    left.write_text("x")
    trash = Trash()
    trash.put(one)
    sweep([tmp_path, tmp_path / "none"])
    assert not left.exists()
    assert other.exists()
    assert trash.take_back() == one
