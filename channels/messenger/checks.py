"""What a client's events may hold, checked before anything is done with it."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from typing import Any, Dict, Mapping, Optional

from proactive_api.lifecycle.cleaning import clean, has_words
from proactive_api.operations.visitor_tokens import TokenExpired, TokenInvalid

#: Longest message, and longest name of something, in characters.
LONGEST = 4000
LONGEST_NAME = 200
LONGEST_EMOJI = 32
#: Largest custom data that a widget may send along, as JSON.
LARGEST_CUSTOM = 4096

#: Largest id of an event (the column's type).
LARGEST_ID = 2**63 - 1

Ack = Dict[str, Any]


class Problem(Exception):
    """An event that cannot be used; ``detail`` is a sentence for people."""

    def __init__(self, code: str, detail: str, retry_after: Optional[float] = None) -> None:
        super().__init__(detail)
        self.code = code
        self.answer: Ack = {"code": code, "detail": detail}
        if retry_after is not None:
            # Upwards: who waits a little too short is refused again, and 0 would mean "at once".
            self.answer["retry_after"] = max(math.ceil(retry_after * 10), 1) / 10


def token_code(error: TokenInvalid) -> str:
    """The protocol's word for what is wrong with a token."""
    return "token_expired" if isinstance(error, TokenExpired) else "token_invalid"


def text_of(field: str, value: Any, longest: int) -> str:
    """A text that is there and not too long.

    Raises:
        Problem: ``invalid`` or ``too_long``.
    """
    if not isinstance(value, str) or not has_words(value):
        raise Problem("invalid", f"{field} must be a text.")
    if len(value) > longest:
        raise Problem("too_long", f"This is too long: at most {longest} characters.")
    return clean(value)


def optional_text(field: str, value: Any) -> Optional[str]:
    """A short text, or none.

    Raises:
        Problem: ``invalid`` or ``too_long``.
    """
    return None if value is None else text_of(field, value, LONGEST_NAME)


def custom_data(value: Any) -> Optional[Any]:
    """What a widget sends along; too much of it is left out rather than refused."""
    if not isinstance(value, Mapping) or not value:
        return None
    return dict(value) if len(json.dumps(value)) <= LARGEST_CUSTOM else None


def survey_words(question: Any, answer: Any) -> str:
    """An answer to the survey, in the words that a person would type.

    Raises:
        Problem: if it is none.
    """
    if question == "csat_score" and isinstance(answer, int) and not isinstance(answer, bool) and 1 <= answer <= 5:
        return str(answer)
    if question == "resolution" and answer in ("yes", "no"):
        return str(answer)
    if question == "csat_comment":
        return "skip" if answer is None else text_of("answer", answer, LONGEST)
    raise Problem("invalid", "question and answer do not go together.")


def event_id(field: str, value: Any) -> int:
    """The id of a message.

    Raises:
        Problem: if it can be none.
    """
    plain = isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).isascii()
    if not plain or not str(value).isdigit() or len(str(value)) > 19 or int(value) > LARGEST_ID:
        raise Problem("invalid", f"{field} must be the id of a message.")
    return int(value)


def is_emoji(value: Any) -> bool:
    """Whether this is an emoji, and nothing to read."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_EMOJI
        and clean(value) == value
        and any(ord(one) > 0x2000 for one in value)
        and not any(one.isalpha() or one.isspace() or ord(one) < 32 for one in value)
    )


def message_sid(recipient_id: str, client_id: Optional[str]) -> str:
    """A sid for a message: equal for repetitions of one message of one person, so that they are one."""
    if client_id is None:
        return f"MS{uuid.uuid4().hex}"
    return f"MS{hashlib.sha256(f'{recipient_id}/{client_id}'.encode()).hexdigest()[:32]}"
