"""The arguments of `send`: their order, and what they refuse."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from wsdebug.cli.send_arguments import parse, plan_of
from wsdebug.cli.send_input import Messages, PingStep, Stdin, Step
from wsdebug.cli.send_plan import Plan
from wsdebug.errors import SessionUnreadable, UsageError

URL = "ws://127.0.0.1:1/"


class Typed(io.StringIO):
    """Standard input from a person."""

    def isatty(self) -> bool:
        """As a terminal."""
        return True


def plan(*arguments: str, values: dict[str, str] | None = None) -> Plan:
    """What they make."""
    return plan_of(parse(list(arguments)), values or {})


def text(*messages: str) -> list[Step]:
    """One step for each."""
    return [Messages(1, [message.encode()]) for message in messages]


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        ([URL, "a", "b"], text("a", "b")),
        (["a", URL], text(URL)),
        ([URL, "-u", "me:pw", "a"], text("a")),
        (["-u", "me:pw", URL, "a"], text("a")),
        ([URL, "a", "-H", "X: y", "b", "-H", "Z: w"], text("a", "b")),
        ([URL, "a", "-kqd", "b", "c"], text("a", "b", "c")),
        ([URL, "-kqdb", "-4", "c"], text("b", "c")),
        ([URL, "--", "-a", "--ping"], text("-a", "--ping")),
        ([URL, "a", "--ping", "-d", "b", "--ping"],
         [*text("a"), PingStep(b""), *text("b"), PingStep(b"")]),
        ([URL, "--ping-data", "x", "a"], [*text("a"), PingStep(b"x")]),
        ([URL, "--ping", "a", "--ping-data", "x"], [PingStep(b"x"), *text("a")]),
        ([URL], [Stdin("lines")]),
        ([URL, "--jsonl"], [Stdin("jsonl")]),
        ([URL, "a", "-", "b", "--null"], [*text("a"), Stdin("null"), *text("b")]),
        ([URL, "--ping"], [PingStep(b""), Stdin("lines")]),
        ([URL, "-f-", "-d", "@-"], [Stdin("whole"), Stdin("whole")]),
        ([URL, "-b", "a", "b"], [Messages(2, [b"a"]), Messages(2, [b"b"])]),
        ([URL, "a", "--hex", "-d", "bc"], UsageError),
        ([URL, "-d", "ca fe", "--hex"], [Messages(2, [b"\xca\xfe"])]),
        ([URL, "cafe", "--hex", "-t"], [Messages(1, [b"\xca\xfe"])]),
        ([URL, " yv 4=\n", "--base64"], [Messages(2, [b"\xca\xfe"])]),
        ([URL, "{{a}}{{b}}"], text("1{{b}}")),
        ([URL, "-b", "{{a}}"], [Messages(2, [b"{{a}}"])]),
        ([URL, "\udcff"], UsageError),
        ([URL, "-b", "\udcff"], [Messages(2, [b"\xff"])]),
    ],
)  # fmt: skip
def test_steps_keep_the_order_of_the_arguments(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], steps: Sequence[Step] | type[Exception]
) -> None:
    """Options and messages in any mixture; flags hold for all of them, wherever they stand."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    if isinstance(steps, type):
        with pytest.raises(steps):
            plan(*arguments)
        return
    assert plan(*arguments, values={"a": "1"}).steps == steps


@pytest.mark.parametrize(
    ("arguments", "is_read"),
    [([], True), (["--ping"], False), (["--close", "4000"], False), (["--expect", "a"], True)],
)
def test_a_person_need_not_end_the_input_of_a_ping(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], is_read: bool
) -> None:
    """At a terminal a ping or a close is enough; from a pipe more may come."""
    monkeypatch.setattr(sys, "stdin", Typed())
    assert (Stdin("lines") in plan(URL, *arguments).steps) is is_read
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert Stdin("lines") in plan(URL, *arguments).steps


def test_files_are_read_as_they_are(tmp_path: Path) -> None:
    """Whole, with every newline."""
    path = tmp_path / "a"
    path.write_bytes("grün\n\n".encode())
    assert plan(URL, "-f", str(path)).steps == text("grün\n\n")
    assert plan(URL, "-d", f"@{path}").steps == text("grün\n\n")
    path.write_bytes(b"ca fe\n")
    assert plan(URL, "-f", str(path), "--hex").steps == [Messages(2, [b"\xca\xfe"])]
    path.write_bytes(b"ca f")
    with pytest.raises(SessionUnreadable, match="not base64") as caught:
        plan(URL, "-f", str(path), "--base64")
    assert caught.value.path == str(path)


def test_defaults_and_values() -> None:
    """As the design has them."""
    usual = plan(URL, "a")
    assert (usual.answers, usual.wait, usual.timeout, usual.max_time) == (None, None, 10.0, None)
    assert (usual.close, usual.fragment, usual.format, usual.expected) == (None, None, None, [])
    words = "--count 0 -w inf --timeout 1.5 -m 3 --close 4000:a:b --fragment 7 --json"
    chosen = plan(URL, "a", *words.split())
    assert (chosen.answers, chosen.wait, chosen.timeout) == (0, float("inf"), 1.5)
    assert (chosen.max_time, chosen.close, chosen.fragment) == (3.0, (4000, "a:b"), 7)
    assert chosen.format == "jsonl"
    assert plan(URL, "a", "--close", "1000").close == (1000, "")


def test_expectations_keep_their_order() -> None:
    """Whatever their kind."""
    words = "--expect a --expect-close 4000 --expect-none --expect-exact b --expect-json $.c"
    kinds = [(one.kind, one.code) for one in plan(URL, "a", *words.split()).expected]
    assert kinds == [("message", 0), ("close", 4000), ("none", 0), ("message", 0), ("message", 0)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "send needs a URL"),
        (["--coun", "1"], "--coun"),
        (["-d"], "-d"),
        (["-kd"], "-d"),
        (["-w", "-5"], "-w"),
        (["-w", "soon"], "soon is no number of seconds"),
        (["-w", "nan"], "nan is no number of seconds"),
        (["--count", "-1"], "--count"),
        (["--count", "²"], "no number from 0 up"),
        (["--timeout", "0"], "0 is no number of seconds above 0"),
        (["--fragment", "0"], "0 is no number above 0"),
        (["--close", "70000"], "no close code"),
        (["--close", ":x"], "no close code"),
        (["--close", "1000:" + "x" * 124], "at most 123 bytes"),
        (["--close", "1000:\udcff"], "a close reason is UTF-8"),
        (["--ping-data", "x" * 126], "at most 125 bytes"),
        (["--expect", "("], "not a regular expression"),
        (["--expect-json", "$["], "at character"),
        (["--expect-close", "bye"], "no close code"),
        (["--next", "a"], "--next needs an --expect"),
        (["--next", "--expect-none"], "--next needs an --expect"),
        (["-t", "-b", "a"], "-t and -b exclude each other"),
        (["--hex", "--base64", "aa"], "--hex and --base64 exclude each other"),
        (["--null", "--whole"], "--null and --whole exclude each other"),
        (["-q", "-v", "a"], "-q and -v exclude each other"),
        (["--null", "a"], "which is not read here"),
        (["--whole", "-f", "-"], ""),
        (["--jsonl", "-b"], "say themselves"),
        (["--jsonl", "--hex"], "say themselves"),
        (["--hex", "abc"], "not pairs of hex digits"),
        (["--base64", "a"], "not base64"),
        (["--output-format", "yaml", "a"], "yaml"),
    ],
)
def test_what_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    """In words."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    given = [URL, *arguments] if arguments else []
    if not words:
        assert plan(*given).steps == [Stdin("whole")]
        return
    with pytest.raises(UsageError, match=words):
        plan(*given)
