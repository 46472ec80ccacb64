"""A file's connection options, and those of the command line in their place."""

import io
from pathlib import Path
from typing import Any

import pytest

from wsdebug.cli.options import Parser, add_connection, connect_options
from wsdebug.cli.saved import given_options, with_saved
from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.errors import UsageError
from wsdebug.session.lines import Header
from wsdebug.session.parse import parse_line


def header(**keys: Any) -> Header:
    """A header with these keys."""
    import json

    line = parse_line(json.dumps({"wsdebug": 1, "url": "wss://h/feed", **keys}).encode(), 1)
    assert isinstance(line, Header)
    return line


def merged(head: Header | None, *arguments: str, **values: str) -> ConnectOptions:
    """What is connected with."""
    parser = Parser("x", usage="x")
    parser.add_argument("file")
    parser.add_argument("url", nargs="?")
    add_connection(parser)
    words = ["a.ws.jsonl", *arguments]
    parsed = parser.parse_intermixed_args(words)
    given = given_options(parser, words, parsed)
    return with_saved(head, "a.ws.jsonl", connect_options(parsed), given, values)


@pytest.mark.parametrize(
    ("keys", "arguments", "expected"),
    [
        ({}, [], {"url": "wss://h/feed"}),
        ({}, ["ws://x/"], {"url": "ws://x/"}),
        ({"connect": {"close-timeout": 1}}, [], {"close_timeout": 1}),
        ({"connect": {"close-timeout": 1}}, ["--close-timeout", "5"], {"close_timeout": 5}),
        ({"connect": {"no-compression": True}}, [], {"compression": None}),
        (
            {"connect": {"no-compression": True}},
            ["--compression"],
            {"compression": DeflateOffer()},
        ),
        ({"connect": {"no-auto-pong": True}}, [], {"auto_pong": False}),
        ({"connect": {"4": True}}, ["-6"], {"family": 6}),
        ({"subprotocols": ["a", "b"]}, [], {"subprotocol": ("a", "b")}),
        ({"subprotocols": ["a", "b"]}, ["-s", "c"], {"subprotocol": ("c",)}),
        (
            {"headers": [["X-A", "1"], ["X-B", "2"]]},
            ["-H", "x-a: 3", "-H", "X-C: 4"],
            {"header": (("X-B", "2"), ("x-a", "3"), ("X-C", "4"))},
        ),
        (
            {"vars": {"a": "1", "b": None}},
            ["--variable", "b=2", "--secret", "c=3"],
            {"variable": (("a", "1"), ("b", "2")), "secret": (("c", "3"),)},
        ),
    ],
)
def test_what_is_given_takes_the_place_of_what_is_saved(
    keys: dict[str, Any], arguments: list[str], expected: dict[str, Any]
) -> None:
    """Even where it is the default."""
    options = merged(header(**keys), *arguments)
    assert {name: getattr(options, name) for name in expected} == expected


def test_without_a_header_a_url_is_needed() -> None:
    """And with one that says none."""
    assert merged(None, "ws://x/").url == "ws://x/"
    for head in (None, header(url="")):
        with pytest.raises(UsageError, match="says no URL"):
            merged(head)


MASKED: dict[str, Any] = {
    "url": "wss://***@h/feed?token=***&a=1",
    "headers": [["Authorization", "***"], ["X-Api-Key", "***"], ["X-A", "1"]],
    "connect": {"bearer": "***"},
    "redacted": ["user", "token", "Authorization", "X-Api-Key", "bearer"],
}


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        ([], "Authorization, X-Api-Key, bearer, user, token"),
        (["--bearer", "b"], "X-Api-Key, user, token"),
        (["-H", "authorization: x"], "X-Api-Key, bearer, user, token"),
        (["wss://h/"], "Authorization, X-Api-Key, bearer"),
    ],
)
def test_what_is_left_out_is_named(arguments: list[str], missing: str) -> None:
    """All that is not given otherwise."""
    with pytest.raises(UsageError) as caught:
        merged(header(**MASKED), *arguments)
    assert f"leaves out {missing};" in str(caught.value)


def test_what_is_left_out_is_filled_in_by_name() -> None:
    """In the URL as a URL has it."""
    values = {
        "user": "ann:p w", "token": "a&b", "Authorization": "Basic x", "X-Api-Key": "k",
        "bearer": "b",
    }  # fmt: skip
    options = merged(header(**MASKED), **values)
    assert options.url == "wss://ann:p%20w@h/feed?token=a%26b&a=1"
    assert options.header == (("Authorization", "Basic x"), ("X-Api-Key", "k"), ("X-A", "1"))
    assert options.bearer == "b"


def test_stars_that_nothing_masked_stay() -> None:
    """A file without `redacted` has no secrets to ask for."""
    assert merged(header(headers=[["X-A", "***"]])).header == (("X-A", "***"),)


ASKING = {"connect": {"insecure": True, "cacert": "ca.pem", "proxy": "http://p:1", "lenient": True}}


def test_what_a_file_may_not_decide_is_named() -> None:
    """Each with its value; what the command line says is settled."""
    with pytest.raises(UsageError) as caught:
        merged(header(**ASKING))
    assert "wants --insecure, --cacert ca.pem, --proxy http://p:1: " in str(caught.value)
    with pytest.raises(UsageError, match=r"wants --cacert ca\.pem: "):
        merged(header(**ASKING), "-k", "--no-proxy")
    options = merged(header(**ASKING), "-k", "--no-proxy", "--ca", "mine.pem")
    assert (options.insecure, options.cacert, options.proxy) == (True, "mine.pem", None)
    assert options.lenient


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.mark.parametrize(("answer", "is_allowed"), [("y\n", True), ("n\n", False), ("", False)])
def test_a_person_is_asked(monkeypatch: pytest.MonkeyPatch, answer: str, is_allowed: bool) -> None:
    """On a terminal; nothing is taken without a yes."""
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stderr", said := Terminal())
    if is_allowed:
        options = merged(header(**ASKING))
        assert (options.insecure, options.proxy) == (True, "http://p:1")
    else:
        with pytest.raises(UsageError, match="not allowed"):
            merged(header(**ASKING))
    assert "a.ws.jsonl wants --insecure" in said.getvalue()


def test_a_person_is_asked_for_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an echo."""
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stderr", Terminal())
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return "b"

    monkeypatch.setattr("getpass.getpass", answer)
    options = merged(header(connect={"bearer": "***"}, redacted=["bearer"]))
    assert options.bearer == "b"
    assert len(asked) == 1


def test_a_files_value_is_never_read_as_a_file(tmp_path: Path) -> None:
    """`@FILE` and `env:NAME` are the command line's."""
    options = merged(header(connect={"bearer": "@/etc/passwd", "user": "env:HOME"}))
    assert (options.bearer, options.user) == ("@/etc/passwd", "env:HOME")
