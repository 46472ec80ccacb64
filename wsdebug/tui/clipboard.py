"""Copying text out of a terminal: by tmux, a native tool, or the terminal itself; or a browser."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from wsdebug.tui.in_browser import is_in_browser

__all__ = ["OSC52_LIMIT", "PAGE_LIMIT", "Clipboard", "Way"]

Way = Literal["tmux", "native", "terminal", "browser", "none"]

# Bytes of text: xterm and those that follow it take 100,000 bytes of base64, less than that arrives
# whole nowhere else either.
OSC52_LIMIT = 74_994
PAGE_LIMIT = 7_000_000  # bytes of text: the terminal of the page takes 10,000,000 of base64
PATIENCE = 2.0  # seconds for a tool or a display to answer


@dataclass(frozen=True, slots=True)
class Clipboard:
    """Chooses the way by what answers, not by what is installed.

    `through_terminal` writes the terminal's own sequence (OSC 52); whether the terminal obeys
    cannot be known. `copy` may take seconds and belongs in a thread.
    """

    through_terminal: Callable[[str], None]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    platform: str = sys.platform

    def copy(self, text: str) -> Way:
        """Copy; `none` where there is no way, or the text is too long for the one there is."""
        size = len(text.encode("utf-8", "surrogatepass"))
        if is_in_browser(self.environment):  # tmux and displays are then not the person's
            return self._by_sequence(text, "browser") if size <= PAGE_LIMIT else "none"
        if self.environment.get("TMUX") and self._by_tmux(text):
            return "tmux"
        if self._has_display() and self._by_tool(text):
            return "native"
        return self._by_sequence(text, "terminal") if size <= OSC52_LIMIT else "none"

    def _by_sequence(self, text: str, way: Way) -> Way:
        self.through_terminal(text)
        return way

    def _by_tmux(self, text: str) -> bool:
        """`-w` hands it on to the terminal that tmux runs in."""
        tmux = shutil.which("tmux")
        if tmux is None:
            return False
        try:
            done = subprocess.run(
                [tmux, "load-buffer", "-w", "-"],
                input=text.encode("utf-8", "backslashreplace"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0

    def _by_tool(self, text: str) -> bool:
        import pyperclip

        try:
            pyperclip.copy(text)
        except (pyperclip.PyperclipException, OSError, UnicodeError):
            return False
        return True

    def _has_display(self) -> bool:
        """Whether a display answers: pyperclip claims success with a dead one."""
        if self.platform == "darwin":
            return not self.environment.get("SSH_CONNECTION")
        wayland = self.environment.get("WAYLAND_DISPLAY")
        if wayland and shutil.which("wl-copy"):
            folder = self.environment.get("XDG_RUNTIME_DIR", "")
            if _answers(socket.AF_UNIX, os.path.join(folder, wayland)):
                return True
        display = self.environment.get("DISPLAY", "")
        if not display or not (shutil.which("xclip") or shutil.which("xsel")):
            return False
        host, _, number = display.rpartition(":")
        screen = number.partition(".")[0]
        if not screen.isdigit():
            return False
        if host and host != "unix":
            return _answers(socket.AF_INET, (host, 6000 + int(screen)))
        return _answers(socket.AF_UNIX, f"/tmp/.X11-unix/X{screen}")


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.settimeout(PATIENCE)
            probe.connect(address)
    except OSError:
        return False
    return True
