"""What is on the screen as a picture: SVG, or HTML."""

import io
from typing import Any, Literal

from rich.console import Console
from textual.app import App

__all__ = ["Format", "picture"]

Format = Literal["svg", "html"]


def picture(app: App[Any], kind: Format) -> str:
    """The screen as it is now, all that stands over it included; nothing that is not shown."""
    if kind == "svg":
        return app.export_screenshot(title=app.title)
    width, height = app.size
    console = Console(
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
    )
    layers = app._background_screens
    console.print(app.screen._compositor.render_update(full=True, screen_stack=layers))
    return console.export_html(inline_styles=True)
