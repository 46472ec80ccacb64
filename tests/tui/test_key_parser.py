"""Keys with alt, whatever comes right after them."""

import pytest
from hypothesis import given, strategies
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


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("a\x1bl", "a\x1bl"),
        ("a\x1b[31mb\x1b", "a\x1b[31mb\x1b"),
        ("\x1b]0;a title that is longer than 32 characters\x07", None),
        ("a\x1b[0nb", "ab"),  # the terminal's answer
        ("a\0b", "ab"),
        ("", ""),
        ("0123456789 " * 1000, None),
    ],
)
def test_what_is_pasted_is_one_paste(pasted: str, text: str | None) -> None:
    """Nothing of it is a key, and none of it is typed before the rest."""
    wanted = f"paste {pasted if text is None else text}"
    assert [*map(named, KeyParser().feed(f"\x1b[200~{pasted}\x1b[201~x"))] == [wanted, "x"]


TYPED = {
    "a": "a",
    "ü": "ü",
    "\r": "enter",
    "\x1bl": "alt+l",
    "\x1bL": "alt+shift+l",
    "\x1b[A": "up",
    "\x1bOR": "f3",
    "\x1b[18~": "f7",
    "\x1b[27u": "escape",
    "\x1b[1;5C": "ctrl+right",
    "\x1b[7$": "shift+home",
    "\x1b[[A": "f1",
    "\x1b[M !!": "",  # a mouse, of which the terminal was told that it should speak SGR
    "\x1b[<35;10;5M": "mouse",
    "\x1b[I": "AppFocus",
    "\x1b[200~a\x1bl\x1b[0mb\x1b[201~": "paste a\x1bl\x1b[0mb",
    "\x1b[200~\x1b[200~\x1b[201~": "paste \x1b[200~",
    "\x1b[0n": "",  # an answer that nobody waits for any more
    "\x1b[?1;2c": "",
    "\x1b[1;2;3!~": "",
}


@given(strategies.lists(strategies.sampled_from(sorted(TYPED))), strategies.data())
def test_what_is_typed_comes_in_order_however_it_is_cut(
    tokens: list[str], data: strategies.DataObject
) -> None:
    """Inside of sequences too."""
    parser, rest = KeyParser(), "".join(tokens)
    came: list[Message] = []
    while rest:
        size = data.draw(strategies.integers(1, min(len(rest), 20)))
        came += parser.feed(rest[:size])
        rest = rest[size:]
    assert [*map(named, came)] == [TYPED[token] for token in tokens if TYPED[token]]
    assert not parser.is_waiting


@pytest.mark.parametrize(
    ("begun", "seconds"), [("\x1b", 0.1), ("\x1b[", 0.1), ("\x1b[2", 1.0), ("\x1b[<35;1", 1.0)]
)
def test_what_can_only_be_a_sequence_is_waited_for_longer(
    monkeypatch: pytest.MonkeyPatch, begun: str, seconds: float
) -> None:
    """A slow line may cut it; nobody types that by hand."""
    now = [100.0]
    monkeypatch.setattr("textual._parser.get_time", lambda: now[0])
    parser = KeyParser()
    assert [*parser.feed(begun)] == []
    assert parser.delay == seconds
    now[0] += seconds - 0.01
    assert [*parser.tick()] == []
    now[0] += 0.02
    assert [*parser.tick()] != []


def test_an_escape_that_nothing_followed_in_time_begins_no_sequence() -> None:
    """What comes afterwards is a key of its own."""
    parser = KeyParser()
    assert [*parser.feed("\x1b")] == []
    assert parser.is_waiting
    parser._timeout_time = 0
    assert [*map(named, parser.tick())] == ["escape"]
    assert [*map(named, parser.feed("l[A"))] == ["l", "left_square_bracket", "A"]
