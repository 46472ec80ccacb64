"""The settings page on small terminals: one column that scrolls, and nothing cut that matters."""

from dataclasses import replace

import pytest
from textual.app import App
from textual.widget import Widget

from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.field import Field
from wsdebug.tui.keys_help import KeysHelp
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.settings_table import RowTable
from wsdebug.tui.words import StateWords

SMALL = [(80, 24), (100, 30)]
OPTIONS = ConnectOptions(
    "wss://stream.example.com/v2/feed?symbols=ACME&depth=20",
    header=(("X-Client", "desk-4"), ("X-Trace", "full")),
    subprotocol=("feed.v2", "feed.v1"),
)
CLOSED = StateWords("closed", "closed", "1000", "closed by you", "foreground", "connect")


class Host(App[None]):
    """Shows the page."""

    def __init__(self, options: ConnectOptions = OPTIONS) -> None:
        super().__init__()
        self.page = SettingsScreen(
            options,
            words=lambda: CLOSED,
        )

    def on_mount(self) -> None:
        """Open it."""
        self.push_screen(self.page)

    def text(self, selector: str) -> str:
        """What a part of the page shows."""
        found = self.page.query_one(selector, Widget)
        return "\n".join(strip.text.rstrip() for strip in found.render_lines(found.size.region))


@pytest.mark.parametrize("size", SMALL)
async def test_it_opens_at_its_top(size: tuple[int, int]) -> None:
    """With the cursor at the headers: the parameters above are in sight too."""
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        page = host.page.query_one("#settings-page")
        assert page.scroll_offset.y == 0
        assert page.max_scroll_y > 0
        assert host.page.focused is host.page.query_one("#header")
        for table in ("#query", "#header"):
            assert page.region.contains_region(host.page.query_one(table).region)


@pytest.mark.parametrize(("size", "is_narrow"), [((80, 24), True), ((140, 45), False)])
async def test_its_first_paint_is_its_last_layout(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], is_narrow: bool
) -> None:
    """Before the page is told its size: two columns flashing up at 80 cells cannot be read."""
    monkeypatch.setattr(SettingsScreen, "on_resize", lambda _: None)
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        assert host.page.has_class("-narrow") is is_narrow
        assert host.page.has_class("-short") is is_narrow


async def test_a_long_list_above_is_left_out_of_sight() -> None:
    """The cursor is always in sight."""
    parameters = "&".join(f"p{number}=1" for number in range(30))
    host = Host(replace(OPTIONS, url=f"ws://127.0.0.1/?{parameters}"))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        page, table = host.page.query_one("#settings-page"), host.page.query_one("#header")
        await pilot.pause()
        assert page.region.y <= table.region.y < page.region.bottom


@pytest.mark.parametrize(
    ("size", "bar", "command"), [((80, 24), 1, 1), ((100, 30), 2, 1), ((140, 45), 4, 3)]
)
async def test_less_room_is_less_air(size: tuple[int, int], bar: int, command: int) -> None:
    """The bars take no more rows than there are for them."""
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        assert host.page.query_one("#settings-bar").size.height == bar
        assert host.page.query_one("#settings-command").size.height == command
        assert host.page.query_one("#settings-status").size.height == 1


@pytest.mark.parametrize("size", SMALL)
async def test_the_keys_are_never_cut(size: tuple[int, int]) -> None:
    """What is long is cut before them: the URL, the command, the problem."""
    url = "wss://stream.example.com/" + "long/" * 30
    header = (("X Region", "eu"), ("X Zone", "1"), ("X Rack", "2"), ("X Unit", "3"))
    host = Host(replace(OPTIONS, url=url, header=header))
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        assert "F5 connect" in host.text("#settings-bar")
        assert host.text("#settings-command").endswith("^J connect with these   esc back")
        status = host.text("#settings-status")
        assert status.endswith("tab next field   F1 keys   ^P all actions")
        assert "fields need a look" in status
        assert "K J move" in host.text("#header").partition("\n")[0]


@pytest.mark.parametrize("size", SMALL)
async def test_a_row_is_edited_in_its_place(size: tuple[int, int]) -> None:
    """Name and value beside each other, both in sight; `K` and `J` are letters there."""
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("down", "enter", "K", "J")
        await pilot.pause()
        table = host.page.query_one("#header", RowTable)
        name, value = table.query(Field)
        assert name.value == "X-TraceKJ"
        assert name.region.y == value.region.y == table.region.y + 2
        assert name.region.right < value.region.x
        assert host.page.region.contains_region(value.region)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert [row.name for row in table.rows] == ["X-Client", "X-TraceKJ"]


@pytest.mark.parametrize(("focus", "key"), [("#header", "f1"), ("#header", "?"), ("#cacert", "f1")])
async def test_its_keys_are_shown(focus: str, key: str) -> None:
    """Over the page, and back to the same field."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        host.page.query_one(focus).focus()
        await pilot.press(key)
        await pilot.pause()
        shown = host.screen
        assert isinstance(shown, KeysHelp)
        await pilot.press("escape")
        await pilot.pause()
        assert host.screen is host.page
        assert host.page.focused is host.page.query_one(focus)


async def test_a_question_mark_is_typed_into_a_field() -> None:
    """It is a letter there."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        field = host.page.query_one("#cacert", Field)
        field.focus()
        await pilot.press("?")
        await pilot.pause()
        assert field.value == "?"
        assert host.screen is host.page
