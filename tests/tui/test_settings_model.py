"""Connection options as a form holds them, and back; what is wrong; the command line."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.tui.settings_check import problems, summary
from wsdebug.tui.settings_command import command_line
from wsdebug.tui.settings_model import (
    SettingsRow,
    draft_of,
    options_of,
    parse_size,
    resume,
    show_size,
)

URL = "wss://stream.example.com/v2/feed"

words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)
texts = st.text(max_size=8)
offers = st.builds(
    DeflateOffer,
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(9, 15),
    st.none() | st.just(0) | st.integers(9, 15),
)
seconds = st.integers(1, 1000).map(float) | st.floats(0.001, 1e6)
connections = st.builds(
    ConnectOptions,
    url=st.lists(st.tuples(words, texts), max_size=3).map(
        lambda pairs: (
            URL + ("?" + "&".join(f"{n}=%41{v.encode().hex()}" for n, v in pairs)) if pairs else URL
        )
    ),
    header=st.lists(st.tuples(words, texts.map(str.strip)), max_size=4).map(tuple),
    subprotocol=st.lists(words, max_size=3, unique=True).map(tuple),
    origin=st.none() | words,
    cookie=st.none() | words,
    user=st.none() | st.tuples(words, texts).map(":".join),
    insecure=st.booleans(),
    servername=st.none() | words,
    location=st.booleans(),
    max_redirs=st.integers(0, 1000),
    family=st.sampled_from((0, 4, 6)),
    compression=st.none() | offers,
    connect_timeout=seconds,
    close_timeout=seconds,
    ping_interval=st.none() | seconds,
    ping_timeout=st.none() | seconds,
    auto_pong=st.booleans(),
    max_size=st.integers(1, 1 << 40),
    lenient=st.booleans(),
    reconnect=st.booleans(),
)


@given(connections)
def test_a_form_gives_the_options_back(options: ConnectOptions) -> None:
    """Whatever they are, as long as nobody touches it."""
    assert options_of(draft_of(options)) == options


@pytest.mark.parametrize(
    "options",
    [
        ConnectOptions(URL, bearer="abc"),
        ConnectOptions(URL, header=(("X-A", "1"), ("User-Agent", None))),
        ConnectOptions(URL, header=(("Host", None),)),
        ConnectOptions(URL, cacert="/a", cert="/b", key="/c", passphrase="d"),
        ConnectOptions(URL + "?flag&a=b+c&empty="),
        ConnectOptions("nonsense"),
    ],
)
def test_special_cases_come_back_too(options: ConnectOptions) -> None:
    """Removed defaults, tokens, files, odd queries and URLs."""
    assert options_of(draft_of(options)) == options


def test_rows_that_are_off_are_not_sent() -> None:
    """Of every table."""
    draft = draft_of(ConnectOptions(URL + "?a=1&b=2", header=(("X", "1"),), subprotocol=("s",)))
    off = replace(
        draft,
        query=(replace(draft.query[0], is_on=False), draft.query[1]),
        header=tuple(replace(row, is_on=False) for row in draft.header),
        subprotocol=tuple(replace(row, is_on=False) for row in draft.subprotocol),
    )
    assert options_of(off) == ConnectOptions(URL + "?b=2")


def test_an_edited_parameter_is_encoded() -> None:
    """An untouched one stays as it was spelled."""
    draft = draft_of(ConnectOptions(URL + "?a=b%2Fc&d=e"))
    rows = (draft.query[0], draft.query[1].edited("d", "ü & 1=1"))
    assert options_of(replace(draft, query=rows)).url == URL + "?a=b%2Fc&d=%C3%BC%20%26%201%3D1"


def test_a_renamed_origin_is_a_header() -> None:
    """And an edited one stays the option that it was."""
    draft = draft_of(ConnectOptions(URL, origin="a", cookie="c"))
    origin, cookie = draft.header
    changed = replace(draft, header=(origin.edited("X-Origin", "a"), cookie.edited("Cookie", "d")))
    assert options_of(changed) == ConnectOptions(URL, header=(("X-Origin", "a"),), cookie="d")


def test_defaults_can_be_left_out() -> None:
    """One that stands in the table is no default any more."""
    draft = draft_of(ConnectOptions(URL, header=(("user-agent", "me"),)))
    assert [row.name for row in draft.defaults] == ["Sec-WebSocket-Version"]
    left_out = replace(draft, removed=("Sec-WebSocket-Version",))
    assert not left_out.defaults[0].is_on
    assert options_of(left_out).header == (("user-agent", "me"), ("Sec-WebSocket-Version", None))


def test_a_page_is_resumed_as_it_was_left() -> None:
    """With its rows that are off, even after another URL; not after other options."""
    options = ConnectOptions(URL + "?a=1&b=2")
    draft = draft_of(options)
    left = replace(draft, query=(draft.query[0], replace(draft.query[1], is_on=False)))
    left = replace(left, rest=options_of(left))
    assert resume(left, options_of(left)) == left
    moved = resume(left, ConnectOptions("ws://other/?c=3"))
    assert [(row.name, row.is_on) for row in moved.query] == [("c", True), ("b", False)]
    other = replace(options, lenient=True)
    assert resume(left, other) == draft_of(other)


SIZES = [("64 MiB", 64 << 20), ("64M", 64 << 20), ("65,536", 65536), ("1k", 1024), ("7 bytes", 7)]


@pytest.mark.parametrize(("text", "size"), SIZES)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    """With units of 1,024."""
    assert parse_size(text) == size


@given(st.integers(1, 1 << 50))
def test_sizes_are_written_exactly(size: int) -> None:
    """Writing and reading gives the size back."""
    assert parse_size(show_size(size)) == size


PROBLEMS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("nothing", {}, {}),
    (
        "a space in a header name",
        {"header": (SettingsRow("Good"), SettingsRow("X Region", "eu"))},
        {"header 2": "a header name cannot contain a space: X-Region?"},
    ),
    ("a row that is off", {"header": (SettingsRow("X Region", is_on=False),)}, {}),
    (
        "a colon in a header name",
        {"header": (SettingsRow("X:"),)},
        {"header 1": "a header name cannot contain :"},
    ),
    ("no name", {"header": (SettingsRow("", "x"),)}, {"header 1": "a header needs a name"}),
    (
        "a control character in a value",
        {"header": (SettingsRow("X", "a\x1b"),)},
        {"header 1": "a header value cannot contain \\x1b"},
    ),
    (
        "a subprotocol twice, one with a space",
        {"subprotocol": (SettingsRow("a"), SettingsRow("a"), SettingsRow("b c"))},
        {"subprotocol 2": "listed twice", "subprotocol 3": "a subprotocol cannot contain a space"},
    ),
    ("a parameter", {"query": (SettingsRow(""),)}, {"query 1": "a parameter needs a name"}),
    (
        "a colon in a user name",
        {"auth": "basic", "user": "a:b"},
        {"user": "a user name cannot contain a colon"},
    ),
    ("no token", {"auth": "bearer"}, {"token": "type a token, or choose none"}),
    ("no such file", {"cacert": "/no/such"}, {"cacert": "there is no such file"}),
    (
        "a window",
        {"window_ours": "8"},
        {"window_ours": "9 to 15, any, or nothing to leave it out"},
    ),
    ("a window that is not offered", {"window_ours": "8", "compress": False}, {}),
    (
        "times",
        {"connect_timeout": "", "ping_interval": "-1", "ping_timeout": "x"},
        {
            "ping_interval": "seconds above 0, or nothing for no pings",
            "connect_timeout": "seconds above 0",
            "ping_timeout": "seconds above 0, or nothing to wait for ever",
        },
    ),
    (
        "a number of redirects",
        {"location": True, "max_redirs": "-1"},
        {"max_redirs": "a whole number, 0 for none"},
    ),
    ("redirects that are not followed", {"max_redirs": "many"}, {}),
    ("a size", {"max_size": "big"}, {"max_size": "a size such as 64 MiB, 64k or 65536"}),
]


@pytest.mark.parametrize(("what", "changes", "expected"), PROBLEMS)
def test_what_is_wrong_is_said_at_its_field(
    what: str, changes: dict[str, Any], expected: dict[str, str]
) -> None:
    """In words, in the order of the page."""
    found = problems(replace(draft_of(ConnectOptions(URL)), **changes))
    assert found == expected, what
    assert list(found) == list(expected), what


def test_the_summary_counts() -> None:
    """One field needs, several are listed."""
    assert summary({}) == ""
    assert summary({"header 4": ""}) == "1 field needs a look: header 4"
    assert summary({"header 4": "", "cacert": ""}) == "2 fields need a look: header 4, own CA"


def test_a_file_that_is_there_is_no_problem(tmp_path: Path) -> None:
    """CA, certificate and key are looked for."""
    file = tmp_path / "ca.pem"
    file.write_text("x")
    draft = replace(draft_of(ConnectOptions(URL)), cacert=str(file), cert=str(file), key="/no")
    assert problems(draft) == {"key": "there is no such file"}


COMMANDS = [
    (ConnectOptions("ws://localhost:1/"), "wsdebug ws://localhost:1/"),
    (
        ConnectOptions(
            URL + "?token=abc&a=b c",
            user="demo:secret",
            insecure=True,
            subprotocol=("feed.v2", "feed.v1"),
            header=(("X-A", "it's"), ("Authorization", "s3"), ("User-Agent", None)),
        ),
        "wsdebug -k -u 'demo:***' -s feed.v2 -s feed.v1 -H 'X-A: it'\"'\"'s'"
        f" -H 'Authorization: ***' -H User-Agent: '{URL}?token=***&a=b c'",
    ),
    (
        ConnectOptions(URL, bearer="t", cookie="a=1", origin="o", passphrase="p", family=6),
        f"wsdebug --bearer '***' --origin o --cookie '***' --passphrase '***' -6 {URL}",
    ),
    (
        ConnectOptions(
            URL, compression=None, auto_pong=False, lenient=True, reconnect=True, max_size=9
        ),
        f"wsdebug --max-size 9 --lenient --reconnect --no-auto-pong --no-compression {URL}",
    ),
    (ConnectOptions(URL, location=True, family=4), f"wsdebug -L -4 {URL}"),
    (ConnectOptions(URL, location=True, max_redirs=3), f"wsdebug -L --max-redirs 3 {URL}"),
    (
        ConnectOptions(URL, compression=DeflateOffer(True, True, 10, 11), connect_timeout=2.5),
        "wsdebug --connect-timeout 2.5 --server-no-context-takeover --client-no-context-takeover"
        f" --server-max-window-bits 10 --client-max-window-bits 11 {URL}",
    ),
]


@pytest.mark.parametrize(("options", "expected"), COMMANDS)
def test_the_command_line(options: ConnectOptions, expected: str) -> None:
    """Quoted for a shell, secrets masked, defaults left out."""
    assert command_line(options) == expected


@given(connections, st.integers(40, 200))
def test_a_command_line_fits(options: ConnectOptions, width: int) -> None:
    """It is cut to the width there is, and what is not cut is a command of a shell."""
    line = command_line(options, width)
    assert len(line) <= width or "…" in line
    whole = command_line(options)
    if "$'" not in whole:  # shlex knows no such quotes
        assert shlex.split(whole)[0] == "wsdebug"
