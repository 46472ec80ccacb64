"""Colour: when it is wanted."""

import argparse
import io

import pytest

from wsdebug.cli.color import Paint, add_color


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.mark.parametrize(
    ("when", "stream", "environ", "is_on"),
    [
        ("auto", Terminal(), {}, True),
        ("auto", io.StringIO(), {}, False),
        ("auto", Terminal(), {"NO_COLOR": "1"}, False),
        ("auto", Terminal(), {"NO_COLOR": ""}, True),  # no-color.org: when not empty
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("always", io.StringIO(), {"NO_COLOR": "1"}, True),
        ("never", Terminal(), {}, False),
    ],
)
def test_colour_is_for_terminals_unless_told(
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    stream: io.StringIO,
    environ: dict[str, str],
    is_on: bool,
) -> None:
    """What was asked for goes before the environment."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    paint = Paint(when, stream)
    assert paint("words", "red") == ("\x1b[31mwords\x1b[0m" if is_on else "words")
    assert paint("", "red") == ""


def test_the_option_has_three_values() -> None:
    """Auto by itself."""
    parser = argparse.ArgumentParser()
    add_color(parser)
    assert parser.parse_args([]).color == "auto"
    assert parser.parse_args(["--color", "never"]).color == "never"
