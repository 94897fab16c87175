"""Whether a webhook really comes from the carrier (spec section 5, Twilio's ``X-Twilio-Signature``)."""

from __future__ import annotations

from typing import Tuple
from urllib.parse import parse_qsl

from multidict import MultiDict
from sanic.request import Request
from twilio.request_validator import RequestValidator


def form_of(request: Request) -> MultiDict[str]:
    """The form fields, empty ones included.

    Sanic drops empty fields, but the signature covers them (a picture comes with an empty ``Body``).

    Raises:
        UnicodeDecodeError: if the body is no UTF-8 text.
    """
    fields = parse_qsl(request.body.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="replace")
    return MultiDict(fields)


def signed_by_carrier(request: Request, public_url: str, auth_token: str) -> Tuple[bool, MultiDict[str]]:
    """Check a webhook's signature.

    Args:
        public_url: how the carrier reaches this server: behind a proxy, the request's own URL is another one.

    Returns:
        Whether it is genuine, and its form fields.
    """
    try:
        form = form_of(request)
    except UnicodeDecodeError:
        return False, MultiDict()
    query = f"?{request.query_string}" if request.query_string else ""
    url = f"{public_url.rstrip('/')}{request.path}{query}"
    signature = request.headers.get("X-Twilio-Signature", "")
    return bool(signature) and RequestValidator(auth_token).validate(url, form, signature), form
