"""`wsdebug completion SHELL`: a completion script for bash, zsh or fish."""

import argparse
import re
import sys
from collections.abc import Mapping
from importlib import import_module

from wsdebug.cli.options import Parser, add_connection
from wsdebug.cli.recording import add_recording

__all__ = ["parser", "parser_of", "run"]

EXAMPLES = """examples:
  wsdebug completion bash > ~/.local/share/bash-completion/completions/wsdebug
  wsdebug completion zsh > ~/.zfunc/_wsdebug
  wsdebug completion fish > ~/.config/fish/completions/wsdebug.fish
"""
SHELLS = ("bash", "zsh", "fish")
SCREEN = ("demo", "open")  # commands of one module
FILES = frozenset(("FILE", "PATH", "A", "B", "IN", "OUT"))  # metavars of what is a file
ODD = re.compile(r"[^\w=@,-]+")  # what a metavar may not hold in the specs of zsh


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug completion", usage=f"wsdebug completion SHELL\n\n{EXAMPLES}")
    made.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
    return made


def run(arguments: list[str], commands: Mapping[str, str]) -> int:
    """Print the script for all commands, given with what each does."""
    shell = parser().parse_args(arguments).shell
    import shtab

    sys.stdout.write(shtab.complete(_whole(commands), shell) + "\n")
    return 0


def _whole(commands: Mapping[str, str]) -> argparse.ArgumentParser:
    """One parser of all commands; without one it takes the options of the terminal UI."""
    whole = argparse.ArgumentParser("wsdebug")
    whole.add_argument("--version", action="store_true", help="the version")
    whole.add_argument("--no-record", action="store_true", help="keep no file")
    whole.add_argument("--log", metavar="FILE", help="wsdebug's own debug log")
    add_connection(whole)
    add_recording(whole, has_usual=True)
    _prepare(whole)
    choices = whole.add_subparsers()
    for name, words in commands.items():
        made = parser_of(name)
        _prepare(made)
        # it was made elsewhere: only its place is added here
        choices.add_parser(name, help=words, add_help=False)
        choices.choices[name] = made
    return whole


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser that a command makes for itself: `parser` in its module."""
    is_screen = name in SCREEN
    module = import_module(f"wsdebug.cli.{'screen' if is_screen else name}")
    made: argparse.ArgumentParser = getattr(module, f"{name}_parser" if is_screen else "parser")()
    return made


def _prepare(made: argparse.ArgumentParser) -> None:
    """Tell which values are files, and spell what the scripts cannot hold otherwise."""
    import shtab

    made.usage = None
    for action in made._actions:
        metavar = action.metavar
        if not isinstance(metavar, str):
            continue
        if metavar in FILES and not action.choices:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        action.metavar = ODD.sub("-", metavar).strip("-")
