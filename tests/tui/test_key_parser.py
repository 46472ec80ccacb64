"""Keys with alt, whatever comes right after them."""

import pytest
from textual.events import Key, MouseMove, Paste
from textual.message import Message

from wsdebug.tui.key_parser import KeyParser


def named(message: Message) -> str:
    """A key by its name, a paste by its text."""
    match message:
        case Key(key=key):
            return key
        case Paste(text=text):
            return f"paste {text}"
        case MouseMove():
            return "mouse"
    return type(message).__name__


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        ("\x1bl", "alt+l"),
        ("\x1blab", "alt+l a b"),
        ("\x1bl\x1b[B", "alt+l down"),
        ("\x1bs\x1b[<35;10;5M", "alt+s mouse"),
        ("\x1bl\x1bs", "alt+l alt+s"),
        ("a\x1bL\r", "a alt+shift+l enter"),
        ("\x1bü", "alt+ü"),
        ("\x1bb\x1bf", "ctrl+left ctrl+right"),
        ("\x1b[1;3Ax", "alt+up x"),
        ("\x1bOQ\x1b[15~", "f2 f5"),
        ("\x1b\x1bl", "escape alt+l"),
        (f"\x1bl{'x' * 50}", f"alt+l{' x' * 50}"),
        ("\x1b[200~a b\x1b[201~\x1bl", "paste a b alt+l"),
    ],
)
def test_what_is_typed(data: str, keys: str) -> None:
    """At once, without a wait."""
    assert " ".join(map(named, KeyParser().feed(data))) == keys


def test_what_is_pasted_is_no_key_with_alt() -> None:
    """It does nothing."""
    pasted = [named(message) for message in KeyParser().feed("\x1b[200~a\x1bl\x1b[201~")]
    assert "alt+l" not in pasted
