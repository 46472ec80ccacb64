"""Defaults of new connections, from `config.toml`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wsdebug.cli import screen
from wsdebug.cli.configured import default_options, parse_with_defaults
from wsdebug.cli.options import Parser, connect_options
from wsdebug.cli.recording import record_options as record_options_of
from wsdebug.cli.screen import url_parser
from wsdebug.engine.option_names import FLAGS
from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.errors import UsageError
from wsdebug.payload.redact import Redactor, keep_secret
from wsdebug.workspace.config import Config, load_config

URL = "ws://127.0.0.1:1/"


@pytest.fixture(autouse=True)
def _nothing_of_mine() -> Iterator[None]:
    """No names of one test in another."""
    yield
    keep_secret()


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({}, {}),
        ({"header": ["X-A: 1", "X-B: 2"]}, {"header": (("X-A", "1"), ("X-B", "2"))}),
        ({"header": "User-Agent:"}, {"header": (("User-Agent", None),)}),
        ({"subprotocol": ["graphql-ws"]}, {"subprotocol": ("graphql-ws",)}),
        (
            {"connect-timeout": 2, "close-timeout": 0.5},
            {"connect_timeout": 2, "close_timeout": 0.5},
        ),
        ({"lenient": True, "insecure": False}, {"lenient": True}),
        ({"auto-pong": False}, {"auto_pong": False}),
        ({"compression": False}, {"compression": None}),
        ({"compression": True}, {}),
        ({"client-max-window-bits": 9}, {"compression": DeflateOffer(client_max_window_bits=9)}),
        ({"max-size": "64k"}, {"max_size": 65_536}),
        ({"max-size": 10}, {"max_size": 10}),
        ({"family": 6}, {"family": 6}),
        ({"ping-interval": 20, "ping-timeout": 5}, {"ping_interval": 20, "ping_timeout": 5}),
        ({"bearer": "-x-"}, {"bearer": "-x-"}),
        ({"proxy": "socks5h://p:1"}, {"proxy": "socks5h://p:1"}),
        ({"variable": ["a=1"]}, {"variable": (("a", "1"),)}),
    ],
)
def test_each_option_can_have_a_default(given: dict[str, Any], options: dict[str, Any]) -> None:
    """Under its long name of the command line, as there."""
    url = "ws://localhost/"
    assert default_options(Config(connection=given)) == ConnectOptions(url=url, **options)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\nheaders = []", "line 3: there is no key connection.headers; did you mean header?"),
        ("max_size = 3", "line 2: there is no key connection.max_size; did you mean max-size?"),
        ('url = "ws://a"', "line 2: there is no key connection.url; "),
        ("lenient = 1", "line 2: connection.lenient: write true or false"),
        ("header = [3]", 'line 2: connection.header: write a list of texts, such as ["a", "b"]'),
        ('header = ["X"]', "line 2: 'X' is no header; write 'Name: value'"),
        (
            'max-size = "much"',
            "line 2: connection.max-size: much is no size; write 65536, 64k, 64M",
        ),
        (
            "connect-timeout = true",
            "line 2: connection.connect-timeout: write a text in quotes, or",
        ),
        ("close-timeout = -1", "line 2: connection.close-timeout: -1 is no number of seconds abo"),
        ("family = 5", "line 2: connection.family: write 4 or 6"),
        ("lenient = true\nping-timeout = 3", "line 3: --ping-timeout needs --ping-interval"),
        ('bearer = "env:NO_SUCH_NAME"', "line 2: --bearer: NO_SUCH_NAME is not set in the env"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    """And with what to write instead."""
    path = tmp_path / "config.toml"
    path.write_text(f"[connection]\n{text}\n")
    with pytest.raises(UsageError) as caught:
        default_options(load_config(path))
    assert str(caught.value).startswith(f"{path}, {words}")


@pytest.mark.parametrize(
    ("default", "arguments", "options"),
    [
        ({"header": ["A: 1", "b: 2"]}, ["-H", "B: 3"], {"header": (("A", "1"), ("B", "3"))}),
        ({"subprotocol": ["a"]}, ["-s", "b"], {"subprotocol": ("b",)}),
        ({"max-size": "1k"}, ["--max-size", "2k"], {"max_size": 2048}),
        ({"max-size": "1k"}, ["-k"], {"max_size": 1024, "insecure": True}),
        ({"bearer": "t"}, ["-u", "a:b"], {"user": "a:b"}),
        ({"user": "a:b"}, ["--bearer", "t"], {"bearer": "t"}),
        ({"proxy": "http://p"}, ["--no-proxy"], {"no_proxy": True}),
        ({"compression": False}, ["--compression"], {"compression": None}),
        ({"lenient": True}, [], {"lenient": True}),
        ({"lenient": True}, ["--no-lenient"], {}),
        ({"lenient": True}, ["--no-lenient", "--lenient"], {"lenient": True}),
        ({"insecure": True, "lenient": True}, ["--no-insecure"], {"lenient": True}),
        ({"location": True}, ["--no-location"], {}),
        ({"reconnect": True}, ["--no-reconnect"], {}),
        ({"auto-pong": False}, ["--auto-pong"], {}),
        ({"server-no-context-takeover": True}, ["--no-server-no-context-takeover"], {}),
        ({"client-no-context-takeover": True}, ["--no-client-no-context-takeover"], {}),
        ({"no-proxy": True}, ["-x", "http://p"], {"proxy": "http://p"}),
    ],
)
def test_the_command_line_comes_first(
    default: dict[str, Any], arguments: list[str], options: dict[str, Any]
) -> None:
    """What it says takes the place of the default; headers of other names are added."""
    if arguments == ["--compression"]:
        options = {}
    parsed = parse_with_defaults(url_parser(), [*arguments, URL], Config(connection=default))
    assert connect_options(parsed) == ConnectOptions(url=URL, **options)


@pytest.mark.parametrize("arguments", [[], ["demo"], ["open", "a"], [URL]])
def test_the_screen_takes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """However it is started; the demo and a saved session have settings of their own."""
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    calls: list[dict[str, Any]] = []

    def note(mode: str, **given: Any) -> int:
        calls.append(given)
        return 0

    monkeypatch.setattr(screen, "_ui", note)
    text = 'theme = "nord"\n[connection]\nlenient = true\n[redaction]\nquery = ["Code"]\n'
    (tmp_path / "config.toml").write_text(text)
    assert screen.run(arguments) == 0
    (call,) = calls
    assert call["config"].theme == "nord"
    assert call["defaults"].lenient
    assert call.get("options", call["defaults"]).lenient
    assert Redactor().url("ws://a/?code=1&x=2") == "ws://a/?code=***&x=2"


def test_a_recording_masks_what_the_file_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command that records asks for its options here; without one nothing is read."""
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    (tmp_path / "config.toml").write_text('[redaction]\nheaders = ["X-Tenant"]\n')
    parser: Parser = url_parser()
    record_options_of(parser.parse_args([URL]), needs_file=False)
    assert Redactor().header("x-tenant", "acme") == "acme"
    record_options_of(parser.parse_args([URL, "--record", "a"]))
    assert Redactor().header("x-tenant", "acme") == "***"
    (tmp_path / "config.toml").write_text("nonsense = 1\n")
    with pytest.raises(UsageError, match="there is no key nonsense"):
        record_options_of(parser.parse_args([URL, "--record", "a"]))


def test_every_flag_of_the_file_can_be_taken_back() -> None:
    """On the command line, whichever way it stands there."""
    for name, usual in FLAGS.items():
        if name == "no-proxy":  # --proxy takes its place
            continue
        word = f"--{name}" if usual else f"--no-{name}"
        parsed = parse_with_defaults(
            url_parser(), [word, URL], Config(connection={name: not usual})
        )
        assert connect_options(parsed) == ConnectOptions(url=URL)
