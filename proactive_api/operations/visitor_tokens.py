"""Visitor tokens: JSON Web Tokens that say who a visitor of the messenger is.

Signed with the secret of this installation (HS256); or, where a public key is set, by somebody who holds the private
half of it (RS256). Which of the two it is comes from the configuration, never from the token.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from proactive_api.config import Config
from proactive_api.lifecycle.pasted import visible

#: Seconds that a token lives unless told otherwise.
LIFETIME = 3600.0
#: Seconds that two clocks may differ.
LEEWAY = 10.0
#: Longest user ID, and longest nickname.
LONGEST_NAME = 255
#: Longest token that is looked at.
LONGEST_TOKEN = 8192

_ONE_LINE = re.compile("[^\x00-\x1f\x7f\ud800-\udfff]+")
# Times are checked here, against the time that is given; all else is left to the library.
_OPTIONS: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


class TokenInvalid(ValueError):
    """A token that says nothing about anybody; the text is a sentence."""


class TokenExpired(TokenInvalid):
    """A token that was good once."""


class CannotSign(RuntimeError):
    """Tokens are signed elsewhere: only the public key is here."""


@dataclass(frozen=True)
class Visitor:
    """Whom a token names.

    Args:
        user_id: the recipient's.
        expires_at: seconds UTC; ``None`` is never.
        nickname: what a recipient seen for the first time is called.
    """

    user_id: str
    expires_at: Optional[float] = None
    nickname: Optional[str] = None


class VisitorTokens:
    """Makes and reads visitor tokens.

    Args:
        config: holds the secret, or the public key.
    """

    def __init__(self, config: Config) -> None:
        public_key = config.messenger_jwt_public_key
        self._algorithm = "HS256" if public_key is None else "RS256"
        self._key: Any = config.messenger_jwt_secret if public_key is None else load_pem_public_key(public_key.encode())

    @property
    def can_sign(self) -> bool:
        """Whether tokens can be made here."""
        return self._algorithm == "HS256"

    def make(self, user_id: str, now: float, expires_in: float = LIFETIME) -> str:
        """A token for the recipient with this user ID.

        Args:
            now: seconds UTC.
            expires_in: seconds that it lives.

        Raises:
            CannotSign: if only a public key is here.
            ValueError: if no token could name this user ID.
        """
        if not self.can_sign:
            raise CannotSign("Visitor tokens are signed with a private key that is kept elsewhere.")
        if _name(user_id) is None:
            raise ValueError("A user ID in a token is one line of 1 to 255 characters.")
        claims: Dict[str, Any] = {"sub": user_id, "iat": int(now), "exp": int(now + expires_in)}
        return jwt.encode(claims, self._key, self._algorithm)

    def read(self, token: str, now: float) -> Visitor:
        """Whom a token names.

        Args:
            now: seconds UTC.

        Raises:
            TokenExpired: if its time is over.
            TokenInvalid: if it is none of ours, or not yet valid.
        """
        claims = self._claims(token)
        expires_at = _time(claims, "exp")
        if expires_at is not None and expires_at <= now - LEEWAY:
            raise TokenExpired("The visitor's token has expired. Get a new one.")
        for name in ("nbf", "iat"):
            if (_time(claims, name) or 0.0) > now + LEEWAY:
                raise TokenInvalid(
                    "The visitor's token is not valid yet; check the clock of the server that signed it."
                )
        user_id = _name(claims.get("sub"))
        if user_id is None:
            raise TokenInvalid("The visitor's token names nobody: its sub must be the user ID, 1 to 255 characters.")
        return Visitor(user_id, expires_at, _name(claims.get("nickname")))

    def _claims(self, token: Any) -> Mapping[str, Any]:
        if not isinstance(token, str) or not token.isascii() or len(token) > LONGEST_TOKEN:
            raise TokenInvalid("This is not a visitor's token.")
        try:
            return jwt.decode(token, self._key, algorithms=[self._algorithm], options=_OPTIONS)
        except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError):
            raise TokenInvalid("The visitor's token was not signed with the key of this messenger.") from None
        except jwt.InvalidAudienceError:
            raise TokenInvalid("The token is meant for somebody else: it names an audience (aud).") from None
        except jwt.PyJWTError:
            raise TokenInvalid("This is not a visitor's token.") from None


def _time(claims: Mapping[str, Any], name: str) -> Optional[float]:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12 and math.isfinite(value):
        return float(value)
    raise TokenInvalid(f"The visitor's token has a time ({name}) that is no number of seconds.")


def _name(value: Any) -> Optional[str]:
    """A user ID or nickname as recipients have them."""
    fits = isinstance(value, str) and len(value) <= LONGEST_NAME and visible(value) and _ONE_LINE.fullmatch(value)
    return value if fits else None
