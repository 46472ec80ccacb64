"""A replay of messages that stay in their file finds what one of messages in memory finds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection, serve

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.errors import SessionUnreadable, UsageError
from wsdebug.log.joined import Message
from wsdebug.replay.came import Rules
from wsdebug.replay.matcher import Matcher
from wsdebug.replay.plan import Plan, make_plans
from wsdebug.replay.replay import Replay
from wsdebug.replay.results import Result, ResultRun
from wsdebug.replay.script import Script, read_script
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import Send, SendRun
from wsdebug.replay.unlocks import unlocks
from wsdebug.session import stretch as stretch_module
from wsdebug.session.lines import FrameLine, MessageRun
from wsdebug.session.parse import parse_line

Write = Callable[..., Path]
HEAD = {"wsdebug": 1, "url": "ws://h/", "app": "wsdebug 0.1.0"}
KEY = "01020304"


def sent(text: str, **keys: Any) -> dict[str, Any]:
    """A recorded message of ours."""
    return {"t": 1.0, "mask": KEY, "send": text, **keys}


def received(text: str, **keys: Any) -> dict[str, Any]:
    """A recorded answer."""
    return {"t": 1.0, "recv": text, **keys}


COMPRESSED = {"rsv1": True, "wire": "AA=="}
ODD: list[dict[str, Any]] = [
    {"t": 1.0, "op": "ping", "recv": "p"},
    {"send": "by hand"},
    {"recv": {"json": {"a": 1}}},
    {"recv": "d", "optional": True},
    {"t": 1.0, "recv": {"b64": "AAE="}},
    {"t": 1.0, "mask": KEY, "send": {"b64": "AAE="}},
    {"t": 1.0, "fin": False, "recv": "a"},
    {"t": 1.0, "op": "cont", "recv": "b"},
    {"t": 1.0, "op": "close", "recv": {"code": 1000}},
    {"wait": 0},
    {"t": 1.0, "event": "open", "extensions": ""},
]
scripts = st.lists(
    st.sampled_from([sent("a"), sent("b"), received("a"), received("b"), received('{"a":1}')])
    | st.sampled_from([received("b", **COMPRESSED), sent("b", **COMPRESSED)])
    | st.sampled_from([sent("a"), received("a")])
    | st.sampled_from(ODD),
    min_size=1,
    max_size=14,
)


ALLOWED = {"extra_allowed": True}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines in a row are a stretch."""
    monkeypatch.setattr(stretch_module, "FEWEST", 2)


def both(path: Path) -> tuple[Script, Script]:
    """A file read with and without stretches."""
    return read_script(str(path), stretches=True), read_script(str(path))


def plan_of(script: Script, pace: Any = "none") -> Plan | None:
    """Its one connection, if there is anything to play."""
    try:
        return make_plans(script, Settings(pace=pace), ())[0]
    except UsageError:
        return None


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("pace", ["none", "answers", "clock"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=scripts)
def test_a_plan_with_runs_is_the_plan_without(
    session: Write, pace: str, lines: list[dict[str, Any]]
) -> None:
    """The same steps, the same messages are expected, and may come after the same steps."""
    with_runs, without = (plan_of(script, pace) for script in both(session(HEAD, *lines)))
    if with_runs is None or without is None:
        assert with_runs is without is None
        return
    assert with_runs.sends == without.sends
    ours, theirs = [*with_runs.each_step()], [*without.each_step()]
    assert [type(step) for step in ours] == [type(step) for step in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one.before == other.before
        if isinstance(one, Send) and isinstance(other, Send):
            assert one.message == other.message
            assert (one.names, one.after) == (other.names, other.after)
    for expected, like in zip(with_runs.expected, without.expected, strict=True):
        assert (expected.index, expected.message) == (like.index, like.message)
        assert (expected.opcode, expected.is_judged) == (like.opcode, like.is_judged)
    assert with_runs.cut_at == without.cut_at
    allowed = iter(unlocks(without))
    for done, step in enumerate(with_runs.steps):
        assert unlocks(with_runs)[done] == next(allowed)
        for _ in range(step.stretch.sent - 1 if isinstance(step, SendRun) else 0):
            next(allowed)
    assert unlocks(with_runs)[-1] == next(allowed)


def found(
    plan: Plan, runs: list[list[str]], *, closes: bool, **options: Any
) -> list[tuple[Any, ...]]:
    """The results of what comes in runs, and maybe a close after them."""
    results: list[Result] = []

    def take_run(run: ResultRun) -> None:
        results.extend(run.results())

    matcher = Matcher(
        plan.expected, Rules(), results.append, variables={}, emit_run=take_run, **options
    )
    matcher.unlock(len(plan.expected) // 2)
    number = 1
    for texts in runs:
        payloads = [text.encode() for text in texts]
        run = MessageRun(payloads, True, "\x7f".join(texts), number=number)
        if isinstance(plan.expected, list):
            for line in run.lines():
                matcher.feed(Message((line,)))
        else:
            matcher.feed_run(run)
        number += len(texts)
    if closes:
        close = parse_line(b'{"op":"close","recv":{"code":1000}}', number)
        assert isinstance(close, FrameLine)
        matcher.feed(Message((close,)))
    before_the_end = (matcher.awaited and matcher.awaited.index, len(results))
    matcher.finish()
    told = [
        (result.verdict, result.line, result.live_line, result.after, result.message, result.live)
        for result in results
    ]
    return [before_the_end, *told]


@pytest.mark.usefixtures("small")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    lines=scripts,
    runs=st.lists(
        st.lists(st.sampled_from(["a", "a", "b", '{"a":1}', '{ "a":1}', "d"]), max_size=5),
        max_size=5,
    ),
    options=st.sampled_from(
        [{"closes": closes, **more} for closes in (False, True) for more in ({}, ALLOWED)]
    ),
)
def test_runs_of_answers_are_matched_as_one_by_one(
    session: Write, lines: list[dict[str, Any]], runs: list[list[str]], options: dict[str, Any]
) -> None:
    """Right, different, missing and extra ones."""
    with_runs, without = (plan_of(script) for script in both(session(HEAD, *lines)))
    if with_runs is not None and without is not None:
        without.expected = [*without.expected]
        assert found(with_runs, runs, **options) == found(without, runs, **options)


COUNT = 400
LINES = [
    HEAD,
    *(sent(f"m{number}") for number in range(100)),
    *(received(f"m{number}") for number in range(100)),
    {"send": "by hand"},
    {"recv": "by hand"},
    *(line(f"m{number}") for number in range(100, COUNT) for line in (sent, received)),
]


async def played(
    script: Script, pace: Any, fault: str = "", *, is_kept: bool = True
) -> tuple[Replay, list[tuple[Any, ...]], list[bytes | str]]:
    """The replay, its results, and what the server got, which answers with what it gets."""
    got: list[bytes | str] = []

    async def handle(connection: ServerConnection) -> None:
        async for message in connection:
            got.append(message)
            if fault == "breaks" and len(got) == 150:
                connection.transport.abort()
            elif fault != "changes" or message != "m200":
                await connection.send(message)
            else:
                await connection.send("other")

    results: list[Result] = []
    async with serve(handle, "127.0.0.1", 0) as running:
        port = next(iter(running.sockets)).getsockname()[1]
        options = ConnectOptions(url=f"ws://127.0.0.1:{port}/")
        live = LiveSession(options, RecordOptions(is_kept=is_kept))
        how = Settings(pace=pace, timeout=5)
        replay = Replay(script, live, how, variables={}, on_result=results.append)
        await replay.run()
        await live.finish()
    return replay, [(result.verdict, result.line, result.note) for result in results], got


@pytest.mark.parametrize("fault", ["", "changes"])
@pytest.mark.parametrize("pace", ["none", "answers"])
@pytest.mark.parametrize("is_kept", [True, False])
async def test_a_replay_with_runs_finds_what_one_without_finds(
    session: Write, pace: Any, fault: str, is_kept: bool
) -> None:
    """And sends the same, with and without a record."""
    path = session(*LINES)
    with_runs, without = both(path)
    assert any(isinstance(step, SendRun) for step in make_plans(with_runs, Settings(), ())[0].steps)
    ours = await played(with_runs, pace, fault, is_kept=is_kept)
    theirs = await played(without, pace, fault)
    assert ours[1:] == theirs[1:]
    assert len(ours[2]) == COUNT + 1
    for replay, _, _ in (ours, theirs):
        assert replay.failure is None
        assert replay.progress == (COUNT + 1, COUNT + 1)
        assert (replay.totals.ok, replay.totals.differs) == (
            (COUNT + 1, 0) if not fault else (COUNT, 1)
        )


@pytest.mark.parametrize("pace", ["none", "answers"])
async def test_where_it_breaks_off_each_message_is_told(session: Write, pace: Any) -> None:
    """What was not sent, and what did not come."""
    script = read_script(str(session(*LINES)), stretches=True)
    replay, told, got = await played(script, pace, "breaks")
    answers = {number for number, line in enumerate(LINES, 1) if "recv" in line}
    lines = [line for _, line, _ in told]
    assert len(got) >= 150
    assert answers <= set(lines)
    assert len(lines) == len(set(lines))
    assert {note for _, line, note in told if line not in answers} <= {
        "not sent: the connection was closed"
    }
    assert not replay.totals.is_good
    assert replay.failure is not None


@pytest.mark.parametrize("pace", ["none", "answers"])
async def test_a_script_that_was_changed_is_not_played_on(session: Write, pace: Any) -> None:
    """Neither what is sent nor what is expected can be found any more."""
    path = session(*LINES)
    script = read_script(str(path), stretches=True)
    make_plans(script, Settings(pace=pace), ())
    path.write_text(path.read_text()[:10_000])
    replay, _, _ = await played(script, pace)
    assert isinstance(replay.failure, SessionUnreadable)


def test_lines_that_are_held_stay_few(session: Write) -> None:
    """Of a long session only what is no plain message is in memory."""
    script = read_script(str(session(*LINES)), stretches=True)
    (connection,) = script.connections
    assert len(connection.items) < 100


def test_lines_of_json_take_spaces(session: Write) -> None:
    """A session that others wrote is no worse for it."""
    path = session(*LINES)
    path.write_text("".join(f"{json.dumps(line, separators=(', ', ' : '))}\n" for line in LINES))
    script = read_script(str(path), stretches=True)
    assert len(make_plans(script, Settings(), ())[0].expected) == COUNT + 1
