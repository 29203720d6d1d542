"""Which addresses may be asked: written down as what is refused, since `ipaddress.is_global` is no filter on 3.11.

`is_global` is true there for 6to4, NAT64, `::a.b.c.d`, site-local and multicast addresses, and each of them reaches a
private IPv4 host through some gateway. The lists follow the IANA special-purpose registries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from yarl import URL

from bot.errors import FetchError

#: One text for every reason, so that chat cannot be used to map an internal network.
NOT_PUBLIC = "the address leads to a host that may not be asked"

MAX_URL = 8_000

_REFUSED_V4 = [
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network, unspecified
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT, and a cloud's metadata (100.100.100.200)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host agent: a public number answered from inside
        "169.254.0.0/16",  # link-local and cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, a cloud's metadata (192.0.0.192)
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
#: Only 2000::/3 was ever handed out as global unicast. Loopback, mapped and compatible IPv4, NAT64, unique-local,
#: link-local, site-local and multicast all lie outside of it.
_GLOBAL_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = [
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the former 6bone
        "3fff::/20",  # documentation
    )
]
#: The interface ids of ISATAP: an IPv4 address behind any prefix.
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.ASCII)
#: The C library reads names like these as IPv4: 0x7f.1, 2130706433, 0177.0.0.1.
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked, as far as its text can tell."""

    url: URL
    place: str  #: host:port, as on the allow-list
    host: str
    listed: bool  #: on the allow-list: private addresses and odd ports are meant


def is_public(address: str) -> bool:
    """Whether an address, as the resolver gave it, belongs to the public internet."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in net for net in _REFUSED_V4)
    if ip.scope_id is not None or ip not in _GLOBAL_V6 or (int(ip) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return False
    return not any(ip in net for net in _REFUSED_V6)


def place_of(host: str, port: int) -> str:
    """`host:port` as it stands on the allow-list; IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def vet(address: str, allow_hosts: frozenset[str], base: URL | None = None) -> Target:
    """Read an address (relative to `base`, if given) and refuse what no feed may point at. Raises FetchError."""
    try:
        url = _read(address, base)
        host, port = (url.raw_host or "").lower(), url.port  # yarl reads these only when asked for
    except (ValueError, TypeError) as error:
        raise FetchError("the address is not valid") from error
    if url.scheme not in ("http", "https"):
        raise FetchError("only http and https addresses are read")
    if "@" in url.raw_authority:
        raise FetchError("an address may not carry a user name or password")
    if not host or port is None or (":" not in host and "[" in url.raw_authority):
        raise FetchError("the address has no valid host")
    literal = _literal(host)
    host = str(literal) if literal else host
    place = place_of(host, port)
    listed = place in allow_hosts
    if not listed:
        if port not in (80, 443):
            raise FetchError("only the ports 80 and 443 are asked")
        # aiohttp never asks the resolver for literals, so they are vetted here.
        if literal is not None and not is_public(str(literal)):
            raise FetchError(NOT_PUBLIC)
    # Rebuilt from what was vetted: what is connected to is this host and nothing the text may have hidden.
    plain = URL.build(
        scheme=url.scheme,
        authority=place.rpartition(":")[0] if url.is_default_port() else place,
        path=url.raw_path or "/",
        query_string=url.raw_query_string,
        encoded=True,
    )
    return Target(plain, place, host, listed)


def _read(address: str, base: URL | None) -> URL:
    address = address.strip()
    if len(address) > MAX_URL or _CONTROL.search(address):
        raise ValueError("too long, or with control characters")
    # What is already ASCII goes out as it came: signed addresses do not survive another way of quoting.
    url = URL(address, encoded=address.isascii() and " " not in address)
    return base.join(url) if base is not None else url


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address a host's text is, None for a name. Raises FetchError for every other way to write an address."""
    if ":" in host or _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        try:
            return ip_address(host)
        except ValueError as error:
            raise FetchError(NOT_PUBLIC) from error
    if not _NAME.fullmatch(host):
        raise FetchError("the address has no valid host")
    return None
