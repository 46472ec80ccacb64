"""JSON laid out and made compact."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.payload.test_json_layout import ANY_JSON
from wsdebug.payload.json_layout import layout
from wsdebug.payload.json_rewrite import compact, pretty
from wsdebug.payload.json_scan import JsonError, scan

LAID_OUT = """\
{
  "px": 101.0,
  "e": {},
  "tags": ["eu", "\\u0061"],
  "orders": [
    {
      "id": 1e5
    }
  ]
}"""


def spelled(text: str) -> list[str]:
    """The tokens as they are written."""
    return [text[start:end] for _, start, end in scan(text)]


def test_every_token_stays_as_it_is_spelled() -> None:
    """1e5, 101.0 and escapes too; short arrays stay on their line."""
    one_line = '{"px":101.0,"e":{},"tags":["eu","\\u0061"],"orders":[{"id":1e5}]}'
    assert pretty(one_line).text == LAID_OUT
    assert compact(LAID_OUT).text == one_line


@given(ANY_JSON, st.sampled_from([None, 1, "\t"]))
def test_any_document(value: Any, indent: int | str | None) -> None:
    """Looks as in the inspector, has the same tokens, and is the same whatever it was before."""
    text = json.dumps(value, indent=indent)
    laid_out = pretty(text).text
    assert spelled(laid_out) == spelled(compact(text).text) == spelled(text)
    lines = layout(text, width=10_000)
    assert laid_out == "\n".join(" " * line.indent + line.text for line in lines)
    assert pretty(compact(text).text).text == pretty(laid_out).text == laid_out


@given(ANY_JSON, st.data())
def test_a_place_in_a_token_is_kept(value: Any, data: st.DataObject) -> None:
    """Both ways."""
    text = " " + json.dumps(value, indent=1)
    written = pretty(text)
    _, start, end = data.draw(st.sampled_from(list(scan(text))))
    inside = data.draw(st.integers(0, end - start))
    now = written.place(start + inside)
    assert written.text[now - inside : now - inside + end - start] == text[start:end]
    assert written.place(0) == 0
    assert written.place(len(text)) == len(written.text)


def test_deep_nesting_is_not_mostly_blanks() -> None:
    """A hundred thousand brackets stay a text of megabytes."""
    deep = "[" * 50_000 + "{}" + "]" * 50_000
    assert len(pretty(deep).text) < 10_000_000


@pytest.mark.parametrize("text", ["", "{", "hello", '{"a":1,}', "1 2"])
def test_what_is_not_json_is_refused(text: str) -> None:
    """With the place of the mistake."""
    with pytest.raises(JsonError):
        pretty(text)
    with pytest.raises(JsonError):
        compact(text)
