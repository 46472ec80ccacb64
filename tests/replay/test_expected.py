"""One expected message held against one that came."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from wsdebug.log.joined import Joiner, Message
from wsdebug.replay.came import Live
from wsdebug.replay.plan import make_plans
from wsdebug.replay.script import Script
from wsdebug.replay.settings import Settings
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

Make = Callable[..., Script]
HEAD = {"wsdebug": 1, "url": "ws://h/"}


def message(*lines: Any) -> Message:
    """A message of these lines."""
    joiner = Joiner(by_frame=len(lines) == 1)
    found: list[Message] = []
    for line in lines:
        parsed = parse_line((line if isinstance(line, str) else json.dumps(line)).encode(), 1)
        assert isinstance(parsed, FrameLine)
        found += joiner.feed(parsed)
    return found[0]


def differing(script: Script, *came: Any, variables: Any = None, **settings: Any) -> list[str]:
    """Where the first expected message of a script differs from one that came."""
    plan = make_plans(script, Settings(**settings), (variables or {}).keys())[0]
    expected = plan.expected[0]
    live = Live(message(*came), expected.rules)
    return [one.path for one in expected.compare(live, variables or {})]


@pytest.mark.parametrize(
    ("expected", "came", "places"),
    [
        ({"recv": "a"}, {"recv": "a"}, []),
        ({"recv": "a"}, {"recv": "b"}, ["payload"]),
        ({"recv": "a"}, {"op": "binary", "recv": "a"}, ["opcode"]),
        ({"recv": '{"a": 1}'}, {"recv": '{"a":1.0}'}, []),
        ({"recv": '{"a":1}'}, {"recv": '{"a":1,"b":2}'}, ["$.b"]),
        ({"recv": '{"a":1}', "match": "subset"}, {"recv": '{"a":1,"b":2}'}, []),
        ({"recv": '{"a":true}'}, {"recv": '{"a":1}'}, ["$.a"]),
        ({"recv": '"#string"'}, {"recv": '"x"'}, ["$"]),
        # what is not JSON is compared byte for byte
        ({"recv": '{"a":1}'}, {"recv": '{"a":1'}, ["payload"]),
        ({"recv": '{"a":1,"a":1}'}, {"recv": '{"a": 1,"a":1}'}, ["payload"]),
        ({"recv": "NaN"}, {"recv": " NaN"}, ["payload"]),
        ({"recv": "[1e400]"}, {"recv": "[1e400 ]"}, ["payload"]),
        ({"recv": "1" * 4301}, {"recv": "1" * 4301}, []),
        ({"recv": "1" * 4301}, {"recv": " " + "1" * 4301}, ["payload"]),
        ({"recv": "[" * 999 + "]" * 999}, {"recv": " " + "[" * 999 + "]" * 999}, ["payload"]),
        # binary is JSON only as an array or object
        ({"recv": {"hex": "31323334"}}, {"recv": {"b64": "MTIzNC4w"}}, ["payload"]),
        ({"recv": {"b64": "eyJhIjoxfQ=="}}, {"recv": {"b64": "eyJhIjogMX0="}}, []),
        ({"recv": {"hex": "00ff"}}, {"recv": {"b64": "AP8="}}, []),
        ({"recv": {"json": {"a": "#number"}}}, {"recv": '{"a":1,"b":2}'}, []),
        ({"recv": {"json": {"a": 1}}, "match": "equal"}, {"recv": '{"a":1,"b":2}'}, ["$.b"]),
        ({"recv": {"json": {"a": 1}}}, {"recv": "a"}, ["payload"]),
        ({"recv": {"json": {"a": 1}}}, {"recv": {"b64": "eyJhIjoxfQ=="}}, ["opcode"]),
        ({"recv": {"regex": "^a+$"}}, {"recv": "aa"}, []),
        ({"recv": {"regex": "^a+$"}}, {"recv": {"b64": "YWE="}}, []),
        ({"op": "text", "recv": {"regex": "a"}}, {"recv": {"b64": "YWE="}}, ["opcode"]),
        ({"recv": {"regex": "^a+$"}}, {"recv": "b"}, ["payload"]),
        ({"recv": None}, {"recv": None}, []),
        ({"recv": None}, {"recv": "a"}, ["payload"]),
        ({"cut": 9, "recv": "abc"}, {"recv": "abcdefghi"}, []),
        ({"cut": 9, "recv": "abc"}, {"recv": "abxdefghi"}, ["payload"]),
        ({"cut": 9, "recv": ""}, {"recv": "anything"}, []),
        ({"op": "close", "recv": {"code": 1000}}, {"op": "close", "recv": {"code": 1000}}, []),
        (
            {"op": "close", "recv": {"code": 1000}},
            {"op": "close", "recv": {"code": 1000, "reason": "bye"}},
            [],
        ),
        (
            {"op": "close", "recv": {"code": 1000, "reason": ""}},
            {"op": "close", "recv": {"code": 1001, "reason": "bye"}},
            ["code", "reason"],
        ),
        ({"op": "close", "recv": {}}, {"op": "close", "recv": {"code": 1000}}, ["code"]),
        ({"op": "close", "recv": {"b64": "/w=="}}, {"op": "close", "recv": {"b64": "/g=="}}, 1),
    ],
)
def test_payloads_are_compared_by_their_kind(
    script: Make, expected: Any, came: Any, places: Any
) -> None:
    """Structure for JSON, patterns as they say, bytes for all else."""
    found = differing(script(HEAD, expected), came)
    assert found == (["payload"] if places == 1 else places)


def test_fragments_time_and_compression_are_not_compared(script: Make) -> None:
    """Unless frames are."""
    whole = {"t": 1, "rsv1": True, "recv": "abc", "wire": "SkwqVgIA"}
    parts = [{"t": 5, "op": "text", "fin": False, "recv": "a"}, {"op": "cont", "recv": "bc"}]
    assert differing(script(HEAD, whole), *parts) == []
    strict = differing(script(HEAD, whole), parts[0], strict_frames=True)
    assert strict == ["fin", "rsv1", "payload"]


@pytest.mark.parametrize(
    ("header", "line", "came", "places"),
    [
        ({"ignore": ["$.t"]}, {"recv": '{"t":1,"a":1}'}, '{"t":2,"a":1}', []),
        ({"ignore": ["$..t"]}, {"recv": '[{"t":1}]'}, '[{"t":2}]', []),
        ({"ignore": ["$.t"]}, {"recv": '{"a":1}'}, '{"t":2,"a":1}', []),
        ({}, {"recv": '{"t":1,"a":1}', "ignore": ["$.t"]}, '{"t":2,"a":2}', ["$.a"]),
        ({"replace": [{"re": "\\d+ms", "with": "Xms"}]}, {"recv": "3ms"}, "14ms", []),
        ({"replace": [{"re": '"t":\\d+', "with": '"t":0'}]}, {"recv": '{"t":1}'}, '{"t":2}', []),
        (
            {"replace": [{"re": "(\\d+)-(\\d+)", "with": "\\2-\\1"}]},
            {"recv": {"json": {"a": "1-2"}}},
            '{"a":"1-2","b":3}',
            [],
        ),
    ],
)
def test_what_is_ignored_or_replaced_does_not_differ(
    script: Make, header: Any, line: Any, came: str, places: list[str]
) -> None:
    """By the header for all messages, by a line for one."""
    assert differing(script({**HEAD, **header}, line), {"recv": came}) == places


def test_an_ignored_place_is_also_given_on_the_command_line(script: Make) -> None:
    """In the settings."""
    from wsdebug.payload.json_query import parse_json_path

    settings = {"ignore": (parse_json_path("$.t"),)}
    assert differing(script(HEAD, {"recv": '{"t":1}'}), {"recv": '{"t":2}'}, **settings) == []


@pytest.mark.parametrize(
    ("line", "came"),
    [
        ({"recv": "hello {{who}}"}, {"recv": "hello ann"}),
        ({"recv": '{"who":"{{who}}"}'}, {"recv": '{ "who": "ann" }'}),
        ({"recv": {"json": {"who": "{{who}}", "n": "{{n}}"}}}, {"recv": '{"who":"ann","n":7}'}),
        ({"recv": {"json": {"id": "#regex ^{{who}}-\\d$"}}}, {"recv": '{"id":"ann-1"}'}),
        ({"recv": {"regex": "^{{who}}$"}}, {"recv": "ann"}),
        (
            {"op": "close", "recv": {"code": 1000, "reason": "{{who}}"}},
            {"op": "close", "recv": {"code": 1000, "reason": "ann"}},
        ),
    ],
)
def test_variables_stand_in_what_is_expected(script: Make, line: Any, came: Any) -> None:
    """And without a value for them they stand for themselves."""
    variables = {"who": "ann", "n": 7}
    assert differing(script(HEAD, line), came, variables=variables) == []
    assert differing(script(HEAD, line), came) != []


def test_a_file_is_read_beside_the_session(script: Make, session: Callable[..., Any]) -> None:
    """Binary unless the line says otherwise."""
    path = session("x", name="answer.bin")
    path.write_bytes(b"\x00\x01")
    line = {"recv": {"file": "answer.bin"}}
    assert differing(script(HEAD, line), {"recv": {"b64": "AAE="}}) == []
    assert differing(script(HEAD, line), {"recv": {"b64": "AAA="}}) == ["payload"]


def test_an_answer_that_makes_every_search_long_is_judged_soon(
    script: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one in which nothing was found, by what is captured or normalised too."""
    monkeypatch.setattr("wsdebug.payload.pattern.PATIENCE", 0.05)
    slow, hostile = "(a+)+$", "a" * 60 + "!"
    made = script(
        {**HEAD, "replace": [{"re": slow, "with": ""}]},
        {"recv": {"regex": slow}, "capture": {"word": {"re": slow}}},
    )
    expected = make_plans(made, Settings(), ())[0].expected[0]
    live, captured = Live(message({"recv": hostile}), expected.rules), dict[str, Any]()
    assert live.payload == hostile.encode()
    assert len(expected.compare(live, {})) == 1
    assert [one.path for one in expected.take(live, captured)] == ["capture word"]
    assert not captured
