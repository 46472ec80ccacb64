"""Names and strings seen in JSON: what is kept, in which order, and how little of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.json_names import LENGTH, NAMES, JsonNames


def seen(*texts: str, sent: str = "") -> JsonNames:
    """What stood in texts, the last of them sent."""
    names = JsonNames()
    for text in texts:
        names.add(text)
    if sent:
        names.add(sent, sent=True)
    return names


def test_the_most_frequent_come_first_and_of_the_same_the_newest() -> None:
    """What was sent before everything."""
    names = seen('{"a": 1, "b": 2}', '{"b": 1, "c": 2}', sent='{"z": 1}')
    assert names.names((), "") == ["z", "b", "c", "a"]


def test_names_are_those_of_their_object() -> None:
    """Others come after them, once something is typed; an index is as good as another."""
    names = seen('{"orders": [{"price": 1}, {"side": "buy"}], "page": 2}')
    assert names.names(("orders", "[]"), "") == ["price", "side"]
    assert names.names(("orders", "[]"), "p") == ["price", "page"]
    assert names.names(("nowhere",), "") == []
    assert set(names.names(("nowhere",), "p")) == {"page", "price"}
    assert names.names((), "p", {"page"}) == ["price"]
    assert names.strings(("orders", "[]", "side"), "b") == ["buy"]


@pytest.mark.parametrize(
    "text",
    [
        '{"token": "abc"}',
        '{"auth": {"user": "abc"}}',
        '{"apiKey": ["abc"]}',
        '{"a": "*** abc"}',
        '{"a": "abc\\n"}',
        '{"a": "abc\u202e"}',
        '{"a": "abc\u009b"}',
        '{"a": "' + "a" * (LENGTH + 1) + '"}',
        '{"a": "abc',
        "abc",
        '"a": "abc"}',
    ],
)
def test_strings_that_are_never_offered(text: str) -> None:
    """Secrets, what a terminal might act upon, what is too long, what is no JSON."""
    names = seen(text)
    assert not any(names.strings(path, "") for path in names._strings)


@pytest.mark.parametrize("name", ["", "a\\u0000", "a\u200b", "x" * (LENGTH + 1)])
def test_names_that_are_never_offered(name: str) -> None:
    """What is empty, needs an escape, cannot be seen or is too long."""
    assert seen('{"' + name + '": 1}').names((), "") == []


def test_what_is_right_before_a_mistake_counts() -> None:
    """As in the beginning of a long message."""
    names = seen('{"type": "book", "bids": [[1, 2], [3')
    assert names.names((), "") == ["type", "bids"]
    assert names.strings(("type",), "") == ["book"]


def test_a_copy_is_another() -> None:
    """It may be read while the other grows."""
    names = seen('{"a": "x"}')
    other = names.copy()
    other.add('{"b": 1, "a": "y"}')
    assert names.names((), "") == ["a"]
    assert names.strings(("a",), "") == ["x"]
    assert set(other.names((), "")) == {"a", "b"}


def test_memory_is_bounded() -> None:
    """Whatever comes, the frequent stays."""
    names = JsonNames()
    for number in range(3 * NAMES):
        names.add(json.dumps({f"n{number}": {f"m{number}": [f"s{number}"]}, "type": f"t{number}"}))
        names.add("[" * 5000)
    assert names._count <= NAMES
    assert sum(map(len, names._names.values())) == names._count
    assert sum(map(len, names._strings.values())) < 2 * NAMES
    assert names.names((), "")[0] == "type"
    assert names.strings(("type",), "")[0] == f"t{3 * NAMES - 1}"


@given(st.text('{}[]":,ab\\\n ', max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    """Nothing is raised, and the root's names are names of the text."""
    names = seen(text)
    assert all(f'"{name}"' in text for name in names.names((), ""))
