"""Files of strangers: whatever stands in them, they are taken or refused in words."""

import contextlib
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wsdebug.errors import WsdebugError
from wsdebug.replay.clean import cleaned
from wsdebug.replay.diff import compare_sessions
from wsdebug.replay.dry_run import dry_run_lines
from wsdebug.replay.exact import FrameMaker
from wsdebug.replay.plan import make_plans
from wsdebug.replay.replay import correlated
from wsdebug.replay.report import Reporter
from wsdebug.replay.script import read_script
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import Send

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-2, 70_000)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["$", "$.a", "#string", "#regex (", "{{a}}", "text", "close", "AA=="])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["a", "json", "b64", "hex", "file", "regex", "code", "reason", "re", "with", "form",
             "declared", "pace", "speed"]
        ),
        inner,
        max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip
KEYS = {
    "t": st.integers(0, 9),
    "c": st.integers(1, 3),
    "op": st.sampled_from(["text", "binary", "cont", "ping", "close", 3]),
    "fin": st.booleans(),
    "rsv1": st.booleans(),
    "mask": st.sampled_from(["01020304", None]),
    "len": st.just({"form": 7, "declared": 200}),
    "cut": st.integers(0, 9),
    "wire": st.just("AA=="),
    "match": st.sampled_from(["subset", "equal"]),
    "ignore": st.just(["$.a"]),
    "capture": st.sampled_from([{"a": "$.a"}, {"b": {"re": "(.)"}}, {"a": {"re": "x"}}]),
    "timeout": st.integers(0, 3),
    "optional": st.booleans(),
    "skip": st.booleans(),
    "on": st.integers(0, 4),
    "vars": st.just({"a": "1", "b": "2"}),
    "replace": st.just([{"re": "a", "with": "b"}]),
    "app": st.just("x"),
}
PAYLOADS = st.sampled_from(
    ['{"a":1}', "{{a}}", "x", {"json": {"a": "#number"}}, {"hex": "00"}]
) | st.sampled_from([{"regex": "."}, {"code": 1000}, {"file": "a.ws.jsonl"}, None, {"b64": "/w=="}])
KINDS = {
    "send": PAYLOADS,
    "recv": PAYLOADS,
    "event": st.sampled_from(["open", "closed", "meta", "gap", "odd"]),
    "note": st.text(max_size=3),
    "wait": st.floats(0, 9),
    "url": st.just("ws://h/"),
}


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    """A line that may be right, or has one strange value."""
    kind = draw(st.sampled_from(list(KINDS)))
    names = draw(st.sets(st.sampled_from(list(KEYS)), max_size=3))
    line = {kind: draw(KINDS[kind]), **{name: draw(KEYS[name]) for name in names}}
    if draw(st.integers(0, 5)) == 0:
        line[draw(st.sampled_from(list(line)))] = draw(values)
    return line


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines(), min_size=1, max_size=5))
def test_a_file_is_taken_or_refused(tmp_path: Path, written: list[dict[str, Any]]) -> None:
    """By everything that reads it; nothing else is ever raised."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in written))
    with contextlib.suppress(WsdebugError):
        b"".join(cleaned(str(path), {"a": "abcd"}))
    for how in (Settings(), Settings(frames=True, strict_frames=True, unordered=True)):
        try:
            script = read_script(str(path))
            results = list(compare_sessions(script, script, how))
            plans = make_plans(script, how, {"a"})
        except WsdebugError:
            continue
        reporter = Reporter()
        for result in results:
            assert all(line.isprintable() for line in reporter.lines(result))
            json.loads(reporter.as_json(result))
        for as_json in (False, True):
            list(dry_run_lines(plans, reporter, {"a": 1}, as_json=as_json))
        for plan in plans:
            correlated(plan)
            maker = FrameMaker(plan, "", exact=False)
            for step in plan.steps:
                if isinstance(step, Send):
                    maker.frame(step, b"x")
