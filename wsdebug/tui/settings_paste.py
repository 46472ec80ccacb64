"""Whole rows as they are typed or pasted into one field: `Name: value`, `a=1&b=2`."""

import re
from collections.abc import Callable, Mapping

from textual.events import Paste
from textual.message import Message

from wsdebug.tui.field import Field
from wsdebug.tui.settings_model import SettingsRow, query_row

__all__ = ["NameField", "rows_of"]


class NameField(Field):
    """The field of a name, which also takes whole rows from the clipboard."""

    class Pasted(Message):
        """Text of whole rows."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_paste(self, event: Paste) -> None:
        """Several lines are rows; within a line, text is text."""
        if not self.value and len(event.text.splitlines()) > 1:
            event.prevent_default()
            event.stop()
            self.post_message(self.Pasted(event.text))


def rows_of(table: str, text: str) -> tuple[SettingsRow, ...]:
    """The rows that `text` writes out for `query`, `header` or `subprotocol`; none if it is
    only a name. Headers are lines as in HTTP or as browsers copy them; of several, the request
    line and what every handshake brings itself (RFC 6455, section 4.1) are passed over.
    """
    return READERS[table](text)


def _parameters(text: str) -> tuple[SettingsRow, ...]:
    text = text.strip().rpartition("?")[2]
    if "=" not in text:
        return ()
    return tuple(query_row(part) for part in re.split(r"[&\s]+", text) if part)


def _headers(text: str) -> tuple[SettingsRow, ...]:
    lines = [line for line in text.splitlines() if line.strip()]
    pairs = [line.partition(":") for line in lines]
    return tuple(
        SettingsRow(name.strip(), value.strip())
        for name, colon, value in pairs
        if colon and (len(lines) == 1 or not OWN.fullmatch(name.strip()))
    )


def _subprotocols(text: str) -> tuple[SettingsRow, ...]:
    names = [name for name in re.split(r"[,\s]+", text) if name]
    return tuple(map(SettingsRow, names)) if len(names) > 1 else ()


OWN = re.compile(
    r"|[A-Z]+ .+|host|connection|upgrade|sec-websocket-(key|version|extensions|protocol)", re.I
)
READERS: Mapping[str, Callable[[str], tuple[SettingsRow, ...]]] = {
    "query": _parameters,
    "header": _headers,
    "subprotocol": _subprotocols,
}
