"""The row that keeps regions apart without colour."""

import pytest
from textual.app import App, ComposeResult

from wsdebug.tui.glyphs import ASCII, UNICODE, Glyphs
from wsdebug.tui.separator import Separator


class Host(App[None]):
    """An app with nothing but the row."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The row."""
        yield Separator()


@pytest.mark.parametrize(
    ("no_color", "glyphs", "expected"),
    [(False, UNICODE, ""), (True, UNICODE, "─" * 80), (True, ASCII, "-" * 80)],
)
async def test_a_rule_stands_there_without_colour_only(
    monkeypatch: pytest.MonkeyPatch, no_color: bool, glyphs: Glyphs, expected: str
) -> None:
    """From one edge to the other."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    app = Host(glyphs)
    async with app.run_test(size=(80, 24)):
        assert app.query_one(Separator).render_line(0).text.rstrip() == expected
