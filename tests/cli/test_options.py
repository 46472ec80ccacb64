"""The connection options of the command line, and what is made of them."""

from pathlib import Path
from typing import Any

import pytest

from wsdebug.cli.options import Parser, add_connection, connect_options
from wsdebug.cli.recording import add_recording, record_options
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.errors import UsageError

URL = "ws://h/"


def parsed(*arguments: str) -> Any:
    """What the parser of a command that connects makes of its arguments."""
    parser = Parser("wsdebug test", usage="wsdebug test")
    parser.add_argument("url")
    add_connection(parser)
    add_recording(parser, "-o", "--output")
    return parser.parse_intermixed_args([URL, *arguments])


@pytest.mark.parametrize(
    ("arguments", "field", "value"),
    [
        (["-x", "socks5h://me:pw@p:1"], "proxy", "socks5h://me:pw@p:1"),
        (["--proxy=p:3128"], "proxy", "p:3128"),
        (["--no-proxy"], "no_proxy", True),
        (
            ["--resolve", "a:1:127.0.0.1", "--resolve", "b:2:::1"],
            "resolve",
            ("a:1:127.0.0.1", "b:2:::1"),
        ),
        (["--connect-to", "::b:"], "connect_to", ("::b:",)),
        (["--unix-socket", "/run/s"], "unix_socket", "/run/s"),
        (["--variable", "a=1", "--variable", "b=x=y"], "variable", (("a", "1"), ("b", "x=y"))),
        (["--variable", "a="], "variable", (("a", ""),)),
        (["--secret", "a=s"], "secret", (("a", "s"),)),
        (["--secret", "a=env:THERE"], "secret", (("a", "from there"),)),
        (["--secret", "a=@FILE"], "secret", (("a", "from file"),)),
        (["-u", "@FILE"], "user", "from file"),
        (["--auth", "env:THERE"], "user", "from there"),
        (["--bearer", "env:THERE"], "bearer", "from there"),
        (["--passphrase", "@FILE"], "passphrase", "from file"),
        (["-4"], "family", 4),
    ],
)
def test_an_option_is_a_field(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    field: str,
    value: object,
) -> None:
    """By its long name; secrets may stand in a file or in the environment."""
    monkeypatch.setenv("THERE", "from there")
    (tmp_path / "file").write_text("from file\r\n")
    words = [word.replace("FILE", str(tmp_path / "file")) for word in arguments]
    assert getattr(connect_options(parsed(*words)), field) == value


def test_without_options_there_are_the_defaults() -> None:
    """Those of the engine."""
    assert connect_options(parsed()) == ConnectOptions(URL)
    assert record_options(parsed()) == RecordOptions()


@pytest.mark.parametrize(
    ("arguments", "field", "words"),
    [
        (["-x", "p:1", "--no-proxy"], "proxy", "exclude each other"),
        (["--variable", "a"], "variable", "takes NAME=VALUE, not 'a'"),
        (["--variable", "a b=1"], "variable", "takes NAME=VALUE"),
        (["--secret", "hidden"], "secret", "takes NAME=VALUE$"),
        (["--secret", "a=@/no/such"], "secret", "cannot read /no/such: no such file"),
        (["--secret", "a=@/"], "secret", "cannot read /: is a directory"),
        (["--bearer", "@"], "bearer", "cannot read @: no such file"),
        (["--secret", "a=env:NOT_SET_HERE"], "secret", "NOT_SET_HERE is not set"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(arguments: list[str], field: str, words: str) -> None:
    """A secret is not repeated."""
    with pytest.raises(UsageError, match=words) as caught:
        connect_options(parsed(*arguments))
    assert caught.value.field == field
    assert "hidden" not in str(caught.value)


def test_parts_need_a_file_unless_there_will_be_one() -> None:
    """The UI chooses one by itself."""
    arguments = parsed("--rotate", "64k")
    with pytest.raises(UsageError, match="--rotate needs a file"):
        record_options(arguments)
    assert record_options(arguments, needs_file=False).rotate == 65536
    assert record_options(parsed("--rotate", "1M", "-o", "a")).rotate == 1 << 20
