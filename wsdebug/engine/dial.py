"""DNS, TCP and TLS, step by step; each step is an event with its time, or fails in words."""

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import Target
from wsdebug.errors import CannotConnect, UsageError

if TYPE_CHECKING:
    import ssl

__all__ = ["connect_tcp", "resolve", "tls_context", "tls_facts"]

Event = Callable[..., None]
FAMILIES = {0: socket.AF_UNSPEC, 4: socket.AF_INET, 6: socket.AF_INET6}
AddressInfo = tuple[Any, Any, int, str, Any]


async def resolve(target: Target, options: ConnectOptions) -> list[AddressInfo]:
    """The addresses of the host. Raises CannotConnect, step DNS."""
    loop = asyncio.get_running_loop()
    try:
        return list(
            await loop.getaddrinfo(
                target.host,
                target.port,
                type=socket.SOCK_STREAM,
                family=FAMILIES[options.family],
            )
        )
    except OSError as error:
        words = f"{target.host} has no address; check the name"
        raise CannotConnect(words, step="DNS") from error


async def connect_tcp(target: Target, addresses: list[AddressInfo]) -> socket.socket:
    """A connected socket to the first address that answers. Raises CannotConnect, step TCP."""
    from aiohappyeyeballs import start_connection

    try:
        return await start_connection(addresses, happy_eyeballs_delay=0.25)
    except ConnectionRefusedError as error:
        words = f"nobody listens on {_place(target)}"
        raise CannotConnect(words, step="TCP") from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise CannotConnect(f"{_place(target)}: {why}", step="TCP") from error


def tls_context(options: ConnectOptions) -> "ssl.SSLContext":
    """Trust as the system does, or as the options say. Raises UsageError naming the field."""
    import ssl

    if options.cacert or options.insecure:
        context = ssl.create_default_context()
    else:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if options.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.cacert:
        try:
            context.load_verify_locations(options.cacert)
        except (OSError, ssl.SSLError) as error:
            words = f"{options.cacert} is no certificate file: {error}"
            raise UsageError(words, field="cacert") from error
    if options.cert:
        try:
            context.load_cert_chain(options.cert, options.key, options.passphrase)
        except (OSError, ssl.SSLError) as error:
            words = f"{options.cert} cannot be used as a client certificate: {error}"
            raise UsageError(words, field="cert") from error
    return context


def tls_failure(error: Exception, target: Target) -> CannotConnect:
    """Why TLS did not come to be, in words."""
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message or str(error)
        words = f"{why}; --insecure (or F2) goes on regardless"
        return CannotConnect(words, step="TLS", not_trusted=True)
    reason = getattr(error, "reason", None)
    if reason == "WRONG_VERSION_NUMBER":
        words = f"{_place(target)} does not speak TLS; try ws://"
    else:
        words = (
            f"TLS with {_place(target)} failed: {reason or error or 'the connection was closed'}"
        )
    return CannotConnect(words, step="TLS")


def tls_facts(connection: "ssl.SSLObject") -> dict[str, Any]:
    """Version, cipher and certificate for the `tls` event."""
    import hashlib

    cipher = connection.cipher()
    facts: dict[str, Any] = {
        "version": connection.version(),
        "cipher": cipher[0] if cipher else None,
        "alpn": connection.selected_alpn_protocol(),
    }
    der = connection.getpeercert(binary_form=True)
    if der:
        certificate: dict[str, Any] = dict(connection.getpeercert() or {})
        facts["cert"] = {
            "subject": _name(certificate.get("subject")),
            "issuer": _name(certificate.get("issuer")),
            "not_after": certificate.get("notAfter"),
            "sha256": hashlib.sha256(der).hexdigest(),
        }
    return facts


def _name(name: Any) -> str | None:
    return ", ".join(f"{k}={v}" for pairs in name for k, v in pairs) if name else None


def _place(target: Target) -> str:
    return (
        f"[{target.host}]:{target.port}" if ":" in target.host else f"{target.host}:{target.port}"
    )
