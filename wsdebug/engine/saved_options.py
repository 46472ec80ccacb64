"""Connection options to the `connect` of a session's header and back, by command-line names."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, get_type_hints
from uuid import uuid4

from wsdebug import __version__
from wsdebug.engine.answer import TOKEN
from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.engine.variables import variables_of
from wsdebug.payload.redact import MASK, Redactor
from wsdebug.payload.variables import is_variable_name
from wsdebug.session.lines import Header

__all__ = [
    "ASKED",
    "SavedOptions",
    "connect_settings",
    "header_facts",
    "options_from_header",
    "saved_options",
    "variable_settings",
]

# keys of the header itself; variables and secrets are its `vars`
OWN_KEYS = frozenset(("url", "header", "subprotocol", "variable", "secret"))
SECRETS = frozenset(("user", "bearer", "cookie", "passphrase"))
# What a file of somebody else may not switch on unasked (SESSION_FORMAT.md).
ASKED = ("insecure", "proxy", "cert", "key", "cacert", "unix-socket")
# Fields that the command line switches off, or that are options of their own.
SPECIAL = {"auto_pong": "no-auto-pong", "compression": "no-compression"}
FAMILIES = {"4": 4, "6": 6}
LEAST_BITS = {"server_max_window_bits": 8, "client_max_window_bits": 9}
HINTS = get_type_hints(ConnectOptions)
DEFAULTS = ConnectOptions(url="")
# One table: the long command-line name of each field that is written as it is.
FIELDS = {
    field.name.replace("_", "-"): field.name
    for field in fields(ConnectOptions)
    if field.name not in OWN_KEYS and field.name not in SPECIAL and field.name != "family"
}
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LONGEST = 1e9  # seconds


@dataclass(frozen=True, slots=True)
class SavedOptions:
    """How a session was connected.

    `asked` are the long names of options that the file wants and a person has to allow first;
    `redacted` the names of secrets that are missing.
    """

    options: ConnectOptions
    asked: tuple[str, ...] = ()
    redacted: tuple[str, ...] = ()


def connect_settings(options: ConnectOptions, redactor: Redactor | None = None) -> dict[str, Any]:
    """The options that differ from the defaults, by long command-line name; secrets as `***`."""
    redactor = redactor or Redactor()
    settings: dict[str, Any] = {}
    for name, field in FIELDS.items():
        value = getattr(options, field)
        if value != getattr(DEFAULTS, field):
            settings[name] = redactor.option(name, value)
    if not options.auto_pong:
        settings[SPECIAL["auto_pong"]] = True
    settings |= {name: True for name, family in FAMILIES.items() if family == options.family}
    if options.compression is None:
        settings[SPECIAL["compression"]] = True
    else:
        usual = asdict(DeflateOffer())
        settings |= {
            name.replace("_", "-"): value
            for name, value in asdict(options.compression).items()
            if value != usual[name]
        }
    return settings


def header_facts(
    options: ConnectOptions, redactor: Redactor, *, started: str, keeps_wire: bool
) -> dict[str, Any]:
    """The header of a recording, secrets masked; `started` is RFC 3339 in UTC."""
    header: dict[str, Any] = {
        "wsdebug": 1,
        "url": redactor.url(options.url),
        "started": started,
        "app": f"wsdebug {__version__}",
        "id": str(uuid4()),
        # an empty value removes a default header: there is nothing to mask
        "headers": [
            [name, redactor.header(name, value) if value else ""] for name, value in options.header
        ],
        "subprotocols": list(options.subprotocol),
        "connect": connect_settings(options, redactor),
    }
    if variables := variable_settings(options, redactor):
        header["vars"] = variables
    if redactor.names:
        header["redacted"] = list(redactor.names)
    if not keeps_wire:
        header["keeps_wire"] = False
    return header


def variable_settings(options: ConnectOptions, redactor: Redactor) -> dict[str, str | None]:
    """The variables of a connection as the header's `vars` has them; of a secret only the name."""
    variables = variables_of(options)
    settings: dict[str, str | None] = dict.fromkeys(variables.missing)
    for name, value in variables.values.items():
        is_hidden = name in variables.secrets and not redactor.keep
        settings[name] = None if is_hidden else redactor.text(value)
        if is_hidden:
            redactor.note(name)
    return settings


def saved_options(header: Header, *, is_allowed: bool = False) -> SavedOptions:
    """The options of a header, whatever somebody wrote into it: what is unknown, of a wrong type
    or masked is left out.

    `is_allowed`: this user recorded the file, or has allowed what it asks for.
    """
    taken: dict[str, Any] = {}
    asked: list[str] = []
    for name, value in header.connect.items():
        field = FIELDS.get(name)
        if name == "proxy" and isinstance(value, str):
            value = value.replace(f"{MASK}@", "")  # what is left of its user info
        if field is None or not _fits(value, HINTS[field]) or _is_masked(value, header):
            continue
        if name in ASKED and not is_allowed:
            asked.append(name)
            continue
        taken[field] = tuple(value) if isinstance(value, list) else value
    connect = header.connect
    for name, family in FAMILIES.items():
        if connect.get(name) is True:
            taken["family"] = family
    taken["auto_pong"] = connect.get(SPECIAL["auto_pong"]) is not True
    is_off = connect.get(SPECIAL["compression"]) is True
    options = ConnectOptions(
        url=header.url.replace(f"{MASK}@", ""),
        header=_headers(header),
        subprotocol=tuple(name for name in header.subprotocols if TOKEN.fullmatch(name)),
        compression=None if is_off else _offer(header),
        variable=_variables(header),
        **taken,
    )
    return SavedOptions(options, tuple(asked), header.redacted)


def options_from_header(header: Header) -> ConnectOptions:
    """How a session was connected, less its secrets and what a person has to allow first."""
    return saved_options(header).options


def _headers(header: Header) -> tuple[tuple[str, str | None], ...]:
    """An empty value removes a default header, as `-H 'Name:'` does."""
    return tuple(
        (name, value or None)
        for name, value in header.headers
        if TOKEN.fullmatch(name)
        and not CONTROL.search(value.replace("\t", " "))
        and not _is_masked(value, header)
    )


def _variables(header: Header) -> tuple[tuple[str, str | None], ...]:
    declared = header.raw.get("vars")
    if not isinstance(declared, Mapping):
        return ()
    return tuple(
        (name, value)
        for name, value in declared.items()
        if is_variable_name(name) and (value is None or isinstance(value, str))
    )


def _offer(header: Header) -> DeflateOffer:
    taken: dict[str, Any] = {}
    for field in fields(DeflateOffer):
        name = field.name.replace("_", "-")
        if name not in header.connect:
            continue
        value = header.connect[name]
        least = LEAST_BITS.get(field.name)
        if least is None:
            fits = isinstance(value, bool)
        else:
            is_bare = field.name == "client_max_window_bits" and value == 0
            is_number = isinstance(value, int) and not isinstance(value, bool)
            fits = value is None or (is_number and (is_bare or least <= value <= 15))
        if fits:
            taken[field.name] = value
    return DeflateOffer(**taken)


def _is_masked(value: Any, header: Header) -> bool:
    return bool(header.redacted) and isinstance(value, str) and MASK in value


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value of a file is one of a field, and can do no harm by its size."""
    if hint is bool:
        return isinstance(value, bool)
    if hint in (int, float, float | None):
        is_number = isinstance(value, int if hint is int else int | float)
        fits = is_number and not isinstance(value, bool)
        return fits and (0 <= value < 1 << 53 if hint is int else 0 < value < LONGEST)
    if hint == tuple[str, ...]:
        return isinstance(value, list) and all(_fits(item, str) for item in value)
    return isinstance(value, str) and value != "" and not CONTROL.search(value)
