"""DNS and TCP, each a step that succeeds or fails in words."""

import asyncio
import errno
import os
import re
import socket
from collections.abc import Sequence
from typing import Any

from wsdebug.errors import CannotConnect

__all__ = ["AddressInfo", "connect_tcp", "connect_unix", "known_addresses", "resolve"]

KINDS = {0: "address", 4: "IPv4 address", 6: "IPv6 address"}
FAMILIES = {0: socket.AF_UNSPEC, 4: socket.AF_INET, 6: socket.AF_INET6}
ERRNO = r"\[Errno (\d+)\]"
AddressInfo = tuple[Any, Any, int, str, Any]


async def resolve(host: str, port: int, family: int, *, what: str = "") -> list[AddressInfo]:
    """The addresses of a host; `family` is 4 or 6 for those of one kind, `what` what the host is.

    Raises CannotConnect, step DNS.
    """
    try:
        return await _look_up(host.replace("%25", "%"), port, family)  # RFC 6874: a zone
    except OSError as error:
        words = f"{what}{host} has no {KINDS[family]}; check the name"
        raise CannotConnect(words, step="DNS") from error


async def known_addresses(
    host: str, port: int, family: int, addresses: Sequence[str]
) -> list[AddressInfo]:
    """The addresses that were given for a host. Raises CannotConnect, step DNS."""
    found: list[AddressInfo] = []
    for address in addresses:
        try:
            found += await _look_up(address, port, family, flags=socket.AI_NUMERICHOST)
        except OSError:
            continue
    if not found:
        words = f"--resolve gives {host} no {KINDS[family]}: {', '.join(addresses)}"
        raise CannotConnect(words, step="DNS")
    return found


async def _look_up(host: str, port: int, family: int, *, flags: int = 0) -> list[AddressInfo]:
    kind, numeric = socket.SOCK_STREAM, socket.AI_NUMERICHOST
    try:
        # an address is not asked for, and needs no thread that waits
        address = host.encode()  # text would have the codec for host names loaded
        return [*socket.getaddrinfo(address, port, FAMILIES[family], kind, flags=numeric)]
    except OSError:
        if flags & numeric:
            raise
    loop = asyncio.get_running_loop()
    return [*await loop.getaddrinfo(host, port, type=kind, family=FAMILIES[family], flags=flags)]


async def connect_tcp(place: str, addresses: list[AddressInfo]) -> socket.socket:
    """A connected socket to the first address that answers; `place` is its host and port in
    words. Raises CannotConnect, step TCP.
    """
    try:
        if len(addresses) == 1:
            return await _connect(*addresses[0])
        from aiohappyeyeballs import start_connection

        return await start_connection(addresses, happy_eyeballs_delay=0.25)
    except OSError as error:
        raise _failure(place, error) from error


async def _connect(family: Any, kind: Any, protocol: int, _: str, address: Any) -> socket.socket:
    """One address needs no race. asyncio would load TLS to see that the socket has none."""
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        error = sock.connect_ex(address)
        if error == errno.EINPROGRESS:
            await _writable(sock)
            error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
    except BaseException:
        sock.close()
        raise
    return sock


async def _writable(sock: socket.socket) -> None:
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_writer(sock, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_writer(sock)


async def connect_unix(path: str) -> socket.socket:
    """A socket connected to one of this machine. Raises CannotConnect, step TCP."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(sock, path)
    except OSError as error:
        sock.close()
        raise _failure(path, error) from error
    except BaseException:
        sock.close()
        raise
    return sock


def _failure(place: str, error: OSError) -> CannotConnect:
    # where several addresses failed, each in its own way, only the text has the numbers
    numbers = [error.errno] if error.errno else [int(n) for n in re.findall(ERRNO, str(error))]
    if errno.ECONNREFUSED in numbers:
        return CannotConnect(f"nobody listens on {place}", step="TCP")
    why = ", ".join(dict.fromkeys(os.strerror(number) for number in numbers))
    return CannotConnect(f"{place}: {(why or str(error)).lower()}", step="TCP")
