"""How a saved session was connected, with what the command line says instead."""

import argparse
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import quote

from wsdebug.cli.consent import agrees, can_ask, is_trusted
from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.engine.saved_options import SavedOptions, saved_options
from wsdebug.errors import UsageError
from wsdebug.payload.escape import escape
from wsdebug.payload.redact import MASK
from wsdebug.session.lines import Header

__all__ = ["given_options", "with_saved"]

OFFER = frozenset(("compression", *(field.name for field in fields(DeflateOffer))))
PARAMETER = re.compile(rf"(?P<name>[^?&;#=]+)=(?P<value>{re.escape(MASK)})(?=[&;#]|\Z)")
USER_INFO = f"//{MASK}@"
# What takes the place of a masked header.
SUBSTITUTES = {"authorization": ("user", "bearer"), "cookie": ("cookie",)}


def given_options(
    parser: argparse.ArgumentParser, arguments: list[str], parsed: argparse.Namespace
) -> frozenset[str]:
    """The names of what stands in the arguments, in `parsed`, and does not only have a default."""
    unset = object()
    blank = argparse.Namespace(
        **{name: [] if isinstance(value, list) else unset for name, value in vars(parsed).items()}
    )
    parser.parse_intermixed_args(arguments, blank)
    nothing: tuple[object, ...] = (unset, [], None)  # a positional that may lack is None
    return frozenset(name for name, value in vars(blank).items() if value not in nothing)


def with_saved(
    header: Header | None,
    path: str,
    options: ConnectOptions,
    given: frozenset[str],
    values: Mapping[str, str],
    *,
    connects: bool = True,
) -> ConnectOptions:
    """The options of a file with those that were given in their place; `values` are the secrets
    and variables that were given, by name.

    What the file leaves out, or asks for and may not have unasked, is asked on a terminal, unless
    nothing `connects`. Raises UsageError where it is missing.
    """
    if not connects:
        theirs = saved_options(header).options.variable if header is not None else ()
        known = dict(theirs) | dict(options.variable)
        return replace(options, url=options.url or "", variable=tuple(known.items()))
    if header is None:
        if not options.url:
            words = f"{path} says no URL; give one: wsdebug replay {path} ws://…"
            raise UsageError(words, field="url")
        return options
    header = _filled(header, path, given, options, values)
    saved = _allowed(header, path, given).options
    if "url" not in given and not saved.url:
        raise UsageError(f"{path} says no URL; give one after it", field="url")
    return replace(saved, **_changes(saved, options, given))


def _changes(
    saved: ConnectOptions, options: ConnectOptions, given: frozenset[str]
) -> dict[str, Any]:
    """What those that were given change in those that were saved."""
    changes: dict[str, Any] = {
        field.name: getattr(options, field.name) for field in fields(options) if field.name in given
    }
    if given & OFFER:
        changes["compression"] = options.compression
    if "proxy" in given:
        changes["no_proxy"] = False
    elif "no_proxy" in given:
        changes["proxy"] = None
    ours = {name.lower() for name, _ in options.header}
    others = (pair for pair in saved.header if pair[0].lower() not in ours)
    declared = dict(saved.variable) | dict(options.variable)
    changes["header"] = (*others, *options.header)
    changes["variable"] = tuple(declared.items())
    return changes


def _filled(
    header: Header,
    path: str,
    given: frozenset[str],
    options: ConnectOptions,
    values: Mapping[str, str],
) -> Header:
    """With the secrets that the file leaves out, as far as they are not given as options."""
    if not header.redacted:
        return header
    needed = _left_out(header, given, {name.lower() for name, _ in options.header})
    found = dict(values)
    if missing := [name for name in needed if name not in found]:
        found |= _ask_values(path, missing)

    def filled(name: str, value: Any) -> Any:
        is_masked = isinstance(value, str) and MASK in value
        return value.replace(MASK, found[name]) if is_masked and name in found else value

    def parameter(match: re.Match[str]) -> str:
        return f"{match['name']}={quote(found.get(match['name'], MASK), safe='*')}"

    user = quote(found.get("user", ""), safe=":")
    return replace(
        header,
        url=PARAMETER.sub(parameter, header.url.replace(USER_INFO, f"//{user}@")),
        headers=tuple(
            (name, filled(name, value))
            for name, value in header.headers
            if MASK not in value or name in needed
        ),
        connect={name: filled(name, value) for name, value in header.connect.items()},
    )


def _left_out(header: Header, given: frozenset[str], ours: set[str]) -> list[str]:
    """The names of what the file masks and nothing takes the place of; `ours` are headers."""
    needed = [
        name
        for name, value in header.headers
        if MASK in value
        and name.lower() not in ours
        and not given.intersection(SUBSTITUTES.get(name.lower(), ()))
    ]
    needed += [
        name
        for name, value in header.connect.items()
        if isinstance(value, str) and MASK in value and name.replace("-", "_") not in given
    ]
    if "url" not in given:
        needed += ["user"] if USER_INFO in header.url else []
        needed += [match["name"] for match in PARAMETER.finditer(header.url)]
    return list(dict.fromkeys(needed))


def _ask_values(path: str, names: list[str]) -> dict[str, str]:
    if not can_ask():
        listed = ", ".join(names)
        words = f"{path} leaves out {listed}; give each by its option, or as --secret {names[0]}=…"
        raise UsageError(words, field="secret")
    from getpass import getpass

    return {name: getpass(f"wsdebug: {escape(path)} leaves out {escape(name)}: ") for name in names}


def _allowed(header: Header, path: str, given: frozenset[str]) -> SavedOptions:
    """The options of a header; what a file may not switch on by itself only if it is allowed."""
    saved = saved_options(header, is_allowed=is_trusted(path, given))
    settled = {name.replace("_", "-") for name in given}
    if "no-proxy" in settled:
        settled.add("proxy")
    asked = [name for name in saved.asked if name not in settled]
    if not asked:
        return saved
    listed = ", ".join(f"--{name} {header.connect[name]}".removesuffix(" True") for name in asked)
    if can_ask():
        if agrees(f"{path} wants {listed}. Allow it?"):
            return saved_options(header, is_allowed=True)
        raise UsageError("not allowed; nothing was connected", field=asked[0])
    words = f"{path} wants {listed}: a file may not decide that; add it to the command line"
    raise UsageError(words, field=asked[0])
