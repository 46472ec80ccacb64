"""Where things are kept, and what they are called."""

import os
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.workspace import folders

NOW = datetime(2026, 8, 3, 14, 2, 11)


def test_folders_are_for_this_user_alone(home: Path) -> None:
    """0700, also where an older one was open to others."""
    (home / "library").mkdir(parents=True, mode=0o755)
    for folder in (folders.recordings_folder(), folders.library_folder()):
        assert folder.is_dir()
        assert folder.parent == home
        assert folder.stat().st_mode & 0o777 == 0o700


def test_files_have_their_places(home: Path) -> None:
    """All below the one folder; asking makes nothing."""
    paths = [folders.config_file(), folders.history_file("messages"), folders.state_file("x")]
    assert [path.relative_to(home).as_posix() for path in paths] == [
        "config.toml",
        "messages.history",
        "x",
    ]
    assert not home.exists()


def test_the_platform_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a home of our own, platformdirs decides."""
    monkeypatch.delenv("WSDEBUG_HOME")
    assert "wsdebug" in folders.config_file().parts
    assert folders.config_file().name == "config.toml"


def test_a_folder_that_cannot_be_made_is_said_in_words(home: Path) -> None:
    """With its path."""
    home.write_text("in the way")
    with pytest.raises(RecordingFailed, match=r"^not a directory: cannot use .*recordings$"):
        folders.recordings_folder()


@pytest.mark.parametrize("home", ["", "~nobody.at.all"])
def test_without_a_home_only_recordings_have_no_place(
    monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    """A user without a name, as in a container: there is no configuration, and a clear word."""

    def unknown(_: int) -> NoReturn:
        raise KeyError

    monkeypatch.setenv("WSDEBUG_HOME", home)
    for name in [name for name in os.environ if name == "HOME" or name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.chdir("/")
    assert not folders.config_file().exists()
    assert folders.history_file("urls").is_absolute()
    with pytest.raises(RecordingFailed, match="no home folder is known; set HOME or WSDEBUG_HOME"):
        folders.recordings_folder()


@pytest.mark.parametrize(
    ("url", "stem"),
    [
        ("wss://stream.example.com/v2/feed?symbols=ACME", "feed"),
        ("ws://127.0.0.1:9911/", "127.0.0.1"),
        ("ws://[::1]:9911/echo", "echo"),
        ("ws://[::1]:9911/", "1"),
        ("wss://a.example/live/8f3aa0c99b1d4e7", "live"),
        ("wss://a.example/eyJhbGciOiJIUzI1NiJ9", "a.example"),
        ("wss://a.example/***", "a.example"),
        ("wss://a.example/../..", "a.example"),
        ("wss://bücher.example/", "bücher.example"),
        ("wss://[", "session"),
        ("", "session"),
    ],
)
def test_a_recording_is_named_after_its_url(url: str, stem: str) -> None:
    """By a word of it that gives nothing away."""
    path = folders.recording_path(url, NOW)
    assert path.name == f"{stem} 2026-08-03 14-02-11.ws.jsonl"
    assert path.parent == folders.recordings_folder()


def test_two_recordings_of_a_second_have_two_names() -> None:
    """The second is numbered."""
    names = []
    for _ in range(3):
        path = folders.recording_path("ws://a/feed", NOW)
        path.touch()
        names.append(path.name)
    assert names == [
        "feed 2026-08-03 14-02-11.ws.jsonl",
        "feed 2026-08-03 14-02-11 2.ws.jsonl",
        "feed 2026-08-03 14-02-11 3.ws.jsonl",
    ]
    assert {folders.display_name(name) for name in names} == {"feed 14-02"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("feed 2026-08-03 14-02-11.ws.jsonl", "feed 14-02"),
        ("/a/b/login.ws.jsonl", "login"),
        ("login.ws.jsonl.gz", "login"),
        ("notes.txt", "notes.txt"),
    ],
)
def test_names_are_shown_short(name: str, shown: str) -> None:
    """As in the status line."""
    assert folders.display_name(name) == shown
