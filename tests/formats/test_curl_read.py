"""curl commands, as people have them, as sessions to connect with."""

import io
import json
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.conftest import Convert
from wsdebug.engine.saved_options import options_from_header
from wsdebug.errors import SessionUnreadable
from wsdebug.formats.commands import make_command
from wsdebug.formats.curl_read import read
from wsdebug.formats.losses import Losses
from wsdebug.formats.shell import quote
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import Header
from wsdebug.session.parse import parse_line

BASH = r"""curl 'wss://h/feed?x=1' \
  -H 'Upgrade: websocket' \
  -H 'Origin: https://h' \
  -H $'X-Odd: it\'s \u00e9\x41\101\t.' \
  -H 'Sec-WebSocket-Key: abc==' \
  -H 'Sec-WebSocket-Protocol: v2, v1' \
  -b 'a=1; b=2' --compressed"""
CMD = """curl ^"wss://h/feed?a=1^&b=^%^7B2^%^7D^" ^
  -H ^"Upgrade: websocket^" ^
  -H ^"X-Json: ^{^\\^"a^\\^":1^}^" ^
  -H ^"User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)^"
"""


def header(command: str | bytes, losses: Losses | None = None) -> dict[str, Any]:
    """The header of the session, nothing masked."""
    data = command if isinstance(command, bytes) else command.encode()
    [line] = read(io.BytesIO(data), "in.txt", losses or Losses())
    value: dict[str, Any] = json.loads(line)
    assert (value.pop("wsdebug"), value.pop("app")[:8]) == (1, "wsdebug ")
    return value


def plain(url: str, **changed: Any) -> dict[str, Any]:
    """What is expected."""
    return {"url": url, "headers": [], "subprotocols": [], "connect": {}} | changed


CASES: list[tuple[str, dict[str, Any]]] = [
    (
        BASH,
        plain(
            "wss://h/feed?x=1",
            headers=[["X-Odd", "it's éAA\t."]],
            subprotocols=["v2", "v1"],
            connect={"origin": "https://h", "cookie": "a=1; b=2"},
        ),
    ),
    (
        CMD,
        plain(
            "wss://h/feed?a=1&b=%7B2%7D",
            headers=[
                ["X-Json", '{"a":1}'],
                ["User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"],
            ],
        ),
    ),
    ("curl ws://h/", plain("ws://h/")),
    ("$ curl.exe --url h:8080/x\n", plain("ws://h:8080/x")),
    ("curl https://h/#frag", plain("wss://h/")),
    (
        "curl -sSkL4 http://h",
        plain("ws://h", connect={"insecure": True, "location": True, "4": True}),
    ),
    (
        "curl -uann:pw --oauth2-bearer t -E c.pem:pass --key k --cacert=ca -x socks5://p h",
        plain(
            "ws://h",
            connect={
                "user": "ann:pw",
                "bearer": "t",
                "cert": "c.pem",
                "passphrase": "pass",
                "key": "k",
                "cacert": "ca",
                "proxy": "socks5://p",
            },
        ),
    ),
    (
        "curl --resolve h:80:127.0.0.1 --resolve h:81:127.0.0.1 --connect-to ::x: "
        "--unix-socket /s --max-redirs 3 --connect-timeout 2.5 --noproxy '*' -6 ws://h",
        plain(
            "ws://h",
            connect={
                "resolve": ["h:80:127.0.0.1", "h:81:127.0.0.1"],
                "connect-to": ["::x:"],
                "unix-socket": "/s",
                "max-redirs": 3,
                "connect-timeout": 2.5,
                "no-proxy": True,
                "6": True,
            },
        ),
    ),
    (
        "curl -A agent -e ref -H 'Accept:' -H 'X-Empty;' -H 'Cookie: a=1' -b b=2 -- ws://h",
        plain(
            "ws://h",
            headers=[["User-Agent", "agent"], ["Referer", "ref"], ["Accept", ""], ["X-Empty", ""]],
            connect={"cookie": "a=1; b=2"},
        ),
    ),
    ("curl https://a/ ;\ncurl 'wss://b/' ;\ncurl https://c/", plain("wss://b/")),
    ("curl https://a/ && curl -H 'Upgrade: websocket' https://b/ | jq .", plain("wss://b/")),
    (
        r"curl -E 'C:\c.pem:pw' ws://h",
        plain("ws://h", connect={"cert": r"C:\c.pem", "passphrase": "pw"}),
    ),
    ('curl "ws://h/?a=\\"b\\"&c=d"', plain('ws://h/?a="b"&c=d')),
    ("\ufeffcurl ws://h", plain("ws://h")),
]


@pytest.mark.parametrize(("command", "expected"), CASES, ids=range(len(CASES)))
def test_a_command_becomes_a_header(command: str, expected: dict[str, Any]) -> None:
    """For a shell, or for Windows' cmd."""
    assert header(command) == expected


def test_options_that_mean_nothing_here_are_named() -> None:
    """With their values, which are no URLs; those that change nothing are not."""
    losses = Losses()
    command = (
        "curl -s -v -N --http1.1 -X POST -d a=b --ciphers X --unheard-of -o out -b file -H @f "
        "-m 5 --max-redirs many ws://h http://other"
    )
    assert header(command, losses) == plain("ws://h")
    assert list(losses) == [
        "1 further URL",
        "9 options of curl (--request, --data, --ciphers, --unheard-of, --output, --cookie, "
        "--header, --max-time, --max-redirs)",
    ]
    losses = Losses()
    header("curl -X GET ws://h; curl ws://i", losses)
    assert list(losses) == ["1 further command"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("", "no curl command"),
        ("wget ws://h", "no curl command"),
        ("curl", "the command has no URL"),
        ("curl -H", "the command has no URL"),
        ("curl 'ws://h", "no closing quotation in the command"),
        ("curl ftp://h/", "ftp:// is no WebSocket's URL"),
        (b"curl ws://h\n\xff", "line 2: not UTF-8"),
    ],
)
def test_what_is_no_command_is_refused(command: str | bytes, words: str) -> None:
    """In words."""
    with pytest.raises(SessionUnreadable, match=words) as caught:
        header(command)
    assert caught.value.line >= 1


def test_secrets_are_masked_unless_kept(converted: Convert) -> None:
    """A session made of a command asks for them."""
    command = "curl -u ann:hidden -H 'Authorization: hidden' -b s=hidden 'wss://h/?token=hidden'"
    written, report = converted(command, "session", name="in.txt")
    assert b"hidden" not in written
    assert set(report.masked) == {"Authorization", "user", "cookie", "token"}
    assert set(json.loads(written)["redacted"]) == set(report.masked)
    kept, report = converted(command, "session", name="in.txt", keep_secrets=True)
    assert kept.count(b"hidden") == 4
    assert report.masked == ()


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=10)
tokens = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
values = words.map(str.strip).filter(lambda text: bool(text) and not text.startswith("@"))


@given(
    st.lists(st.tuples(tokens.map("X-".__add__), values), max_size=4),
    st.fixed_dictionaries(
        {},
        optional={
            "cookie": values.map("a={}".format),
            "origin": values,
            "user": values.map("u:{}".format),
            "cacert": values,
            "proxy": values,
            "insecure": st.just(True),
            "connect-timeout": st.integers(1, 99).map(float),
        },
    ),
)
@settings(max_examples=60)
def test_our_own_commands_are_read_again(
    headers: list[tuple[str, str]], connect: dict[str, Any]
) -> None:
    """The same headers and options."""
    connection = Header(1, "wss://h/", headers=tuple(headers), connect=connect)
    made = make_command("curl", connection, [], 0, Redactor(keep=True))
    value = header(made.text)
    assert [tuple(pair) for pair in value["headers"]] == headers
    assert value["connect"] == connect
    assert value["url"] == "wss://h/"
    line = parse_line(json.dumps({"wsdebug": 1, **value}).encode(), 1)
    assert isinstance(line, Header)
    assert options_from_header(line).url == "wss://h/"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
@settings(max_examples=30)
def test_ansi_c_quotes_mean_what_bash_means(text: str) -> None:
    """As far as the text is one that a header could have."""
    quoted = quote(text) if quote(text).startswith("$'") else "$'" + quote(text).strip("'") + "'"
    if "\\" in text or "'" in text:
        quoted = quote(text)
    shown = subprocess.run(
        ["bash", "-c", f"printf %s {quoted}"], capture_output=True, check=True
    ).stdout.decode()
    made = header(f"curl -u {quoted}x ws://h" if text else "curl -u x ws://h")
    assert made["connect"]["user"] == f"{shown}x"
