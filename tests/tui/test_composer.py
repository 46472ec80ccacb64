"""The composer under a pilot."""

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Button

from wsdebug.tui.compose_close import CloseForm, CodeList
from wsdebug.tui.compose_editor import Editor, visible
from wsdebug.tui.compose_model import Draft, Kind
from wsdebug.tui.compose_rows import KindRow, LastRow
from wsdebug.tui.composer import Composer, SendRequest
from wsdebug.tui.layout import Density


class Host(App[None]):
    """A composer under something else that takes the focus."""

    CSS = "Button { height: 3; } Composer { dock: bottom; height: 8; }"

    def __init__(self, density: Density = "tall", *, answers: bool = True) -> None:
        super().__init__()
        self.requests: list[SendRequest] = []
        self._density = density
        self._answers = answers

    def compose(self) -> ComposeResult:
        """The log's stand-in, and the composer."""
        yield Button("log")
        composer = Composer()
        composer.density = self._density
        yield composer

    @property
    def composer(self) -> Composer:
        """The one there is."""
        return self.query_one(Composer)

    def on_composer_send(self, event: Composer.Send) -> None:
        """Send, as the screen does."""
        self.requests.append(event.request)
        if self._answers:
            self.composer.sent(event.request)

    def on_composer_rearranged(self) -> None:
        """Give the room that is wanted."""
        composer = self.composer
        composer.styles.height = 22 if composer.covers else composer.rows


async def press(pilot: Pilot[None], keys: Sequence[str]) -> None:
    """Press keys in the focused composer."""
    pilot.app.query_one(Composer).focus_input()
    await pilot.pause()
    await pilot.press(*keys)
    await pilot.pause()


def shown(host: Host, widget: str) -> str:
    """The text of a row."""
    found = host.query_one(widget)
    return "\n".join(strip.text.rstrip() for strip in found.render_lines(found.size.region))


@pytest.mark.parametrize("key", ["ctrl+j", "f8"])
async def test_typing_and_sending(key: str) -> None:
    """What is typed is sent, and the field is empty again."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["h", "i", "?", key])
        assert host.requests == [SendRequest("text", "hi?")]
        assert not host.composer.has_unsent


async def test_a_message_is_split_into_frames() -> None:
    """By typing how many bytes go into one; it stays so until it is taken back."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, [*"hello", "tab", "1", "2", "backspace"])
        assert "5 bytes   5 frames of 1 byte" in shown(host, "LastRow")
        await pilot.press("2", "ctrl+j")
        await pilot.pause()
        assert host.requests == [SendRequest("text", "hello", fragment=12)]
        await pilot.press("f3", "0", "0", "tab", "backspace", "backspace")
        assert "1 byte   one frame" in shown(host, "LastRow")
        await pilot.press("ctrl+j")
        await pilot.pause()
        assert host.requests[1] == SendRequest("binary", b"\0")


@pytest.mark.parametrize("kind", ["ping", "pong"])
async def test_a_control_frame_is_never_split(kind: Kind) -> None:
    """RFC 6455 section 5.5."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        host.composer.fragment = 1
        host.composer.kind = kind
        await press(pilot, ["a", "b", "tab", "3", "ctrl+j"])
        assert host.requests == [SendRequest(kind, b"ab")]


async def test_enter_makes_a_line() -> None:
    """A message may have several lines."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["a", "enter", "b", "ctrl+j"])
        assert host.requests == [SendRequest("text", "a\nb")]


@pytest.mark.parametrize(
    "text",
    ["a\u2028b", "\x85", "a\x0b\x0c\x1cb\n", "\u2029", "a\r\nb\r\n", "a\rb\r", "a\r\nb\n\r", "\n"],
)
async def test_what_is_edited_and_sent_keeps_its_characters(text: str) -> None:
    """Whatever else ends a line in Python; also when a change is taken back."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        host.composer.load(Draft("text", "text", text))
        await press(pilot, ["x", "ctrl+underscore", "ctrl+a", "y", "ctrl+underscore", "ctrl+j"])
        assert host.requests == [SendRequest("text", text)]


async def test_what_is_pasted_has_line_feeds() -> None:
    """Terminals send carriage returns for them."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["x"])
        host.post_message(Paste("a\rb\r\nc\u2028d"))
        await pilot.pause()
        assert host.composer.text == "xa\nb\nc\u2028d"
        await pilot.press("backspace")
        await pilot.pause()
        assert host.composer.text == "xa\nb\nc\u2028"


async def test_text_stays_until_it_is_sent() -> None:
    """Without an answer of the screen, nothing is lost."""
    host = Host(answers=False)
    async with host.run_test(size=(140, 45)) as pilot:
        host.composer.is_connected = False
        await press(pilot, ["h", "i", "ctrl+j"])
        assert host.composer.text == "hi"
        assert host.composer.has_unsent
        host.composer.refuse("not connected")
        await pilot.pause()
        assert shown(host, "LastRow").startswith(" ! not connected")
        await pilot.press("!")
        assert host.query_one(LastRow).said == ""


async def test_f3_cycles_the_kinds_and_keeps_each_draft() -> None:
    """Text, binary, ping, pong, close, raw, text."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["h", "i"])
        kinds = []
        for _ in range(6):
            await pilot.press("f3")
            await pilot.pause()
            kinds.append(host.composer.kind)
        assert kinds == ["binary", "ping", "pong", "close", "raw", "text"]
        assert host.query_one(Editor).text == "hi"


async def test_kinds_are_buttons() -> None:
    """A click on `Binary` is enough."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.click(KindRow, offset=(10, 0))
        await pilot.pause()
        assert host.composer.kind == "binary"
        await pilot.press("0", "0")
        await pilot.click(KindRow, offset=(140 - 4, 0))
        await pilot.pause()
        assert host.requests == [SendRequest("binary", b"\x00")]


async def test_up_and_down_walk_what_was_sent() -> None:
    """On the first and on the last line only."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["1", "ctrl+j", "2", "enter", "3", "ctrl+j", "4"])
        assert "F7 history" in shown(host, "LastRow")
        texts = []
        for key in ("up", "up", "down", "down", "down"):
            await pilot.press(key)
            await pilot.pause()
            texts.append(host.composer.text)
        assert texts == ["2\n3", "1", "2\n3", "4", "4"]


async def test_the_form_of_bytes_is_changed_in_the_last_row() -> None:
    """Tab reaches it, space goes on to the next."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["f3", "6", "8", "6", "5", "tab", "space"])
        assert host.composer.draft == Draft("binary", "base64", "6865")
        assert "base64" in shown(host, "LastRow")
        await pilot.press("space")
        await pilot.pause()
        assert "there is no file 6865" in shown(host, "LastRow")


async def test_a_message_that_cannot_be_sent_says_why() -> None:
    """Nothing is posted."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["f3", "6", "ctrl+j"])
        assert host.requests == []
        assert "half a byte" in shown(host, "LastRow")


async def test_close_by_code_and_reason() -> None:
    """Choose with the arrows, tab to the reason, send."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["f3", "f3", "f3", "f3", "down", "tab", "b", "y", "e", "ctrl+j"])
        assert host.requests == [SendRequest("close", b"", 1001, "bye")]


async def test_close_by_a_number_of_ones_own() -> None:
    """Digits go to the last row, wherever the cursor is."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["f3", "f3", "f3", "f3", "1", "0", "1", "2"])
        assert "1012        service restart" in shown(host, "CodeList")
        await pilot.press("backspace", "backspace", "ctrl+j")
        assert host.requests == []
        await pilot.pause()
        assert "10 is not a close code" in shown(host, "LastRow")


async def test_the_budget_of_the_reason() -> None:
    """Bytes of UTF-8, of 123."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["f3", "f3", "f3", "f3", "tab", "ü"])
        assert "2 of 123 bytes" in shown(host, "#compose-close .budget")


@pytest.mark.parametrize(
    ("density", "kind_keys", "idle", "active"),
    [("tall", 0, 8, 8), ("tall", 4, 16, 16), ("medium", 0, 6, 6), ("short", 0, 1, 7)],
)
async def test_the_rows_wanted(density: Density, kind_keys: int, idle: int, active: int) -> None:
    """By density, kind and focus."""
    host = Host(density)
    async with host.run_test(size=(80, 45)) as pilot:
        for _ in range(kind_keys):
            await press(pilot, ["f3"])
        host.query_one(Button).focus()
        await pilot.pause()
        assert host.composer.rows == idle
        host.composer.focus_input()
        await pilot.pause()
        assert host.composer.rows == active
        assert not host.composer.covers


async def test_below_thirty_rows_close_covers_the_log() -> None:
    """And lets go of it when the focus leaves."""
    host = Host("short")
    async with host.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["f3", "f3", "f3", "f3"])
        assert host.composer.covers
        assert host.query_one(CloseForm).size.height == 9
        assert host.query_one(CodeList).has_focus
        assert "esc back" in shown(host, "KindRow")
        host.query_one(Button).focus()
        await pilot.pause()
        assert not host.composer.covers
        assert host.composer.size.height == 1


@pytest.mark.parametrize(
    ("kind", "what"), [("text", ""), ("close", "close 1000"), ("raw", "raw frame")]
)
async def test_a_composer_of_one_row_has_its_key_at_the_edge(kind: Kind, what: str) -> None:
    """Of every kind."""
    host = Host("short")
    async with host.run_test(size=(80, 24)) as pilot:
        host.query_one(Button).focus()
        host.composer.kind = kind
        await pilot.pause()
        hint = host.query_one("#compose-hint")
        assert (hint.display, hint.region.right) == (True, 80)
        assert what in "".join(shown(host, part) for part in ("#compose-prompt", "#compose-what"))


async def test_not_connected_and_nothing_typed_is_one_quiet_row() -> None:
    """As long as nobody types."""
    host = Host("tall")
    async with host.run_test(size=(140, 45)) as pilot:
        host.composer.is_connected = False
        await pilot.pause()
        assert host.composer.rows == 5
        assert not host.query_one(KindRow).display
        assert "Not connected. What you type here is kept" in shown(host, "Editor")
        await press(pilot, ["h"])
        assert host.query_one(KindRow).display
        assert host.composer.rows == 8


async def test_a_long_text_takes_the_blank_row() -> None:
    """The third line is shown where there was air."""
    host = Host("tall")
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, ["a", "enter", "b"])
        assert host.query_one(Editor).size.height == 2
        await pilot.press("enter", "c")
        await pilot.pause()
        assert host.query_one(Editor).size.height == 3


async def test_json_is_coloured() -> None:
    """Names in one colour, punctuation in another, on every line."""
    host = Host("tall")
    async with host.run_test(size=(140, 45)) as pilot:
        host.composer.load(Draft("text", text='{"a":\n "b"}'))
        await pilot.pause()
        editor = host.query_one(Editor)
        spans = [(span.start, span.end) for span in editor.get_line(0).spans]
        assert spans == [(0, 1), (1, 4), (4, 5)]
        assert editor.get_line(1).spans[-1].start == 4


def test_control_characters_are_symbols() -> None:
    """One cell each, so that the cursor keeps its place."""
    assert visible("a\x1b[2J\x7f\u202eb\t") == "a␛[2J␡\ufffdb\t"


async def test_json_is_laid_out_and_made_compact_again() -> None:
    """By one key; the cursor stays in its word, and undo takes it back."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, [*'{"a":1e5,"b":[1,2]}', *["left"] * 11])
        editor = host.query_one(Editor)
        assert "^F lay out" in shown(host, "LastRow")
        await pilot.press("ctrl+f")
        await pilot.pause()
        laid_out = '{\n  "a": 1e5,\n  "b": [1, 2]\n}'
        assert editor.text == laid_out == host.composer.text
        assert editor.cursor_location == (1, 10)
        await pilot.press("ctrl+f")
        await pilot.pause()
        assert (editor.text, editor.cursor_location) == ('{"a":1e5,"b":[1,2]}', (0, 8))
        await pilot.press("ctrl+underscore")
        await pilot.pause()
        assert editor.text == laid_out
        await pilot.press("ctrl+underscore")
        await pilot.pause()
        assert editor.text == '{"a":1e5,"b":[1,2]}'


async def test_the_same_key_goes_to_the_mistake() -> None:
    """Which the last row names."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, [*'{"a":1,', "enter", *"b:2}"])
        assert "line 2, column 1" in shown(host, "LastRow")
        assert "^F to the mistake" in shown(host, "LastRow")
        await pilot.press("ctrl+f")
        await pilot.pause()
        editor = host.query_one(Editor)
        assert (editor.text, editor.cursor_location) == ('{"a":1,\nb:2}', (1, 0))


@pytest.mark.parametrize("kind", ["text", "binary"])
async def test_what_is_no_json_is_not_laid_out(kind: Kind) -> None:
    """And the last row says so."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        host.composer.kind = kind
        await press(pilot, ["a", "b", "ctrl+f"])
        assert "only JSON can be laid out" in shown(host, "LastRow")
        assert host.composer.text == "ab"


async def test_the_budget_stands_beside_the_size() -> None:
    """Where there is one."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["h", "i"])
        assert "text   2 bytes   one frame" in shown(host, "LastRow")
        host.composer.budget = 65_536
        await pilot.pause()
        assert "text   2 of 65,536 bytes   one frame" in shown(host, "LastRow")


async def test_keys_with_alt_are_not_typed() -> None:
    """A terminal sends them with their character."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["a", "b"])
        host.post_message(Key("alt+q", "q"))
        await pilot.pause()
        assert host.composer.text == "ab"
        host.post_message(Key("alt+z", "z"))
        await pilot.pause()
        await pilot.pause()
        assert host.composer.text == ""
