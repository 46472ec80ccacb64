"""Connection options as a form holds them, and back. No widgets."""

import os.path
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, unquote_plus

from wsdebug import __version__
from wsdebug.engine.options import ConnectOptions, DeflateOffer

__all__ = [
    "DEFAULTS",
    "Auth",
    "SettingsDraft",
    "SettingsRow",
    "draft_of",
    "options_of",
    "parse_size",
    "parse_window",
    "resume",
    "show_number",
    "show_size",
    "url_of",
]

Auth = Literal["none", "basic", "bearer"]
Family = Literal["any", "4", "6"]

DEFAULTS = {  # headers that go out by themselves and may be left out
    "User-Agent": f"wsdebug/{__version__}",
    "Sec-WebSocket-Version": "13",
}
UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
SIZE = re.compile(r"([0-9][0-9,]*) *([kmg]?)(?:i?b|bytes?)?", re.IGNORECASE)
QUERY_SAFE = "/:@!$'()*,;?~"  # RFC 3986 section 3.4, without & = +


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """A row of a table: a query parameter, a header or a subprotocol (no value).

    `origin` says where a row came from, so that an unchanged one goes back exactly: the raw
    query part, or `option:origin` and `option:cookie` for headers that have an option.
    """

    name: str
    value: str = ""
    is_on: bool = True
    origin: str = ""

    def edited(self, name: str, value: str) -> "SettingsRow":
        """Another name or value; a row keeps its option as long as the name stays."""
        is_option = self.origin.startswith("option:") and name == self.name
        kept = self.origin if is_option or (name, value) == (self.name, self.value) else ""
        return SettingsRow(name, value, self.is_on, kept)


@dataclass(frozen=True, slots=True)
class SettingsDraft:
    """Everything on the settings page, as typed: rows that are off, and text that is no number.

    `rest` carries what the page does not show; `removed` names default headers left out.
    """

    rest: ConnectOptions
    url: str  # without the query
    query: tuple[SettingsRow, ...] = ()
    header: tuple[SettingsRow, ...] = ()
    removed: tuple[str, ...] = ()
    subprotocol: tuple[SettingsRow, ...] = ()
    auth: Auth = "none"
    user: str = ""
    password: str = ""
    token: str = ""
    verify: bool = True
    cacert: str = ""
    cert: str = ""
    key: str = ""
    passphrase: str = ""
    servername: str = ""
    location: bool = False
    max_redirs: str = "10"
    family: Family = "any"
    compress: bool = True
    keep_ours: bool = True
    keep_theirs: bool = True
    window_ours: str = "any"
    window_theirs: str = ""
    auto_pong: bool = True
    ping_interval: str = ""
    ping_timeout: str = ""
    reconnect: bool = False
    lenient: bool = False
    max_size: str = "64 MiB"
    connect_timeout: str = "10"
    close_timeout: str = "5"

    @property
    def defaults(self) -> tuple[SettingsRow, ...]:
        """The headers sent by default; one that stands in the table above is not among them."""
        given = {row.name.lower() for row in self.header if row.is_on}
        names = [*DEFAULTS, *(name for name in self.removed if name not in DEFAULTS)]
        return tuple(
            SettingsRow(name, DEFAULTS.get(name, ""), name not in self.removed)
            for name in names
            if name.lower() not in given
        )


def draft_of(options: ConnectOptions) -> SettingsDraft:
    """The page for a connection."""
    url, _, query = options.url.partition("?")
    name, _, password = (options.user or "").partition(":")
    offer = options.compression or DeflateOffer()
    return SettingsDraft(
        rest=options,
        url=url,
        query=tuple(query_row(part) for part in query.split("&") if part),
        header=_header_rows(options),
        removed=tuple(_known(name) for name, value in options.header if value is None),
        subprotocol=tuple(SettingsRow(protocol) for protocol in options.subprotocol),
        auth="basic" if options.user else "bearer" if options.bearer else "none",
        user=name,
        password=password,
        token=options.bearer or "",
        verify=not options.insecure,
        cacert=options.cacert or "",
        cert=options.cert or "",
        key=options.key or "",
        passphrase=options.passphrase or "",
        servername=options.servername or "",
        location=options.location,
        max_redirs=str(options.max_redirs),
        family="4" if options.family == 4 else "6" if options.family == 6 else "any",
        compress=options.compression is not None,
        keep_ours=not offer.client_no_context_takeover,
        keep_theirs=not offer.server_no_context_takeover,
        window_ours=_show_window(offer.client_max_window_bits),
        window_theirs=_show_window(offer.server_max_window_bits),
        auto_pong=options.auto_pong,
        ping_interval=show_number(options.ping_interval),
        ping_timeout=show_number(options.ping_timeout),
        reconnect=options.reconnect,
        lenient=options.lenient,
        max_size=show_size(options.max_size),
        connect_timeout=show_number(options.connect_timeout),
        close_timeout=show_number(options.close_timeout),
    )


def options_of(draft: SettingsDraft) -> ConnectOptions:
    """The connection of a page without problems; ValueError where a number is none."""
    on = [row for row in draft.header if row.is_on]
    return replace(
        draft.rest,
        url=url_of(draft),
        header=(
            *((row.name, row.value) for row in on if not row.origin),
            *((name, None) for name in draft.removed),
        ),
        origin=_option(on, "origin"),
        cookie=_option(on, "cookie"),
        subprotocol=tuple(row.name for row in draft.subprotocol if row.is_on),
        user=f"{draft.user}:{draft.password}" if draft.auth == "basic" else None,
        bearer=draft.token if draft.auth == "bearer" else None,
        insecure=not draft.verify,
        cacert=_path(draft.cacert),
        cert=_path(draft.cert),
        key=_path(draft.key),
        passphrase=draft.passphrase or None,
        servername=draft.servername.strip() or None,
        location=draft.location,
        max_redirs=int(draft.max_redirs) if draft.location else draft.rest.max_redirs,
        family=0 if draft.family == "any" else int(draft.family),
        compression=_offer(draft) if draft.compress else None,
        auto_pong=draft.auto_pong,
        ping_interval=_seconds(draft.ping_interval),
        ping_timeout=_seconds(draft.ping_timeout),
        reconnect=draft.reconnect,
        lenient=draft.lenient,
        max_size=parse_size(draft.max_size),
        connect_timeout=float(draft.connect_timeout),
        close_timeout=float(draft.close_timeout),
    )


def resume(draft: SettingsDraft | None, options: ConnectOptions) -> SettingsDraft:
    """The page as it was left, if the options are still those it was left with.

    A URL that was changed elsewhere brings its own query; parameters that are off stay.
    """
    fresh = draft_of(options)
    if draft is None or replace(draft.rest, url=options.url) != options:
        return fresh
    if draft.rest == options:
        return draft
    off = tuple(row for row in draft.query if not row.is_on)
    return replace(draft, rest=options, url=fresh.url, query=(*fresh.query, *off))


def url_of(draft: SettingsDraft) -> str:
    """The URL with the parameters that are on; an untouched one is spelled as it was."""
    parts = [
        row.origin or f"{quote(row.name, QUERY_SAFE)}={quote(row.value, QUERY_SAFE)}"
        for row in draft.query
        if row.is_on
    ]
    return draft.url + ("?" + "&".join(parts) if parts else "")


def parse_size(text: str) -> int:
    """`64 MiB`, `64M`, `65536` in bytes, at least 1; ValueError for anything else."""
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    size = int(match[1].replace(",", "")) * UNITS[match[2].lower()]
    if size < 1:
        raise ValueError(text)
    return size


def show_size(size: int) -> str:
    """The shortest way to write a size exactly."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= factor and size % factor == 0:
            return f"{size // factor} {unit}"
    return f"{size:,}"


def show_number(value: float | None) -> str:
    """Seconds as typed: `10`, `0.5`, empty for None."""
    return "" if value is None else repr(int(value) if value == int(value) else value)


def parse_window(text: str) -> int | None:
    """Window bits: `any` is 0, nothing is None; ValueError outside 9 to 15.

    8 is left out: zlib cannot deflate raw data with it.
    """
    text = text.strip().lower()
    if not text:
        return None
    bits = 0 if text == "any" else int(text)
    if bits and not 9 <= bits <= 15:
        raise ValueError(text)
    return bits


def query_row(part: str) -> SettingsRow:
    """One raw `name=value` of a query; an unchanged row goes back as it was."""
    name, _, value = part.partition("=")
    return SettingsRow(unquote_plus(name), unquote_plus(value), origin=part)


def _header_rows(options: ConnectOptions) -> tuple[SettingsRow, ...]:
    rows = [SettingsRow(name, value) for name, value in options.header if value is not None]
    if options.origin is not None:
        rows.insert(0, SettingsRow("Origin", options.origin, origin="option:origin"))
    if options.cookie is not None:
        rows.append(SettingsRow("Cookie", options.cookie, origin="option:cookie"))
    return tuple(rows)


def _known(name: str) -> str:
    return next((known for known in DEFAULTS if known.lower() == name.lower()), name)


def _option(rows: Iterable[SettingsRow], name: str) -> str | None:
    return next((row.value for row in rows if row.origin == f"option:{name}"), None)


def _offer(draft: SettingsDraft) -> DeflateOffer:
    return DeflateOffer(
        server_no_context_takeover=not draft.keep_theirs,
        client_no_context_takeover=not draft.keep_ours,
        server_max_window_bits=parse_window(draft.window_theirs),
        client_max_window_bits=parse_window(draft.window_ours),
    )


def _show_window(bits: int | None) -> str:
    return "" if bits is None else "any" if bits == 0 else str(bits)


def _path(text: str) -> str | None:
    return os.path.expanduser(text.strip()) if text.strip() else None


def _seconds(text: str) -> float | None:
    return float(text) if text.strip() else None
