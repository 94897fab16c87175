"""A rating that comes after a newer chat was sent (spec section 3).

The survey's question is the older one then, and the newest question wins: a number that chooses a suggested reply, that
a form or a human waits for, or that the newer message asks for, answers that. Any other rating within the time of the
survey counts for the conversation that was asked about.
"""

from __future__ import annotations

import re
from typing import Optional

from proactive_api.lifecycle.feedback import Feedback, read_feedback
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.plain import folded, visible

#: A face or a thumb is said of what was just read: only a number, in digits, words or stars, rates what was before.
_NUMBER = re.compile(r"[1-5⭐★🌟]|\b(?:one|two|three|four|five|uno|dos|tres|cuatro|cinco|un|deux|trois|quatre|cinq)\b")
#: Words that ask for a number themselves.
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|old|long|often|big)\b|\bwhat (?:time|size|number)\b|\bwhich (?:number|day|size)\b"
    r"|\brate (?:us|our|your|this|it|the)\b|\brating\b|\bnumber of\b|\breply (?:with )?(?:a number|[1-9])"
    r"|\b1\s*(?:-|–|to|through|or)\s*[2-9]\b|\b1\s*(?:-|–|to)\s*10\b"
    r"|\bcuant[oa]s?\b|\bwie ?viele?\b|\bcombien\b|\bquant[oiae]s?\b|\bhoeveel\b|\bсколько\b"
)


def late_rating(text: str, state: State, newest: str, now: float) -> Optional[Feedback]:
    """Read a rating of the conversation that was asked about before the newer chat.

    Args:
        text: the message as typed.
        state: the fold's, of whoever wrote.
        newest: what the assistant or the business said last.
        now: seconds UTC.

    Returns:
        None where nobody waits for one any more, or where the message says something else.
    """
    earlier, expiry = state.unrated, state.policy.csat_expiry
    if earlier is None or earlier.closed_at is None or state.handoff is not None:
        return None
    if (expiry is not None and now > earlier.closed_at + expiry) or _ASKS_NUMBER.search(folded(newest)):
        return None
    feedback = read_feedback(text)
    rated = feedback is not None and feedback.in_range and _NUMBER.search(folded(visible(text)))
    return feedback if rated else None
