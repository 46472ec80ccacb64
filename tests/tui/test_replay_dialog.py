"""How a session is to be replayed, under a pilot."""

import pytest
from textual.app import App
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.replay.settings import PACES, Settings
from wsdebug.tui.field import Field
from wsdebug.tui.replay_dialog import WORDS, ReplayChoice, ReplayDialog
from wsdebug.tui.settings_form import Note

URL = "ws://127.0.0.1:9/"


class Host(App[None]):
    """Opens the dialog and keeps what it was left with."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.results: list[ReplayChoice | None] = []
        self._settings = settings

    def on_mount(self) -> None:
        """Ask."""
        self.push_screen(ReplayDialog("[b]echo", URL, self._settings), self.results.append)


@pytest.mark.parametrize("pace", PACES)
async def test_enter_takes_what_was_chosen_before(pace: str) -> None:
    """Each pace says what it means; only those by the clock have a speed."""
    settings = Settings(pace=pace, speed=2.5, timeout=3)  # type: ignore[arg-type]
    host = Host(settings)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        words = str(host.screen.query_one("#replay-words", Static).content)
        assert words == WORDS[settings.pace].format(key="x")
        row = host.screen.query_one("#replay-speed-row", Widget)
        assert bool(row.display) == (pace in ("clock", "both"))
        await pilot.press("enter")
        await pilot.pause()
    assert host.results == [ReplayChoice(URL, settings)]


async def test_another_pace_and_ids_that_are_carried() -> None:
    """By the keys of a form."""
    host = Host(Settings())
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("right", "down", "home", "shift+end", "4", "down", "space", "enter")
        await pilot.pause()
    assert host.results == [ReplayChoice(URL, Settings(pace="clock", speed=4.0, correlate=True))]


@pytest.mark.parametrize(
    ("field", "value"),
    [("speed", "fast"), ("speed", "0"), ("speed", "inf"), ("url", "ftp://a"), ("url", "")],
)
async def test_what_is_wrong_is_said_at_its_field(field: str, value: str) -> None:
    """And goes with the next change; nothing is played."""
    host = Host(Settings(pace="clock"))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        host.screen.query_one(f"#replay-{field}", Field).value = value
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        note = host.screen.query_one(f"#replay-{field}-problem", Note)
        assert note.display
        assert host.focused is host.screen.query_one(f"#replay-{field}")
        await pilot.press("1")
        await pilot.pause()
        assert not note.display
        await pilot.press("escape")
        await pilot.pause()
    assert host.results == [None]
