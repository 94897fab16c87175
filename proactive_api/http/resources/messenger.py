"""``/v1/messenger``: what a web page needs to let somebody into the messenger."""

from __future__ import annotations

from typing import Annotated, Tuple

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Name
from proactive_api.http.core.problems import Problem, invalid
from proactive_api.http.resources.shapes import Time, certain
from proactive_api.operations.visitor_tokens import LIFETIME, VisitorTokens
from proactive_api.storage.people import recipients

#: Seconds that a token may live, at least and at most.
SHORTEST, LONGEST = 60, 86_400


class TokenWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """For whom, and for how many seconds."""

    user_id: Name
    expires_in: Annotated[float, Meta(ge=SHORTEST, le=LONGEST, description="Seconds.")] = LIFETIME


class VisitorToken(msgspec.Struct):
    """A token for one recipient, given to Socket.IO as ``auth: {"token": …}``."""

    token: str
    user_id: str
    expires_at: Time


def create_token(conn: Connection, call: Call) -> Answer:
    """Create a visitor token. Until it expires, its holder is this recipient in the messenger.

    Request it from your web app's server, for the person signed in there. It is not stored.
    """
    wish: TokenWish = call.body
    tokens = signing(VisitorTokens(call.config))
    known = recipients.find_named(conn, wish.user_id)
    if known is None or known.user_id is None:
        raise invalid("user_id", "There is no recipient with this user ID.")
    made = VisitorToken(*_made(tokens, known.user_id, wish.expires_in, call.now))
    return Answer(made, {"Cache-Control": "no-store"})


def signing(tokens: VisitorTokens) -> VisitorTokens:
    """See that tokens can be signed here, and hand ``tokens`` back.

    Raises:
        Problem: 409, if they are signed elsewhere.
    """
    if not tokens.can_sign:
        sentence = (
            "Visitor tokens are signed elsewhere: MESSENGER_JWT_PUBLIC_KEY is set, and its private key is not here. "
            "Sign them where that is, or unset the variable."
        )
        raise Problem("conflict", sentence)
    return tokens


def _made(tokens: VisitorTokens, user_id: str, expires_in: float, now: float) -> Tuple[str, str, Time]:
    token = tokens.make(user_id, now, expires_in)
    expires_at = tokens.read(token, now).expires_at
    assert expires_at is not None
    return token, user_id, certain(expires_at)


ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint(
        "POST", "/v1/messenger/tokens", "send", create_token, body=TokenWish, response=VisitorToken,
        problems=("conflict",),
    ),
)  # fmt: skip
