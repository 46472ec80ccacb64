"""A configuration with several mistakes: all are found, and the rest holds."""

import pytest

from wsdebug.errors import UsageError
from wsdebug.workspace.config import Config
from wsdebug.workspace.config_check import Mistake, refuse_new_mistakes, sound_config

TEXT = """\
theme = "nord"
nonsense = 1
record = "yes"

[keymap]
save = "f9"
copy = "f9"

[redaction]
header = ["X"]
query = ["code"]
"""


def check(config: Config) -> None:
    """No key twice."""
    keys = list(config.keymap.values())
    if len(set(keys)) < len(keys):
        raise UsageError("f9 is a key already", field="config")


def test_all_mistakes_are_found_with_their_lines() -> None:
    """And what is right is taken."""
    config, mistakes = sound_config(TEXT, check)
    assert sorted(mistakes, key=lambda one: one.line) == [
        Mistake(("nonsense",), mistakes_of("nonsense = 1"), 2),
        Mistake(("record",), "record takes true or false", 3),
        Mistake(("keymap", "copy"), "f9 is a key already", 7),
        Mistake(
            ("redaction", "header"),
            "there is no key redaction.header; did you mean headers?",
            10,
        ),
    ]
    assert (config.theme, config.keymap, config.redaction.query) == (
        "nord",
        {"save": "f9"},
        ("code",),
    )


def mistakes_of(text: str) -> str:
    """The words of the only one."""
    (mistake,) = sound_config(text, check)[1]
    return mistake.words


def test_what_belongs_together_is_no_mistake_alone() -> None:
    """A key that another needs is not blamed for a third."""

    def both(config: Config) -> None:
        if "b" in config.connection and "a" not in config.connection:
            raise UsageError("b needs a", field="config")

    _, mistakes = sound_config("x = 1\n[connection]\na = 1\nb = 1\n", both)
    assert [one.keys for one in mistakes] == [("x",)]


def test_what_no_key_is_to_blame_for_is_said_all_the_same() -> None:
    """With nothing taken."""

    def never(config: Config) -> None:
        raise UsageError("not today", field="config")

    assert sound_config('theme = "a"', never) == (Config(), (Mistake((), "not today", 1),))


def test_no_toml_is_told_with_its_place() -> None:
    """Nothing can be found in it."""
    with pytest.raises(UsageError, match="line 2, column 5: invalid value"):
        sound_config("a = 1\nb = \n", check)


def test_a_change_is_refused_for_what_it_brings_only() -> None:
    """Not for what was wrong before."""
    refuse_new_mistakes(TEXT, f"ascii = true\n{TEXT}", check)
    refuse_new_mistakes("", 'theme = "a"', check)
    with pytest.raises(UsageError, match="ascii takes true or false"):
        refuse_new_mistakes(TEXT, f"ascii = 3\n{TEXT}", check)
