"""`{{name}}` in the payloads of a script, replaced for declared names only."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from wsdebug.payload import variables as text_variables
from wsdebug.payload.json_text import json_text
from wsdebug.payload.variables import placeholders

__all__ = ["expand", "expand_text", "names_in"]


def names_in(value: Any, declared: Collection[str]) -> frozenset[str]:
    """The declared names that stand as `{{name}}` in a text or in any string of a JSON value."""
    if isinstance(value, str) and "{{" not in value:  # nearly always, and of very many
        return frozenset()
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(name for name in placeholders(text) if name in declared)
        return text

    _each_string(value, note)
    return frozenset(found)


def expand(value: Any, variables: Mapping[str, Any]) -> Any:
    """A JSON value with the variables in its strings and names.

    A string that is nothing but one `{{name}}` becomes the value itself, so that a captured
    number stays one.
    """

    def replaced(text: str) -> Any:
        names = list(placeholders(text))
        if len(names) == 1 and names[0] in variables and text == f"{{{{{names[0]}}}}}":
            return variables[names[0]]
        return expand_text(text, variables)

    return _each_string(value, replaced)


def expand_text(text: str, variables: Mapping[str, Any]) -> str:
    """A text with the variables in it; those that are no strings as JSON."""
    names = {name for name in placeholders(text) if name in variables}
    values = {name: variables[name] for name in names}
    return text_variables.expand(
        text,
        {n: value if isinstance(value, str) else json_text(value) for n, value in values.items()},
    )


def _each_string(value: Any, replaced: Callable[[str], Any]) -> Any:
    if isinstance(value, str):
        return replaced(value)
    if isinstance(value, list):
        return [_each_string(item, replaced) for item in value]
    if isinstance(value, dict):
        return {_name(replaced(name)): _each_string(item, replaced) for name, item in value.items()}
    return value


def _name(value: Any) -> str:
    return value if isinstance(value, str) else json_text(value)
