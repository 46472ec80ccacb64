"""How the screens look: few pictures, with a fixed clock, size and session.

`pytest tests/snapshots --snapshot-update` takes what is there now for right; look at it first.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.rest import rest_instead_of_sleep
from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.status import Counters, Status
from wsdebug.errors import HandshakeRefused
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.collector import Collector
from wsdebug.tui.desk import Desk, Recordings
from wsdebug.tui.open_session import OpenSession
from wsdebug.workspace.config import Config
from wsdebug.workspace.recording import RecordingInfo

SESSIONS = Path(__file__).parents[2] / "sessions"
SECOND = 1_000_000_000
URL = "wss://stream.example.com/v2/feed"
OPEN = Status(state="open", connection=1, extensions="permessage-deflate", tls="TLS 1.3")
REFUSED = Status(
    state="failed",
    connection=1,
    failure=HandshakeRefused(
        "refused: 401, wants Basic",
        status=401,
        reason="Unauthorized",
        headers=(("WWW-Authenticate", 'Basic realm="orders"'),),
        body=b"",
    ),
)
NOON = datetime(2026, 8, 3, 12, 0, tzinfo=UTC)


class StillSession(OpenSession):
    """A file that looks like a live session in a moment of it."""

    def __init__(self, engine: BackgroundEngine, file: Path, status: Status) -> None:
        super().__init__(engine, options=ConnectOptions(url=URL), file=file)
        self.still = status
        self.file = None

    @property
    def status(self) -> Status:
        """Always the same."""
        return self.still

    @property
    def is_live(self) -> bool:
        """As its state says."""
        return self.still.state == "open"

    @property
    def counters(self) -> Counters:
        """Always the same."""
        return Counters(41, 4, 6_380, 212, 0, 18_000_000)

    @property
    def path(self) -> Path | None:
        """A name without a date of today."""
        return Path("feed 14-02.ws.jsonl")


class StillDesk(Desk):
    """Knows two recordings, one of them interrupted, and nothing of this machine."""

    def recordings(self) -> Recordings:
        """Always the same."""
        crashed = RecordingInfo(
            path=Path("live 2026-08-03 11-49-00.ws.jsonl"),
            url="wss://orders.example.com/live",
            started=NOON.replace(hour=11, minute=49),
            frames=12_004,
            size=3_100_000,
            last="interrupted",
            crashed=True,
        )
        refused = RecordingInfo(
            path=Path("auth 2026-08-03 09-57-00.ws.jsonl"),
            url="wss://api.example.com/auth",
            started=NOON.replace(hour=9, minute=57),
            frames=0,
            size=1_800,
            last="refused 401",
        )
        return Recordings((crashed, refused), (crashed,))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Config], Desk]]:
    """Makes a desk with a configuration, at noon in Greenwich."""
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Collector, "begin", lambda _: None)
    rest_instead_of_sleep(monkeypatch)
    engines: list[BackgroundEngine] = []

    def make(config: Config) -> Desk:
        engines.append(BackgroundEngine())
        return StillDesk(engines[-1], config=config, now=lambda: NOON, clock=lambda: 44 * SECOND)

    yield make
    for engine in engines:
        engine.stop()
    monkeypatch.undo()
    time.tzset()


async def settled(pilot: Pilot[int]) -> None:
    """Nothing blinks, and what is made in the background has been shown."""
    await pilot.app.workers.wait_for_complete()
    for editor in pilot.app.screen.query("TextArea, Input"):
        editor.cursor_blink = False  # type: ignore[attr-defined]
    await pilot.pause(0.3)  # a tick of the counters
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


DARK = Config(ascii=False)
LIGHT = Config(ascii=False, theme="wsdebug-light")
PLAIN = Config(ascii=True)
BITS = ("tab", "tab", "space", "tab", "tab", "tab", "tab")  # RSV2, and on to the masking key
REST = (*"a1 b2 c3 d4", "tab", "tab", "9", "tab", "tab", *"68 65 6c 6c 6f")
RAW = ("c", *["f3"] * 5, *BITS, *REST)
CASES = [
    ("main-140x45", "echo", OPEN, (140, 45), ("j",), DARK),
    ("main-80x24", "echo", OPEN, (80, 24), ("G",), DARK),
    ("main-light", "echo", OPEN, (140, 45), ("j",), LIGHT),
    ("main-ascii", "echo", OPEN, (140, 45), ("j",), PLAIN),
    ("ticker-200x60", "ticker", OPEN, (200, 60), ("G",), DARK),
    ("inspector-80x24", "echo", OPEN, (80, 24), ("j", "j", "enter"), DARK),
    ("frame", "deflate", OPEN, (140, 45), ("G", "k", "2"), DARK),
    ("handshake", "echo", OPEN, (140, 45), ("g", "4"), DARK),
    ("message", "fragments", OPEN, (140, 45), ("g", "j", "3"), DARK),
    ("violation", "violations", OPEN, (140, 45), ("g", "b"), DARK),
    ("close", "echo", OPEN, (140, 45), ("c", "f3", "f3", "f3", "f3"), DARK),
    ("raw", "echo", OPEN, (140, 45), RAW, DARK),
    ("binary-100x30", "echo", OPEN, (100, 30), ("c", "f3", *"00 ff"), DARK),
    ("refused", "echo", REFUSED, (140, 45), ("g",), DARK),
    ("settings", "echo", OPEN, (140, 45), ("f2",), DARK),
    ("keys", "echo", OPEN, (140, 45), ("question_mark",), DARK),
    ("palette", "echo", OPEN, (140, 45), ("ctrl+p",), DARK),
    ("save", "echo", OPEN, (100, 30), ("ctrl+s",), DARK),
]


@pytest.mark.parametrize(
    ("session", "status", "size", "keys", "config"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_main_screen(
    desk: Callable[[Config], Desk],
    snap_compare: Callable[..., bool],
    session: str,
    status: Status,
    size: tuple[int, int],
    keys: tuple[str, ...],
    config: Config,
) -> None:
    """With a session, a state, a size, and keys pressed."""
    at = desk(config)
    still = StillSession(at.engine, SESSIONS / f"{session}.ws.jsonl", status)
    app = WsdebugApp(at, still, connect=False)

    async def press(pilot: Pilot[int]) -> None:
        await settled(pilot)
        await pilot.press("escape", *keys)
        await settled(pilot)

    try:
        assert snap_compare(app, terminal_size=size, run_before=press)
    finally:
        still.finish()


@pytest.mark.parametrize("size", [(140, 45), (80, 24)], ids=["140x45", "80x24"])
def test_the_start_screen(
    desk: Callable[[Config], Desk], snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    """With an interrupted and a refused recording."""
    app = WsdebugApp(desk(DARK))
    assert snap_compare(app, terminal_size=size, run_before=settled)
