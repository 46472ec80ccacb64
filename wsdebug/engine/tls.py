"""TLS: whom to trust, what was agreed, and in words why it did not come to be."""

import asyncio
import os
import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import truststore

from wsdebug.engine.certificate import Certificate, read_certificate
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.transport import Wire
from wsdebug.errors import CannotConnect, UsageError

__all__ = ["TlsFailed", "start_tls", "tls_context", "tls_failure"]

KEY_LOG = "SSLKEYLOGFILE"
EXPIRED, NOT_YET_VALID, WRONG_NAMES = 10, 9, (62, 64)  # X509_V_ERR_… in verify_code
UNTRUSTED = {
    18: "the certificate is signed by itself",
    19: "the certificate's chain ends in one that is not trusted here",
    20: "the certificate's issuer is not known here",
    21: "the certificate came without its issuer's",
    23: "the certificate was revoked",
}
REASONS = {
    "WRONG_VERSION_NUMBER": "does not speak TLS; try ws://",
    "HTTP_REQUEST": "does not speak TLS; try ws://",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "wants a client certificate; --cert gives one",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "found no TLS settings in common with us",
    "TLSV1_ALERT_PROTOCOL_VERSION": "wants another version of TLS",
    "TLSV1_UNRECOGNIZED_NAME": "knows no such host; --servername gives another name",
    "SSLV3_ALERT_BAD_CERTIFICATE": "does not take our client certificate",
    "TLSV1_ALERT_UNKNOWN_CA": "does not take our client certificate: its issuer is unknown there",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "does not take our client certificate: it has expired",
}
UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)


class TlsFailed(CannotConnect):
    """`certificate` is what the server showed, where that was the reason."""

    def __init__(
        self, message: str, certificate: Certificate | None = None, *, step: str = "TLS"
    ) -> None:
        super().__init__(message, step=step, not_trusted=certificate is not None)
        self.certificate = certificate


class _Watched(ssl.SSLContext):
    """Trusts what it is told to; `seen` still knows the certificate after a failure."""

    seen: ssl.SSLObject | None = None

    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        """Called by asyncio."""
        self.seen = super().wrap_bio(*arguments, **options)
        return self.seen


class _WatchedSystem(truststore.SSLContext):
    """Trusts as the system does; `seen` as above."""

    seen: ssl.SSLObject | None = None

    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        """Called by asyncio."""
        self.seen = super().wrap_bio(*arguments, **options)
        return self.seen


def tls_context(options: ConnectOptions) -> ssl.SSLContext:
    """Trust as the system does, or only what the options say.

    The environment's SSLKEYLOGFILE names a file for the session's secrets, with which Wireshark
    reads a capture. Raises UsageError naming the field.
    """
    if options.key and not options.cert:
        raise UsageError("a key needs its certificate; --cert gives it", field="cert")
    is_told = bool(options.cacert or options.insecure)
    context: ssl.SSLContext = (_Watched if is_told else _WatchedSystem)(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])  # RFC 6455 is an upgrade of HTTP/1.1 alone
    if options.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.cacert:
        try:
            context.load_verify_locations(options.cacert)
        except (OSError, ssl.SSLError) as error:
            words = f"{options.cacert} cannot be read as certificates: {_why(error)}"
            raise UsageError(words, field="cacert") from error
    if options.cert:
        _load_own(context, options)
    if path := os.environ.get(KEY_LOG):
        try:
            context.keylog_filename = path
        except OSError as error:
            raise UsageError(f"{KEY_LOG}: cannot write {path}: {_why(error)}") from error
    return context


def _load_own(context: ssl.SSLContext, options: ConnectOptions) -> None:
    asked = []

    def passphrase() -> str:
        # without a function OpenSSL asks on the terminal
        asked.append(True)
        return options.passphrase or ""

    assert options.cert is not None
    try:
        context.load_cert_chain(options.cert, options.key, passphrase)
    except (OSError, ssl.SSLError) as error:
        if asked:
            words = "the passphrase does not fit the key" if options.passphrase else ""
            words = words or "the key has a passphrase; --passphrase gives it"
            raise UsageError(words, field="passphrase") from error
        words = f"{options.cert} cannot be used as a client certificate: {_why(error)}"
        raise UsageError(words, field="cert") from error


async def start_tls(
    wire: Wire,
    transport: asyncio.Transport,
    context: ssl.SSLContext,
    name: str,
    *,
    place: str,
    step: str = "TLS",
) -> dict[str, Any]:
    """Have a wire speak TLS over a transport; the facts for the `tls` event.

    `name` is whom the certificate is to be for, `place` who is there in words. Raises
    CannotConnect, and UsageError for a name that no certificate can be for.
    """
    try:
        secure = await asyncio.get_running_loop().start_tls(
            transport, wire, context, server_hostname=name
        )
    except OSError as error:
        raise tls_failure(error, context, name, place=place, step=step) from error
    except ValueError as error:
        words = f"{name} is no name of a server that TLS can ask for"
        raise UsageError(words, field="servername" if step == "TLS" else "proxy") from error
    if secure is None:
        raise CannotConnect("the connection was closed during TLS", step=step)
    wire.transport = secure
    return _facts(secure.get_extra_info("ssl_object"))


def tls_failure(
    error: Exception, context: ssl.SSLContext, name: str, *, place: str, step: str = "TLS"
) -> CannotConnect:
    """Why TLS did not come to be; `name` is what the certificate was to be for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        certificate = _shown(context)
        words = _distrust(error, certificate, name)
        return TlsFailed(words if step == "TLS" else f"{place}: {words}", certificate, step=step)
    reason = str(getattr(error, "reason", None) or "")
    if reason in REASONS:
        words = REASONS[reason] if step == "TLS" else REASONS[reason].partition(";")[0]
        return TlsFailed(f"{place} {words}", step=step)
    why = reason.replace("_", " ").lower() or _why(error) or "the connection was closed"
    return TlsFailed(f"TLS with {place} failed: {why}", step=step)


def _facts(connection: ssl.SSLObject) -> dict[str, Any]:
    cipher = connection.cipher()
    facts: dict[str, Any] = {
        "version": connection.version(),
        "cipher": cipher[0] if cipher else None,
        "alpn": connection.selected_alpn_protocol(),
    }
    der = connection.getpeercert(binary_form=True)
    if der:
        facts["cert"] = read_certificate(der).facts()
    return facts


def _distrust(error: ssl.SSLCertVerificationError, certificate: Certificate, name: str) -> str:
    if error.verify_code == EXPIRED and certificate.not_after is not None:
        return f"certificate expired {_ago(datetime.now(UTC) - certificate.not_after)} ago"
    if error.verify_code == EXPIRED:
        return "certificate expired"
    if error.verify_code == NOT_YET_VALID:
        return "the certificate is not valid yet; is the clock right?"
    if error.verify_code in WRONG_NAMES:
        return f"the certificate is not for {name}"
    words = UNTRUSTED.get(error.verify_code)
    if words and certificate.issuer:
        return f"{words}: {certificate.issuer}"
    return words or f"the certificate is not trusted: {error.verify_message or _why(error)}"


def _shown(context: ssl.SSLContext) -> Certificate:
    """The certificate that was not trusted; an unread one where the interpreter keeps it."""
    seen: Any = getattr(context, "seen", None)
    if not hasattr(seen, "get_unverified_chain"):
        seen = getattr(seen, "_sslobj", None)  # public only from Python 3.13 on
    try:
        first = seen.get_unverified_chain()[0]
    except (AttributeError, IndexError, TypeError):
        return read_certificate(b"")
    if not isinstance(first, bytes):
        first = ssl.PEM_cert_to_DER_cert(first.public_bytes())
    return read_certificate(first)


def _ago(elapsed: timedelta) -> str:
    for name, unit in UNITS:
        if count := elapsed // unit:
            return f"{count:,} {name}" + ("s" if count > 1 else "")
    return "less than a second"


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).replace("_", " ").lower()
    return (getattr(error, "strerror", None) or str(error)).lower()
