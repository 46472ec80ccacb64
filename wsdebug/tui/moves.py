"""The keys that move through rows; what they move is the widget's or the screen's."""

from textual.binding import Binding

__all__ = ["ARROWS", "EDGES", "MOVES"]

ARROWS = (  # where letters are typed
    Binding("down", "move(1)", "Down", show=False),
    Binding("up", "move(-1)", "Up", show=False),
    Binding("pagedown", "page(1)", "Page down", show=False),
    Binding("pageup", "page(-1)", "Page up", show=False),
)
MOVES = (
    Binding("j", "move(1)", "Down", show=False, id="down"),
    Binding("k", "move(-1)", "Up", show=False, id="up"),
    *ARROWS,
)
EDGES = (
    Binding("g", "edge(False)", "To the top", show=False, id="top"),
    Binding("home", "edge(False)", "To the top", show=False),
    Binding("G", "edge(True)", "To the bottom", show=False, id="bottom"),
    Binding("end", "edge(True)", "To the bottom", show=False),
)
