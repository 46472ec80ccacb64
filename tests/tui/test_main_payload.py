"""A payload in a file, a pager, an editor; the screen as a picture."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.desk import Desk
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.outside import command_of, readable
from wsdebug.tui.row_copies import Payload
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.status_line import StatusLine

HEAD = '{"wsdebug":1,"url":"ws://127.0.0.1:9/?token=***"}\n'
TEXT = "\x1b[2J\x07über\nnext"
LINES = (
    '{"t":0.1,"event":"open"}\n'
    '{"t":0.5,"recv":"\\u001b[2J\\u0007über\\nnext"}\n'
    '{"t":0.6,"recv":{"b64":"AAECGw=="}}\n'
    '{"t":0.7,"send":"{\\"id\\":1}"}\n'
)
KEEPER = "import pathlib,shutil,sys; p=pathlib.Path(sys.argv[1]); shutil.copy(p,'kept'+p.suffix)"


@pytest.fixture
def app(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WsdebugApp]:
    """A saved session, in a folder of its own; wsdebug was started in it too."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "kept" / "a.ws.jsonl"
    path.parent.mkdir()
    path.write_text(HEAD + LINES)
    session = desk.open_file(path)
    yield WsdebugApp(desk, session, connect=False)
    session.finish()


async def at_line(pilot: Pilot[int], app: WsdebugApp, line: int) -> None:
    """The cursor on a line of the file."""
    await until(pilot, lambda: bool(app.tabs) and (main_of(app).session.log is not None))
    view = main_of(app).query_one(LogRegion).view
    await until(pilot, lambda: view.line is not None)
    view.go_to_line(line)
    await until(pilot, lambda: view.line == line)


def contents(name: str) -> bytes:
    """Of a file where wsdebug was started."""
    return Path(name).read_bytes()


def said(app: WsdebugApp) -> str:
    """What the status line says."""
    message = main_of(app).query_one(StatusLine).message
    return message.text if message is not None else ""


@pytest.mark.parametrize(
    ("line", "suffix", "data"),
    [(3, "txt", TEXT.encode()), (4, "bin", b"\0\1\2\x1b"), (5, "json", b'{"id":1}')],
)
async def test_a_payload_is_written_beside_the_session(
    app: WsdebugApp, tmp_path: Path, line: int, suffix: str, data: bytes
) -> None:
    """Byte for byte, never over another file."""
    async with app.run_test(size=(140, 45)) as pilot:
        await at_line(pilot, app, line)
        await pilot.press("w")
        await until(pilot, lambda: "payload written" in said(app))
        path = tmp_path / "kept" / f"a line {line}.{suffix}"
        assert path.read_bytes() == data
        assert str(path) in said(app)
        assert path.stat().st_mode & 0o777 == 0o600
        await pilot.press("w")
        await until(pilot, lambda: f"a line {line}-2.{suffix}" in said(app))


async def test_a_row_without_a_payload(app: WsdebugApp) -> None:
    """Says so."""
    async with app.run_test(size=(80, 24)) as pilot:
        await at_line(pilot, app, 2)
        for key in ("w", "o", "O"):
            await pilot.press(key)
            await until(pilot, lambda: said(app) == "this row has no payload")


async def test_a_folder_that_takes_nothing(
    app: WsdebugApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is named."""
    monkeypatch.setattr("wsdebug.tui.main_payload.beside", lambda _: Path("none"))
    async with app.run_test(size=(80, 24)) as pilot:
        await at_line(pilot, app, 3)
        await pilot.press("w")
        await until(pilot, lambda: "cannot be written: no such file" in said(app))


@pytest.mark.parametrize("key", ["o", "O"])
async def test_no_place_for_what_another_program_reads(
    app: WsdebugApp, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Is told, and ends nothing."""
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_line(pilot, app, 3)
        await pilot.press(key)
        await until(pilot, lambda: said(app).startswith("cannot make a temporary folder: no such"))


@pytest.mark.parametrize(
    ("key", "line", "kept"),
    [
        ("o", 3, ("kept.txt", b"\\x1b[2J\\x07\xc3\xbcber\nnext\n")),
        ("o", 4, ("kept.txt", b"0000  00 01 02 1b")),
        ("O", 3, ("kept.txt", TEXT.encode())),
        ("O", 4, ("kept.bin", b"\0\1\2\x1b")),
    ],
)
async def test_other_programs(
    app: WsdebugApp,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    line: int,
    kept: tuple[str, bytes],
) -> None:
    """A pager gets nothing that a terminal acts upon, an editor the bytes; the screen is away."""
    away: list[str] = []

    @contextmanager
    def suspend() -> Iterator[None]:
        away.append("away")
        yield
        away.append("back")

    for variable in ("PAGER", "VISUAL"):
        monkeypatch.setenv(variable, f'{sys.executable} -c "{KEEPER}"')
    async with app.run_test(size=(140, 45)) as pilot:
        monkeypatch.setattr(app, "suspend", suspend)
        await at_line(pilot, app, line)
        await pilot.press(key)
        await until(pilot, lambda: away == ["away", "back"])
        name, data = kept
        found = contents(name)
        assert found.startswith(data)
        assert key == "O" or b"\x1b" not in found


async def test_no_terminal_to_be_given_away(
    app: WsdebugApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a browser; and a program that is not there."""
    monkeypatch.setenv("PAGER", "less")
    async with app.run_test(size=(140, 45)) as pilot:
        await at_line(pilot, app, 3)
        await pilot.press("o")
        await until(pilot, lambda: "no pager can be shown here" in said(app))


def test_which_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the environment, else a usual one; `cat` is none."""
    monkeypatch.setenv("PAGER", "most -s")
    assert command_of("pager") == ["most", "-s"]
    monkeypatch.setenv("PAGER", "cat")
    monkeypatch.setattr("shutil.which", lambda name: name if name in ("more", "vi") else None)
    assert command_of("pager") == ["more"]
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "code --wait")
    assert command_of("editor") == ["code", "--wait"]
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("EDITOR")
    assert command_of("editor") is None


def test_what_a_pager_reads_has_no_control_characters() -> None:
    """Whatever a peer sends."""
    text = "".join(map(chr, range(0x100)))
    shown = readable(Payload(1, text.encode(), text))
    assert {byte for byte in shown if byte < 0x20} == {0x0A}
    assert b"\xc2\x9b" not in shown
    assert set(readable(Payload(1, bytes(range(256)), None))) & {0x1B, 0x9B} == set()


@pytest.mark.parametrize(("key", "suffix"), [("f12", "svg"), ("ctrl+f12", "html")])
async def test_the_screen_as_a_picture(
    app: WsdebugApp, tmp_path: Path, key: str, suffix: str
) -> None:
    """With what stands over it, too; secrets and hostile bytes are as on the screen."""
    async with app.run_test(size=(140, 45)) as pilot:
        await at_line(pilot, app, 3)
        await pilot.press(key)
        await until(pilot, lambda: f"a.{suffix}" in said(app))
        text = (tmp_path / "kept" / f"a.{suffix}").read_text()
        assert "token=***" in text.replace("&#160;", " ")
        assert "\x1b" not in text
        assert "Handshake" in text
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        await pilot.press(key)
        await until(pilot, lambda: f"a-2.{suffix}" in said(app))
        assert "Subprotocols" in (tmp_path / "kept" / f"a-2.{suffix}").read_text()
