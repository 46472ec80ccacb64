"""The recording that nobody asked for: its name, and where there can be none."""

from pathlib import Path

import pytest

from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.errors import RecordingFailed
from wsdebug.tui import desk as desks
from wsdebug.tui.desk import Desk


def test_a_name_that_was_taken_meanwhile_is_not_insisted_on(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that begin in the same second find the same name free."""
    taken = tmp_path / "taken.ws.jsonl"
    taken.write_text("of another wsdebug")
    names = iter([taken, tmp_path / "taken 2.ws.jsonl"])
    monkeypatch.setattr(desks, "recording_path", lambda *_: next(names))
    complaints: list[str] = []
    live = desk.begin(ConnectOptions("ws://127.0.0.1/"), complaints.append)
    live.log.close()
    assert live.path == str(tmp_path / "taken 2.ws.jsonl")
    assert complaints == []
    assert taken.read_text() == "of another wsdebug"


def test_a_name_of_the_user_is_insisted_on(desk: Desk, tmp_path: Path) -> None:
    """What is there under it stays as it is, and nothing is connected."""
    taken = tmp_path / "taken.ws.jsonl"
    taken.write_text("of another wsdebug")
    asking = Desk(desk.engine, record=RecordOptions(str(taken)))
    with pytest.raises(RecordingFailed, match="exists"):
        asking.begin(ConnectOptions("ws://127.0.0.1/"), pytest.fail)
    assert taken.read_text() == "of another wsdebug"


def test_without_a_folder_for_it_the_session_goes_on_unrecorded(desk: Desk, home: Path) -> None:
    """As on a file system that nothing may be written to; it is said why."""
    home.write_text("in the way")
    complaints: list[str] = []
    live = desk.begin(ConnectOptions("ws://127.0.0.1/"), complaints.append)
    live.log.close()
    assert live.path is None
    assert complaints == [f"not recorded: not a directory: cannot use {home}/recordings"]
