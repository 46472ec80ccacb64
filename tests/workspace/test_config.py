"""`config.toml`, and mistakes in it."""

from pathlib import Path

import pytest

from wsdebug.errors import UsageError
from wsdebug.workspace.config import Config, Redaction, load_config, parse_size
from wsdebug.workspace.config_file import ConfigFile


def written(folder: Path, text: str) -> Path:
    """A config file with this text."""
    path = folder / "config.toml"
    path.write_text(text)
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """30 days or 1 GiB, and everything is recorded."""
    config = load_config(tmp_path / "none.toml")
    assert config == Config()
    assert (config.retention_days, config.retention_bytes, config.record) == (30, 1 << 30, True)


def test_every_key_can_be_set(tmp_path: Path) -> None:
    """With comments and all."""
    path = written(
        tmp_path,
        """
        # mine
        theme = "wsdebug-light"
        record = false
        retention_days = 7
        retention_bytes = "500 MB"
        ascii = true
        reduced_motion = true
        message_budget = "64 KiB"
        [keymap]
        save = "f7"
        [connection]
        header = ["X-Client: desk-4"]
        [redaction]
        headers = ["X-Tenant"]
        query = ["code"]
        """,
    )
    assert load_config(path) == Config(
        theme="wsdebug-light",
        record=False,
        retention_days=7,
        retention_bytes=500_000_000,
        ascii=True,
        reduced_motion=True,
        message_budget=65_536,
        keymap={"save": "f7"},
        connection={"header": ["X-Client: desk-4"]},
        redaction=Redaction(("X-Tenant",), ("code",)),
    )


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("connection",), 3),
        (("connection", "lenient"), 5),
        (("connection", "max-size"), 6),
        (("redaction", "query"), 7),
        (("keymap", "save"), 9),
        (("keymap", "b"), 8),
        (("nowhere",), 1),
    ],
)
def test_a_key_is_found_where_it_stands(tmp_path: Path, keys: tuple[str, ...], line: int) -> None:
    """In a table, dotted or quoted; else its table is."""
    text = """# lenient = 1
theme = "x"
[ connection ] # mine
# lenient = 2
lenient = 3
"max-size" = 4
[redaction]
[keymap]
'save' = "x"
"""
    assert ConfigFile(tmp_path, text).line(*keys) == line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('\nthem = "x"', "line 2: there is no key them; did you mean theme?"),
        ("record = true\n\nretention-days = 3", "line 3: there is no key retention-days; did you"),
        ("[zzz]\nx = 1", "line 1: there is no key zzz; the keys are theme, record,"),
        ('"a\\u001bb" = 1', "there is no key 'a\\\\x1bb'; the keys are"),
        ("theme = 3", "line 1: theme takes a name in quotes"),
        ('# x\n  record = "yes"', "line 2: record takes true or false"),
        ("retention_days = true", "line 1: retention_days takes a whole number of days, 0 or more"),
        ("retention_days = -1", "line 1: retention_days takes a whole number"),
        (f'retention_bytes = "{"9" * 400} GB"', "line 1: retention_bytes takes bytes, or a size"),
        ('retention_bytes = "much"', 'line 1: retention_bytes takes bytes, or a size such as "1 G'),
        ("message_budget = true", "line 1: message_budget takes bytes, or a size such as"),
        ("[keys]\nx = 1", "line 1: there is no key keys; did you mean keymap?"),
        ("keymap = 3", "line 1: keymap is a table; write [keymap] and its keys below"),
        ("[keymap]\n\nsave = 3", 'line 3: keymap.save takes a key in quotes, such as "ctrl+s"'),
        (
            '[redaction]\nheader = ["a"]',
            "2: there is no key redaction.header; did you mean headers?",
        ),
        ('[redaction]\nheaders = "a"', "line 2: redaction.headers takes a list of names, such as"),
        ("theme = 'a'\nredaction.query = [1]", "line 2: redaction.query takes a list of names"),
        ("theme = \n", "line 1, column 9: invalid value"),
        ("theme = 'a'\ntheme = 'b'", "line 2: cannot overwrite a value"),
        (f"silence = {'9' * 5000}", "config.toml: a number has too many digits"),
        (f"silence = {'[' * 5000}", "config.toml: values are nested too deeply"),
        (f"{'x' * 70_000} = 1", f"line 1: there is no key {'x' * 59}…; the keys are theme"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    """And with what to write instead."""
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_config(path)
    assert words.replace("\\\\", "\\") in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Not UTF-8, or no file at all."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"theme = '\xff'")
    with pytest.raises(UsageError, match="is not UTF-8 at byte 9"):
        load_config(path)
    with pytest.raises(UsageError, match=r"cannot read .*directory"):
        load_config(tmp_path)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("512", 512),
        ("64k", 64_000),
        ("64 KiB", 65_536),
        ("1.5 GiB", 3 << 29),
        ("2 TB", 2 * 10**12),
        ("-1", None),
        ("1 gallon", None),
        ("", None),
    ],
)
def test_sizes_are_read(text: str, size: int | None) -> None:
    """Powers of 1,024 have an i."""
    assert parse_size(text) == size
