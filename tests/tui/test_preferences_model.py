"""The rows of the page of preferences: that none is missing, and values to and fro."""

from dataclasses import fields
from typing import Any

import pytest

from wsdebug.engine.option_names import NAMES
from wsdebug.errors import UsageError
from wsdebug.tui.preferences_model import (
    Preference,
    own_preferences,
    read_typed,
    shown_value,
    stepped,
    typed_value,
)
from wsdebug.workspace.config import Config, Redaction, parse_config

ROWS = {one.keys: one for _, section in own_preferences() for one in section}
FOREIGN = {"keymap", "connection", "redaction", "file"}


def test_every_key_of_the_file_has_a_row() -> None:
    """With words, and from when on a change of it holds."""
    own = {(field.name,) for field in fields(Config)} - {(name,) for name in FOREIGN}
    redaction = {("redaction", field.name) for field in fields(Redaction)}
    connection = {("connection", name) for name in NAMES}
    assert ROWS.keys() == own | redaction | connection
    for one in ROWS.values():
        assert one.help
        assert one.when
        assert one.default


def test_the_defaults_are_those_that_hold() -> None:
    """In words."""
    config = Config()
    sizes = parse_config('retention_bytes = "1 GiB"', None)
    assert ROWS["theme",].default == config.theme
    assert ROWS["retention_days",].default == str(config.retention_days)
    assert ROWS["silence",].default == str(config.silence)
    assert ROWS["message_budget",].default == str(config.message_budget)
    assert sizes.retention_bytes == config.retention_bytes
    assert ROWS["record",].default == ("yes" if config.record else "no")
    assert ROWS["connection", "auto-pong"].default == "yes"
    assert ROWS["connection", "lenient"].default == "no"
    assert ROWS["connection", "connect-timeout"].default == "10"


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        ("record", False, "no"),
        ("retention_bytes", "500 MB", "500 MB"),
        ("redaction.headers", ["X-A", "X-B"], "X-A, X-B"),
        ("redaction.headers", [], "none"),
        ("connection.origin", "a\x1b[31m", "a\\x1b[31m"),
        ("connection.bearer", "abc", "***"),
        ("connection.bearer", "env:TOKEN", "env:TOKEN"),
        ("connection.passphrase", "@file", "@file"),
        ("connection.cookie", "a=1", "***"),
        ("connection.secret", ["k=abc", "m=env:M"], "k=***, m=env:M"),
        ("connection.header", ["X-A: 1", "Authorization: Bearer x"], "X-A: 1, Authorization: ***"),
        ("connection.header", "User-Agent:", "User-Agent:"),
        ("connection.proxy", "http://me:pw@p:1", "http://***@p:1"),
        ("connection.lenient", None, "no"),
    ],
)
def test_a_value_is_shown_without_its_secrets(keys: str, value: Any, words: str) -> None:
    """And without what a terminal would act upon."""
    assert shown_value(ROWS[tuple(keys.split("."))], value) == words


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        ("theme", "nord", "nord"),
        ("theme", "  ", None),
        ("retention_days", "7", 7),
        ("retention_days", "many", "many"),
        ("retention_bytes", "1 GiB", "1 GiB"),
        ("connection.connect-timeout", "0.5", 0.5),
        ("connection.family", "6", 6),
        ("connection.origin", "3", "3"),
        ("redaction.query", " a,, b ", ["a", "b"]),
        ("connection.header", "X: 1, 2", ["X: 1, 2"]),
        ("connection.header", '["X: 1", "Y: é"]', ["X: 1", "Y: é"]),
    ],
)
def test_what_is_typed_is_a_value_and_back(keys: str, text: str, value: Any) -> None:
    """As the file will have it."""
    row: Preference = ROWS[tuple(keys.split("."))]
    assert read_typed(row, text) == value
    assert read_typed(row, typed_value(row, value)) == value


@pytest.mark.parametrize("text", ["[", '["a", 1]', '["a"'])
def test_a_list_that_is_none(text: str) -> None:
    """Is told what to write."""
    with pytest.raises(UsageError, match="write one, or a list such as"):
        read_typed(ROWS["connection", "header"], text)


@pytest.mark.parametrize(
    ("now", "default", "step", "value"),
    [
        (None, "no", 1, True),
        (True, "no", 1, False),
        (False, "no", -1, True),
        (None, "asks", 1, True),
        (None, "asks", -1, False),
        ("maybe", "asks", 1, True),
        ("maybe", "yes", 1, False),
    ],
)
def test_the_next_of_a_few_values(now: Any, default: str, step: int, value: bool) -> None:
    """From what holds now, whatever stands in the file."""
    assert stepped((("yes", True), ("no", False)), now, default, step) is value
