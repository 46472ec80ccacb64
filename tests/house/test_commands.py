"""What all commands have in common."""

import pytest

from wsdebug.__main__ import COMMANDS
from wsdebug.cli.completion import parser_of


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_makes_its_parser_and_shows_examples(command: str) -> None:
    """By a function `parser` in its module, for completion; examples first, each a command."""
    text = parser_of(command).format_help()
    start, _, rest = text.partition("\nexamples:\n")
    assert start.startswith(f"usage: wsdebug {command}")
    examples = rest.partition("\n\n")[0].splitlines()
    assert examples
    assert all("wsdebug" in example for example in examples)
