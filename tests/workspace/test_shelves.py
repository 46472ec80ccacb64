"""Folders of sessions as a tree: whatever stands in them, it ends and nothing is raised."""

import os
from pathlib import Path

import pytest

from wsdebug.workspace import shelves
from wsdebug.workspace.folders import library_folder, recordings_folder
from wsdebug.workspace.shelves import Folder, list_folder, list_shelves

NOWHERE = "a link that leads nowhere"
AGAIN = "a link to a folder that stands here already"


def session(path: Path) -> Path:
    """A file with the name of a session, its folders made."""
    path = path.with_name(f"{path.name}.ws.jsonl")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"send":"x"}\n')
    return path


def tree(folder: Folder) -> dict[str, object]:
    """Names only: a folder is a dictionary; problems stand as words."""
    inner = {one.path.name: one.problem or tree(one) for one in folder.folders}
    files = {file.path.name.partition(".")[0]: file.problem for file in folder.files}
    return dict(sorted({**inner, **files}.items()))


def test_folders_in_folders(tmp_path: Path) -> None:
    """Without what is hidden, no session, or empty."""
    top = tmp_path / "top"
    for name in ("a", "orders/b", "orders/old/c", ".hidden/d"):
        session(top / name)
    (top / "empty" / "too").mkdir(parents=True)
    (top / "notes.txt").touch()
    (top / "packed.ws.jsonl.gz").touch()
    os.mkfifo(top / "pipe.ws.jsonl")
    (top / ".gone.ws.jsonl.deleted").touch()
    found = list_folder(top)
    assert tree(found) == {
        "a": "",
        "orders": {"b": "", "old": {"c": ""}},
        "packed": "",
    }
    assert {file.path.name[0] for file in found.all_files()} == {"a", "b", "c", "p"}
    a = next(file for file in found.files if file.path.name == "a.ws.jsonl")
    assert (a.size, a.modified_ns) == (13, a.path.stat().st_mtime_ns)
    assert list_folder(tmp_path / "none") == Folder(tmp_path / "none")


def test_links_are_followed_once(tmp_path: Path) -> None:
    """A loop ends in a row that says so, and the real folder stands where it is."""
    top, shared = tmp_path / "top", tmp_path / "shared"
    session(top / "mine" / "a")
    session(shared / "b")
    (top / "0-link").symlink_to(top / "mine")
    (top / "mine" / "back").symlink_to(top)
    (top / "team").symlink_to(shared)
    (shared / "self").symlink_to(shared)
    (top / "file.ws.jsonl").symlink_to(shared / "b.ws.jsonl")
    (top / "gone.ws.jsonl").symlink_to(tmp_path / "none")
    (top / "round.ws.jsonl").symlink_to("round.ws.jsonl")
    (top / "round").symlink_to("round")
    assert tree(list_folder(top)) == {
        "0-link": AGAIN,
        "file": "",
        "gone": NOWHERE,
        "mine": {"a": "", "back": AGAIN},
        "round": NOWHERE,
        "team": {"b": "", "self": AGAIN},
    }


def test_what_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row; what stands beside it is there."""
    top = tmp_path / "top"
    session(top / "a")
    session(top / "closed" / "b")
    scan = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert tree(list_folder(top)) == {"a": "", "closed": "cannot be read: permission denied"}


def test_what_is_no_folder_says_so(tmp_path: Path) -> None:
    """Like a file in its place."""
    (tmp_path / "sessions").touch()
    assert list_folder(tmp_path / "sessions").problem == "cannot be read: not a directory"


def test_too_many_folders_are_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to everything there is does not stall."""
    monkeypatch.setattr(shelves, "FOLDERS", 3)
    top = tmp_path / "top"
    for number in range(9):
        session(top / f"f{number}" / "a")
    found = list_folder(top)
    assert sum(1 for _ in found.all_files()) == 2
    assert [one.problem for one in found.folders if one.problem] == [shelves.TOO_MANY]
    assert len(found.folders) == 3


def test_folders_as_deep_as_can_be_end(tmp_path: Path) -> None:
    """Nobody goes there; whoever lays them to be found does not stall the program."""
    session(tmp_path / Path(*["a"] * 300) / "x")
    session(tmp_path / Path(*["a"] * shelves.DEEPEST) / "y")
    found = list_folder(tmp_path)
    assert [file.path.name for file in found.all_files()] == ["y.ws.jsonl"]
    problems = [one.problem for one in found.all_folders() if one.problem]
    assert problems == [shelves.TOO_DEEP]


def test_three_shelves(tmp_path: Path, home: Path) -> None:
    """./sessions by a path as it is written; a home that cannot be made is said."""
    session(Path("sessions") / "orders" / "a")
    session(library_folder() / "b")
    session(recordings_folder() / "c")
    found = list_shelves()
    assert [(shelf.place, shelf.has_names) for shelf in found] == [
        ("sessions", True),
        ("library", True),
        ("recordings", False),
    ]
    assert [tree(shelf.folder) for shelf in found] == [{"orders": {"a": ""}}, {"b": ""}, {"c": ""}]
    (file,) = found[0].folder.all_files()
    assert file.path == Path("sessions/orders/a.ws.jsonl")
    library_folder().rename(home / "elsewhere")
    (home / "library").touch()
    assert "cannot use" in list_shelves()[1].folder.problem
