"""The row of tabs: number, name, and what happened while nobody looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import press
from wsdebug.tui.open_session import OpenSession
from wsdebug.workspace.folders import display_name

__all__ = ["TabLabel", "TabRow", "tab_name"]

NAME = 20  # cells of a name
GAP = 5  # cells between tabs
KEYS = (("^T", "new"), ("^PgDn", "next"))
ACTIONS = {"^T": "new_tab", "^PgDn": "next_tab"}


@dataclass(frozen=True, slots=True)
class TabLabel:
    """One tab: its name, the messages that came since it was left, a state that is wrong."""

    name: str
    wrong: str = ""
    is_shown: bool = False
    unread: int = 0


class TabRow(Widget):
    """`1 feed   2 orders 12 new   3 echo ✗ refused`; each is a button."""

    DEFAULT_CSS = """
    TabRow { height: 1; background: $panel; }
    """

    labels: reactive[tuple[TabLabel, ...]] = reactive[tuple[TabLabel, ...]](())

    class Picked(Message):
        """A tab was clicked; `index` counts from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def render(self) -> Content:
        """The tabs left, the keys right; the first ones go where there is too little room."""
        keys = hints(*KEYS)
        left: list[Part] = [(" ", "")]
        for number, (_, parts) in enumerate(self._pieces()):
            left += [(" " * GAP, ""), *parts] if number else parts
        return spread(left, keys, self.size.width)

    async def on_click(self, event: Click) -> None:
        """The tab under the mouse, or what the hint says."""
        if await press(self, event, hints(*KEYS), ACTIONS):
            return
        x = event.x - 1
        for index, parts in self._pieces():
            width = sum(Content(text).cell_length for text, _ in parts)
            if 0 <= x < width:
                self.post_message(self.Picked(index))
                return
            x -= width + GAP

    def _pieces(self) -> Sequence[tuple[int, list[Part]]]:
        """Index and parts of the tabs in sight, which the one that is shown is always among."""
        pieces = [(index, self._parts(index + 1, label)) for index, label in enumerate(self.labels)]
        shown = next((i for i, label in enumerate(self.labels) if label.is_shown), 0)
        room = self.size.width - 24
        while pieces and pieces[0][0] < shown and _width(pieces[: shown - pieces[0][0] + 1]) > room:
            del pieces[0]
        return pieces

    def _parts(self, number: int, label: TabLabel) -> list[Part]:
        name = escape(label.name)
        if len(name) > NAME:
            name = name[: NAME - 1] + glyphs_of(self.app).cut
        if label.is_shown:
            return [(f"{number} ", "$primary"), (name, "bold underline $primary")]
        parts = [(f"{number} ", "$foreground-disabled"), (name, "$foreground-muted")]
        if label.unread:
            parts.append((f" {with_commas(label.unread)} new", "$foreground"))
        if label.wrong:
            parts.append((f" {glyphs_of(self.app).wrong} {label.wrong}", "$error"))
        return parts


def tab_name(session: OpenSession) -> str:
    """The last word of the URL's path, else its host; a saved session's name; of a replay, that
    of what is replayed.
    """
    if session.file is not None:
        return display_name(session.file)
    if session.replay is not None:
        return f"replay {session.replay.name}"
    if session.options is None or not session.options.url:
        return "new tab"
    try:
        target = parse_url(session.options.url)
    except UsageError:
        return "new tab"
    path = urlsplit(target.url).path
    return path.rstrip("/").rpartition("/")[2] or target.place


def _width(pieces: Sequence[tuple[int, list[Part]]]) -> int:
    texts = [text for _, parts in pieces for text, _ in parts]
    return sum(len(text) for text in texts) + GAP * len(pieces)
