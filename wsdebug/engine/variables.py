"""The variables of a connection: what was declared, what the environment has, what is secret."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import UsageError
from wsdebug.payload.variables import expand, placeholders

__all__ = ["PREFIX", "Variables", "environment_variables", "expanded", "variables_of"]

PREFIX = "WSDEBUG_VAR_"
DECLARING = ("variable", "secret")  # fields without placeholders of their own


@dataclass(frozen=True, slots=True)
class Variables:
    """`values` are those of all declared names; `secrets` those among them that nobody may see;
    `missing` are the names that were declared without a value.
    """

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    missing: tuple[str, ...] = ()


def environment_variables(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """`WSDEBUG_VAR_name=value` of the environment, by name."""
    environ = os.environ if environ is None else environ
    return {
        name.removeprefix(PREFIX): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name != PREFIX
    }


def variables_of(options: ConnectOptions, environ: Mapping[str, str] | None = None) -> Variables:
    """Those of the options first, then those of the environment that the options name.

    Secret are those of `secret`, those declared without a value, and those whose name tells it
    (`token`, `api_key`).
    """
    declared = dict(options.variable)
    given = {name: value for name, value in declared.items() if value is not None}
    given |= dict(options.secret)
    wanted = {name for text in _texts(options) for name in placeholders(text)} | set(declared)
    ambient = environment_variables(environ)
    values = {name: value for name, value in ambient.items() if name in wanted} | given
    if not values:
        return Variables(missing=tuple(declared))
    from wsdebug.payload.redact import is_secret_name

    hidden = set(dict(options.secret)) | (set(declared) - set(given))
    secrets = {n: value for n, value in values.items() if n in hidden or is_secret_name(n)}
    missing = tuple(name for name in declared if name not in values)
    return Variables(values, secrets, missing)


def expanded(options: ConnectOptions, variables: Variables) -> ConnectOptions:
    """The options with every placeholder of a declared name replaced.

    Raises UsageError for a variable without a value.
    """
    if variables.missing:
        name = variables.missing[0]
        words = f"the variable {name} has no value; --variable or --secret gives it one"
        raise UsageError(words, field="variable")
    if not variables.values:
        return options
    changes = {
        field.name: _mapped(
            getattr(options, field.name), lambda text: expand(text, variables.values)
        )
        for field in fields(options)
        if field.name not in DECLARING
    }
    return replace(options, **changes)


def _texts(options: ConnectOptions) -> Iterator[str]:
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    for each in fields(options):
        if each.name not in DECLARING:
            _mapped(getattr(options, each.name), keep)
    yield from found


def _mapped(value: Any, act: Callable[[str], str]) -> Any:
    """A value with every text in it put through `act`."""
    if isinstance(value, str):
        return act(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, act) for item in value)
    return value
