"""What a replay found, by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.replay.test_report import HOSTILE, message
from wsdebug.log.joined import Message
from wsdebug.replay.marks import FOUND_RIGHT, KEPT, PLACES, Found, Marks, Place, ReplayMarks
from wsdebug.replay.report import Reporter
from wsdebug.replay.results import ABSENT, Difference, Result

OLD, NEW = message({"recv": "a"}, 9), message({"recv": "b"}, 20)
WRONG = Found(False, ("differs", ""))


def marked(*results: Result) -> ReplayMarks:
    """The marks of results, one after the other."""
    marks = ReplayMarks("echo", Reporter())
    for result in results:
        marks.take(result)
    return marks


def test_an_answer_as_expected_is_right_on_both_sides() -> None:
    """Without words."""
    marks = marked(Result("ok", OLD, NEW))
    assert marks.live.found(20) is FOUND_RIGHT
    assert marks.replayed.found(9) is FOUND_RIGHT
    assert [marks.live.found(line) for line in (0, 9, 19, 21, 10**9)] == [None] * 5


@pytest.mark.parametrize(
    ("differences", "expected", "came"),
    [
        ([Difference(("px",), 100.5, 99)], ("expected 100.5", " at $.px"), ("came 99", " at $.px")),
        (
            [Difference(("a", 0), "x", ABSENT), Difference(("b",), 1, 2)],
            ('expected "x"', " at $.a[0], and 1 more"),
            ("came nothing", " at $.a[0], and 1 more"),
        ),
        ([Difference("payload", b"a", b"b")], ("expected a", ""), ("came b", "")),
        ([Difference("code", 1000, 1001)], ("code: expected 1000", ""), ("code: came 1001", "")),
        (
            [Difference("payload", "^ord", b"x" * 90, "like ^ord")],
            ("expected like ^ord", ""),
            (f"came {'x' * 27}…", ""),
        ),
    ],
)
def test_what_differs_is_said_on_both_sides(
    differences: list[Difference], expected: tuple[str, str], came: tuple[str, str]
) -> None:
    """What was expected on the one, what came on the other, and where."""
    marks = marked(Result("differs", OLD, NEW, tuple(differences)))
    live, replayed = marks.live.found(20), marks.replayed.found(9)
    assert live is not None
    assert replayed is not None
    assert (live.is_right, live.words, replayed.words) == (False, expected, came)
    assert live.title == "differs from line 9 of echo"
    assert replayed.title == "differs from line 20 of the replay"
    assert live.places == replayed.places
    assert len(live.places) == len(differences)
    assert live.more == 0


def test_what_did_not_come_and_what_nobody_expected() -> None:
    """Each on the one side that has it; what does not count is not marked."""
    sent = message({"send": "a"}, 4)
    marks = marked(
        Result("missing", OLD),
        Result("missing", sent, note="not sent: the connection was closed"),
        Result("extra", live=NEW, after=9),
        Result("extra", live=message({"recv": "c"}, 21), counts=False, note="allowed"),
    )
    assert marks.replayed.found(9) == Found(False, ("did not come", ""), "there is no answer")
    words = "not sent: the connection was closed"
    assert marks.replayed.found(4) == Found(False, (words, ""), words)
    title = "nobody expected this, after line 9 of echo"
    assert marks.live.found(20) == Found(False, ("nobody expected this", ""), title)
    assert marks.live.found(21) is None


def test_a_later_result_takes_the_place_of_an_earlier_one() -> None:
    """What differed was an extra message: the answer came after it."""
    later = message({"recv": "a"}, 21)
    differs = Result("differs", OLD, NEW, (Difference("payload", b"a", b"b"),))
    marks = marked(differs, Result("extra", live=NEW, after=9), Result("ok", OLD, later))
    assert marks.replayed.found(9) is FOUND_RIGHT
    assert marks.live.found(21) is FOUND_RIGHT
    found = marks.live.found(20)
    assert found is not None
    assert found.words == ("nobody expected this", "")


def test_what_later_messages_carry_is_listed_where_the_answer_is_right() -> None:
    """And only there."""
    carried = Result("carried", OLD, NEW, (Difference(("id",), "x", "y"),))
    later = Result("ok", message({"recv": "c"}, 10), message({"recv": "c"}, 21))
    marks = marked(carried, Result("ok", OLD, NEW), later)
    found = marks.live.found(20)
    assert found is not None
    assert (found.is_right, found.places) == (True, (Place("$.id", '"x"', '"y"'),))
    assert marks.live.found(21) is FOUND_RIGHT


def test_all_frames_of_a_message_are_marked_and_the_first_has_the_words() -> None:
    """They are one answer."""
    first, last = message({"fin": False, "recv": "b"}, 20), message({"op": "cont", "recv": ""}, 22)
    live = Message((*first.frames, *last.frames))
    marks = marked(Result("differs", OLD, live, (Difference("payload", b"a", b"b"),)))
    found = [marks.live.found(line) for line in (20, 21, 22)]
    assert [each and each.words[0] for each in found] == ["expected a", None, ""]
    assert found[2] is not None
    assert found[2].title == "differs from line 9 of echo"


def test_what_is_kept_is_bounded_and_cannot_act() -> None:
    """Neither many places nor long or hostile values."""
    long = f"{HOSTILE}{'x' * 100_000}"
    differences = tuple(Difference((HOSTILE, at), long, long) for at in range(PLACES + 5))
    found = marked(Result("differs", OLD, NEW, differences)).live.found(20)
    assert found is not None
    assert (len(found.places), found.more) == (PLACES, 5)
    texts = [*found.words, found.title, *(text for place in found.places for text in place)]
    assert all(text.isprintable() and len(text) < 400 for text in texts)


def test_past_so_many_wrong_lines_only_that_is_kept() -> None:
    """A byte a line."""
    marks = Marks()
    for line in range(KEPT + 10):
        marks.put(line, WRONG)
    assert marks.found(KEPT - 1) == WRONG
    found = marks.found(KEPT)
    assert found is not None
    assert (found.is_right, found.words) == (False, ("differs", ""))
    assert "only the first 1,000" in found.title
    assert marks.version == KEPT + 10


@given(st.dictionaries(st.integers(0, 40), st.booleans()), st.integers(0, 50))
def test_the_next_wrong_line_is_that_of_a_search(lines: dict[int, bool], line: int) -> None:
    """In both directions, the line itself left out."""
    marks = Marks()
    for number, right in lines.items():
        marks.put(number, FOUND_RIGHT if right else WRONG)
    wrong = [number for number, right in lines.items() if not right]
    after = min((number for number in wrong if number > line), default=None)
    before = max((number for number in wrong if number < line), default=None)
    assert (marks.next_wrong(line), marks.next_wrong(line, backward=True)) == (after, before)
