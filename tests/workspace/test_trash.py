"""Deleted sessions, and those that come back."""

import fcntl
import os
from pathlib import Path

import pytest

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
    """What is not there cannot be taken away."""
    (one,) = sessions(tmp_path, "one")
    trash = Trash()
    with one.open() as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        assert not trash.put(one)
    assert not trash.put(tmp_path / "none.ws.jsonl")
    assert one.exists()


def test_a_sweep_leaves_what_may_still_come_back(tmp_path: Path) -> None:
    """What was left by another that did not end in order goes."""
    one, other = sessions(tmp_path, "one", "other")
    (tmp_path / "orders").mkdir()
    left = [tmp_path / ".left.ws.jsonl.deleted", tmp_path / "orders" / ".l.ws.jsonl.gz-2.deleted"]
    for path in left:
        path.write_text("x")
    trash = Trash()
    trash.put(one)
    sweep([tmp_path, tmp_path / "none"])
    assert not any(path.exists() for path in left)
    assert other.exists()
    assert trash.take_back() == one


def test_what_was_moved_comes_back(tmp_path: Path) -> None:
    """In turn with what was deleted; never in place of another file."""
    one, other = sessions(tmp_path, "one", "other")
    (tmp_path / "folder").mkdir()
    moved = tmp_path / "folder" / "moved.ws.jsonl"
    trash = Trash()
    assert trash.move(one, moved)
    assert not trash.move(other, moved)
    assert trash.put(moved)
    assert trash.take_back() == moved
    one.write_text("newer")
    assert trash.take_back() is None
    one.unlink()
    assert trash.take_back() == one
    assert (one.read_text(), other.read_text()) == ("one.ws.jsonl", "other.ws.jsonl")
    assert not moved.exists()


def test_what_was_moved_stays_when_the_trash_is_emptied(tmp_path: Path) -> None:
    """Only what was deleted goes; a folder that was removed meanwhile is made again."""
    (tmp_path / "folder").mkdir()
    one, other = sessions(tmp_path / "folder", "one", "other")
    trash = Trash()
    assert trash.move(one, tmp_path / "a.ws.jsonl")
    trash.empty()
    assert (tmp_path / "a.ws.jsonl").read_text() == "one.ws.jsonl"
    assert trash.move(other, tmp_path / "b.ws.jsonl")
    (tmp_path / "folder").rmdir()
    assert trash.take_back() == other
    assert other.read_text() == "other.ws.jsonl"


def test_what_is_being_recorded_is_not_moved(tmp_path: Path) -> None:
    """Its writer knows it by its name."""
    (one,) = sessions(tmp_path, "one")
    with one.open() as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        assert not Trash().move(one, tmp_path / "b.ws.jsonl")
    assert one.exists()


@pytest.mark.parametrize("target", ["one.ws.jsonl", "nowhere.ws.jsonl", "folder"])
def test_of_a_link_the_link_is_deleted(tmp_path: Path, target: str) -> None:
    """Never what it leads to, be it there or not, or being recorded; it comes back as it was."""
    (one,) = sessions(tmp_path, "one")
    (tmp_path / "folder").mkdir()
    link, trash = tmp_path / "link.ws.jsonl", Trash()
    link.symlink_to(target)
    with one.open() as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        for _ in range(2):
            assert trash.put(link)
            assert not link.is_symlink()
            assert one.read_text() == "one.ws.jsonl"
            assert trash.take_back() == link
            assert os.readlink(link) == target
    assert trash.put(link)
    trash.empty()
    assert sorted(os.listdir(tmp_path)) == ["folder", "one.ws.jsonl"]


def test_folders_that_were_made_for_a_move_go_with_it(tmp_path: Path) -> None:
    """Those that others use by now stay."""
    one, other = sessions(tmp_path, "one", "other")
    inner = tmp_path / "a" / "b" / "c"
    inner.mkdir(parents=True)
    trash = Trash()
    assert trash.move(one, inner / "one.ws.jsonl", made=(inner, inner.parent, tmp_path / "a"))
    other.rename(tmp_path / "a" / "other.ws.jsonl")
    assert trash.take_back() == one
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert left == ["a", "a/other.ws.jsonl", "one.ws.jsonl"]
