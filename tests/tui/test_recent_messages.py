"""The list of recent messages under a pilot."""

from datetime import datetime

import pytest
from textual.app import App
from textual.widgets import Static

from wsdebug.tui.dialog import DialogBody
from wsdebug.tui.recent_messages import RecentMessages
from wsdebug.tui.status_line import Message, StatusLine


class Host(App[None]):
    """Shows messages."""

    def __init__(self, *messages: Message) -> None:
        super().__init__()
        self._messages = messages

    def on_mount(self) -> None:
        """Open the list."""
        self.push_screen(RecentMessages(self._messages))

    def rows(self) -> list[tuple[str, str, bool]]:
        """Time, words and whether they are red."""
        return [
            (
                str(row.query_one(".time", Static).content),
                str(row.query_one(".words", Static).content),
                row.has_class("-wrong"),
            )
            for row in self.screen.query(".message")
        ]


async def test_the_newest_comes_first() -> None:
    """With its time of day; what went wrong is marked and red."""
    host = Host(
        Message("connected", at=datetime(2026, 8, 3, 14, 2, 1)),
        Message("refused: 401, wants Basic", True, datetime(2026, 8, 3, 14, 2, 11)),
        Message("no time"),
    )
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert host.rows() == [
            ("", "no time", False),
            ("14:02:11", "! refused: 401, wants Basic", True),
            ("14:02:01", "connected", False),
        ]


async def test_a_long_message_is_shown_whole() -> None:
    """It goes on in the next row; nothing in it is markup or reaches the terminal."""
    text = "the server said [bold]" + "no, " * 60 + "\x1b[2J"
    host = Host(Message(text))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        words = host.screen.query_one(".words", Static)
        shown = " ".join(strip.text.strip() for strip in words.render_lines(words.size.region))
        assert shown == text.replace("\x1b", "\\x1b")
        assert words.size.height > 3


@pytest.mark.parametrize(
    ("keys", "line"), [("G", 49), ("Gg", 0), ("jj", 2), ("jjk", 1), ("Gk", 48)]
)
async def test_many_messages_scroll(keys: str, line: int) -> None:
    """Fifty of them, in a panel that fits the screen."""
    host = Host(*(Message(f"message {number}") for number in range(50)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert host.screen.region.contains_region(host.screen.query_one("#dialog").region)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        body = host.screen.query_one(DialogBody)
        visible = range(body.scroll_offset.y, body.scroll_offset.y + body.size.height)
        assert line in visible
        assert (0 in visible) is (line == 0)


async def test_nothing_was_said() -> None:
    """Says so; escape closes it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert str(host.screen.query_one("#nothing", Static).content) == "Nothing was said yet."
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(host.screen, RecentMessages)


async def test_the_status_line_tells_the_time() -> None:
    """Of each of its messages."""
    before = datetime.now()
    line = StatusLine()
    line.say("connected")
    (message,) = line.recent
    assert message.at is not None
    assert before <= message.at <= datetime.now()
