"""Results in words, as JSON and as JUnit XML."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.joined import Message
from wsdebug.payload.redact import Redactor
from wsdebug.replay.junit import Suite, junit_xml
from wsdebug.replay.report import Reporter, totals_words
from wsdebug.replay.results import ABSENT, Difference, Result, ResultRun, Totals, Verdict
from wsdebug.session.lines import FrameLine, MessageRun
from wsdebug.session.parse import parse_line


def message(line: Any, number: int = 9) -> Message:
    """A message of one line."""
    parsed = parse_line(json.dumps(line).encode(), number)
    assert isinstance(parsed, FrameLine)
    return Message((parsed,))


HOSTILE = 'a\x1b[31m\u202e"]]>&<\x00\ufffe'
A, B = message({"recv": "a"}), message({"recv": "b"}, 20)
DIFFERS = Result(
    "differs", A, B, (Difference(("px",), 100.5, 99), Difference(("a", 0), "x", ABSENT))
)


@pytest.mark.parametrize(
    ("result", "lines"),
    [
        (Result("ok", A, A), ["= 9      a"]),
        (
            DIFFERS,
            ["! 9      $.px: expected 100.5, got 99", '         $.a[0]: expected "x", got nothing'],
        ),
        (Result("missing", A), ["- 9      a  did not come"]),
        (Result("missing", A, note="not sent"), ["- 9      a  not sent"]),
        (Result("extra", live=B, after=9), ["+ 9      b  came after this line"]),
        (Result("extra", live=B), ["+        b  came first"]),
        (Result("extra", live=B, after=9, counts=False, note="allowed"), ["+ 9      b  allowed"]),
        (
            Result("carried", A, B, (Difference(("id",), "x", "y"),)),
            ['~ 9      $.id: "x" is now "y"'],
        ),
        (
            Result("differs", A, B, (Difference(("id",), "#number", "y", "a number"),)),
            ['! 9      $.id: expected a number, got "y"'],
        ),
        (
            Result("differs", A, B, (Difference("payload", b"a" * 90 + b"b", b"a" * 90 + b"c"),)),
            ["! 9      payload: expected …" + "a" * 20 + "b, got …" + "a" * 20 + "c"],
        ),
        (
            Result(
                "differs", A, B, (Difference("payload", "€ü".encode() * 90, "€ü".encode() * 80),)
            ),
            ["! 9      payload: expected …" + "€ü" * 14 + ", got …" + "€ü" * 4],
        ),
        (
            Result("ok", A, message({"op": "close", "recv": {"code": 1000}})),
            ["= 9      close 1000"],
        ),
        (Result("ok", A, message({"op": "close", "recv": {}})), ["= 9      close without a code"]),
        (Result("ok", A, message({"recv": {"hex": "00ff"}})), ["= 9      binary 00 ff"]),
        (Result("ok", A, message({"recv": ""})), ["= 9      (empty)"]),
        (Result("ok", A, message({"recv": None})), ["= 9      (could not be inflated)"]),
    ],
)
def test_a_result_in_words(result: Result, lines: list[str]) -> None:
    """Sign, line, and what it is about; more differences on lines of their own."""
    assert list(Reporter().lines(result)) == lines


def test_what_a_peer_sent_is_escaped_bounded_and_without_secrets() -> None:
    """In words; JSON is whole up to 64 KiB."""
    reporter = Reporter(Redactor({"key": "s3cr3t"}))
    live = message({"recv": HOSTILE + "s3cr3t" + "x" * 200_000})
    results = [
        Result("ok", A, live),
        Result("extra", live=live, after=1),
        Result("missing", live),
        Result("differs", A, live, (Difference(("s3cr3t" + HOSTILE,), 1, HOSTILE + "s3cr3t"),)),
        Result("differs", A, live, (Difference("payload", b"a", live.payload),)),
    ]
    for result in results:
        (line,) = reporter.lines(result)
        assert line.isprintable()
        assert len(line) < 300
        assert "s3cr3t" not in line
        assert "s3cr3t" not in reporter.as_json(result)
        assert len(reporter.as_json(result)) < 100_000


def test_a_result_as_json() -> None:
    """Numbers digit by digit, bytes as a session file has them, nothing where nothing is."""
    reporter = Reporter()
    assert json.loads(reporter.as_json(DIFFERS)) == {
        "verdict": "differs",
        "line": 9,
        "live": 20,
        "differences": [
            {"path": "$.px", "expected": 100.5, "got": 99},
            {"path": "$.a[0]", "expected": "x"},
        ],
    }
    assert json.loads(reporter.as_json(Result("missing", A))) == {
        "verdict": "missing",
        "line": 9,
        "live": None,
        "expected": "a",
    }
    binary = message({"c": 2, "recv": {"hex": "ff"}}, 20)
    assert json.loads(reporter.as_json(Result("extra", live=binary, after=9))) == {
        "verdict": "extra",
        "line": None,
        "after": 9,
        "live": 20,
        "c": 2,
        "got": {"b64": "/w=="},
    }


def test_totals_count_the_last_word_of_each_line() -> None:
    """What differed may turn out to be an extra message."""
    totals = Totals()
    for result in (DIFFERS, Result("extra", live=B), Result("ok", A, A)):
        totals.add(result)
    assert totals_words(totals) == "1 ok, 1 extra"
    totals.add(Result("extra", live=B, counts=False))
    totals.add(Result("carried", A, A))
    assert totals_words(totals) == "1 ok, 1 extra"
    assert totals_words(Totals()) == "nothing compared"


# What the schemas of Ant and of Jenkins both allow; all of it must be there.
ATTRIBUTES = {
    "testsuites": set(),
    "testsuite": {
        "name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time",
    },
    "properties": set(),
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "system-out": set(),
    "system-err": set(),
}  # fmt: skip
ORDER = ["properties", "testcase", "system-out", "system-err"]


def report(*results: Result, error: str = "") -> ElementTree.Element:
    """One suite, parsed again."""
    suite = Suite("a & b", "a/b.ws.jsonl", datetime(2026, 8, 3, 12, 0))
    for result in results:
        suite.add(result)
    suite.error = error
    return ElementTree.fromstring(junit_xml([suite], Reporter()))


@pytest.mark.parametrize("error", ["", HOSTILE])
def test_the_report_holds_to_the_schemas(error: str) -> None:
    """Elements, attributes and their order, whatever the payloads are."""
    hostile = message({"recv": HOSTILE + "\ud7ff\ue000 \n\t x"}, 11)
    verdicts: tuple[Verdict, ...] = ("ok", "missing", "carried")
    results = [Result(verdict, hostile, hostile) for verdict in verdicts]
    root = report(*results, DIFFERS, Result("extra", live=hostile, after=9), error=error)
    for element in root.iter():
        assert set(element.attrib) == ATTRIBUTES[element.tag]
    (suite,) = root
    tags = [child.tag for child in suite]
    assert tags == sorted(tags, key=ORDER.index)
    cases = suite.findall("testcase")
    assert int(suite.get("tests", "")) == len(cases) == 3 + bool(error)
    assert int(suite.get("failures", "")) == len(suite.findall("*/failure")) == 3
    assert int(suite.get("errors", "")) == len(suite.findall("*/error")) == bool(error)
    assert all(" " + (case.get("name") or "") == " " + " ".join((case.get("name") or "").split())
               for case in cases)  # fmt: skip


def test_a_failure_points_at_file_and_line() -> None:
    """In its message and in each line of its text; extra messages at the line before them."""
    root = report(
        DIFFERS, Result("extra", live=B, after=9), Result("ok", message({"recv": "c"}, 12))
    )
    differs, extra = root.findall("*/*/failure")
    assert differs.get("message") == "a/b.ws.jsonl:9: $.px: expected 100.5, got 99"
    assert (differs.text or "").splitlines()[1].startswith("a/b.ws.jsonl:9: $.a[0]: ")
    assert (extra.get("message") or "").startswith("a/b.ws.jsonl:9: b")
    names = [case.get("name") for case in root.findall("*/testcase")]
    assert names == ["line 9: a", "after line 9: b", "line 12: c"]


def test_a_failure_has_the_time_that_it_took() -> None:
    """Since the result before it."""
    results = [
        Result("ok", message({"recv": "a"}, 1), time_us=500_000),
        Result("ok", message({"recv": "a"}, 2), time_us=750_000),
    ]
    root = report(*results)
    assert [case.get("time") for case in root.findall("*/testcase")] == ["0.500", "0.250"]
    assert root[0].get("time") == "0.750"


def test_every_round_is_a_suite_of_its_own() -> None:
    """Numbered from 0."""
    suites = [Suite(name, "f", datetime(2026, 8, 3)) for name in ("one", "two")]
    root = ElementTree.fromstring(junit_xml(suites, Reporter()))
    assert [(suite.get("name"), suite.get("id")) for suite in root] == [("one", "0"), ("two", "1")]


texts = st.lists(
    st.text(max_size=4).map(str.encode)
    | st.sampled_from((b"", b"x" * 100, b"x" * 101, b"a ", b"\x7f", HOSTILE.encode(), b"hunter22")),
    min_size=1,
    max_size=4,
)


@given(
    payloads=texts,
    is_text=st.booleans(),
    secret=st.sampled_from(("", "hunter22")),
    verdict=st.sampled_from([("ok", ""), ("missing", ""), ("missing", "not sent")]),
)
def test_many_of_one_verdict_are_told_as_one_by_one(
    payloads: list[bytes], is_text: bool, secret: str, verdict: tuple[Any, str]
) -> None:
    """Hostile, long and secret ones too."""
    reporter = Reporter(Redactor({"pass": secret} if secret else {}))
    run = MessageRun(payloads, is_text, b"\x7f".join(payloads).decode() if is_text else "")
    many = ResultRun(
        range(7, 7 + len(payloads)),
        run,
        lambda place: Message((replace(run.line(place), number=7 + place),)),
        *verdict,
    )
    told = [[*reporter.lines(result)] for result in many.results()]
    assert [*map(len, told)] == [1] * len(payloads)
    assert reporter.run_lines(many) == [line for lines in told for line in lines]
