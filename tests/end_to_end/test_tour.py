"""The tour in the real program: once, at a plain first start, and never elsewhere."""

from pathlib import Path

import pytest

from tests.end_to_end.terminal import Terminal

CTRL_N, SHIFT_F1 = "\x0e", "\x1b[1;2P"
SESSION = '{"wsdebug":1}\n{"t":0,"dir":"event","event":"end"}\n'


def leave(terminal: Terminal) -> None:
    """Quit, and close what is open."""
    terminal.type("\x11")
    terminal.until(lambda: terminal.is_left or "Quit?" in terminal.text)
    if not terminal.is_left:
        terminal.type("q")
    assert terminal.wait() == 0
    terminal.close()


def test_once_from_step_to_step(tmp_path: Path) -> None:
    """And with a key whenever it is wanted."""
    terminal = Terminal(tmp_path)
    terminal.shows("1 of 6   Connect", "No server at hand?", "esc skip")
    for words in ("2 of 6   Read", "3 of 6   Inspect", "4 of 6   Compose"):
        terminal.type(CTRL_N)
        terminal.shows(words)
    terminal.shows('{"op":"hello","id":1}')
    terminal.type("\n")
    terminal.until(lambda: terminal.text.count('{"op":"hello","id":1}') == 2)
    for words in ("5 of 6   Filter", "6 of 6   Save"):
        terminal.type(CTRL_N)
        terminal.shows(words)
    terminal.type(CTRL_N)
    terminal.until(lambda: "6 of 6" not in terminal.text)
    terminal.type(SHIFT_F1)
    terminal.shows("1 of 6   Connect")
    terminal.type("\x1b")
    terminal.until(lambda: "1 of 6" not in terminal.text)
    leave(terminal)


def test_skipped_is_skipped_for_good(tmp_path: Path) -> None:
    """The next start has nothing to open either, and no tour."""
    terminal = Terminal(tmp_path)
    terminal.shows("1 of 6   Connect")
    terminal.type("\x1b")
    terminal.until(lambda: "1 of 6" not in terminal.text)
    leave(terminal)
    assert (tmp_path / "seen").read_text() == '"tour"\n'
    again = Terminal(tmp_path)
    again.shows("Connect to", "F4 open the demo")
    again.type("\x1bOS")  # F4: the list of recordings has been read long before it opens
    again.shows("open 00:")
    assert "of 6" not in again.text
    leave(again)
    assert b"of 6" not in again.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["demo"], "open 00:"),
        (["open", "a.ws.jsonl"], "a saved session"),
        (["ws://127.0.0.1:9/"], "nobody listens"),
    ],
)
def test_never_where_it_is_clear_what_is_wanted(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    """`demo`, `open`, a URL: at a first start too."""
    (tmp_path / "a.ws.jsonl").write_text(SESSION)
    terminal = Terminal(tmp_path, *arguments)
    terminal.shows(words)
    leave(terminal)
    assert b"of 6" not in terminal.output
    assert not (tmp_path / "seen").exists()
