"""Scripts played against real servers on loopback."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed as Closed

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.replay.plan import Plan
from wsdebug.replay.replay import Replay
from wsdebug.replay.report import SIGNS
from wsdebug.replay.results import Result
from wsdebug.replay.script import Script, ScriptFrame, read_script
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import Pause
from wsdebug.replay.unlocks import unlocks
from wsdebug.session.lines import Event, FrameLine

Make = Callable[..., Script]
Handler = Callable[[ServerConnection], Awaitable[None]]
HEAD = {"wsdebug": 1, "url": "ws://h/", "app": "wsdebug 0.1.0"}


async def echo(connection: ServerConnection) -> None:
    """Send back what comes."""
    async for message in connection:
        await connection.send(message)


@asynccontextmanager
async def server(handler: Handler = echo, **options: Any) -> AsyncIterator[str]:
    """The URL of a server."""
    async with serve(handler, "127.0.0.1", 0, **options) as running:
        port = next(iter(running.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}/"


class Played:
    """What a replay found: signs by line, the replay, and the frames of the recording."""

    def __init__(self, replay: Replay, results: list[Result], live: LiveSession) -> None:
        last = {result.line: result for result in results if result.line is not None}
        extras = [result for result in results if result.line is None]
        found = [(line, f"{SIGNS[result.verdict]}{line}") for line, result in last.items()]
        found += [(result.after, f"+{result.after}") for result in extras]
        self.found = " ".join(text for _, text in sorted(found, key=lambda pair: pair[0]))
        self.results = results
        self.replay = replay
        self.frames = [line for line in live.log if isinstance(line, FrameLine)]
        events = [line for line in live.log if isinstance(line, Event)]
        self.opened_us = next((e.time_us or 0 for e in events if e.name == "open"), 0)

    @property
    def sent(self) -> list[bytes | None]:
        """Payloads of the messages that were sent, but closes."""
        return [line.payload for line in self.frames if line.sent and line.frame.opcode != 8]


async def play(
    script: Script,
    url: str,
    settings: Settings | None = None,
    *,
    variables: dict[str, str] | None = None,
    act: Callable[[Replay], Coroutine[Any, Any, None]] | None = None,
    **options: Any,
) -> Played:
    """Play a script to its end."""
    results: list[Result] = []
    live = LiveSession(ConnectOptions(url=url, **options), RecordOptions())
    replay = Replay(
        script,
        live,
        settings or Settings(timeout=5),
        variables=variables or {},
        on_result=results.append,
    )
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        acting = tasks.create_task(act(replay)) if act is not None else None
        await replay.run()
        if acting is not None:
            acting.cancel()
    await live.finish()
    return Played(replay, results, live)


@pytest.mark.parametrize("pace", ["answers", "clock", "both", "none"])
async def test_a_recording_is_right_in_every_pace(script: Make, pace: Any) -> None:
    """What was recorded is what comes."""
    lines = [
        {"t": 0.0, "event": "open", "extensions": ""},
        {"t": 0.01, "send": "a"},
        {"t": 0.02, "recv": "a"},
        {"t": 0.03, "send": {"b64": "AAE="}},
        {"t": 0.04, "send": '{"x":1}'},
        {"t": 0.05, "recv": {"b64": "AAE="}},
        {"t": 0.06, "recv": '{"x":1}'},
        {"t": 0.07, "op": "close", "send": {"code": 1000, "reason": ""}},
        {"t": 0.08, "op": "close", "recv": {"code": 1000, "reason": ""}},
        {"t": 0.09, "event": "closed", "code": 1000},
    ]
    async with server() as url:
        played = await play(script(HEAD, *lines), url, Settings(pace=pace))
    assert played.found == "=4 =7 =8 =10"
    assert played.replay.totals.is_good
    assert played.replay.failure is None


async def test_a_thousand_messages_at_once_keep_their_answers(script: Make) -> None:
    """All are sent before most answers have come."""
    sends = [{"send": f"m{number}"} for number in range(1000)]
    answers = [{"recv": f"m{number}"} for number in range(1000)]
    async with server() as url:
        played = await play(script(*sends, *answers), url, Settings(pace="none"))
    assert (played.replay.totals.ok, played.replay.totals.is_good) == (1000, True)


async def test_a_send_waits_for_the_answer_before_it(script: Make) -> None:
    """At pace `answers`; at `none` only where it uses a captured value."""

    async def slow(connection: ServerConnection) -> None:
        seen: list[Any] = []
        reading = asyncio.get_running_loop().create_future()

        async def read() -> None:
            async for message in connection:
                seen.append(message)
                if len(seen) > 1 and not reading.done():
                    reading.set_result(None)

        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(read())
            # whether a second message comes before the first is answered
            await asyncio.wait([reading], timeout=0.1)
            await connection.send(json.dumps({"seen": len(seen), "id": "i-1"}))
            await task

    answer = {"recv": {"json": {"seen": "#number"}}, "capture": {"seen": "$.seen", "id": "$.id"}}
    async with server(slow) as url:
        read = script({"send": "1"}, answer, {"send": "2"})
        waited = await play(read, url, Settings())
        assert waited.replay.variables == {"seen": 1, "id": "i-1"}
        at_once = await play(read, url, Settings(pace="none"))
        assert at_once.replay.variables["seen"] == 2
        uses = script({"send": "1"}, answer, {"send": "get {{id}}"})
        captured = await play(uses, url, Settings(pace="none"))
        assert captured.replay.variables["seen"] == 1
        assert captured.sent == [b"1", b"get i-1"]


async def test_answers_that_do_not_come_are_missing_in_their_time(script: Make) -> None:
    """Their own, or that of the settings; then the script goes on."""
    read = script(
        {"recv": "never", "timeout": 0.01},
        {"send": "a"},
        {"recv": "a"},
        {"recv": "no", "timeout": 0},
    )
    async with server() as url:
        played = await play(read, url, Settings(timeout=15))
    assert played.found == "-1 =3 -4"


async def test_an_optional_answer_is_only_waited_for_if_it_says_how_long(script: Make) -> None:
    """Else the next send goes at once."""
    lines = ({"recv": "x", "optional": True}, {"send": "a"}, {"recv": "a"})
    async with server() as url:
        assert (await play(script(*lines), url, Settings(timeout=60))).found == "=3"
        timed = ({**lines[0], "timeout": 0.01}, *lines[1:])
        assert (await play(script(*timed), url, Settings(timeout=60))).found == "=3"


async def test_wrong_and_extra_answers_do_not_hold_up_the_script(script: Make) -> None:
    """Each is found at once."""

    async def chatty(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(f"{message!s}!")
            await connection.send("more")

    read = script({"send": "a"}, {"recv": "a"}, {"recv": "more"}, {"send": "b"}, {"recv": "b!"})
    async with server(chatty) as url:
        played = await play(read, url, Settings(timeout=60))
        assert played.found == "!2 =3 =5 +5"
        allowed = Settings(timeout=0.05, extra_allowed=True)
        assert (await play(read, url, allowed)).found == "!2 =3 =5 +5"


RECORDED = {"wsdebug": 1, "url": "ws://127.0.0.1:1/", "app": "wsdebug 0.1.0"}


@pytest.mark.parametrize(
    ("lines", "extra", "is_good"),
    [
        ((), None, True),
        ((), True, True),
        ((), False, False),
        ((RECORDED,), None, False),
        ((RECORDED,), True, True),
    ],
)
async def test_a_script_by_hand_that_expects_nothing_compares_nothing(
    script: Make, lines: tuple[dict[str, Any], ...], extra: bool | None, is_good: bool
) -> None:
    """What comes then is no fault, as long as nobody says that it is; a recorded silence is one."""

    async def talks(connection: ServerConnection) -> None:
        await connection.send("welcome")

    async with server(talks) as url:
        settings = Settings(extra_allowed=extra)
        played = await play(script(*lines, {"wait": 60}), url, settings)
    assert played.found == "+0"
    assert played.replay.failure is None
    assert played.replay.totals.is_good is is_good


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"op": "close", "send": {"code": 4001}}, None),
        ({"op": "close", "send": {}}, None),
        ({"send": "a"}, None),
        ({"op": "cont", "send": "a"}, 5),
        ({"mask": None, "send": "a"}, 5),
    ],
)
async def test_a_close_that_is_no_echo_of_ours_is_a_failure(
    script: Make, line: dict[str, Any], code: int | None
) -> None:
    """The server fails the connection with 1002, while we are closing it as well."""
    async with server() as url:
        played = await play(script(line), url, Settings(frames=True))
    failure = played.replay.failure
    assert (failure.exit_code if failure is not None else None) == code


async def test_what_is_left_when_the_connection_ends_is_missing(script: Make) -> None:
    """Answers and sends; an end that nothing expected is a failure by its code."""

    async def bye(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.close(4000, "enough")

    lines = [{"send": "a"}, {"recv": "b"}, {"send": "c"}]
    close = {"op": "close", "recv": {"code": 4000, "reason": "enough"}}
    async with server(bye) as url:
        played = await play(script(*lines), url)
        assert played.found == "-2 -3"
        assert played.replay.failure is not None
        assert played.replay.failure.exit_code == 5
        expected = await play(script(*lines[:1], close), url)
        assert (expected.found, expected.replay.failure) == ("=2", None)
        other = {"op": "close", "recv": {"code": 1000}}
        differs = await play(script(*lines[:1], other), url)
        assert differs.found == "!2"
        assert differs.replay.failure is not None


async def test_a_broken_connection_is_right_where_the_recording_has_it(script: Make) -> None:
    """By its `closed` event."""

    async def gone(connection: ServerConnection) -> None:
        await connection.send("a")
        connection.transport.abort()

    lines = [HEAD, {"t": 0, "event": "open"}, {"t": 0, "recv": "a"}]
    async with server(gone) as url:
        broken = await play(script(*lines), url)
        assert broken.replay.failure is not None
        closed = {"t": 1, "event": "closed", "by": "network", "code": 1006}
        right = await play(script(*lines, closed), url)
        assert (right.found, right.replay.failure) == ("=3", None)


async def test_no_connection_is_a_failure(script: Make) -> None:
    """And ends the replay."""
    played = await play(script({"send": "a"}, {"c": 2, "send": "b"}), "ws://127.0.0.1:1/")
    assert played.replay.failure is not None
    assert played.replay.failure.exit_code == 3


async def test_connections_run_in_order_in_one_recording(script: Make) -> None:
    """Values captured in one are known in the next, in its URL too."""
    paths: list[str] = []

    async def note(connection: ServerConnection) -> None:
        assert connection.request is not None
        paths.append(connection.request.path)
        await echo(connection)

    read = script(
        {"send": '"x1"'},
        {"recv": '"x1"', "capture": {"id": "$"}},
        {"c": 2, "send": "{{id}}"},
        {"c": 2, "recv": "x1"},
    )
    async with server(note) as url:
        played = await play(read, url + "{{id}}")
    assert played.found == "=2 =4"
    assert paths == ["/{{id}}", "/x1"]
    assert {line.connection for line in played.frames} == {1, 2}


async def test_ids_are_carried_and_listed(script: Make) -> None:
    """With `correlate` the replay of a login is right."""

    async def login(connection: ServerConnection) -> None:
        await connection.send('{"session":"live-token-1","n":1}')
        async for message in connection:
            await connection.send(message)

    read = script(
        {"recv": '{"session":"rec-token-0","n":1}'},
        {"send": '{"session": "rec-token-0", "q": 1}'},
        {"recv": '{"session": "rec-token-0", "q": 1}'},
    )
    async with server(login) as url:
        assert (await play(read, url)).found == "!1 =3"
        played = await play(read, url, Settings(correlate=True, pace="none"))
    assert [(one.verdict, one.line) for one in played.results] == [
        ("carried", 1),
        ("ok", 1),
        ("ok", 3),
    ]
    assert played.sent == [b'{"session": "live-token-1", "q": 1}']


async def test_pings_by_hand_are_sent_and_answers_of_the_engine_are_not(script: Make) -> None:
    """A pong goes out once for each ping that came."""

    async def pinging(connection: ServerConnection) -> None:
        await (await connection.ping("p1"))
        await connection.send("done")
        await connection.wait_closed()

    read = script(
        {"op": "ping", "recv": "old"},
        {"op": "pong", "send": "old"},
        {"op": "ping", "send": "mine"},
        {"op": "pong", "send": "unasked"},
        {"recv": "done"},
    )
    async with server(pinging) as url:
        played = await play(read, url)
        control = [(line.frame.opcode, line.payload) for line in played.frames if line.sent][:-1]
        assert sorted(control) == [(9, b"mine"), (10, b"p1"), (10, b"unasked")]
        by_hand = await play(script({"op": "ping", "recv": ""}, {"op": "pong", "send": "p1"}), url,
                             auto_pong=False)  # fmt: skip
        assert by_hand.sent == [b"p1"]


async def test_frames_are_sent_as_they_were(script: Make) -> None:
    """Fragments, bits and empty continuations, with fresh masks unless they are to be the same."""
    lines = [
        {"mask": "01020304", "op": "text", "fin": False, "send": "he"},
        {"mask": "01020304", "op": "ping", "send": "p"},
        {"mask": "05060708", "op": "cont", "fin": False, "send": ""},
        {"mask": "05060708", "len": {"form": 16, "declared": 3}, "op": "cont", "send": "llo"},
        {"recv": "hello"},
    ]
    async with server(compression=None) as url:
        for exact in (False, True):
            settings = Settings(frames=True, exact_mask=exact)
            played = await play(script(*lines), url, settings)
            assert played.found == "=5"
            sent = [line.frame for line in played.frames if line.sent][:4]
            assert [(f.opcode, f.fin, f.payload, f.length_form) for f in sent] == [
                (1, False, b"he", None),
                (9, True, b"p", None),
                (0, False, b"", None),
                (0, True, b"llo", 16),
            ]
            masks = [frame.mask.hex() for frame in sent if frame.mask is not None]
            assert (masks == ["01020304", "01020304", "05060708", "05060708"]) is exact
        one = await play(script(*lines), url)
        assert [line.frame.payload for line in one.frames if line.sent][:2] == [b"hello", b"p"]


async def test_compressed_frames_need_the_same_compression(tmp_path: Path) -> None:
    """Sent as they were where it was agreed on again; else inflated, or refused."""
    path = tmp_path / "a.ws.jsonl"
    async with server() as url:
        live = LiveSession(ConnectOptions(url=url), RecordOptions(path=str(path)))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(live.run())
            await live.open()
            for text in ("hello hello", "hello hello"):
                await live.send(text)
            await live.until("open")
            while live.counters.frames_in < 2:
                await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.01)
            await live.disconnect()
        await live.finish()
        read = read_script(str(path))
        items = [item for connection in read.connections for item in connection.items]
        recorded = [item.line for item in items if isinstance(item, ScriptFrame)]
        wire = [line.frame.payload for line in recorded if line.sent][:2]
        for settings in (Settings(frames=True), Settings(frames=True, exact_mask=True)):
            played = await play(read, url, settings)
            assert played.replay.totals.is_good
            assert [line.frame.payload for line in played.frames if line.sent][:2] == wire
        plain = await play(read, url, Settings(frames=True), compression=None)
        assert plain.replay.totals.is_good
        assert plain.sent == [b"hello hello", b"hello hello"]
        refused = await play(read, url, Settings(frames=True, exact_mask=True), compression=None)
        assert refused.replay.failure is not None
        assert refused.replay.failure.exit_code == 2
        assert "the server agreed to none" in str(refused.replay.failure)


async def test_steps_are_released_one_by_one(script: Make) -> None:
    """At pace `step`; results come in between."""
    read = script({"send": "a"}, {"recv": "a"}, {"send": "b"}, {"recv": "b"})

    async def release(replay: Replay) -> None:
        for done in (1, 2):
            replay.step()
            while replay.progress[0] < done:
                await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.005)

    async with server() as url:
        played = await play(read, url, Settings(pace="step"), act=release)
    assert played.found == "=2 =4"


async def test_a_replay_by_steps_can_run_on(script: Make) -> None:
    """It says what the next step sends, with its values; further on each waits for its answers."""
    read = script(
        {"url": "ws://h/", "vars": {"who": "ann"}},
        {"send": "1"},
        {"recv": "1"},
        {"send": "{{who}}"},
        {"recv": "ann"},
        {"send": "3"},
        {"recv": "3"},
    )
    said: list[Any] = []

    async def act(replay: Replay) -> None:
        for sent in (b"1", b"ann"):
            while replay.next_send is None or replay.next_send.payload != sent:
                await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.005)
            said.append((replay.next_send.number, replay.next_send.payload))
            if sent == b"1":
                replay.step()
        assert replay.is_stepping
        replay.run_on()
        assert not replay.is_stepping

    async with server() as url:
        played = await play(read, url, Settings(pace="step"), act=act)
    assert said == [(2, b"1"), (4, b"ann")]
    assert played.found == "=3 =5 =7"
    assert played.replay.next_send is None


@pytest.mark.parametrize("pace", ["step", "clock"])
async def test_an_answer_between_sends_in_a_row_differs(script: Make, pace: Any) -> None:
    """The first may be answered before the others are sent: it is no extra message."""
    read = script(
        {"t": 0, "send": "a"},
        {"t": 0.05, "send": "b"},
        {"t": 0.06, "recv": "A"},
        {"t": 0.07, "recv": "b"},
    )

    async def act(replay: Replay) -> None:
        for number in range(2):
            replay.step()
            while replay.totals.settled <= number:
                await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.005)

    async with server() as url:
        played = await play(read, url, Settings(pace=pace), act=act if pace == "step" else None)
    assert played.found == "!3 =4"


@pytest.mark.parametrize(
    ("befores", "count", "unlocked"),
    [
        ([], 2, [2]),
        ([0, 1], 2, [0, 1, 2]),
        ([0, 0, 0, 3], 4, [0, 3, 3, 3, 4]),
        ([2, 2], 2, [2, 2, 2]),
        ([1, 1, 3, 3], 5, [1, 3, 3, 5, 5]),
    ],
)
def test_what_may_come_after_so_many_steps(
    befores: list[int], count: int, unlocked: list[int]
) -> None:
    """The answers before the next step; of steps in a row, those after all of them."""
    plan = Plan(1)
    plan.steps = [Pause(1, 0.0, before, 0) for before in befores]
    plan.expected = [None] * count  # type: ignore[list-item]
    assert unlocks(plan) == unlocked


@pytest.mark.parametrize("pace", ["answers", "step", "clock"])
async def test_a_replay_can_be_stopped(script: Make, pace: Any) -> None:
    """What is open counts as missing, and the connection is closed in order."""
    never = {"t": 0, "recv": "never"}
    read = script({"t": 0, "send": "a"}, {"t": 0, "recv": "a"}, never, {"t": 99, "send": "c"})

    async def stop(replay: Replay) -> None:
        while not replay.totals.settled and pace != "step":
            await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.005)
        await replay.stop()

    async with server() as url:
        played = await play(read, url, Settings(pace=pace, timeout=60), act=stop)
    assert not played.replay.totals.is_good
    assert played.replay.failure is None
    assert played.replay.is_stopped


async def test_the_close_of_the_script_is_sent(script: Make) -> None:
    """With its code, once the answers before it have come, in every pace."""
    codes: list[Any] = []

    async def note(connection: ServerConnection) -> None:
        try:
            while True:
                await connection.send(await connection.recv())
        except Closed as error:
            codes.append((error.rcvd.code, error.rcvd.reason) if error.rcvd else None)

    read = script(
        {"send": "a"},
        {"recv": "a"},
        {"op": "close", "send": {"code": 4001, "reason": "done"}},
        {"op": "close", "recv": {"code": 4001}},
    )
    async with server(note) as url:
        played = await play(read, url, Settings(pace="none"))
        assert (played.found, played.replay.failure) == ("=2 =4", None)
        await play(script({"send": "a"}, {"recv": "a"}), url)
    assert codes == [(4001, "done"), (1000, "")]


async def test_waits_hold_up_what_follows(script: Make) -> None:
    """After the answers before them; not at pace `none`, and shorter with `max_gap`."""
    clock = asyncio.get_running_loop().time
    read = script({"wait": 0.2}, {"send": "a"}, {"recv": "a"})
    async with server() as url:
        times = []
        for settings in (Settings(), Settings(pace="none"), Settings(max_gap=0.0)):
            start = clock()
            assert (await play(read, url, settings)).found == "=3"
            times.append(clock() - start)
    assert times[0] >= 0.2


async def test_sends_at_their_time_are_not_early(script: Make) -> None:
    """At pace `clock`, divided by the speed."""
    lines = [{"t": 0, "event": "open"}, {"t": 0.1, "send": "a"}, {"t": 0.3, "send": "b"}]
    read = script(HEAD, *lines)
    async with server() as url:
        played = await play(read, url, Settings(pace="clock", speed=2))
    first, second = [line.time_us or 0 for line in played.frames if line.sent][:2]
    assert first - played.opened_us >= 49_000
    assert second - played.opened_us >= 149_000


async def test_a_violation_that_was_recorded_is_expected(script: Make) -> None:
    """And any other is not."""
    from wsdebug.playground.server import Playground

    async with Playground() as playground:
        url = f"{playground.url}broken?kind=reserved-bit"
        recorded = {"rsv2": True, "bad": ["reserved-bit"], "recv": "RSV2 is set"}
        read = script(HEAD, recorded, {"op": "close", "send": {"code": 1002}})
        assert (await play(read, url)).replay.failure is None
        plain = await play(script(HEAD, {"recv": "RSV2 is set"}), url)
        assert plain.replay.failure is not None
        assert plain.replay.failure.exit_code == 5
        again = replace(Settings(), strict_frames=True)
        assert (await play(read, url, again)).found.startswith("=2")


async def test_an_answer_may_take_as_long_as_in_the_recording(script: Make) -> None:
    """Besides the time that is given; in a script by hand there is only that."""

    async def late(connection: ServerConnection) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.3):
                await connection.wait_closed()
        await connection.send("late")
        await connection.wait_closed()

    opened = {"t": 0, "event": "open"}
    async with server(late) as url:
        recorded = script(HEAD, opened, {"t": 5, "recv": "late"})
        assert (await play(recorded, url, Settings(timeout=0.01))).found == "=3"
        by_hand = script({"recv": "late"})
        assert (await play(by_hand, url, Settings(timeout=0.01))).found == "-1"
        for pace in ("clock", "none"):
            stream = script({"t": 0, "send": "a"}, {"t": 5, "recv": "late"})
            played = await play(stream, url, Settings(timeout=0.01, pace=pace))
            assert played.found == "=2"


@pytest.mark.parametrize(
    ("line", "payload", "is_whole"),
    [
        ({"op": "text", "send": {"b64": "/w=="}}, b"\xff", True),
        ({"op": 3, "send": {"b64": "AA=="}}, b"\x00", True),
        ({"op": "text", "fin": False, "send": "half"}, b"half", False),
        ({"op": "close", "send": {"b64": "/w=="}}, b"\xff", True),
    ],
)
async def test_what_is_no_right_message_is_sent_as_it_is(
    script: Make, line: Any, payload: bytes, is_whole: bool
) -> None:
    """A debugger sends what it is told."""
    async with server(compression=None) as url:
        played = await play(script(line), url, Settings(timeout=0.01))
    first = next(line for line in played.frames if line.sent)
    assert (first.payload, first.frame.fin) == (payload, is_whole)


async def test_half_a_character_is_not_sent(script: Make) -> None:
    """A captured value may be one."""

    async def half(connection: ServerConnection) -> None:
        await connection.send('"\\ud800"')
        await echo(connection)

    read = script({"recv": {"json": "#string"}, "capture": {"x": "$"}}, {"send": "<{{x}}>"},
                  {"recv": "<?>"})  # fmt: skip
    async with server(half) as url:
        assert (await play(read, url)).found == "=1 =3"


async def test_a_frame_that_cannot_be_is_a_usage_error(script: Make) -> None:
    """With its line."""
    line = {"len": {"form": 7, "declared": 200}, "send": "a"}
    async with server() as url:
        played = await play(script(line), url, Settings(frames=True))
    assert played.replay.failure is not None
    assert played.replay.failure.exit_code == 2
    assert "line 1 cannot be sent" in str(played.replay.failure)


async def test_unordered_answers_are_matched_as_they_come(script: Make) -> None:
    """And each gives the others time."""

    async def backwards(connection: ServerConnection) -> None:
        for text in ("c", "b", "a"):
            await connection.send(text)
        await connection.wait_closed()

    async with server(backwards) as url:
        read = script({"recv": "a"}, {"recv": "b"}, {"recv": "c"})
        assert (await play(read, url, Settings(unordered=True))).found == "=1 =2 =3"
        assert (await play(read, url, Settings(timeout=0.01))).found == "-1 -2 =3 +3 +3"


async def test_at_pace_none_messages_that_wait_for_nothing_go_together(script: Make) -> None:
    """In order, whatever stands between them; each is in the recording."""
    sends: list[dict[str, Any]] = [{"send": f"text {number} é"} for number in range(150)]
    sends[70:70] = [{"send": {"b64": "AAE="}}, {"send": {"b64": "/w=="}}, {"send": "{{who}}"}]
    sends[90:90] = [{"op": "text", "send": {"b64": "/w=="}}, {"send": "x" * 70_000}, {"send": ""}]
    sends[100:100] = [{"op": "ping", "send": "p"}, {"wait": 0}, {"send": {"json": {"a": 1}}}]
    read = script({**HEAD, "vars": {"who": "ann"}}, *sends)
    came: list[str | bytes] = []

    async def keep(connection: ServerConnection) -> None:
        with contextlib.suppress(Closed):
            async for message in connection:
                came.append(message)

    sent = {}
    for pace in ("none", "answers"):
        async with server(keep, max_size=None, close_timeout=0.1) as url:
            played = await play(read, url, Settings(pace=pace), lenient=True)
        sent[pace] = played.sent
    assert sent["none"] == sent["answers"]
    assert sent["none"][70:73] == [b"\x00\x01", b"\xff", b"ann"]
    assert len(sent["none"]) == 158
    assert came[:70] == [f"text {number} é" for number in range(70)]


async def test_messages_that_go_together_are_missing_together(script: Make) -> None:
    """Where the server has closed."""

    async def leave(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.close()

    read = script(HEAD, *[{"send": "x" * 1000}] * 20_000)
    async with server(leave, close_timeout=0.1) as url:
        played = await play(read, url, Settings(pace="none"))
    missing = [result.line for result in played.results if result.verdict == "missing"]
    assert missing == [*range(len(played.sent) + 2, 20_002)]
    assert missing
