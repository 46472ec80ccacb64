"""The way to the server's door: DNS and TCP, and the proxy before it, each a recorded step."""

import asyncio
import socket
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wsdebug.engine.body import body_object
from wsdebug.engine.dial import (
    AddressInfo,
    connect_tcp,
    connect_unix,
    known_addresses,
    resolve,
)
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.route import Route
from wsdebug.engine.transport import Wire, exchange
from wsdebug.engine.unrecorded import Record
from wsdebug.errors import CannotConnect, HandshakeRefused

if TYPE_CHECKING:
    from wsdebug.engine.proxy import Proxy
    from wsdebug.engine.tunnel import Tunnel

__all__ = ["Reach"]


class Reach:
    """One way there, over one wire; `host` is whom the step under way waits for."""

    def __init__(
        self,
        route: Route,
        options: ConnectOptions,
        wire: Wire,
        record: Record,
        *,
        enter: Callable[[str], None],
        event: Callable[..., None],
    ) -> None:
        """`enter` is told the name of each step, `event` its outcome."""
        self.host = route.proxy.host if route.proxy else route.unix_socket or route.host
        self._route = route
        self._options = options
        self._wire = wire
        self._record = record
        self._enter = enter
        self._event = event
        self._tunnel: Tunnel | None = None

    @property
    def refusal(self) -> HandshakeRefused | None:
        """What a proxy has said so far, if it said no."""
        tunnel = self._tunnel
        if tunnel is None or not tunnel.has_head or 200 <= tunnel.status < 300:
            return None
        return tunnel.refused()

    async def run(self) -> asyncio.Transport:
        """A transport on which the server hears us. Raises CannotConnect, HandshakeRefused."""
        route, proxy = self._route, self._route.proxy
        if route.unix_socket:
            self._enter("TCP")
            sock = await connect_unix(route.unix_socket)
            self._event("tcp", local="", remote=f"unix:{route.unix_socket}")
            return await self._transport(sock)
        host, port, place = route.host, route.port, route.place
        if proxy is not None:
            host, port, place = proxy.host, proxy.port, f"{proxy.place}, the proxy"
        addresses = await self._addresses(host, port, what="the proxy " if proxy else "")
        self._enter("TCP")
        sock = await connect_tcp(place, addresses)
        self._event("tcp", local=_address(sock.getsockname()), remote=_address(sock.getpeername()))
        if proxy is None:
            return await self._transport(sock)
        if proxy.is_socks:
            return await self._socks(proxy, sock)
        return await self._http(proxy, await self._transport(sock))

    async def _addresses(self, host: str, port: int, *, what: str = "") -> list[AddressInfo]:
        self._enter("DNS")
        given, family = self._route.addresses(host, port), self._options.family
        if given:
            found = await known_addresses(host, port, family, given)
        else:
            found = await resolve(host, port, family, what=what)
        facts = {"by": "--resolve"} if given else {}
        self._event("dns", addresses=list(dict.fromkeys(info[4][0] for info in found)), **facts)
        return found

    async def _transport(self, sock: socket.socket) -> asyncio.Transport:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: self._wire, sock=sock)
        return transport

    async def _socks(self, proxy: "Proxy", sock: socket.socket) -> asyncio.Transport:
        from wsdebug.engine.tunnel import connect_socks

        route = self._route
        try:
            hosts = [route.host]
            if proxy.scheme == "socks5":
                hosts = [info[4][0] for info in await self._addresses(route.host, route.port)]
            self._enter("proxy")
            self.host = proxy.host
            await connect_socks(sock, proxy, hosts[0], route.port)
        except BaseException:
            sock.close()
            raise
        self._event("proxy", url=proxy.url, to=route.place)
        return await self._transport(sock)

    async def _http(self, proxy: "Proxy", transport: asyncio.Transport) -> asyncio.Transport:
        from wsdebug.engine.tunnel import Tunnel

        self._enter("proxy")
        if proxy.scheme == "https":
            transport = await self._secure(proxy, transport)
        tunnel = self._tunnel = Tunnel(proxy, self._route.place)
        try:
            await exchange(self._wire, tunnel.request, tunnel.feed)
        except HandshakeRefused as refusal:
            why = self._wire.error
            if tunnel.raw or not isinstance(why, OSError):
                raise
            words = f"the proxy {proxy.place} broke the connection: {why.strerror or why}"
            raise CannotConnect(words.lower(), step="proxy") from refusal
        finally:
            self._answered(proxy, tunnel)
        self.host = self._route.host
        return transport

    def _answered(self, proxy: "Proxy", tunnel: "Tunnel") -> None:
        """The `proxy` event, once there is an answer."""
        if not tunnel.raw or not self._record.is_kept:
            return
        redactor = self._record.redactor
        facts: dict[str, Any] = {
            "url": proxy.url,
            "to": self._route.place,
            "status": tunnel.status,
            "reason": redactor.text(tunnel.reason),
            "headers": redactor.headers(tunnel.headers),
        }
        if not 200 <= tunnel.status < 300 and tunnel.body:
            facts["body"] = body_object(tunnel.body)
        self._event("proxy", **facts, raw=b64encode(redactor.head(tunnel.head)).decode())

    async def _secure(self, proxy: "Proxy", transport: asyncio.Transport) -> asyncio.Transport:
        from wsdebug.engine.tls import start_tls, tls_context

        # the person's own certificate is for the server
        context = tls_context(replace(self._options, cert=None, key=None))
        where = f"the proxy {proxy.place}"
        facts = await start_tls(
            self._wire, transport, context, proxy.host, place=where, step="proxy"
        )
        self._event("tls", **facts, of="proxy")
        assert self._wire.transport is not None
        return self._wire.transport


def _address(address: Any) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
