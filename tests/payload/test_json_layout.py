"""JSON in lines, and where it stops being JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.json_layout import (
    LINE_LIMIT,
    STRING_LIMIT,
    JsonDocument,
    JsonProblem,
    check,
    layout,
    tokens,
)
from wsdebug.payload.json_scan import is_json, scan

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)

ORDERS = (
    '{"type":"replace","px":101.0,"orders":[{"id":"c7","tags":["eu","retry"],"e":{}},'
    '{"id":null}],"limits":{"a":1e5}}'
)


def drawn(text: str, *folded: int) -> list[str]:
    """The lines as a person sees them, with their numbers."""
    return [
        f"{line.number}{'>' if line.folded else 'v' if line.foldable else ''} "
        f"{' ' * line.indent}{line.text}"
        for line in layout(text, width=80, folded=frozenset(folded))
    ]


def test_a_document_is_laid_out_as_drawn() -> None:
    """Names, short arrays on one line, numbers spelled as they came."""
    assert drawn(ORDERS) == [
        "1v {",
        '2   "type": "replace",',
        '3   "px": 101.0,',
        '4v   "orders": [',
        "5v     {",
        '6       "id": "c7",',
        '7       "tags": ["eu", "retry"],',
        '8       "e": {}',
        "9     },",
        "10v     {",
        '11       "id": null',
        "12     }",
        "13   ],",
        '14v   "limits": {',
        '15     "a": 1e5',
        "16   }",
        "17 }",
    ]


def test_folding_never_renumbers() -> None:
    """A folded container says how much is in it and keeps its comma."""
    assert drawn(ORDERS, 5, 10, 14, 7) == [
        "1v {",
        '2   "type": "replace",',
        '3   "px": 101.0,',
        '4v   "orders": [',
        "5>     { … 3 keys },",
        "10>     { … 1 key }",
        "13   ],",
        '14>   "limits": { … 1 key }',
        "17 }",
    ]
    assert drawn(ORDERS, 4)[3] == '4>   "orders": [ … 2 items ],'
    assert drawn(ORDERS, 1) == ["1> { … 4 keys }"]


def test_every_line_knows_its_path() -> None:
    """RFC 9535, with short names where they are allowed; a closing bracket has its container's."""
    paths = {line.number: line.path for line in layout(ORDERS, width=80)}
    assert paths[1] == "$"
    assert paths[7] == "$.orders[0].tags"
    assert paths[9] == "$.orders[0]"
    assert paths[11] == "$.orders[1].id"
    odd = layout('{"a b":{"it\'s":1},"\\u00fc":[[1],{}],"":0}', width=80)
    assert [line.path for line in odd][1:-1] == [
        "$['a b']",
        "$['a b']['it\\'s']",
        "$['a b']",
        "$.ü",
        "$.ü[0]",
        "$.ü[1]",
        "$.ü",
        "$['']",
    ]


def test_tokens_have_kinds() -> None:
    """For colours; the text of all of them is the line."""
    line = layout('{"a":[1,"b",true]}', width=80)[1]
    assert line.tokens == (
        ("name", '"a"'),
        ("punctuation", ": "),
        ("punctuation", "["),
        ("number", "1"),
        ("punctuation", ", "),
        ("string", '"b"'),
        ("punctuation", ", "),
        ("literal", "true"),
        ("punctuation", "]"),
    )


@given(ANY_JSON, st.sampled_from([None, 1, 4]))
def test_the_lines_together_are_the_document(value: Any, indent: int | None) -> None:
    """Laid out by us, read by Python: the same value."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    lines = layout(text, width=80)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert json.loads("\n".join(line.text for line in lines)) == value
    assert check(text) is None


@given(ANY_JSON, st.sets(st.integers(1, 40)))
def test_what_is_not_folded_is_shown(value: Any, folded: set[int]) -> None:
    """Folding only leaves lines out, and the lines that stay keep number and place."""
    text = json.dumps(value)
    everything = {line.number: line for line in layout(text, width=80)}
    for line in layout(text, width=80, folded=folded):
        whole = everything[line.number]
        assert line.path == whole.path
        assert line.folded == (line.foldable and line.number in folded)
        if not line.folded:
            assert line == whole


def test_spellings_duplicates_and_order_stay() -> None:
    """A debugger shows what came, not what a parser made of it."""
    text = '{"b":1.50,"a":1E+2,"b":-0,"u":"\\u00e9","big":123456789012345678901234567890}'
    assert [line.text for line in layout(text, width=80)][1:-1] == [
        '"b": 1.50,',
        '"a": 1E+2,',
        '"b": -0,',
        '"u": "\\u00e9",',
        '"big": 123456789012345678901234567890',
    ]


def test_deep_nesting_is_no_problem() -> None:
    """No recursion, and an indent that leaves room for text."""
    text = "[" * 9_000 + "]" * 9_000
    lines = layout(text, width=80)
    assert len(lines) == 17_999
    assert max(line.indent for line in lines) <= 56
    assert lines[8_999].path == "$" + "[0]" * 8_999
    assert repr(lines[8_999])
    assert check(text) is None


def test_a_big_document_is_bounded_and_says_so() -> None:
    """Only the first lines are laid out; counts of what is open are at least so many."""
    lines = layout("[" + "[1,{}]," * 20_000 + "1]", width=80)
    assert len(lines) == LINE_LIMIT + 1
    assert lines[-1].tokens[0][0] == "cut"
    assert "more characters are not laid out" in lines[-1].text
    small = JsonDocument('{"a":1,"b":2,"c":3}', limit=3)
    assert [line.text for line in small.lines(width=80, folded={1})] == [
        "{ … 2+ keys }",
        "… 6 more characters are not laid out",
    ]
    assert not small.is_whole


def test_a_long_string_is_cut_and_says_so() -> None:
    """The rest is counted."""
    (line,) = layout('"' + "x" * 30_000 + '"', width=80)
    assert line.tokens[0] == ("string", '"' + "x" * (STRING_LIMIT - 1))
    assert line.tokens[1] == ("cut", "… 10,002 more characters")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"a":1,"b', ["{", '"a": 1,', '"b']),
        ("[1,2] tail", ["[1, 2]", "tail"]),
        ("[[1],[2", ["[", "[1],", "[", "2", "… cut off here"]),
        ("hello", ["hello"]),
        ("", ["… cut off here"]),
    ],
)
def test_what_is_not_json_is_laid_out_up_to_the_mistake(text: str, lines: list[str]) -> None:
    """A payload that was cut is still worth reading."""
    document = JsonDocument(text)
    assert [line.text for line in document.lines(width=80)] == lines
    assert document.line_count == len(lines)
    assert not document.is_whole


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "nothing here yet"),
        ('{"a":1,}', 1, 8, "a comma before } is one too many"),
        ("[1,]", 1, 4, "a comma before ] is one too many"),
        ('{\n "a" 1}', 2, 6, "a : is missing after the name"),
        ("[1 2]", 1, 4, "a comma or ] is missing here"),
        ("[1}", 1, 3, "a ] should stand here, not }"),
        ("[1", 1, 3, "a ] is missing at the end"),
        ("{", 1, 2, "a } is missing at the end"),
        ("[", 1, 2, "a value is missing at the end"),
        ("{a:1}", 1, 2, "a name in double quotes should stand here"),
        ("['a']", 1, 2, "strings take double quotes"),
        ("[True]", 1, 2, "write true for True"),
        ("[NaN]", 1, 2, "NaN is not in JSON"),
        ("[01]", 1, 2, "this is not how JSON writes a number"),
        ("[1] 2", 1, 5, "something stands after the end of the JSON"),
        ('["a', 1, 2, 'the string is not closed: a " is missing'),
        ('["a\n"]', 1, 2, 'the string is not closed on its line: a " is missing'),
        ('["\t"]', 1, 3, "write \\u0009 for this character in a string"),
        ('["\\q"]', 1, 3, 'after a \\ only one of " \\ / b f n r t u0000 may stand'),
    ],
)
def test_a_mistake_has_a_place_and_words(text: str, line: int, column: int, words: str) -> None:
    """Where it is, and what to do."""
    assert check(text) == JsonProblem(line, column, words)


@given(st.text(alphabet='{}[],:"\\0123456789.-eE+tfnrualse \n\t\x00é') | st.text())
def test_json_is_what_python_reads(text: str) -> None:
    """Python's reader as the oracle, without the constants that JSON does not have."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        assert check(text) is not None
        assert not is_json(text)
    else:
        assert list(scan(text))
        assert check(text) is None
        assert is_json(text)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("hello [1]", ["text"]),
        ('{"a":"b"}', ["punctuation", "name", "punctuation", "string", "punctuation"]),
        ('{"a":[1.5,nul', ["punctuation", "name", "punctuation", "number", "punctuation", "text"]),
        ('["x","y', ["punctuation", "string", "punctuation", "string"]),
        ('{"a', ["punctuation", "name"]),
        ("", []),
    ],
)
def test_a_preview_is_coloured_though_cut(text: str, kinds: list[str]) -> None:
    """A name is known by its place, not by the colon after it."""
    assert [kind for kind, _ in tokens(text)] == kinds


@given(st.text(alphabet='{}[],:"\\01.-etruefalsn \n') | st.text(), st.sampled_from("{["))
def test_colouring_loses_nothing(text: str, start: str) -> None:
    """All pieces together are the text again."""
    assert "".join(piece for _, piece in tokens(start + text)) == start + text
