"""Redirects: where a refusal sends on to, and what may go there with us (RFC 9110 section 15.4)."""

from dataclasses import replace
from urllib.parse import urljoin

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import Target, parse_url
from wsdebug.errors import HandshakeRefused, UsageError

__all__ = ["Hop", "next_hop"]

Hop = tuple[Target, ConnectOptions]
STATUSES = frozenset((301, 302, 303, 307, 308))


def next_hop(refusal: HandshakeRefused, target: Target, options: ConnectOptions, hop: int) -> Hop:
    """What to dial next; `hop` counts the redirects followed so far.

    Raises the refusal itself where it is no redirect, and in other words where it is one that is
    not followed. To another origin go none of the person's own headers, no cookie, no
    credentials, and no client certificate; once gone they do not come back.
    """
    location = _location(refusal)
    if refusal.status not in STATUSES or not location or refusal.step == "proxy":
        raise refusal
    try:
        found = _resolve(target, location)
    except UsageError as error:
        raise _refused(refusal, f"sends on to what cannot be dialled: {error}") from refusal
    if not options.location:
        raise _refused(refusal, f"the server sends on to {found.url}; -L follows") from refusal
    if target.is_secure and not found.is_secure:
        words = f"the server sends on to {found.url}, which is not encrypted; dial it by hand"
        raise _refused(refusal, words) from refusal
    if hop >= options.max_redirs:
        words = f"more than {options.max_redirs} redirects; --max-redirs allows more"
        raise _refused(refusal, words) from refusal
    if found.origin == target.origin:
        return replace(found, user=found.user or target.user), options
    return found, _without_secrets(options)


def _location(refusal: HandshakeRefused) -> str:
    for name, value in refusal.headers:
        if name.lower() == "location":
            return value
    return ""


def _resolve(target: Target, location: str) -> Target:
    """Raises UsageError."""
    base = "http" + target.url.removeprefix("ws")
    try:
        url = urljoin(base, location)
    except ValueError:
        url = location
    scheme, mark, rest = url.partition(":")
    if mark and not rest.startswith("//"):
        raise UsageError(f"{scheme}: is not a WebSocket; use ws:// or wss://", field="url")
    # RFC 9110 10.2.2 allows a fragment, a WebSocket URL has none
    return parse_url(url.partition("#")[0])


def _without_secrets(options: ConnectOptions) -> ConnectOptions:
    return replace(
        options,
        header=tuple((name, value) for name, value in options.header if value is None),
        origin=None,
        user=None,
        bearer=None,
        cookie=None,
        cert=None,
        key=None,
        passphrase=None,
        servername=None,
    )


def _refused(refusal: HandshakeRefused, why: str) -> HandshakeRefused:
    return HandshakeRefused(
        f"refused: {refusal.status}, {why}",
        status=refusal.status,
        reason=refusal.reason,
        headers=refusal.headers,
        body=refusal.body,
        why=why,
    )
