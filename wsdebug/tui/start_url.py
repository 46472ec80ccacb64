"""The URL field of the start screen: `wss://` stands there already, history completes."""

import re
from collections.abc import Callable

from textual.events import Paste
from textual.suggester import Suggester, SuggestionReady

from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError
from wsdebug.tui.compose_editor import visible
from wsdebug.tui.field import Field

__all__ = ["BARE", "UrlField", "settle"]

BARE = "wss://"
HINT = "    paste or type a URL"
TWICE = re.compile(r"wss?://([a-z][a-z0-9+.-]*://.*)", re.IGNORECASE)

Complete = Callable[[str], list[str]]


def settle(value: str, scheme: str) -> tuple[str, str]:
    """What a value becomes, and the scheme in it that was put there rather than typed.

    `scheme` is that of before, empty once the person has changed it. A whole URL pasted behind it
    replaces it, and it follows the host: `ws://` on loopback.
    """
    if twice := TWICE.fullmatch(value):
        return twice[1], ""
    if value == BARE:
        return BARE, BARE
    if not scheme or not value.startswith(scheme):
        return value, ""
    rest = value.removeprefix(scheme)
    try:
        scheme = "wss://" if parse_url(rest).is_secure else "ws://"
    except UsageError:
        scheme = scheme if rest else BARE
    return scheme + rest, scheme


class Ghost(Suggester):
    """Asks the field, each time anew."""

    def __init__(self, suggest: Callable[[str], str | None]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._suggest = suggest

    async def get_suggestion(self, value: str) -> str | None:
        """What stands behind the value, with it."""
        return self._suggest(value)


class UrlField(Field):
    """A field for a URL; `right` at its end takes what history offers."""

    DEFAULT_CSS = """
    UrlField { padding: 0; background: $surface; }
    UrlField:focus { background: $surface; }
    """

    def __init__(self, complete: Complete, *, id: str | None = None) -> None:
        self._scheme = ""  # before the Input sets its first value
        super().__init__(id=id)
        self._complete = complete
        self._offered = ("", "")  # for this value, this URL
        self.suggester = Ghost(self._suggest)

    def on_mount(self) -> None:
        """Put the scheme there."""
        self.value = BARE
        self.cursor_position = len(BARE)

    def on_focus(self) -> None:
        """Offer again; an Input forgets it when the focus comes."""
        shown = self._suggest(self.value)
        if shown is not None:
            self.post_message(SuggestionReady(self.value, shown))

    @property
    def typed(self) -> str:
        """The URL; empty where nothing but the scheme stands there."""
        return "" if self.value == BARE else self.value.strip()

    def validate_value(self, value: str) -> str:
        """Keep the scheme right."""
        value, self._scheme = settle(value, self._scheme)
        return value

    def replace(self, text: str, start: int, end: int) -> None:
        """As always, and the cursor stays at the end if it was there."""
        from_end = len(self.value) - max(start, end)
        super().replace(text, start, end)
        if from_end <= 0:
            self.cursor_position = len(self.value)

    def action_cursor_right(self, select: bool = False) -> None:
        """One cell on, or at the end: take the URL that is offered."""
        if select or self.cursor_position < len(self.value):
            super().action_cursor_right(select)
            return
        value, url = self._offered
        if url and value == self.value:
            self._scheme = ""
            self.value = url
            self.cursor_position = len(self.value)

    def _suggest(self, value: str) -> str | None:
        if value == BARE:
            return value + HINT
        rest = value.removeprefix(self._scheme)
        for url in self._complete(rest) if rest else ():
            for begin in (url, url.partition("://")[2]):
                if begin.lower().startswith(rest.lower()) and len(begin) > len(rest):
                    self._offered = (value, url)
                    return value + visible(begin[len(rest) :])
        return None

    def on_paste(self, event: Paste) -> None:
        """The first line, without the spaces and line ends that come along."""
        event.prevent_default()
        event.stop()
        if text := event.text.strip():
            self.replace(text.splitlines()[0].strip(), *self.selection)
