"""A disk that fills up while a session is recorded: said in red, and another file is offered."""

import errno
import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until, until_state
from wsdebug.session.disk import Disk
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.field import Field
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.question import Question
from wsdebug.tui.save_dialog import SaveDialog
from wsdebug.tui.status_line import StatusLine


class FillingDisk:
    """Takes everything until it is full, and then only what goes to files in one folder."""

    def __init__(self, other: Path) -> None:
        self.is_full = False
        self.other = other

    def write(self, fd: int, data: memoryview) -> int:
        """As the writer calls it."""
        if self.is_full and not self._is_elsewhere(fd):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(fd, data)

    def _is_elsewhere(self, fd: int) -> bool:
        number = os.fstat(fd).st_ino
        return number in [file.stat().st_ino for file in self.other.iterdir()]


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FillingDisk:
    """Where recordings go; `other` is on a disk of its own."""
    other = tmp_path / "other"
    other.mkdir()
    disk = FillingDisk(other)
    monkeypatch.setattr(
        "wsdebug.session.writer.Disk",
        lambda: Disk(write=disk.write, free=lambda _: 1 << 40, interval=0.01),
    )

    def no_link(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", no_link)
    return disk


async def send(pilot: Pilot[int], app: WsdebugApp, text: str) -> None:
    """Send a text, and wait for its echo."""
    counters = main_of(app).session.counters
    wanted = counters.frames_in + 1
    await pilot.press("c", *text, "ctrl+j", "escape")
    await until(pilot, lambda: counters.frames_in == wanted)


async def fill(pilot: Pilot[int], app: WsdebugApp, disk: FillingDisk) -> None:
    """A frame each way is recorded; then the disk is full, and another goes each way."""
    await until_state(pilot, app, "open")
    await pilot.press("escape")
    await send(pilot, app, "before")
    disk.is_full = True
    await send(pilot, app, "after")
    bar = app.screen.query_one(ConnectionBar)
    await until(pilot, lambda: bar.words is not None and bar.words.word == "not recorded")


@pytest.mark.parametrize("size", [(140, 45), (80, 24)])
async def test_a_full_disk_is_said(
    app: WsdebugApp, disk: FillingDisk, size: tuple[int, int]
) -> None:
    """In the bar, in the status line and at each row; frames go on."""
    async with app.run_test(size=size) as pilot:
        await fill(pilot, app, disk)
        words = app.screen.query_one(ConnectionBar).words
        assert words is not None
        assert words.reason == "the disk is full since line 10; frames go on"
        assert words.colour == "error"
        status = app.screen.query_one(StatusLine)
        said = status.message
        assert said is not None
        assert said.wrong
        assert said.text == "not recorded: the disk is full since line 10; frames go on"
        assert "not recorded: the disk is full since line 10;" in status.render().plain
        assert "^S another file" in status.render().plain
        status.message = None
        assert "not recorded   ^S another file" in status.render().plain
        view = app.screen.query_one(LogRegion).view
        marks = [view.render_line(y).text[1] for y in range(5)]
        assert marks == [" ", " ", " ", "◌", "◌"]
        disk.is_full = False
        await until(pilot, lambda: status.message is not None)
        assert status.recent[-1].text == "the recording goes on"
        await until(pilot, lambda: view.render_line(4).text[1] == " ")


async def test_the_recording_goes_on_in_another_file(app: WsdebugApp, disk: FillingDisk) -> None:
    """With everything that was held; a wrong path is told at the field."""
    async with app.run_test(size=(140, 45)) as pilot:
        await fill(pilot, app, disk)
        before = main_of(app).session.path
        assert before is not None
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SaveDialog))
        field = app.screen.query_one("#save-name", Field)
        assert Path(field.value).is_absolute()
        field.value = str(disk.other / "no" / "rest")
        await pilot.press("enter")
        assert isinstance(app.screen, SaveDialog)
        field.value = str(disk.other / "rest")
        await pilot.press("enter")
        target = disk.other / "rest.ws.jsonl"
        status = main_of(app).query_one(StatusLine)
        await until(pilot, lambda: not main_of(app).session.status.recording_problem)
        await until(pilot, lambda: "the recording goes on" in [m.text for m in status.recent])
        await send(pilot, app, "more")
        assert main_of(app).session.path == target
        text = target.read_text()
        assert [text.count(f'"send":"{word}"') for word in ("before", "after", "more")] == [1, 1, 1]
        assert '"event":"gap"' not in text
        assert not before.exists()


async def test_a_disk_with_no_room_either_is_said(app: WsdebugApp, disk: FillingDisk) -> None:
    """The recording stays where it is, and what is held is kept."""
    async with app.run_test(size=(140, 45)) as pilot:
        await fill(pilot, app, disk)
        before = main_of(app).session.path
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SaveDialog))
        field = app.screen.query_one("#save-name", Field)
        field.value = "here"
        await pilot.press("enter")
        status = main_of(app).query_one(StatusLine)
        words = "cannot save as here.ws.jsonl: the disk is full"
        await until(pilot, lambda: words in [m.text for m in status.recent])
        assert main_of(app).session.path == before
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        assert "Not everything is recorded: the disk is full" in app.export_screenshot().replace(
            "&#160;", " "
        )
    assert "here.ws.jsonl" not in os.listdir()
