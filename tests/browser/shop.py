"""A web site that embeds the messenger by one script tag, on an origin and with a security policy of its own."""

from __future__ import annotations

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

PAGE = """<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body>
<main><h1>A shop</h1><p>With <a href="#more">a link</a> of its own.</p><div id="more"></div></main>
<script src="{api}/widget.js" {attributes} async></script>
</body>
</html>
"""


class Shop:
    """Serves one page; what its address asks for becomes attributes of the script tag.

    Args:
        api_url: where widget.js is.
        rasa_url: the server that the messenger talks to.
    """

    def __init__(self, api_url: str, rasa_url: str) -> None:
        self._api_url, self._rasa_url = api_url, rasa_url
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def url(self, **attributes: str) -> str:
        """The page's address, with these ``data-`` attributes."""
        return f"{self.origin}/?{urlencode(attributes)}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def document(self, attributes: dict[str, str]) -> str:
        attributes = {"server": self._rasa_url, **attributes}
        lang = attributes.pop("page_lang", "en")
        written = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in attributes.items())
        return PAGE.format(lang=lang, api=self._api_url, attributes=written)

    def policy(self) -> str:
        """As strict as a careful shop's: no inline script, no inline style."""
        sockets = self._rasa_url.replace("http", "ws", 1)
        return (
            f"default-src 'none'; script-src {self._api_url}; style-src 'self'; img-src 'self' https: data:; "
            f"connect-src {self._rasa_url} {sockets}"
        )

    def _handler(shop) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                target = urlsplit(self.path)
                found = target.path == "/"
                body = shop.document(dict(parse_qsl(target.query))).encode() if found else b""
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", shop.policy())
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
