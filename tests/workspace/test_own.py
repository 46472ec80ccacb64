"""Whose word a file's settings are."""

import os
import shutil
from pathlib import Path

import pytest

from wsdebug.workspace.folders import library_folder, recordings_folder
from wsdebug.workspace.own import is_own, kept_own, remember_own
from wsdebug.workspace.save import save_file

HEADER = '{"wsdebug":1,"url":"wss://h/","id":"%s"}\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A session that stands anywhere."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text(HEADER % "one")
    return path


def test_what_stands_in_a_folder_of_the_library_was_recorded_here(file: Path) -> None:
    """As what stands in the library itself; not what stands elsewhere."""
    inside = library_folder() / "orders" / "old" / "a.ws.jsonl"
    inside.parent.mkdir(parents=True)
    shutil.copy(file, inside)
    assert is_own(inside)
    assert not is_own(file)
    assert not is_own(file.with_name("none"))


def test_what_was_begun_here_is_remembered_wherever_it_is_moved(file: Path, tmp_path: Path) -> None:
    """As that file with that header: a copy may have come from anybody, a new one too."""
    remember_own(file)
    assert is_own(file)
    moved = file.rename(tmp_path / "moved")
    with moved.open("a") as grown:
        grown.write('{"send":"more"}\n')
    assert is_own(moved)
    assert not is_own(Path(shutil.copy(moved, tmp_path / "copied")))
    moved.write_text(HEADER % "another")
    assert not is_own(moved)


def test_what_is_written_anew_by_us_stays_what_it_was(file: Path, tmp_path: Path) -> None:
    """By --accept or clean; somebody else's stays somebody else's."""
    fresh = tmp_path / "fresh"
    for is_ours in (False, True):
        if is_ours:
            remember_own(file)
        with kept_own(file, file):
            shutil.copy(file, fresh)
            os.replace(fresh, file)
        assert is_own(file) is is_ours


def test_a_recording_that_is_saved_stays_ones_own(file: Path, tmp_path: Path) -> None:
    """It was, by where it stood."""
    recording = recordings_folder() / "a.ws.jsonl"
    shutil.copy(file, recording)
    save_file(recording, tmp_path / "saved.ws.jsonl")
    assert is_own(tmp_path / "saved.ws.jsonl")
    save_file(file, tmp_path / "copied.ws.jsonl")
    assert not is_own(tmp_path / "copied.ws.jsonl")


@pytest.mark.parametrize("text", ["", "no session", '{"url":"ws://h/"}\n', '{"send":"a"}\n'])
def test_a_file_without_an_id_is_nobodys(file: Path, text: str) -> None:
    """A script by hand is asked about; what is not there too."""
    file.write_text(text)
    remember_own(file)
    remember_own(file.with_name("none"))
    assert not is_own(file)
