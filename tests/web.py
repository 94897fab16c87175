"""Requests to the servers of this machine.

Each client of httpx reads the certificates of the whole world first, which takes longer than to ask and be answered.
"""

from __future__ import annotations

import ssl
from functools import partial

import httpx

#: For clients of servers without TLS.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

get = partial(httpx.get, verify=PLAIN)
post = partial(httpx.post, verify=PLAIN)

#: As a person opens a page: links know programs by what they call themselves.
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"}
