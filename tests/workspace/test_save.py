"""A name for a session."""

from pathlib import Path

import pytest

from wsdebug.errors import UsageError
from wsdebug.workspace.folders import library_folder
from wsdebug.workspace.save import save_path


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
        ("../x", "a name cannot have / in it"),
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
