"""Two sessions compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wsdebug.replay.clean import cleaned
from wsdebug.replay.diff import compare_sessions
from wsdebug.replay.report import Reporter
from wsdebug.replay.script import read_script
from wsdebug.replay.settings import Settings

Session = Callable[..., Path]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def diff(session: Session) -> Callable[..., list[str]]:
    """`diff([line …], [line …])`: the results as text."""

    def compare(one: list[Any], other: list[Any], **settings: Any) -> list[str]:
        first, second = [
            read_script(str(session(*lines, name=n))) for lines, n in ((one, "a"), (other, "b"))
        ]
        results = compare_sessions(first, second, Settings(**settings))
        return [line for result in results for line in Reporter().lines(result)]

    return compare


Diff = Callable[..., list[str]]


def signs(lines: list[str]) -> str:
    """`=1 !2`."""
    return " ".join("".join(line.split()[:2]) for line in lines if not line.startswith(" "))


def test_the_same_session_is_the_same(diff: Diff) -> None:
    """However the messages of both directions fall between each other, and cut in frames."""
    one = [{"send": "a"}, {"recv": '{"x": 1}'}, {"send": "b"}, {"recv": "2"}]
    other = [
        {"wsdebug": 1, "url": "ws://h/"},
        {"t": 1, "mask": "00000000", "send": "a"},
        {"t": 2, "op": "text", "fin": False, "send": ""},
        {"t": 2, "op": "ping", "recv": "p"},
        {"t": 2, "op": "cont", "send": "b"},
        {"t": 3, "recv": '{"x":1.0}'},
        {"t": 3, "recv": "2"},
        {"t": 4, "event": "end"},
    ]
    assert signs(diff(one, other)) == "=1 =2 =3 =4"


def test_both_directions_are_compared(diff: Diff) -> None:
    """Each difference with its line, what is in one only by whose it is."""
    one = [{"send": "a"}, {"recv": '{"x":1}'}, {"recv": "gone"}]
    other = [{"send": "b"}, {"recv": '{"x":2}'}, {"send": "new"}]
    found = diff(one, other)
    assert signs(found) == "!1 !2 -3 +3"
    assert "expected a, got b" in found[0]
    assert found[1].endswith("$.x: expected 1, got 2")
    assert "only in" in found[2]
    assert found[2].endswith("/a")
    assert found[3].endswith("/b")


def test_the_rules_of_both_sessions_hold(diff: Diff) -> None:
    """What either ignores, and what is given."""
    one = [{"url": "ws://h/", "ignore": ["$.t"]}, {"recv": '{"t":1,"u":1,"v":1}'}]
    other = [{"url": "ws://h/", "ignore": ["$.u"]}, {"recv": '{"t":2,"u":2,"v":1}'}]
    assert signs(diff(one, other)) == "=2"
    swapped = [{"recv": "b"}, {"recv": "a"}]
    assert signs(diff([{"recv": "a"}, {"recv": "b"}], swapped, unordered=True)) == "=1 =2"
    assert signs(diff([{"recv": "a"}], swapped, extra_allowed=True)) == "=1 +1"


def test_patterns_are_held_against_the_other_session(diff: Diff) -> None:
    """Whichever of the two has them; two patterns are compared as they are written."""
    pattern = [{"recv": {"json": {"id": "#number"}}, "capture": {"id": "$.id"}}, {"send": "{{id}}"}]
    run = [{"recv": '{"id":7,"x":1}'}, {"send": "7"}]
    wrong = [{"recv": '{"id":"a"}'}, {"send": "7"}]
    assert signs(diff(pattern, run)) == "=1 =2"
    assert signs(diff(run, pattern)) == "=1 =2"
    assert signs(diff(pattern, wrong)) == "!1 !2"
    assert "expected a number" in diff(wrong, pattern)[0]
    assert signs(diff(pattern, pattern)) == "=1 =2"


def test_connections_are_compared_each_with_its_own(diff: Diff) -> None:
    """One that is in one session only is all missing or extra."""
    one = [{"recv": "a"}, {"c": 2, "recv": "b"}]
    assert signs(diff(one, [{"recv": "a"}])) == "=1 -2"
    assert signs(diff([{"recv": "a"}], one)) == "=1 +2"
    assert signs(diff(one, [{"recv": "x"}, {"c": 2, "recv": "b"}], connection=2)) == "=2"


def test_strict_frames_compare_pings_and_bits(diff: Diff) -> None:
    """Frame by frame."""
    one = [{"op": "ping", "recv": "p"}, {"op": "text", "fin": False, "recv": "a"}]
    other = [{"op": "ping", "recv": "q"}, {"recv": "a"}]
    found = diff(one, other, strict_frames=True)
    assert "fin: expected false, got true" in " ".join(found)


@pytest.mark.parametrize("path", sorted((ROOT / "sessions").glob("*.jsonl")), ids=lambda p: p.name)
def test_a_cleaned_session_is_still_the_same(path: Path, tmp_path: Path) -> None:
    """By its messages."""
    clean = tmp_path / path.name
    clean.write_bytes(b"".join(cleaned(str(path))))
    results = list(compare_sessions(read_script(str(path)), read_script(str(clean)), Settings()))
    assert results
    assert [result.verdict for result in results] == ["ok"] * len(results)
