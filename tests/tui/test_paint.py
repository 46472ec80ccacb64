"""Lines as strips on the screen."""

import gc
import weakref

import pytest
from textual.app import App, ComposeResult
from textual.filter import Monochrome
from textual.widgets import Static

from wsdebug.tui.inspect_lines import TextLine
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter
from wsdebug.tui.themes import FALLBACKS


class Painted(Static):
    """A widget with all named styles."""

    COMPONENT_CLASSES = COMPONENTS
    DEFAULT_CSS = "Painted { color: $foreground;\n" + STYLES_CSS + "\n}"


class Host(App[None]):
    """An app with such a widget."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """As the app has them."""
        return FALLBACKS

    def compose(self) -> ComposeResult:
        """The widget."""
        yield Painted()


async def test_a_strip_that_was_on_the_screen_is_freed_at_once() -> None:
    """Without the cyclic collector, which a flood would keep busy."""
    async with Host().run_test() as pilot:
        painter = Painter(pilot.app.query_one(Painted))
        strip = painter.strip(TextLine((("a word", "fg"), (" more", "muted"))), 20)
        gc.disable()
        try:
            assert [*strip.divide([20])] == [strip]
            assert [part.text for part in strip.divide([6, 20])] == ["a word", " more".ljust(14)]
            dead = weakref.ref(strip)
            del strip
            assert dead() is None
        finally:
            gc.enable()


async def test_a_filtered_painter_does_what_the_filters_would() -> None:
    """Style by style, not row by row."""
    async with Host().run_test() as pilot:
        widget = pilot.app.query_one(Painted)
        pilot.app._filters.append(Monochrome())
        line = TextLine((("wrong", "error"), ("plain", "fg"), ("bold", "primary bold")))
        expected = Painter(widget).strip(line, 20, "cursor")
        for each in widget.get_line_filters():
            expected = expected.apply_filter(each, widget.background_colors[1])
        painted = Painter(widget, filtered=True).strip(line, 20, "cursor")
        assert [*painted] == [*expected]


@pytest.mark.parametrize("ground", ["cursor", "wrong", "box", "picked", "idle"])
@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_words_in_the_colours_of_the_terminal_are_on_no_ground_like_them(
    theme: str, ground: str
) -> None:
    """Its red cannot be mixed: 14 % of it would be all of it. The hue stays."""
    async with Host().run_test() as pilot:
        widget = pilot.app.query_one(Painted)
        painter = Painter(widget)
        line = TextLine((("wrong", "error"), ("you", "primary")))
        assert painter.strip(line, 20, ground) is not None
        pilot.app.theme = theme
        await pilot.pause()
        painter.forget()
        for part in [*painter.strip(line, 20, ground)][:2]:
            assert part.style is not None
            assert part.style.reverse or part.style.color != part.style.bgcolor
            assert bool(part.style.reverse) is (ground in ("cursor", "picked"))
        hues = [part.style.color for part in painter.strip(line, 20) if part.style]
        assert [colour and colour.number for colour in hues[:2]] == [1, 4]  # red, blue
