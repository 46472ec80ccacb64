"""Completion scripts, run by the shells that are there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from wsdebug.__main__ import COMMANDS
from wsdebug.cli.completion import run
from wsdebug.errors import UsageError

BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_shtab_wsdebug
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Path]:
    """The script of each shell, in a file."""
    paths = {}
    for shell in ("bash", "zsh", "fish"):
        assert run([shell], COMMANDS) == 0
        paths[shell] = tmp_path / f"wsdebug.{shell}"
        paths[shell].write_text(capsys.readouterr().out)
    return paths


def output(*command: str, folder: Path) -> set[str]:
    """The lines that a command prints; nothing on stderr."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=30)
    assert done.stderr == ""
    return set(done.stdout.splitlines())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_one(scripts: dict[str, Path], shell: str, tmp_path: Path) -> None:
    """The shell reads it without complaint."""
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    output(shell, "-n", str(scripts[shell]), folder=tmp_path)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["rec"], {"record"}),
        (["completion", ""], {"bash", "zsh", "fish"}),
        (["record", "--rot"], {"--rotate"}),
        (["record", "ws://h", "-o", "fee"], {"feed.ws.jsonl"}),
        (["show", "fee"], {"feed.ws.jsonl"}),
        (["diagnose", "--color", "a"], {"auto", "always"}),
        (["--cacert", "fee"], {"feed.ws.jsonl"}),
        (["--unix"], {"--unix-socket"}),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_words_are_completed(
    scripts: dict[str, Path], tmp_path: Path, shell: str, words: list[str], wanted: set[str]
) -> None:
    """Commands, their options, the values of those, and files where a file is wanted."""
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    (tmp_path / "feed.ws.jsonl").touch()
    script = str(scripts[shell])
    if shell == "bash":
        found = output("bash", "-c", BASH, "-", script, "wsdebug", *words, folder=tmp_path)
    else:
        ask = "source $argv[1]; complete -C $argv[2]"
        found = output("fish", "-c", ask, script, " ".join(("wsdebug", *words)), folder=tmp_path)
    assert {line.partition("\t")[0] for line in found} == wanted


def test_every_command_is_known(scripts: dict[str, Path], tmp_path: Path) -> None:
    """By what it does, too."""
    found = output("bash", "-c", BASH, "-", str(scripts["bash"]), "wsdebug", "", folder=tmp_path)
    assert found == set(COMMANDS)
    for words in COMMANDS.values():
        assert words in scripts["fish"].read_text()


def test_another_shell_is_refused() -> None:
    """By name."""
    with pytest.raises(UsageError, match="tcsh"):
        run(["tcsh"], COMMANDS)
