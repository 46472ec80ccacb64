"""What may stand next in JSON that is being typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.json_complete import LIMIT, completions
from wsdebug.payload.json_names import JsonNames

SEEN = JsonNames()
SEEN.add('{"type": "subscribe", "channel": "ticker", "args": [{"symbol": "BTC"}, "x"]}')
SEEN.add('{"type": "ping"}')


def at(text: str) -> list[str]:
    """What completes a text at its `|`."""
    index = text.index("|")
    return [one.rest for one in completions(text.replace("|", "", 1), index, SEEN)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("{|", '"type": '),
        ("{|}", '"type": '),
        ('{"|', 'type": '),
        ('{"ty|', 'pe": '),
        ('{"type|', '": '),
        ('{"type": |', '"ping"'),
        ('{"type":|', ' "ping"'),
        ('{"type":"s|', 'ubscribe"'),
        ('{"type": "|}', 'ping"'),
        ('{"type": "ping",|', ' "channel": '),
        ('{"type":"ping",|', '"channel":'),
        ('{"a":1, "ty|', 'pe":'),
        ('{\n  "type": "ping",\n  |\n}', '"channel": '),
        ('{\n  |,\n  "type": "ping"\n}', '"channel": '),
        ('{"args": [{|', '"symbol": '),
        ('{"args": [{"symbol": "B|', 'TC"'),
        ('{"args": [{"symbol": "B"}, |', '"x"'),
        ('{"args": [|', '"x"'),
        ('{"args": [1,|]}', ' "x"'),
        ('{"args": [{"s": {"sy|', 'mbol": '),
        ('{"args": [{}], "ch|', 'annel": '),
    ],
)
def test_the_first_completion(text: str, first: str) -> None:
    """By the place, what is typed, and how the rest is spaced."""
    assert at(text)[0] == first


@pytest.mark.parametrize(
    "text",
    [
        "|",
        "hello |",
        "12|",
        "{}|",
        '{"type"|',
        '{"type": "ping"|',
        '{"type": 1|',
        '{"type": 1|2}',
        '{"type": "pi|ng"}',
        '{"ty|pe": 1}',
        '{"zz|',
        '{"type": "zz|',
        '{"a\\"|',
        '{"args": {|',
        '{"args": [{"symbol": 1, |',
        '{"args": [{"symbol": 1,\n|,\n "symbol": 2}]}',
        " " * LIMIT + '{"|',
    ],
)
def test_where_nothing_is_offered(text: str) -> None:
    """Where neither a name nor a string can stand, or none that is known."""
    assert at(text) == []


def test_names_that_the_object_has_are_not_offered_again() -> None:
    """Those before and after the cursor; those of the objects in it are others."""
    assert at('{"type": 1, "args": [{"channel": 1}], |') == ['"channel": ']
    assert at('{"args": [{"channel": 1}],\n|\n,"type": {"channel": 2}}') == ['"channel": ']


@given(st.text('{}[]":,ty\\\n 1', max_size=40), st.integers(0, 40))
def test_any_text_at_any_place(text: str, index: int) -> None:
    """Nothing is raised; what is offered completes what stands there."""
    for one in completions(text, min(index, len(text)), SEEN):
        assert (text[: min(index, len(text))] + one.rest).rstrip(': "').endswith(one.word)
