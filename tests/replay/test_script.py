"""A file as a script: its keys checked, with the line where one cannot be taken."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wsdebug.errors import SessionUnreadable, UsageError
from wsdebug.replay.plan import Plan, make_plans
from wsdebug.replay.script import Script, read_script
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import Pause, Send

Make = Callable[..., Script]
HEAD = {"wsdebug": 1, "url": "ws://h/", "app": "wsdebug 0.1.0"}


def plan_of(script: Script, *names: str, **settings: Any) -> Plan:
    """Its one connection."""
    return make_plans(script, Settings(**settings), names)[0]


def sent(plan: Plan) -> list[int]:
    """The lines that are sent."""
    return [step.message.number for step in plan.steps if isinstance(step, Send)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"recv": {"json": "#strin"}}, "#strin is no placeholder; write #=strin"),
        ({"recv": {"json": {"a": "#regex ("}}}, "not a regular expression"),
        ({"recv": {"regex": "("}}, "not a regular expression"),
        ({"recv": "a", "match": "some"}, "match is neither subset nor equal"),
        ({"recv": "a", "ignore": "$.a"}, "ignore is not a list"),
        ({"recv": "a", "ignore": ["a"]}, "a query begins with $"),
        ({"recv": "a", "capture": {"x": "a"}}, "a query begins with $"),
        ({"recv": "a", "capture": {"x": 1}}, "neither a JSONPath nor"),
        ({"recv": "a", "capture": ["x"]}, "capture is not {name: JSONPath}"),
        ({"recv": "a", "capture": {"x y": "$"}}, "capture: no placeholder can be 'x y'"),
        ({"recv": "a", "timeout": "1"}, "timeout is not a number"),
        ({"recv": "a", "timeout": True}, "timeout is not a number"),
        ({"recv": "a", "timeout": -1}, "timeout is not a number"),
        ({"recv": "a", "timeout": 10**400}, "timeout is not a number"),
        ({"recv": "a", "optional": 1}, "optional is neither true nor false"),
        ({"recv": "a", "skip": "yes"}, "skip is neither true nor false"),
        ({"recv": {"file": "../x"}}, "outside of the session's folder"),
        ({"recv": {"file": "/etc/passwd"}}, "outside of the session's folder"),
        ({"recv": {"file": "none.bin"}}, "cannot read none.bin: no such file"),
        ({"send": {"json": 1}, "a": 1, "b": {"c": 1, "d": 1e400}}, "too large"),
        ('{"send":', "not JSON"),
        ({"hello": 1}, "needs exactly one of"),
    ],
)
def test_a_wrong_line_is_named(script: Make, line: Any, words: str) -> None:
    """With the file, whatever is wrong with it."""
    text = line if isinstance(line, str) else json.dumps(line).replace("Infinity", "1e400")
    with pytest.raises(SessionUnreadable) as caught:
        plan_of(script(HEAD, "# a comment", text, {"send": "after"}))
    assert (caught.value.line, "a.ws.jsonl, line 3: " in str(caught.value)) == (3, True)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"vars": {"a": 1}}, "vars"),
        ({"vars": []}, "vars"),
        ({"vars": {"a b": "x"}}, "vars: no placeholder can be 'a b'"),
        ({"ignore": ["x"]}, "ignore"),
        ({"ignore": "$"}, "ignore"),
        ({"replace": [{"re": "(", "with": ""}]}, "replace"),
        ({"replace": [{"re": "a", "with": "\\9"}]}, "replace"),
        ({"replace": [{"re": "a"}]}, "replace"),
        ({"replay": {"pace": "fast"}}, "pace"),
        ({"replay": {"speed": 0}}, "speed"),
        ({"replay": {"speed": 10**400}}, "speed"),
        ({"replay": {"timeout": "1"}}, "timeout"),
        ({"replay": {"extra": True}}, "extra"),
        ({"replay": []}, "replay"),
    ],
)
def test_a_wrong_header_is_named(script: Make, keys: dict[str, Any], words: str) -> None:
    """By the key."""
    with pytest.raises(SessionUnreadable, match=f"line 1: .*{words}"):
        script({**HEAD, **keys})


def test_a_header_sets_what_a_replay_does(script: Make) -> None:
    """Unless the command line says otherwise."""
    replay = {"pace": "clock", "speed": 2, "max_gap": 0, "timeout": 1.5, "extra": "allow", "x": 1}
    read = script({**HEAD, "replay": replay})
    settings = Settings(timeout=3).with_defaults(read.settings)
    assert settings == Settings(
        pace="clock", speed=2.0, max_gap=0.0, timeout=1.5, extra_allowed=True
    )


def test_standard_input_archives_and_torn_tails_are_read(session: Callable[..., Path]) -> None:
    """A `.gz` is inflated; a recorded last line that was cut off is left out."""
    path = session(HEAD, {"t": 0.1, "send": "a"})
    packed = path.with_suffix(".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert len(read_script(str(packed)).connections[0].items) == 1
    path.write_bytes(path.read_bytes() + b'{"t":0.2,"recv":"b')
    assert len(read_script(str(path)).connections[0].items) == 1
    path.write_bytes(path.read_bytes()[:-1] + b'"}')
    assert len(read_script(str(path)).connections[0].items) == 2
    path.write_bytes(b'{"send":"a"}\n{"recv":"b')
    with pytest.raises(SessionUnreadable, match="line 2"):
        read_script(str(path))


def test_numbers_of_a_pattern_are_sent_as_they_are_written(script: Make) -> None:
    """Compact, and digit by digit."""
    text = '{"send": {"json": {"px": 1.10, "big": 12345678901234567890.5, "t": "é"}}}'
    step = plan_of(script(text)).steps[0]
    assert isinstance(step, Send)
    assert step.payload({}) == '{"px":1.10,"big":12345678901234567890.5,"t":"é"}'


@pytest.mark.parametrize(
    ("line", "payload"),
    [
        ({"send": "a {{who}} b {{other}}"}, "a ann b {{other}}"),
        ({"send": {"json": {"{{who}}": "{{n}}", "x": "n{{n}}"}}}, '{"ann":7,"x":"n7"}'),
        ({"op": "binary", "send": "{{who}}"}, b"ann"),
        ({"send": {"hex": "7b7b77686f7d7d"}}, b"{{who}}"),
        ({"send": {"b64": "/w=="}}, b"\xff"),
        ({"op": "text", "send": {"b64": "/w=="}}, b"\xff"),
    ],
)
def test_variables_stand_in_what_is_sent(script: Make, line: Any, payload: Any) -> None:
    """Of declared names only; a captured number stays one where it stands alone."""
    read = script({**HEAD, "vars": {"who": "ann"}}, {"recv": "1", "capture": {"n": "$"}}, line)
    step = plan_of(read).steps[0]
    assert isinstance(step, Send)
    found = step.payload({"who": "ann", "n": 7})
    assert found == (b"ann" if "hex" in json.dumps(line) else payload)


def test_a_captured_name_is_known_only_after_its_line(script: Make) -> None:
    """What stood in a recording before is no template."""
    read = script({"send": "{{x}}"}, {"recv": "1", "capture": {"x": "$"}}, {"send": "{{x}}"})
    first, second = plan_of(read).steps
    assert isinstance(first, Send)
    assert isinstance(second, Send)
    assert (first.names, first.after) == (frozenset(), ())
    assert (second.names, second.after) == (frozenset("x"), (0,))


def test_what_has_no_value_is_named(script: Make) -> None:
    """A declared name without one, and one whose capture is not played."""
    with pytest.raises(UsageError, match="a value for who"):
        plan_of(script({**HEAD, "vars": {"who": None}}, {"send": "a"}))
    read = script({"recv": "1", "capture": {"x": "$"}}, {"send": "{{x}}"})
    with pytest.raises(UsageError, match=r"line 2 uses {{x}}, which line 1 captures"):
        plan_of(read, first=2)
    assert sent(plan_of(read, "x", first=2)) == [2]


def test_control_frames_that_the_engine_sends_are_no_steps(script: Make) -> None:
    """Pongs that answer, keepalive pings, the answer to a close; those by hand are sent, and
    with `frames` all that the engine can leave to us.
    """
    connect = {"connect": {"ping-interval": 1}}
    read = script(
        {**HEAD, **connect},
        {"op": "ping", "recv": "p"},
        {"op": "pong", "send": "p"},
        {"op": "pong", "send": "p"},
        {"op": "ping", "send": "00000001"},
        {"op": "ping", "send": "mine"},
        {"op": "ping", "send": "00000002"},
        {"op": "close", "recv": {"code": 1000}},
        {"op": "close", "send": {"code": 1000}},
    )
    assert sent(plan_of(read)) == [4, 6]
    by_hand = make_plans(read, Settings(), (), auto_pong=False)[0]
    assert sent(by_hand) == [3, 4, 6]
    assert [expected.message.number for expected in by_hand.expected] == [2, 8]
    assert sent(plan_of(read, frames=True)) == [3, 4, 5, 6, 7]


def test_fragments_are_one_message_and_frames_are_not(script: Make) -> None:
    """By default and with `frames`."""
    lines = [
        {"op": "text", "fin": False, "send": "a"},
        {"op": "ping", "send": ""},
        {"op": "cont", "send": "b"},
    ]
    plan = plan_of(script(*lines))
    assert sent(plan) == [1, 2]
    assert isinstance(plan.steps[0], Send)
    assert plan.steps[0].payload({}) == "ab"
    assert sent(plan_of(script(*lines), frames=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        ([{"t": 1.5, "send": "a"}, {"t": 2, "recv": "b"}, {"t": 4, "send": "c"}], [500, 3000]),
        ([{"send": "a"}, {"wait": 0.5}, {"send": "b"}, {"send": "c"}], [0, 500, 500]),
        ([{"t": 3, "send": "a"}, {"wait": 1}, {"t": 4, "send": "b"}], [2000, 4000]),
    ],
)
def test_the_timeline_is_that_of_the_recording(
    script: Make, lines: list[Any], times: list[int]
) -> None:
    """From `open` on, with the waits in it; a gap lasts as long as is allowed."""
    read = script(HEAD, {"t": 1, "event": "open"}, *lines)
    steps = [step for step in plan_of(read).steps if isinstance(step, Send)]
    assert [step.at_us // 1000 for step in steps] == times
    capped = [step.at_us for step in plan_of(read, max_gap=0.0).each_step()]
    assert set(capped) == {0}


def test_lines_and_connections_are_picked(script: Make) -> None:
    """A message belongs to its first frame; what is not there is said."""
    read = script(
        {"send": "a"},
        {"wait": 1},
        {"op": "text", "fin": False, "send": "b"},
        {"op": "cont", "send": "c"},
        {"c": 2, "send": "d"},
        {"c": 3, "event": "connecting", "url": "ws://h/"},
    )
    assert [len(plan.steps) for plan in make_plans(read, Settings(), ())] == [3, 1]
    assert sent(plan_of(read, first=3, last=3)) == [3]
    assert isinstance(plan_of(read, last=2).steps[1], Pause)
    assert sent(plan_of(read, connection=2)) == [5]
    with pytest.raises(UsageError, match="no such connection"):
        plan_of(read, connection=4)
    with pytest.raises(UsageError, match="nothing to replay"):
        plan_of(script(HEAD))


def test_what_was_cut_cannot_be_sent(script: Make) -> None:
    """Nor what could not be inflated."""
    with pytest.raises(UsageError, match="line 1: what was sent was cut"):
        plan_of(script({"cut": 9, "send": "a"}))
    with pytest.raises(UsageError, match="line 1: what was sent could not be inflated"):
        plan_of(script({"send": None}))


@pytest.mark.parametrize(
    ("lines", "cut_at"),
    [
        ([{"recv": "a"}, {"op": "close", "send": {}}, {"recv": "b"}], 1),
        ([{"send": "a"}, {"recv": "a"}, {"op": "close", "send": {}}], None),
        ([{"recv": "a"}, {"op": "close", "recv": {}}, {"op": "close", "send": {}}], None),
        ([{"recv": "a"}], 1),
    ],
)
def test_a_recording_of_a_stream_is_cut_where_we_closed(
    script: Make, lines: list[Any], cut_at: int | None
) -> None:
    """Where more came than was asked for; never a script that was written by hand."""
    assert plan_of(script(HEAD, *lines)).cut_at == cut_at
    assert plan_of(script(*lines)).cut_at is None
