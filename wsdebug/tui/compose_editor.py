"""The composer's text field: JSON coloured as it is typed, history on the first and last line."""

import re
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.document._document import EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.events import Key
from textual.message import Message

from wsdebug.payload.json_rewrite import compact, pretty
from wsdebug.payload.json_scan import JsonError, looks_like_json, position, tokens
from wsdebug.tui.compose_lines import LineDocument
from wsdebug.tui.compose_suggest import SuggestingArea

__all__ = ["Editor", "visible"]

COLOUR_LIMIT = 64 * 1024  # characters; a longer text stays plain, so that typing stays quick
LAYOUT_LIMIT = 1024 * 1024  # characters that are laid out: a longer text takes seconds
PARTS = {
    "name": "editor--name",
    "punctuation": "editor--punctuation",
}
# One cell for each character, so that the cursor stays where it is.
HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


class Editor(SuggestingArea):
    """Text of several lines. `is_json` colours it as JSON, and completes it."""

    DEFAULT_CSS = """
    Editor {
        border: none; padding: 0; background: $surface; color: $foreground;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
        .editor--name { color: $secondary; }
        .editor--punctuation { color: $foreground-muted; }
        .text-area--placeholder { color: $foreground-disabled; }
        &.-quiet .text-area--placeholder { color: $foreground-muted; }
        &:focus { border: none; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"editor--name", "editor--punctuation"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up_or_older", "Up, older message", show=False),
        Binding("down", "cursor_down_or_newer", "Down, newer message", show=False),
        # ctrl+z goes back to the shell; a terminal sends ctrl+/ as ctrl+_, if it does not say more
        Binding("ctrl+underscore,alt+z,ctrl+slash", "undo", "Undo", show=False),
        Binding("ctrl+f", "lay_out", "Lay out, compact JSON", show=False, id="lay_out"),
    ]

    class History(Message):
        """Up on the first line (`step` -1: older) or down on the last (+1: newer)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Refused(Message):
        """What was asked for cannot be done, in words."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, *, id: str | None = None) -> None:
        self._coloured: dict[int, list[tuple[int, int, str]]] = {}
        self._is_json = self.suggests = True
        super().__init__(
            id=id, compact=True, soft_wrap=True, highlight_cursor_line=False, tab_behavior="focus"
        )
        self.match_cursor_bracket = False
        self.cursor_blink = False

    @property
    def is_json(self) -> bool:
        """Whether what looks like JSON is coloured."""
        return self._is_json

    @is_json.setter
    def is_json(self, value: bool) -> None:
        self._is_json = self.suggests = value
        self._build_highlight_map()
        self.refresh()

    def replace_all(self, text: str, *, on_first_line: bool = False) -> None:
        """Put another text in place, the cursor at its end, or at the end of its first line."""
        self.load_text(text)
        first = (0, len(self.document.get_line(0)))
        self.move_cursor(first if on_first_line else self.document.end)

    def on_key(self, event: Key) -> None:
        """A key with alt is never typed: terminals send its character too."""
        if event.key.startswith("alt+"):
            event.prevent_default()

    def put(self, text: str) -> None:
        """Put another text in place, the cursor at its end; undo brings the one before back."""
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.history.checkpoint()

    def action_cursor_up_or_older(self) -> None:
        """Up a line; from the first, to the message sent before."""
        if self.cursor_at_first_line and self.selection.is_empty:
            self.post_message(self.History(-1))
        else:
            self.action_cursor_up()

    def action_cursor_down_or_newer(self) -> None:
        """Down a line; from the last, to the message sent after."""
        if self.cursor_at_last_line and self.selection.is_empty:
            self.post_message(self.History(1))
        else:
            self.action_cursor_down()

    def action_lay_out(self) -> None:
        """Lay JSON out in lines; what is laid out already becomes one line. In what is not JSON,
        the cursor goes to the mistake, which the last row names.
        """
        text = self.text
        if not self._is_json or not looks_like_json(text) or len(text) > LAYOUT_LIMIT:
            is_long = self._is_json and len(text) > LAYOUT_LIMIT
            words = "too long to be laid out" if is_long else "only JSON can be laid out"
            self.post_message(self.Refused(words))
            return
        index = self.cursor_index
        try:
            written = pretty(text)
            if written.text == text.replace("\r\n", "\n"):
                written = compact(text)
        except JsonError as error:
            self._go_to(text, error.position)
            return
        self.put(written.text)
        self._go_to(written.text, written.place(index))

    def undo(self) -> None:
        """Take back the last change."""
        # Textual measures the text before it puts the cursor back, which must stand within it.
        if self.history.undo_stack:
            self.move_cursor((0, 0))
        super().undo()

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self.history.redo_stack:
            self.move_cursor((0, 0))
        super().redo()

    def _go_to(self, text: str, index: int) -> None:
        line, column = position(text, index)
        self.move_cursor((line - 1, column - 1))

    def get_line(self, line_index: int) -> Text:
        """A line with its colours; control characters are shown as symbols of one cell."""
        text = Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)
        for start, end, part in self._coloured.get(line_index, ()):
            text.stylize(Style(color=self.get_component_rich_style(part).color), start, end)
        return text

    def _replace_via_keyboard(
        self, insert: str, start: Location, end: Location
    ) -> EditResult | None:
        """What is pasted has the line ends of wherever it comes from."""
        insert = insert.replace("\r\n", "\n").replace("\r", "\n")
        return super()._replace_via_keyboard(insert, start, end)

    def _set_document(self, text: str, language: str | None) -> None:
        """As Textual does for a text in no language, with lines of ours."""
        self.document = LineDocument(text)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def _build_highlight_map(self) -> None:
        super()._build_highlight_map()
        self._coloured = {}
        text = self.text
        if not self._is_json or len(text) > COLOUR_LIMIT or text.lstrip()[:1] not in ("{", "["):
            return
        line, column = 0, 0
        for kind, piece in tokens(text):
            part = PARTS.get(kind)
            for number, chunk in enumerate(piece.split("\n")):
                if number:
                    line, column = line + 1, 0
                if part and chunk:
                    spans = self._coloured.setdefault(line, [])
                    spans.append((column, column + len(chunk), part))
                column += len(chunk)


def visible(line: str) -> str:
    """A line of the same length without characters that a terminal would act upon."""
    return HIDDEN.sub(_symbol, line)


def _symbol(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
