"""Whether messages match a JSON query, for very many of them."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET

from wsdebug.payload.json_query import JsonQuery
from wsdebug.payload.json_values import MAX_DEPTH, MAX_DIGITS

__all__ = [
    "MAYBE_QUOTE",
    "NOT_A_NAME",
    "exact_decoder",
    "json_test",
    "member_name",
    "member_struct",
]

SURE = 300  # characters of a number without an exponent that is in the bounds of a float
SPACED = ('" ', '"\t', '"\n', '"\r')  # there may be names that are not counted
MAYBE_QUOTE = "\\u0022"  # counts as one when it is written anew
NOT_A_NAME = re.compile(r'["\\\x00-\x1f]')  # for the library


def json_test(query: JsonQuery) -> Callable[[str], bool]:
    """The same as `query.matches_payload`, of a text: U+DC80 to U+DCFF are no JSON.

    Most texts are turned down by a look at their letters, or at one member; of the others most
    are known to be strict JSON without reading them as such, which takes ten times as long.
    """
    literals, name = query.literals, member_name(query)
    whole = exact_decoder().decode
    look = whole if name is None else _member_decoder(name)

    def test(text: str) -> bool:
        if "\\" not in text and not all([literal in text for literal in literals]):  # noqa: C419
            return False
        try:
            if not query.matches(look(text)):
                return False
            if _is_surely_strict(text, whole(text)):
                return True
        except msgspec.ValidationError:  # no object
            return False
        except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
            pass
        return query.matches_payload(text.encode("utf-8", "surrogateescape"))

    return test


def exact_decoder() -> "msgspec.json.Decoder[Any]":
    """Reads a text with exact numbers; raises ArithmeticError for one that may have no bounds."""
    return msgspec.json.Decoder(float_hook=_number)


def _number(text: str) -> Decimal:
    """A number with a fraction; one with an exponent, or a long one, is looked at more closely."""
    if len(text) > SURE or "e" in text or "E" in text:
        raise ArithmeticError(text)  # the library makes others its own
    return Decimal(text)


def _member_decoder(name: str) -> Callable[[str], dict[str, Any]]:
    """What gives the object of a text with no other members than one."""
    decode = msgspec.json.Decoder(member_struct(name), float_hook=_number).decode

    def member(text: str) -> dict[str, Any]:
        found = decode(text).found
        return {} if found is UNSET else {name: found}

    return member


def member_name(query: JsonQuery) -> str | None:
    """The member of the outermost object that alone decides, and can be read alone; else None."""
    name = query.first_name
    return name if name is not None and NOT_A_NAME.search(name) is None else None


def member_struct(name: str, names: Sequence[str] = ()) -> type[Any]:
    """An object of which one member is read, as `found`; UNSET where it is not there. With `names`,
    of which this is the first, it has these members and no others.
    """
    if not names:
        return msgspec.defstruct("One", [("found", Any, UNSET)], rename={"found": name}, gc=False)
    fields = ["found", *(f"other{number}" for number in range(1, len(names)))]
    renamed = dict(zip(fields, names, strict=True))
    typed = [(field, Any) for field in fields]
    return msgspec.defstruct("All", typed, rename=renamed, forbid_unknown_fields=True, gc=False)


def _is_surely_strict(text: str, value: Any) -> bool:
    """Whether a text is JSON for this format too, where the library took it for a value.

    The library is right in everything but names that stand twice and numbers without bounds.
    """
    if len(text) > MAX_DIGITS or text.count("[") + text.count("{") > MAX_DEPTH:
        return False
    if MAYBE_QUOTE in text or any([space in text for space in SPACED]):  # noqa: C419
        return False
    return text.count('":') == msgspec.json.encode(value).count(b'":')
