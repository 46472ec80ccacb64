"""A blank row that becomes a rule where there are too few colours to tell regions apart."""

from textual.content import Content
from textual.widget import Widget

from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.paint import lacks_colour

__all__ = ["Separator"]


class Separator(Widget):
    """One row above a region."""

    DEFAULT_CSS = """
    Separator { height: 1; color: $foreground-muted; }
    """

    def render(self) -> Content:
        """A rule, or nothing."""
        rule = glyphs_of(self.app).rule if lacks_colour(self.app) else ""
        return Content(rule * self.size.width)
