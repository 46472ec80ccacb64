"""Through a proxy to the server: HTTP CONNECT as bytes, and SOCKS over a socket."""

import socket
from base64 import b64encode

from wsdebug import __version__
from wsdebug.engine.answer import Answer, NotHttp
from wsdebug.engine.proxy import Proxy
from wsdebug.errors import CannotConnect, HandshakeRefused, UsageError

__all__ = ["Tunnel", "connect_socks"]


class Tunnel(Answer):
    """One CONNECT (RFC 9110 section 9.3.6): write `request`, `feed` what comes."""

    def __init__(self, proxy: Proxy, place: str) -> None:
        """`place` is the host and port to be reached."""
        super().__init__()
        self._proxy = proxy
        lines = [
            f"CONNECT {place} HTTP/1.1",
            f"Host: {place}",
            f"User-Agent: wsdebug/{__version__}",
        ]
        if proxy.user is not None:
            basic = b64encode(proxy.user.encode()).decode()
            lines.append(f"Proxy-Authorization: Basic {basic}")
        self.request = "\r\n".join((*lines, "", "")).encode()

    def feed(self, data: bytes, *, eof: bool = False) -> bool | None:
        """Take received bytes; True once the way is open, None until the answer is whole.

        Raises HandshakeRefused, step `proxy`.
        """
        try:
            if not self.take(data, eof=eof):
                return None
        except NotHttp as error:
            raise self.refused(str(error)) from error
        if 200 <= self.status < 300:
            if early := len(self.raw) - len(self.head):
                # an attacker in front of the proxy could speak for the server like this
                raise self.refused(f"{early} bytes came before anything was asked")
            return True
        if eof or self.is_whole:
            raise self.refused()
        return None

    def refused(self, why: str = "") -> HandshakeRefused:
        """What has come as a refusal."""
        start = f"the proxy {self._proxy.place}"
        status = self.status
        if why or not status:
            message = f"{start}: {why or 'the answer is not HTTP'}"
        elif status == 407:
            why = self._wanted()
            message = f"{start} refused: 407, {why}"
        else:
            message = f"{start} refused: {status} {self.reason}".rstrip()
        return HandshakeRefused(
            message,
            status=status,
            reason=self.reason,
            headers=self.headers,
            body=self.body if status else self.beginning,
            why=why,
            step="proxy",
        )

    def _wanted(self) -> str:
        if self._proxy.user is not None:
            return "does not take this user and password"
        asked = [value for name, value in self.headers if name.lower() == "proxy-authenticate"]
        schemes = " or ".join(value.partition(" ")[0].rstrip(",") for value in asked if value)
        return f"wants {schemes or 'credentials'}; --proxy takes name and password in its URL"


async def connect_socks(sock: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Have a SOCKS5 proxy at the other end of a socket go on to a host (RFC 1928, RFC 1929).

    Raises CannotConnect, step `proxy`, and UsageError.
    """
    if not (proxy.user or "").isascii():
        words = "user name and password of a SOCKS proxy are ASCII"
        raise UsageError(words, field="proxy")
    from python_socks import ProxyError, ProxyType
    from python_socks.async_.asyncio import Proxy as SocksProxy

    class Dialled(SocksProxy):
        """The way to the proxy, which is there already."""

        async def connect(self, *_: object, **__: object) -> socket.socket:
            return sock

    name, _, password = (proxy.user or "").partition(":")
    there = Dialled(ProxyType.SOCKS5, proxy.host, proxy.port)
    way = SocksProxy(
        ProxyType.SOCKS5,
        proxy.host,
        proxy.port,
        username=name or None,
        password=password if name else None,
        rdns=True,  # what is to be resolved here has been
        forward=there,
    )
    try:
        await way.connect(host, port, timeout=1e9)  # the caller bounds all steps together
    except (ProxyError, OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error) or "it closed the connection"
        words = f"the proxy {proxy.place}: {why[:1].lower()}{why[1:]}"
        raise CannotConnect(words, step="proxy") from error
