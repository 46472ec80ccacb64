"""Lines of named styles as strips, in the colours of the theme."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from wsdebug.tui.inspect_lines import TextLine, width_of

__all__ = ["COMPONENTS", "STYLES_CSS", "Painter", "content_of", "lacks_colour", "lacks_hues"]

COLOURS = {
    "fg": "$foreground",
    "muted": "$foreground-muted",
    "disabled": "$foreground-disabled",
    "rule": "$border-blurred",
    "primary": "$primary",
    "secondary": "$secondary",
    "success": "$success",
    "warning": "$warning",
    "error": "$error",
}
HUES = ("primary", "secondary", "success", "warning", "error")
GROUNDS = {
    "cursor": "$primary 16%",
    "picked": "$primary 30%",
    "idle": "$panel",
    "box": "$error 14%",
    "wrong": "$error 14%",
}
COMPONENTS = {f"paint--{name}" for name in (*COLOURS, *GROUNDS)}
STYLES_CSS = "\n".join(
    [f"& > .paint--{name} {{ color: {colour}; }}" for name, colour in COLOURS.items()]
    + [f"& > .paint--{name} {{ background: {colour}; }}" for name, colour in GROUNDS.items()]
)


def lacks_colour(app: Any) -> bool:
    """Whether grounds cannot tell regions and rows apart: the terminal has too few colours, or
    the theme takes those of the terminal, which cannot be mixed.
    """
    return bool(app.native_ansi_color or lacks_hues(app))


def lacks_hues(app: Any) -> bool:
    """Whether there is no colour that stands out."""
    if app.no_color:
        return True
    has_few = app.console.color_system in (None, "standard")
    return bool(has_few and not app.native_ansi_color and not app.is_headless)


def content_of(line: TextLine) -> Content:
    """A row as a widget renders it that has no painter."""
    return Content.assemble(*((text, _css(style)) for text, style in line.parts))


def _css(style: str) -> str:
    colour, _, weight = style.partition(" ")
    return f"{weight} {COLOURS.get(colour, '')}".strip()


class Row(Strip):
    """A strip that is put on the screen as it is.

    One of Textual's own remembers itself as its only part: then only the cyclic collector frees
    it, which in a flood would be busy with nothing else.
    """

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The parts between these cells."""
        found = [*cuts]
        return [self] if found == [self.cell_length] else super().divide(found)


class Painter:
    """Makes strips for one widget; styles are combined once, until `forget`.

    The widget has `COMPONENTS` and, in its CSS, `STYLES_CSS`. Where grounds cannot be seen the
    cursor is reverse; where hues cannot, they are the foreground. With `filtered` the strips are
    what the application's filters would make of them, for widgets that Textual does not ask line
    by line.
    """

    def __init__(self, widget: Widget, *, filtered: bool = False) -> None:
        self._widget = widget
        self._is_filtered = filtered
        self._styles: dict[tuple[str, str], Style] = {}
        self._is_plain: bool | None = None

    @property
    def is_plain(self) -> bool:
        """Whether grounds cannot be seen."""
        if self._is_plain is None:
            self._is_plain = lacks_colour(self._widget.app)
        return self._is_plain

    def forget(self) -> None:
        """Take the styles anew: the theme or the focus changed."""
        self._styles.clear()
        self._is_plain = None

    def strip(self, line: TextLine, width: int, ground: str = "") -> Strip:
        """One row; `ground` wins over the line's own, and tints all of the row."""
        base = self._style("", "")
        tint = ground or line.ground
        parts = [Segment(text, self._style(style, tint)) for text, style in line.parts if text]
        used = width_of(line.parts)
        if line.ground == "box" and not ground:
            return self._boxed(parts, used, width, base)
        rest = Segment(" " * max(0, width - used), self._style("", tint))
        return Row([*parts, rest], max(width, used)).crop(0, width)

    def _boxed(self, parts: list[Segment], used: int, width: int, base: Style) -> Strip:
        """The tint begins at the margin and ends one cell before the edge."""
        tinted = self._style("", "box")
        fill = Segment(" " * max(0, width - 1 - used), tinted)
        whole = Strip([*parts, fill], max(used, width - 1))
        inner = whole.crop(1, width - 1)
        # a line, where there are no colours
        margin = Segment(whole.crop(0, 1).text, self._style("muted", ""))
        return Strip([margin, *inner, Segment(" ", base)], width)

    def _style(self, name: str, ground: str) -> Style:
        key = (name, ground)
        style = self._styles.get(key)
        if style is None:
            style = self._combined(name, ground)
            if self._is_filtered:
                style = self._filtered(style)
            self._styles[key] = style
        return style

    def _filtered(self, style: Style) -> Style:
        parts = [Segment(" ", style)]
        for each in self._widget.get_line_filters():
            parts = each.apply(parts, self._widget.background_colors[1])
        return parts[0].style or style

    def _combined(self, name: str, ground: str) -> Style:
        colour, *more = name.split(" ")
        bold = Style(bold="bold" in more or None)
        ground = "picked" if "@picked" in more else ground
        style = self._widget.rich_style
        if ground in ("cursor", "picked") and self.is_plain:
            return style + Style(reverse=True) + bold
        app = self._widget.app
        if colour in HUES and lacks_hues(app):
            colour = "fg"  # as a grey it would be weaker than what it should stand out from
        if app.native_ansi_color:
            ground = ""  # unmixed it would be the very colour of the words
        if colour:
            style = self._widget.get_component_rich_style(f"paint--{colour}")
        if ground:
            tint = self._widget.get_component_rich_style(f"paint--{ground}").bgcolor
            style += Style(bgcolor=tint)
        return style + bold
