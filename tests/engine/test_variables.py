"""Variables of a connection: where they come from, and what is seen of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.route import dialled
from wsdebug.engine.saved_options import saved_options
from wsdebug.engine.variables import Variables, expanded, variables_of
from wsdebug.errors import UsageError
from wsdebug.session.lines import Header
from wsdebug.session.parse import parse_line


def options(url: str = "ws://h/", **changes: Any) -> ConnectOptions:
    """Those of a connection."""
    return ConnectOptions(url, **changes)


@pytest.mark.parametrize(
    ("given", "environ", "wanted"),
    [
        (options(), {"WSDEBUG_VAR_a": "1"}, Variables()),
        (options("ws://{{a}}/"), {"WSDEBUG_VAR_a": "1"}, Variables({"a": "1"})),
        (options("ws://{{a}}/"), {"WSDEBUG_VAR_A": "1"}, Variables()),
        (
            options(header=(("X", "{{a}}"), ("Y", None)), variable=(("a", "2"),)),
            {"WSDEBUG_VAR_a": "1"},
            Variables({"a": "2"}),
        ),
        (options(secret=(("a", "3"),)), {}, Variables({"a": "3"}, {"a": "3"})),
        (options(variable=(("api_key", "4"),)), {}, Variables({"api_key": "4"}, {"api_key": "4"})),
        (options(variable=(("a", None),)), {}, Variables(missing=("a",))),
        (
            options(variable=(("a", None),)),
            {"WSDEBUG_VAR_a": "5"},
            Variables({"a": "5"}, {"a": "5"}),
        ),
        (
            options(variable=(("a", None),), secret=(("a", "6"),)),
            {},
            Variables({"a": "6"}, {"a": "6"}),
        ),
    ],
)
def test_variables_come_from_options_and_environment(
    given: ConnectOptions, environ: dict[str, str], wanted: Variables
) -> None:
    """From the environment only those that are named or declared."""
    assert variables_of(given, environ) == wanted


def test_placeholders_stand_in_every_option() -> None:
    """Numbers and switches are left alone; what is not declared stays."""
    given = options(
        "ws://{{a}}/{{b}}",
        header=(("X-{{a}}", "{{a}}"), ("Y", None)),
        subprotocol=("{{a}}",),
        bearer="{{a}}",
        proxy="http://{{a}}",
        resolve=("{{a}}:1:127.0.0.1",),
        variable=(("a", "x"),),
    )
    made = expanded(given, variables_of(given, {}))
    assert (made.url, made.header) == ("ws://x/{{b}}", (("X-x", "x"), ("Y", None)))
    assert (made.subprotocol, made.bearer, made.proxy) == (("x",), "x", "http://x")
    assert (made.resolve, made.variable) == (("x:1:127.0.0.1",), given.variable)
    assert made.max_size == given.max_size


def test_a_variable_without_a_value_is_asked_for() -> None:
    """Before anything is dialled or written."""
    given = options(variable=(("token", None),))
    with pytest.raises(UsageError, match="the variable token has no value") as caught:
        LiveSession(given, RecordOptions(path="/no/such/folder/a"))
    assert caught.value.field == "variable"


def test_a_name_in_the_url_that_nobody_declared_is_told() -> None:
    """It goes out as it stands."""
    target, _ = dialled(options("ws://h/{{a}}/{{b}}?{{b}}", variable=(("a", "1"),)))
    assert target.resource == "/1/{{b}}?{{b}}"
    assert target.notices == ("{{b}} is no declared variable: sent as it is",)


async def recorded(given: ConnectOptions, path: Path, **record: Any) -> list[dict[str, Any]]:
    """The lines that a connection leaves which does not come to be."""
    live = LiveSession(given, RecordOptions(path=str(path), **record))
    await live.run()
    await live.finish()
    lines = [json.loads(data) for _, data in live.log.raw_lines()]
    live.log.close()
    return lines


GIVEN = options(
    "ws://127.0.0.1:1/{{path}}?token={{t}}&x=s3cret",
    header=(("Authorization", "Bearer {{t}}"), ("X-A", "s3cret"), ("X-B", "{{t}}")),
    variable=(("path", "s3cret/feed"), ("unused", "1")),
    secret=(("t", "s3cret"),),
)


async def test_a_secret_stands_nowhere_in_the_record(tmp_path: Path) -> None:
    """The header keeps the placeholders, so that it can be connected again."""
    path = tmp_path / "a"
    header, connecting, *_ = await recorded(GIVEN, path)
    assert "s3cret" not in path.read_text()
    assert header["url"] == "ws://127.0.0.1:1/{{path}}?token={{t}}&x=***"
    assert header["headers"] == [
        ["Authorization", "Bearer {{t}}"],
        ["X-A", "***"],
        ["X-B", "{{t}}"],
    ]
    assert header["vars"] == {"path": "***/feed", "unused": "1", "t": None}
    assert header["redacted"] == ["t"]
    assert connecting["url"] == "ws://127.0.0.1:1/***/feed?token=***&x=***"


async def test_secrets_are_kept_when_asked(tmp_path: Path) -> None:
    """`--keep-secrets` keeps all."""
    header, *_ = await recorded(GIVEN, tmp_path / "a", keep_secrets=True)
    assert header["vars"] == {"path": "s3cret/feed", "unused": "1", "t": "s3cret"}
    assert "redacted" not in header


async def test_variables_survive_the_file(tmp_path: Path) -> None:
    """A secret's name does, its value is asked for; the proxy does without its user info."""
    given = options("ws://127.0.0.1:1/{{t}}", proxy="me:pw@127.0.0.1:1", secret=(("t", "x"),))
    path = tmp_path / "a"
    lines = await recorded(given, path)
    assert lines[0]["connect"] == {"proxy": "***@127.0.0.1:1"}
    assert lines[0]["redacted"] == ["proxy", "t"]
    assert "me:pw" not in path.read_text()
    header = parse_line(path.read_bytes().split(b"\n")[0], 1, first=True)
    assert isinstance(header, Header)
    saved = saved_options(header, is_allowed=True)
    assert saved.options == options(
        "ws://127.0.0.1:1/{{t}}", proxy="127.0.0.1:1", variable=(("t", None),)
    )
    assert saved_options(header).asked == ("proxy",)


async def test_options_that_change_bring_their_secrets(tmp_path: Path) -> None:
    """The next connection of a session masks them too."""
    path = tmp_path / "a"
    live = LiveSession(options("ws://127.0.0.1:1/"), RecordOptions(path=str(path)))
    live.options = options("ws://127.0.0.1:1/{{t}}", secret=(("t", "s3cret"),))
    await live.run()
    await live.finish()
    assert "s3cret" not in path.read_text()
    assert live.redactor.shown("a s3cret") == "a ***"
    live.log.close()
