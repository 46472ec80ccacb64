"""The settings page under a pilot."""

import asyncio
from dataclasses import replace

import pytest
from textual.app import App
from textual.events import Paste
from textual.widgets import Static

from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.field import Field
from wsdebug.tui.one_of import Choice
from wsdebug.tui.settings import SettingsResult, SettingsScreen
from wsdebug.tui.settings_form import Check, Note, Section
from wsdebug.tui.settings_model import SettingsDraft, draft_of
from wsdebug.tui.settings_table import RowTable
from wsdebug.tui.words import StateWords

OPTIONS = ConnectOptions(
    "wss://stream.example.com/v2/feed?symbols=ACME",
    header=(("X-Client", "desk-4"), ("X-Trace", "full")),
    subprotocol=("feed.v2",),
    cookie="a=1; b=2",
)


class Host(App[None]):
    """Shows the page and keeps what it was left with."""

    def __init__(
        self, options: ConnectOptions = OPTIONS, draft: SettingsDraft | None = None
    ) -> None:
        super().__init__()
        self.options, self.draft = options, draft
        self.result: SettingsResult | None = None
        self.words = StateWords("closed", "closed", "1000", "by you", "foreground", "connect")

    def on_mount(self) -> None:
        """Open it."""
        page = SettingsScreen(self.options, self.draft, words=lambda: self.words)
        self.push_screen(page, self.keep)

    def keep(self, result: SettingsResult | None) -> None:
        """Remember the result."""
        self.result = result

    @property
    def page(self) -> SettingsScreen:
        """The page that is shown."""
        assert isinstance(self.screen, SettingsScreen)
        return self.screen

    def table(self, name: str) -> RowTable:
        """One of its tables."""
        return self.page.query_one(f"#{name}", RowTable)

    def text(self, selector: str) -> str:
        """What a part of the page shows."""
        found = self.page.query_one(selector)
        return "\n".join(strip.text.rstrip() for strip in found.render_lines(found.size.region))


SIZES = [(140, 45), (80, 24)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_field_can_be_reached(size: tuple[int, int]) -> None:
    """By tab alone, and is in sight then."""
    host = Host(replace(OPTIONS, user="a:b", cert="/x"))
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        seen = set()
        for _ in range(40):
            focused = host.page.focused
            assert focused is not None
            seen.add(focused.id)
            await pilot.press("tab")
            await pilot.pause()
        wanted = {"query", "header", "subprotocol", "auth", "user", "password", "verify", "cert"}
        wanted |= {"key", "passphrase", "compress", "keep_ours", "window_theirs", "reconnect"}
        wanted |= {"location", "family", "lenient", "max_size", "connect_timeout"}
        wanted |= {"close_timeout", "ping_timeout"}
        assert wanted <= seen


async def test_esc_leaves_with_what_was_changed() -> None:
    """Without connecting."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("space", "escape")
        await pilot.pause()
        assert host.result is not None
        assert not host.result.connect
        assert host.result.options.header == (("X-Trace", "full"),)
        assert [row.is_on for row in host.result.draft.header] == [False, True, True]


async def test_a_page_goes_on_where_it_was_left() -> None:
    """Rows that are off are still there."""
    left = draft_of(OPTIONS)
    left = replace(left, header=(replace(left.header[0], is_on=False), *left.header[1:]))
    host = Host(OPTIONS, left)
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert "[ ]  X-Client" in host.text("#header")


@pytest.mark.parametrize("key", ["ctrl+j", "f5", "f8"])
async def test_connect_with_these(key: str) -> None:
    """From a text field too."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        host.page.query_one("#servername", Field).focus()
        await pilot.press("a", ".", "b", key)
        await pilot.pause()
        assert host.result is not None
        assert host.result.connect
        assert host.result.options == replace(OPTIONS, servername="a.b")


async def test_rows_are_added_edited_moved_and_removed() -> None:
    """By keyboard alone."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("+", *"X-New", "enter", *"one", "enter")
        await pilot.pause()
        names = [(row.name, row.value) for row in host.table("header").rows]
        assert names[-1] == ("X-New", "one")
        await pilot.press("K", "K", "K")
        assert host.table("header").rows[0].name == "X-New"
        await pilot.press("J", "-")
        assert [row.name for row in host.table("header").rows] == ["X-Client", "X-Trace", "Cookie"]
        await pilot.press("up", "enter", "tab", "end", "5", "enter")
        await pilot.pause()
        assert host.page.options.header[0] == ("X-Client", "desk-45")


async def test_a_row_is_left_as_it_was_by_esc() -> None:
    """And a new one goes away again; the page stays."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("enter", "x", "escape")
        await pilot.pause()
        assert host.page.options == OPTIONS
        await pilot.press("+", "x", "escape")
        await pilot.pause()
        assert host.page.options == OPTIONS
        assert host.table("header").has_focus


async def test_leaving_a_row_takes_what_was_typed() -> None:
    """As a click elsewhere does."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("enter", "2")
        host.page.query_one("#cacert", Field).focus()
        await pilot.pause()
        await pilot.pause()
        assert host.page.options.header[0] == ("X-Client2", "desk-4")


async def test_a_wrong_header_needs_a_look() -> None:
    """Said under the row and in the status line; nothing connects."""
    host = Host(replace(OPTIONS, header=(("X Region", "eu"),)))
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert "! a header name cannot contain a space: X-Region?" in host.text("#header")
        assert "1 field needs a look: header 1" in host.text("#settings-status")
        await pilot.press("ctrl+j")
        await pilot.pause()
        assert host.result is None
        await pilot.press("escape")
        await pilot.pause()
        assert host.result is not None
        assert host.result.options == host.options


async def test_a_wrong_field_says_so_beneath() -> None:
    """In red, at once."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        host.page.query_one("#max_size", Field).value = "much"
        await pilot.pause()
        note = host.page.query_one("#note-max_size", Note)
        assert note.display
        assert note.has_class("-wrong")
        assert host.page.query_one("#max_size").has_class("-wrong")


async def test_authentication_shows_its_fields() -> None:
    """None, a user and a password, or a token; and says that they are not recorded."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        page = host.page
        assert not page.query_one("#row-user").display
        page.query_one(Choice).focus()
        await pilot.press("right")
        await pilot.pause()
        assert page.query_one("#row-user").display
        assert "not kept in the recording" in host.text("#note-secret")
        await pilot.press("right")
        await pilot.pause()
        assert page.query_one("#row-token").display
        assert not page.query_one("#row-user").display


async def test_redirects_are_followed_if_ticked() -> None:
    """As many as said, which is asked for only then."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        page, most = host.page, host.page.query_one("#max_redirs", Field)
        assert not most.display
        page.query_one("#location", Check).focus()
        await pilot.press("space", "tab", "backspace", "backspace", "3")
        await pilot.pause()
        assert page.focused is most
        assert page.options == replace(OPTIONS, location=True, max_redirs=3)
        assert " -L " in host.text("#settings-command")
        most.value = "x"
        await pilot.pause()
        assert "a whole number" in host.text("#note-max_redirs")


async def test_only_one_ip_version_is_used_if_chosen() -> None:
    """IPv4 or IPv6, or both again."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        host.page.query_one("#family", Choice).focus()
        for family in (4, 6, 0):
            await pilot.press("right")
            await pilot.pause()
            assert host.page.options == replace(OPTIONS, family=family)


async def test_only_the_focused_table_stands_out() -> None:
    """`add` is fainter in the others, wherever their cursor is."""
    host = Host(ConnectOptions("ws://a/"))
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        colours = []
        for name in ("query", "header"):
            table = host.table(name)
            [style] = [
                segment.style
                for strip in table.render_lines(table.size.region)
                for segment in strip
                if segment.text == "add"
            ]
            assert style is not None
            colours.append(style.color)
        assert colours[0] != colours[1]


async def test_an_unchecked_certificate_is_a_risk() -> None:
    """Said in amber."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.click("#verify")
        await pilot.pause()
        assert "! anyone on the way can read this" in host.text("#note-verify")
        assert host.page.options.insecure
        assert host.text("#settings-command").strip().startswith("$ wsdebug -k")


async def test_secrets_are_not_shown() -> None:
    """A cookie counts, a token is three stars."""
    options = replace(OPTIONS, url=OPTIONS.url + "&token=abc", header=(("Authorization", "s3"),))
    host = Host(options)
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert "*** (2 cookies)" in host.text("#header")
        shown = host.app.export_screenshot()
        assert "s3" not in host.text("#header") + host.text("#query")
        assert "abc" not in host.text("#query") + host.text("#settings-command")
        assert "desk" not in shown


async def test_a_default_header_is_switched_off() -> None:
    """And comes back."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("down", "down", "down", "down", "space")
        await pilot.pause()
        assert host.page.options.header[-1] == ("User-Agent", None)
        await pilot.press("space")
        await pilot.pause()
        assert host.page.options == OPTIONS


async def test_the_heading_of_the_focus_is_blue() -> None:
    """Exactly one."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert "▌Headers" in host.text("#header")
        host.page.query_one("#compress", Check).focus()
        await pilot.pause()
        await pilot.pause()
        blue = [
            str(section.id) for section in host.page.query(Section) if section.has_class("-focused")
        ]
        assert blue == ["section-compression"]
        assert "▌" not in host.text("#header")


async def test_peer_text_is_escaped() -> None:
    """Options may come from a file of somebody else."""
    host = Host(replace(OPTIONS, header=(("X", "a\x1b[2J[red]b"),), subprotocol=("[b]x",)))
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert "a\\x1b[2J[red]b" in host.text("#header")
        assert "[b]x" in host.text("#subprotocol")


async def test_the_top_row_shows_the_state_of_now() -> None:
    """The connection goes on while its settings are changed."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert "closed 1000" in host.text("#settings-bar")
        host.words = StateWords("open", "open", "00:01", "TLS 1.3", "success", "disconnect")
        async with asyncio.timeout(10):
            while "● open 00:01" not in host.text("#settings-bar"):
                await pilot.pause(0.02)
        assert "TLS 1.3" in host.text("#settings-bar")


async def test_the_top_row_shows_where_to() -> None:
    """The URL changes with the parameters."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert "closed 1000     wss://stream.example.com/v2/feed?symbols=ACME" in host.text(
            "#settings-bar"
        )
        host.table("query").focus()
        await pilot.press("space")
        await pilot.pause()
        assert "feed?" not in host.text("#settings-bar")
        assert isinstance(host.page.query_one("#settings-bar"), Static)


@pytest.mark.parametrize("key", ["ctrl+j", "f5", "f2"])
@pytest.mark.parametrize("between", [[], ["enter"]], ids=["in the name", "in the value"])
async def test_a_row_that_is_being_edited_counts(between: list[str], key: str) -> None:
    """Leaving the page never drops what stands in its fields."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("+", *"X-New", *between, key)
        await pilot.pause()
        assert host.result is not None
        assert ("X-New", "") in host.result.options.header


@pytest.mark.parametrize("keys", [["enter"], ["ctrl+j"], ["tab", "enter"]])
async def test_a_header_is_typed_as_it_is_written(keys: list[str]) -> None:
    """Name, colon and value in one go."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("+", *"X-Key: a:b", *keys)
        await pilot.pause()
        await pilot.press("ctrl+j")
        await pilot.pause()
        assert host.result is not None
        assert ("X-Key", "a:b") in host.result.options.header


async def test_a_colon_after_a_name_goes_on_to_its_value() -> None:
    """It is no part of the name."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("+", *"X-Key:", "enter", *"v", "enter")
        await pilot.pause()
        assert ("X-Key", "v") in host.page.options.header


async def test_headers_are_pasted_as_a_browser_copies_them() -> None:
    """Several rows at once; what the handshake brings itself is left out."""
    host = Host()
    text = "GET /x HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nUpgrade: websocket\r\nX-Two: 2\r\n\r\n"
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("+")
        host.page.query_one("#header-name", Field).post_message(Paste(text))
        await pilot.pause()
        await pilot.pause()
        assert host.page.options.header[-2:] == (("X-One", "1"), ("X-Two", "2"))
        assert not host.page.problems
