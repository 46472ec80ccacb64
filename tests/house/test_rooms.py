"""The rooms: who may import whom, and what a command brings in."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCREEN = ("textual", "rich", "pyperclip", "wsdebug.tui")
LAUNCH = """
import sys
from wsdebug.__main__ import main
sys.argv = ["wsdebug", *sys.argv[1:]]
try:
    sys.exit(main())
finally:
    sys.stderr.write(" ".join(sys.modules))
"""


def test_a_room_imports_only_rooms_below_it() -> None:
    """The contracts of pyproject.toml."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["convert", "--help"],
        ["convert", str(ROOT / "sessions" / "echo.ws.jsonl"), "-", "--to", "har"],
        ["record", "--help"],
        ["record", "-q", "ws://127.0.0.1:1/"],
        ["diagnose", "ws://127.0.0.1:1/"],
        ["completion", "bash"],
        ["send", "--help"],
        ["send", "ws://127.0.0.1:1/", "hello", "--expect-json", "$.a==b"],
        ["serve", "--help"],
        ["web", "--help"],
        ["web", "--host", "0.0.0.0"],
        ["show", "--help"],
        ["show", str(ROOT / "sessions" / "echo.ws.jsonl")],
        ["replay", str(ROOT / "sessions" / "echo.ws.jsonl"), "ws://127.0.0.1:1/"],
        ["clean", str(ROOT / "sessions" / "echo.ws.jsonl")],
        [
            "diff",
            str(ROOT / "sessions" / "echo.ws.jsonl"),
            str(ROOT / "sessions" / "login.ws.jsonl"),
        ],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_no_command_brings_in_the_screen(arguments: list[str]) -> None:
    """Textual costs more than a whole command."""
    command = [sys.executable, "-c", LAUNCH, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    modules = done.stderr.split()
    assert "wsdebug.__main__" in modules
    assert not set(SCREEN) & set(modules)
