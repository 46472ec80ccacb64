"""Command lines of other tools: what they connect to, what they send, what they cannot."""

import json
import subprocess
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsdebug.cli.options import Parser, add_connection, connect_options
from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.engine.saved_options import (
    FAMILIES,
    FIELDS,
    SPECIAL,
    connect_settings,
    options_from_header,
)
from wsdebug.formats.commands import TOOLS, Sent, connect_words, make_command
from wsdebug.formats.settings import NUMBERS, SWITCHES, TEXTS
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import Header

URL = "wss://example.com/feed?token=abc"
CONNECTION = Header(
    1,
    URL,
    headers=(("X-Client", "desk 4"), ("Authorization", "s3cret"), ("User-Agent", "")),
    subprotocols=("v2", "v1"),
    connect={
        "user": "ann:pw",
        "cookie": "a=1",
        "origin": "https://example.com",
        "insecure": True,
        "ping-interval": 2.5,
        "lenient": True,
    },
)
COMMANDS = {
    "wsdebug": "wsdebug record -k -u 'ann:***' -s v2 -s v1 --origin https://example.com"
    " --cookie '***' -H 'X-Client: desk 4' -H 'Authorization: ***' -H User-Agent:"
    " --ping-interval 2.5 --lenient 'wss://example.com/feed?token=***'",
    "websocat": "websocat --insecure --basic-auth='ann:***' --origin=https://example.com"
    " --header='Cookie: ***' --header='X-Client: desk 4' --header='Authorization: ***'"
    " --header=User-Agent: --ping-interval=3 --protocol=v2,v1 'wss://example.com/feed?token=***'",
    "wscat": "wscat -n --auth 'ann:***' -s v2 -s v1 -o https://example.com -H 'Cookie: ***'"
    " -H 'X-Client: desk 4' -H 'Authorization: ***' -H User-Agent:"
    " -c 'wss://example.com/feed?token=***'",
    "curl": "curl -i -N --http1.1 -H 'Connection: Upgrade' -H 'Upgrade: websocket'"
    " -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: d3NkZWJ1ZyBjb252ZXJ0IQ=='"
    " -k -u 'ann:***' -H 'Origin: https://example.com' -H 'Cookie: ***' -H 'X-Client: desk 4'"
    " -H 'Authorization: ***' -H User-Agent: -H 'Sec-WebSocket-Protocol: v2, v1'"
    " 'https://example.com/feed?token=***'",
}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_connection_is_a_command(tool: str) -> None:
    """In the tool's own options, secrets masked, what it has no option for named."""
    made = make_command(tool, CONNECTION, [], 0, Redactor())
    assert made.text == COMMANDS[tool]
    missing = {
        "wsdebug": (),
        "websocat": ("lenient",),
        "wscat": ("ping-interval", "lenient"),
        "curl": ("ping-interval", "lenient"),
    }
    assert made.options == missing[tool]


@pytest.mark.parametrize("tool", TOOLS)
def test_secrets_are_kept_when_asked(tool: str) -> None:
    """All of them."""
    line = make_command(tool, CONNECTION, [], 0, Redactor(keep=True)).text
    assert "token=abc" in line
    assert "ann:pw" in line
    assert "Authorization: s3cret" in line
    assert "***" not in line


def parsed(words: list[str]) -> ConnectOptions:
    """What the command line makes of them."""
    parser = Parser("wsdebug record", usage="")
    parser.add_argument("url")
    add_connection(parser)
    return connect_options(parser.parse_intermixed_args(words))


tokens = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
values = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=12)
worded = values.map(str.strip).filter(lambda text: bool(text) and not text.startswith("@"))
known: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "origin": worded,
        "user": worded.map(lambda text: f"{text}:{text}"),
        "cookie": worded,
        "insecure": st.just(True),
        "cacert": worded,
        "servername": worded,
        "lenient": st.just(True),
        "family": st.sampled_from([4, 6]),
        "max_size": st.integers(1, 1 << 30),
        "connect_timeout": st.floats(0.001, 1e5).map(lambda n: round(n, 3)),
        "auto_pong": st.just(False),
        "compression": st.none(),
    },
)


@given(st.lists(st.tuples(tokens, st.none() | worded)), st.lists(tokens), known)
def test_our_own_command_connects_with_the_same_options(
    headers: list[tuple[str, str | None]], protocols: list[str], given_options: dict[str, Any]
) -> None:
    """Parsed by the command line itself."""
    options = ConnectOptions(
        "wss://example.com/",
        header=tuple(headers),
        subprotocol=tuple(protocols),
        **given_options,
    )
    connection = Header(
        1,
        options.url,
        headers=tuple((name, value or "") for name, value in headers),
        subprotocols=tuple(protocols),
        connect=connect_settings(options, Redactor(keep=True)),
    )
    words = connect_words(connection, Redactor(keep=True))
    assert parsed([*words, options.url]) == options


def test_a_file_can_name_only_what_an_option_may_be() -> None:
    """Neither a foreign name nor a foreign value becomes a word."""
    connect = {
        "; rm -rf": True,
        "-x": "y",
        "": "z",
        "log": "/home/a/.bashrc",  # an option, but none of a connection
        "nested": {"a": 1},
        "lenient": False,
        "reconnect": "yes",
        "ping-interval": "5",
        "max-size": 10**400,
        "max-redirs": True,
        "cookie": 1,
        "origin": "a\nb",
        "resolve": [["a"]],
    }
    assert connect_words(Header(1, URL, connect=connect), Redactor()) == []
    assert options_from_header(Header(1, URL, connect=connect)).lenient is False


@pytest.mark.parametrize("tool", TOOLS)
def test_a_foreign_value_breaks_no_command(tool: str) -> None:
    """It is left out."""
    connection = Header(1, URL, connect={"ping-interval": "soon", "ping-timeout": 1e999})
    assert "ping" not in make_command(tool, connection, [], 0, Redactor()).text


def test_every_option_that_is_recorded_is_known() -> None:
    """By the names that the engine writes."""
    names = {*FIELDS, *FAMILIES, *SPECIAL.values()}
    names |= {field.name.replace("_", "-") for field in fields(DeflateOffer)}
    assert names == SWITCHES | NUMBERS | TEXTS


STUB = """{
  { printf '%s\\0' "$@"; printf '<FED>'
    [ -p /dev/stdin -o -s /dev/stdin ] && cat
    printf '<END>'
  } >&3
}
"""


def run(line: str, tool: str) -> list[str]:
    """What a shell gives the tool: its arguments, and last what comes to its stdin."""
    script = f"{tool}() {STUB}{{ {line}\n}} 3>&1 </dev/null"
    done = subprocess.run(["bash"], input=script.encode(), capture_output=True, check=True)
    output = done.stdout.decode("utf-8", "surrogateescape").removesuffix("<END>")
    words, _, fed = output.partition("<FED>")
    return [*words.split("\0")[:-1], fed]


MESSAGES = ["hello", "-flag", "two\nlines", "it's $HOME", "", "\x1b[2J"]
PLAIN = Header(1, "ws://127.0.0.1:1/")


def test_texts_are_arguments_of_our_own_command() -> None:
    """A first dash makes no option of them; it ends after as many answers as came."""
    made = make_command("wsdebug", PLAIN, [Sent(text) for text in MESSAGES], 3, Redactor())
    words = run(made.text, "wsdebug")
    assert words == ["send", "--count", "3", "--", PLAIN.url, *MESSAGES, ""]


def test_other_messages_are_session_lines_on_its_stdin() -> None:
    """Binary, NUL, or too much for a command line."""
    for odd in (b"\xff\0", "a\0b", "x" * 200_000):
        made = make_command("wsdebug", PLAIN, [Sent("hi"), Sent(odd)], 0, Redactor())
        *words, fed = run(made.text, "wsdebug")
        assert words == ["send", "--count", "0", "--jsonl", PLAIN.url]
        lines = [json.loads(line)["send"] for line in fed.splitlines()]
        assert lines == ["hi", {"b64": "/wA="} if isinstance(odd, bytes) else odd]


def test_websocat_gets_messages_on_its_stdin() -> None:
    """One a line, or ended by NUL where one has lines; one binary message alone."""
    for texts in (["a", "-b"], ["a\nb", "c"]):
        end = "\n" if texts[0] == "a" else "\0"
        made = make_command("websocat", PLAIN, [Sent(text) for text in texts], 1, Redactor())
        words = run(made.text, "websocat")
        assert words[-1] == "".join(text + end for text in texts)
        assert ("-0" in words) == (end == "\0")
        assert "-n" in words
    words = run(make_command("websocat", PLAIN, [Sent(b"\0\xff7")], 1, Redactor()).text, "websocat")
    assert ("--binary" in words, words[-1]) == (True, "\0\udcff7")


def test_what_a_command_cannot_hold_is_named() -> None:
    """The messages that are left out, with their lines."""
    sent = [Sent("a", 3), Sent(b"\0", 4), Sent("b\0", 5)]
    for tool, kept in (("websocat", ["a\n"]), ("wscat", ["-x", "a"])):
        made = make_command(tool, PLAIN, sent, 1, Redactor())
        assert [message.line for message in made.left_out] == [4, 5]
        words = run(made.text, tool)
        assert [word for word in words if word in kept] == kept
    assert make_command("curl", PLAIN, sent, 1, Redactor()).left_out == tuple(sent)
    long = make_command("wscat", PLAIN, [Sent("x" * 200_000, 7), Sent("y")], 1, Redactor())
    assert [message.line for message in long.left_out] == [7, 0]


def test_secrets_in_messages_are_masked() -> None:
    """Those that were declared."""
    made = make_command("wscat", PLAIN, [Sent("key s3cret!")], 0, Redactor({"k": "s3cret"}))
    assert "'key ***!'" in made.text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
@settings(max_examples=25)
def test_wscat_sends_every_text(texts: list[str]) -> None:
    """By a shell."""
    made = make_command("wscat", PLAIN, [Sent(text) for text in texts], 0, Redactor())
    words = run(made.text, "wscat")
    got = []
    rest = iter(words[2:-1])
    for word in rest:
        got.append(next(rest) if word == "-x" else word.removeprefix("-x"))
    assert got == texts
