"""Files that somebody made to hurt: every format takes them, or says what is wrong."""

import ast
import contextlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.conftest import Convert
from wsdebug.errors import SessionUnreadable
from wsdebug.formats.table import TARGETS

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
names = st.sampled_from(
    ["connecting", "dns", "tcp", "tls", "proxy", "request", "response", "open", "closed", "error"]
) | st.text(max_size=4)
payloads = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(["===", "=1", "{{a}}", "\x1b[2J", "\0", "-x", "\u202e"]),
    st.fixed_dictionaries({"b64": st.sampled_from(["", "AA==", "/w==", "*"])}),
    st.fixed_dictionaries({"json": values}),
    st.fixed_dictionaries({"hex": st.sampled_from(["", "00ff", "x"])}),
    st.fixed_dictionaries({"code": st.integers(0, 70_000), "reason": st.text(max_size=5)}),
)
times = st.integers(-5, 10**13) | st.floats(-5, 1e13)
headers = st.fixed_dictionaries(
    {"url": st.sampled_from(["ws://h/", "wss://[::1", "", "\n", "ws://h:99999/?a=%zz#x", "=1"])},
    optional={
        "headers": st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=2), max_size=3),
        "subprotocols": st.lists(st.text(max_size=4), max_size=2),
        "connect": st.dictionaries(
            st.sampled_from(["user", "cookie", "4", "a b", "max-size", "ping-interval", "proxy"]),
            values,
        ),
        "vars": st.dictionaries(st.text(max_size=4), values),
        "started": st.sampled_from(["", "2026-08-03T12:00:00Z", "0001-01-01T00:00:00Z", "soon"]),
        "title": values,
    },
)
events = st.fixed_dictionaries(
    {"event": names},
    optional={
        "t": times,
        "c": st.integers(-1, 10**20),
        **dict.fromkeys(
            ("url", "remote", "local", "headers", "raw", "status", "body", "line", "cert"), values
        ),
    },
)
bits = {
    "t": times,
    "c": st.integers(-1, 10**20),
    "op": st.sampled_from(["text", "binary", "cont", "ping", "pong", "close", 3, 15]),
    "fin": st.booleans(),
    "rsv1": st.booleans(),
    "mask": st.none() | st.just("a1b2c3d4"),
    "len": st.fixed_dictionaries(
        {"form": st.sampled_from([7, 16, 64]), "declared": st.integers(-1, 2**65)}
    ),
    "bad": st.lists(st.text(max_size=4), max_size=2),
    "cut": st.integers(-1, 2**65),
    "wire": st.sampled_from(["", "AA=="]),
    "wlen": st.integers(-1, 2**65),
}
frames = st.fixed_dictionaries({"send": payloads}, optional=bits) | st.fixed_dictionaries(
    {"recv": payloads}, optional=bits
)
others = st.sampled_from([{"wait": 1}, {"t": 1, "note": "x", "on": 3}, {"note": "\x9b"}])


@pytest.mark.parametrize("target", TARGETS)
@given(headers, st.lists(events | frames | others, max_size=6))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
)
def test_any_lines_are_written_or_refused(
    converted: Convert, target: str, header: dict[str, Any], lines: list[dict[str, Any]]
) -> None:
    """Never by a fault of our own; with secrets declared, too."""
    content = "".join(f"{json.dumps(line)}\n" for line in [header, *lines])
    for secrets in ({}, {"a": "x"}):
        with contextlib.suppress(SessionUnreadable):
            data, _ = converted(content, target, secrets=secrets)
            if target == "python":
                ast.parse(data)


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "curl",
                "-H",
                "'",
                '"',
                "^",
                "\\",
                "\n",
                "$'",
                "ws://h",
                "-",
                "--",
                "-b",
                "A: b",
                ";",
                "\\u",
                " ",
            ]
        ),
        max_size=14,
    ).map("".join)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_command_is_read_or_refused(converted: Convert, text: str) -> None:
    """Whatever is quoted in it."""
    data = f"curl ws://h {text}".encode("utf-8", "surrogatepass")
    with contextlib.suppress(SessionUnreadable):
        converted(data, "session", name="in.curl")
