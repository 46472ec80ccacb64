"""A headless Chromium, driven by the DevTools protocol, that shows a page of textual-serve's."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

__all__ = ["CHROMIUM", "Chromium"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
FLAGS = (
    *("--headless=new", "--disable-gpu", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-extensions", "--disable-sync"),
    *("--disable-dev-shm-usage", "--remote-debugging-port=0", "--window-size=1200,800"),
)
# The page keeps its terminal to itself: the first object that is given one shows it.
FIND_TERMINAL = """
Object.defineProperty(Object.prototype, "terminal", {
  configurable: true,
  set(value) {
    delete Object.prototype.terminal;
    window.theTerminal = this.terminal = value;
  },
});
"""
READ_TERMINAL = """
(() => {
  const buffer = window.theTerminal?.buffer.active;
  if (!buffer) return "";
  const row = (_, number) => buffer.getLine(number).translateToString();
  return Array.from({length: theTerminal.rows}, row).join("\\n");
})()
"""
PATIENCE = 30.0  # seconds, for a machine that has much to do


class Chromium:
    """One tab."""

    def __init__(self, profile: Path) -> None:
        assert CHROMIUM is not None
        # its sandbox needs more than a container's root has
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [CHROMIUM, *FLAGS, *sandbox, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.events: list[dict[str, Any]] = []
        self._ids = itertools.count(1)
        told = profile / "DevToolsActivePort"
        self.until(lambda: told.exists() and told.read_text().count("\n") == 1)
        port = told.read_text().splitlines()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            (page,) = [one for one in json.load(answer) if one["type"] == "page"]
        self._open = ExitStack()
        socket = connect(page["webSocketDebuggerUrl"], max_size=None, proxy=None)
        self._socket = self._open.enter_context(socket)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.do(f"{domain}.enable")
        self.do("Page.addScriptToEvaluateOnNewDocument", source=FIND_TERMINAL)

    def do(self, method: str, **parameters: object) -> dict[str, Any]:
        """One command of the protocol, and its answer."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(PATIENCE))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def run(self, script: str) -> Any:
        """The value of a script in the page."""
        found = self.do(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return found["result"].get("value")

    def open(self, url: str) -> None:
        """Go there."""
        self.do("Page.navigate", url=url)

    def type(self, text: str) -> None:
        """Type characters."""
        for character in text:
            self._key(character, text=character)

    def press(self, key: str, code: int) -> None:
        """Press a key that is no character, by its name and its number on Windows."""
        self._key(key, windowsVirtualKeyCode=code)

    def _key(self, key: str, **parameters: object) -> None:
        for kind in ("keyDown", "keyUp"):
            self.do("Input.dispatchKeyEvent", type=kind, key=key, **parameters)
            parameters.pop("text", None)

    def of(self, name: str) -> list[dict[str, Any]]:
        """The events of a name, whatever their domain."""
        return [event for event in self.events if event["method"].endswith(f".{name}")]

    @property
    def text(self) -> str:
        """What stands in the page's terminal."""
        return str(self.run(READ_TERMINAL) or "")

    def shows(self, *words: str) -> None:
        """Wait until all of these are on the screen."""
        self.until(lambda: all(word in self.text for word in words))

    def until(self, holds: Callable[[], bool]) -> None:
        """Look again and again until something holds."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, self.text
            time.sleep(0.03)

    def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode(self.do("Page.captureScreenshot")["data"])

    def close(self) -> None:
        """Make an end of it."""
        self._open.close()
        self.process.terminate()
        self.process.wait(PATIENCE)
