"""The right column of the settings page: authentication, TLS, compression, behaviour."""

from collections.abc import Iterator

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.tui.field import Field
from wsdebug.tui.one_of import Choice
from wsdebug.tui.settings_form import Check, FormRow, Note, Section
from wsdebug.tui.settings_model import SettingsDraft

__all__ = ["sections"]

FAMILIES = (("any", "any"), ("4", "only IPv4"), ("6", "only IPv6"))


def sections(draft: SettingsDraft) -> Iterator[Section]:
    """The four sections, filled from a draft."""
    yield Section("Authentication", *_authentication(draft), id="section-auth")
    yield Section("TLS", *_tls(draft), id="section-tls")
    yield Section("Compression", *_compression(draft), id="section-compression")
    yield Section("Behaviour", *_behaviour(draft), id="section-behaviour")


def _authentication(draft: SettingsDraft) -> list[Widget]:
    kinds = (("none", "none"), ("basic", "Basic"), ("bearer", "Bearer"))
    return [
        _row("", Choice(kinds, draft.auth, id="auth")),
        _text(draft, "user", "user"),
        Note(id="note-user"),
        _text(draft, "password", "password", password=True),
        _text(draft, "token", "token", password=True),
        Note(id="note-token"),
        Note(id="note-secret"),
    ]


def _tls(draft: SettingsDraft) -> list[Widget]:
    return [
        _row("certificate", Check("must be valid", draft.verify, warns_off=True, id="verify")),
        Note(id="note-verify"),
        _text(draft, "own CA", "cacert", "a file"),
        Note(id="note-cacert"),
        _text(draft, "client cert", "cert", "a file"),
        Note(id="note-cert"),
        _text(draft, "its key", "key", "a file, if not in the same"),
        Note(id="note-key"),
        _text(draft, "passphrase", "passphrase", "if the key has one", password=True),
        _text(draft, "server name", "servername", "as in the URL"),
    ]


def _compression(draft: SettingsDraft) -> list[Widget]:
    return [
        _row("offer", Check("permessage-deflate", draft.compress, id="compress")),
        FormRow(
            "context",
            Check("keep ours", draft.keep_ours, id="keep_ours"),
            Check("keep theirs", draft.keep_theirs, id="keep_theirs"),
            id="row-context",
        ),
        FormRow(
            "window",
            _unit("ours "),
            _short(draft, "window_ours"),
            _unit("   theirs "),
            _short(draft, "window_theirs"),
            id="row-window",
        ),
        Note(id="note-window_ours"),
        Note(id="note-window_theirs"),
    ]


def _behaviour(draft: SettingsDraft) -> list[Widget]:
    after = "lenient" if draft.lenient else "strict"
    ways = (("strict", "fail"), ("lenient", "note and go on"))
    return [
        _row(
            "pings",
            Check("answer", draft.auto_pong, id="auto_pong"),
            _unit("send every "),
            _short(draft, "ping_interval"),
            _unit(" s"),
        ),
        Note(id="note-ping_interval"),
        FormRow(
            "when it drops",
            Check("connect again, 1 s to 30 s apart", draft.reconnect, id="reconnect"),
        ),
        FormRow(
            "redirects",
            Check("follow", draft.location, id="location"),
            Static(Content("at most "), classes="unit", id="most_redirs"),
            _short(draft, "max_redirs"),
        ),
        Note(id="note-max_redirs"),
        FormRow("addresses", Choice(FAMILIES, draft.family, id="family")),
        FormRow("violations", Choice(ways, after, id="lenient")),
        FormRow("largest message", _short(draft, "max_size", "-medium")),
        Note(id="note-max_size"),
        FormRow(
            "wait at most",
            _short(draft, "connect_timeout"),
            _unit(" s to connect   "),
            _short(draft, "close_timeout"),
            _unit(" s to close"),
        ),
        Note(id="note-connect_timeout"),
        Note(id="note-close_timeout"),
        FormRow("", _short(draft, "ping_timeout"), _unit(" s for a pong")),
        Note(id="note-ping_timeout"),
    ]


def _row(label: str, *children: Widget) -> FormRow:
    row = FormRow(label, *children)
    row.add_class("airy")
    return row


def _text(
    draft: SettingsDraft, label: str, field: str, placeholder: str = "", *, password: bool = False
) -> FormRow:
    value = getattr(draft, field)
    row = FormRow(
        label,
        Field(value, placeholder=placeholder, password=password, id=field),
        id=f"row-{field}",
    )
    row.add_class("airy")
    return row


def _short(draft: SettingsDraft, field: str, size: str = "-short") -> Field:
    return Field(getattr(draft, field), id=field, classes=size)


def _unit(words: str) -> Static:
    return Static(Content(words), classes="unit")
