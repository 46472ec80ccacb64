"""The recording that nobody asked for: its name, and where there can be none."""

import re
from pathlib import Path

import pytest

from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.tui import desk as desks
from wsdebug.tui.desk import Desk
from wsdebug.tui.run import run_ui
from wsdebug.workspace.config import Config


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
    for _ in range(2):  # F5 asks for no other one
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


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (RecordOptions("taken.ws.jsonl"), "taken.ws.jsonl exists; add --append or --force"),
        (RecordOptions("no/where.ws.jsonl"), "cannot write no/where.ws.jsonl: no such file"),
        (RecordOptions("folder", force=True), "cannot write folder: is a directory"),
        (RecordOptions("old.ws.jsonl", rotate=9), "old.2.ws.jsonl exists; add --append or --force"),
    ],
)
def test_a_name_that_cannot_be_recorded_to_is_told_before_the_screen_opens(
    home: Path, record: RecordOptions, why: str
) -> None:
    """There it would stand for a while, below a connection that is not made."""
    folder = home.parent  # where the test runs
    (folder / "folder").mkdir()
    (folder / "taken.ws.jsonl").write_text("mine")
    (folder / "old.2.ws.jsonl").write_text("mine")
    options = ConnectOptions("ws://127.0.0.1/")
    with pytest.raises(RecordingFailed, match=re.escape(why)):
        run_ui("url", options, record, config=Config(), defaults=ConnectOptions(url=""))
    assert (folder / "taken.ws.jsonl").read_text() == "mine"
    assert sorted(each.name for each in folder.iterdir()) == [
        "folder",
        "old.2.ws.jsonl",
        "taken.ws.jsonl",
    ]


@pytest.mark.parametrize("name", ["new.ws.jsonl", "taken.ws.jsonl"])
def test_a_name_is_tried_without_a_trace(home: Path, name: str) -> None:
    """Whoever leaves without a connection has lost nothing, and left nothing."""
    folder = home.parent
    (folder / "taken.ws.jsonl").write_text("mine")
    options, record = ConnectOptions("ws://127.0.0.1/"), RecordOptions(name, force=True)
    config = Config(theme="wsdebug-drak")  # found wrong after the name
    with pytest.raises(UsageError, match="no theme wsdebug-drak"):
        run_ui("url", options, record, config=config, defaults=ConnectOptions(url=""))
    assert (folder / "taken.ws.jsonl").read_text() == "mine"
    assert not (folder / "new.ws.jsonl").exists()
