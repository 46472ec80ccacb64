"""A name for a session."""

import os
from pathlib import Path

import pytest

from wsdebug.errors import UsageError
from wsdebug.workspace.folders import library_folder
from wsdebug.workspace.save import elsewhere, save_path


def test_a_name_goes_to_sessions_or_to_the_library(tmp_path: Path) -> None:
    """With the suffix, typed or not; the folder is made for this user alone."""
    assert save_path(" login ", "sessions") == Path("sessions/login.ws.jsonl")
    assert (tmp_path / "sessions").stat().st_mode & 0o777 == 0o700
    assert save_path("login.ws.jsonl", "library") == library_folder() / "login.ws.jsonl"
    assert save_path("Bücher 東京", "library").name == "Bücher 東京.ws.jsonl"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "type a name"),
        (" .ws.jsonl", "type a name"),
        ("../x", "a name cannot begin with ."),
        ("a/../x", "a name cannot begin with ."),
        ("/x", "type a name"),
        ("a//x", "type a name"),
        ("a/", "type a name"),
        ("a/" * 17 + "x", "these are too many folders"),
        ("a\\b", "a name cannot have \\\\ in it"),
        ("a:b", "a name cannot have : in it"),
        ("a\nb", "invisible characters"),
        ("a\u202eb", "invisible characters"),
        (".hidden", "a name cannot begin with ."),
        ("-rf", "a name cannot begin with -"),
        ("ü" * 101, "this name is too long"),
    ],
)
def test_a_name_that_cannot_be_is_told_in_words(name: str, words: str) -> None:
    """At its field."""
    with pytest.raises(UsageError, match=words.replace(".", "\\.")) as caught:
        save_path(name, "library")
    assert caught.value.field == "name"


def test_a_path_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder has to be there; `~` is home."""
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    (tmp_path / "me").mkdir()
    assert save_path(f" {tmp_path}/me/a.ws.jsonl ", "path") == tmp_path / "me" / "a.ws.jsonl"
    assert save_path("~/b", "path") == tmp_path / "me" / "b.ws.jsonl"
    assert save_path("c", "path") == Path("c.ws.jsonl")
    (tmp_path / "c.ws.jsonl").touch()
    for name, words in (
        ("", "type a name"),
        ("me", "this is a folder; type a name after it"),
        ("~/no/d", f"there is no folder {tmp_path}/me/no"),
        ("~no-such-user/d", "there is no folder ~no-such-user"),
        ("me/.d", "a name cannot begin with ."),
        ("c", "c.ws.jsonl is there already; choose another name"),
    ):
        with pytest.raises(UsageError) as caught:
            save_path(name, "path")
        assert str(caught.value) == words


@pytest.mark.parametrize("other", ["cwd", "home", "tmp", "none"])
def test_another_disk_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """With room for what there is; home where there is none."""
    places = {name: tmp_path / name for name in ("cwd", "home", "tmp")}
    for place in places.values():
        place.mkdir()
    monkeypatch.chdir(places["cwd"])
    monkeypatch.setenv("HOME", str(places["home"]))
    monkeypatch.setattr("tempfile.tempdir", str(places["tmp"]))
    disks = {name: 2 if name == other else 1 for name in places}
    stat = Path.stat

    def on_disks(path: Path, **options: bool) -> os.stat_result:
        facts = stat(path, **options)
        return os.stat_result((*facts[:2], disks.get(path.name, 1), *facts[3:]))

    monkeypatch.setattr(Path, "stat", on_disks)
    found = elsewhere(tmp_path / "a.ws.jsonl", 1000)
    assert found == places.get(other, places["home"])
    assert elsewhere(tmp_path / "a.ws.jsonl", 1 << 60) == places["home"]


def test_a_name_that_is_taken_is_told(tmp_path: Path) -> None:
    """Nothing is ever overwritten, not through a link either."""
    save_path("login", "sessions").touch()
    Path("sessions/link.ws.jsonl").symlink_to(tmp_path / "nowhere")
    for name in ("login", "link"):
        with pytest.raises(UsageError, match="is there already; choose another name"):
            save_path(name, "sessions")


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    """In words."""
    (tmp_path / "sessions").touch()
    with pytest.raises(UsageError, match="cannot make sessions: "):
        save_path("x", "sessions")
