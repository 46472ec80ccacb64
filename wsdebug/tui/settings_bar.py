"""The first rows of the settings page: the connection goes on while its settings are changed; and
the hints of those and of the last.
"""

from textual.content import Content

from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.connection_bar import url_parts
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.layout import Density
from wsdebug.tui.settings_model import SettingsDraft, url_of
from wsdebug.tui.words import StateWords

__all__ = ["ACTIONS", "KEYS", "top_rows"]

URL_COLUMN = 19
# The hints by their rows, and what they do.
KEYS = {
    "settings-bar": (("F5", "connect"),),
    "settings-command": (("^J", "connect with these"), ("esc", "back")),
    "settings-status": (("tab", "next field"), ("F1", "keys"), ("^P", "all actions")),
}
ACTIONS = {
    "F5": "connect",
    "^J": "connect",
    "esc": "back",
    "tab": "app.focus_next",
    "F1": "keys",
    "^P": "app.command_palette",
}


def top_rows(
    draft: SettingsDraft, words: StateWords | None, glyphs: Glyphs, width: int, density: Density
) -> Content:
    """The state, if there is a connection, and the URL as it is now: 4, 2 or 1 row by density."""
    state: list[Part] = [(f" {glyphs.closed} ", "$foreground-muted"), ("settings", "bold")]
    if words is not None:
        state = [
            (f" {getattr(glyphs, words.glyph)} ", f"${words.colour}"),
            (words.word, f"bold ${words.colour}"),
            (f" {words.number}", "$foreground-muted"),
        ]
    gap = max(3, URL_COLUMN - sum(len(text) for text, _ in state))
    before, host, after = url_parts(url_of(draft))
    first = [
        *state,
        (" " * gap, ""),
        (escape(before), "$foreground-muted"),
        (escape(host), "bold $foreground"),
        (escape(after), "$foreground"),
    ]
    rows = [spread(first, hints(*KEYS["settings-bar"]), width)]
    if density != "short":
        reason = words.reason if words is not None else ""
        second: list[Part] = [(" " * URL_COLUMN + reason, "$foreground-muted")]
        rows.append(spread(second, [], width))
    return Content("\n").join([Content(""), *rows] if density == "tall" else rows)
