"""Which questions a closing conversation asks, and what counts as an answer to them."""

from __future__ import annotations

from typing import List, Optional

from proactive_api.lifecycle.facts import CSAT_COMMENT_SLOT, CSAT_SCORE_SLOT, RESOLUTION_SLOT
from proactive_api.lifecycle.feedback import read_feedback
from proactive_api.lifecycle.figures import Conversation
from proactive_api.lifecycle.rating import is_rating_attempt, parse_yes_no
from proactive_api.lifecycle.values import ChannelSettings, ResponseStatus


def survey_questions(conversation: Conversation, settings: ChannelSettings) -> List[str]:
    """The slots that the survey is to fill, in order (spec section 3, CSAT).

    The resolution check makes sense only to somebody who answered.
    """
    responded = conversation.response_status is ResponseStatus.RESPONDED
    questions = [RESOLUTION_SLOT] if settings.resolution_check_enabled and responded else []
    wanted = settings.csat_enabled and (responded or settings.csat_when_unanswered)
    if wanted and conversation.csat is None:
        questions.append(CSAT_SCORE_SLOT)
    return questions


def answers_survey(text: str, requested_slot: Optional[str]) -> bool:
    """Whether ``text`` may answer the question that the survey waits for.

    A rating out of range does: the survey asks again. The comment is free text, so everything may.
    """
    if requested_slot == RESOLUTION_SLOT:
        return parse_yes_no(text) is not None
    if requested_slot == CSAT_SCORE_SLOT:
        return read_feedback(text) is not None or is_rating_attempt(text)
    return requested_slot == CSAT_COMMENT_SLOT
