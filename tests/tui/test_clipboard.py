"""Copying: which way is taken, and that it arrives."""

import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from wsdebug.tui.clipboard import OSC52_LIMIT, PAGE_LIMIT, Clipboard
from wsdebug.tui.in_browser import DRIVER


def tool(folder: Path, name: str, body: str) -> None:
    """A program that a test puts on the path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


class Terminal:
    """Keeps what was written through the terminal, and makes clipboards."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def clipboard(self, **environment: str) -> Clipboard:
        """One with that environment and no other."""
        wanted: Mapping[str, str] = environment
        return Clipboard(self.written.append, wanted, "linux")


@pytest.fixture
def terminal() -> Terminal:
    """A terminal that takes what it is given."""
    return Terminal()


def test_in_tmux_the_text_becomes_its_buffer(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With -w, so that the terminal around it is told."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    tool(tmp_path, "tmux", f'echo "$@" > {tmp_path}/words; cat > {tmp_path}/text')
    assert terminal.clipboard(TMUX="/tmp/tmux-0/default,1,0").copy("grüße\n") == "tmux"
    assert (tmp_path / "text").read_text() == "grüße\n"
    assert (tmp_path / "words").read_text() == "load-buffer -w -\n"
    assert terminal.written == []


@pytest.mark.parametrize("body", ["exit 1", "exec sleep 30"])
def test_a_tmux_that_fails_is_not_believed(
    body: str, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor waited for."""
    monkeypatch.setattr("wsdebug.tui.clipboard.PATIENCE", 0.2)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    tool(tmp_path, "tmux", body)
    assert terminal.clipboard(TMUX="x").copy("a") == "terminal"
    assert terminal.written == ["a"]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ":4711"},
        {"DISPLAY": "127.0.0.1:4711.0"},
        {"DISPLAY": "nonsense"},
        {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/nowhere"},
    ],
)
def test_a_display_that_does_not_answer_is_none(
    environment: dict[str, str], terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the tools for it are there."""
    for name in ("xclip", "wl-copy"):
        tool(tmp_path, name, f"cat > {tmp_path}/text")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert terminal.clipboard(**environment).copy("a") == "terminal"
    assert not (tmp_path / "text").exists()


def test_a_display_that_answers_takes_the_text(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a native tool."""
    copied: list[str] = []
    monkeypatch.setattr("pyperclip.copy", copied.append)
    tool(tmp_path, "wl-copy", "true")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        clipboard = terminal.clipboard(WAYLAND_DISPLAY="wayland-0", XDG_RUNTIME_DIR=str(tmp_path))
        assert clipboard.copy("hello") == "native"
    assert copied == ["hello"]
    assert terminal.written == []


def test_what_is_too_long_for_the_terminal_is_not_cut(terminal: Terminal) -> None:
    """There is no way then, and nothing was written."""
    assert terminal.clipboard().copy("x" * OSC52_LIMIT) == "terminal"
    assert terminal.clipboard().copy("ü" * OSC52_LIMIT) == "none"
    assert terminal.written == ["x" * OSC52_LIMIT]


def test_in_a_browser_the_page_copies(terminal: Terminal) -> None:
    """It takes more at once; tmux and displays are those of the server."""
    clipboard = terminal.clipboard(TEXTUAL_DRIVER=DRIVER, TMUX="x", DISPLAY=":0")
    assert clipboard.copy("a" * (OSC52_LIMIT + 1)) == "browser"
    assert clipboard.copy("a" * (PAGE_LIMIT + 1)) == "none"
    assert [len(text) for text in terminal.written] == [OSC52_LIMIT + 1]
