"""Programs of the person's that show a payload while the screen is away."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from textual.app import App, SuspendNotSupported

from wsdebug.payload.escape import escape
from wsdebug.payload.hexdump import hex_lines, offset_digits
from wsdebug.tui.row_copies import Payload

__all__ = ["Tool", "command_of", "readable", "show_file"]

Tool = Literal["pager", "editor"]
VARIABLES: dict[Tool, tuple[str, ...]] = {"pager": ("PAGER",), "editor": ("VISUAL", "EDITOR")}
USUAL: dict[Tool, tuple[str, ...]] = {"pager": ("less", "more"), "editor": ("nano", "vi")}
NO_PAGER = ("", "cat")  # would show the text and be gone


def command_of(tool: Tool) -> list[str] | None:
    """The command line that the environment names, else of a usual one that is there; a path
    follows. None where there is none.
    """
    for variable in VARIABLES[tool]:
        text = os.environ.get(variable, "").strip()
        if text not in NO_PAGER:
            try:
                return shlex.split(text)
            except ValueError:  # a quote without its other one
                return [text]
    found = next((name for name in USUAL[tool] if shutil.which(name)), None)
    return [found] if found else None


def show_file(app: App[Any], tool: Tool, path: Path) -> str:
    """Let the program show a file while the screen is away; what kept it from that, in words."""
    command = command_of(tool)
    if command is None:
        return f"there is no {tool} here; set ${tool.upper()}"
    try:
        with app.suspend(), quiet_interrupt():
            subprocess.run([*command, str(path)], check=False)
    except SuspendNotSupported:
        return f"no {tool} can be shown here"
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        return f"{command[0]} cannot be started: {why}"
    return ""


def readable(payload: Payload) -> bytes:
    """A payload as lines that no terminal acts upon: text escaped, bytes as a hex dump."""
    if payload.text is not None:
        return escape(payload.text, newlines=False).encode() + b"\n"
    digits = offset_digits(len(payload.data))
    rows = (f"{row.offset:0{digits}x}  {row.hex}  {row.ascii}" for row in hex_lines(payload.data))
    return "".join(f"{row}\n" for row in rows).encode()


@contextmanager
def quiet_interrupt() -> Iterator[None]:
    """Ctrl-C is the other program's; a handler, unlike ignoring, is not inherited by it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
