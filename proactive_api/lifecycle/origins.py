"""Origins of web pages, written as browsers write them, so that comparing is enough."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*|[0-9a-f:.]*:[0-9a-f:.]*")
#: Longest host name that there can be, with scheme and port.
_LONGEST = 270


def origin(written: Any) -> str:
    """An origin such as ``https://shop.example``: lower case, no default port.

    Raises:
        ValueError: if it is none; the text is a sentence.
    """
    if not isinstance(written, str):
        raise ValueError("This must be an origin such as https://shop.example.")
    try:
        parts = urlsplit(written)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    whole = len(written) <= _LONGEST and written.isascii() and written.isprintable() and " " not in written
    if not whole or scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or "@" in parts.netloc:
        raise ValueError("This must be an origin such as https://shop.example; other scripts as their xn-- form.")
    if parts.path or "?" in written or "#" in written:
        raise ValueError("An origin ends after the host and port: https://shop.example, without a path or slash.")
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{name}:{port}"
