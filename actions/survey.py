"""What counts as an answer to the survey (spec section 3); its words and flow are in the assistant's YAML."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import confidence_of, intent_of
from proactive_api.lifecycle.feedback import read_feedback
from proactive_api.lifecycle.rating import is_rating_attempt, parse_yes_no

#: Scores that are followed by a question what went wrong.
LOW_SCORE = 3

#: Questions that are no comment once they are understood this surely; asking for a human needs less.
SERVICE_INTENTS = frozenset({"ask_offer", "ask_price", "ask_deadline", "ask_link", "stop_messages", "choose_plan"})
SURE_OF_QUESTION = 0.7
#: "Price was too high" is a comment, "what is the price" is not: a request starts so or ends in a question mark.
STARTS_OF_REQUESTS = frozenset(
    {
        "how", "what", "whats", "what's", "when", "whens", "when's", "where", "wheres", "where's", "which", "who",
        "can", "could", "may", "do", "does", "is", "are", "will", "until", "til", "till", "send", "give", "tell",
        "show", "stop", "please", "pls", "plz", "unsubscribe", "remove", "take", "dont", "don't", "leave", "quit",
    }
)  # fmt: skip
SURE_OF_HUMAN = 0.5
SURE_OF_YES_OR_NO = 0.6

NOTHING_TO_ADD = frozenset(
    {
        "", "n", "no", "nope", "nah", "na", "n/a", "nvm", "none", "nothing", "skip", "skip it", "pass", "nil",
        "no thanks", "no thank you", "no thx", "no ty", "no comment", "no comments", "nothing really", "nothing else",
        "not really", "not now", "nothing thanks", "thats all", "that's all", "thanks", "thank you",
        "thx", "ty", "bye", "👎", "🤷",
    }
)  # fmt: skip


class ValidateCsatForm(FormValidationAction):
    """Takes an answer to the question that was asked, and nothing else.

    A message that answers nothing leaves its slot alone. Rasa then rejects the form, and the rules in
    ``data/survey.yml`` leave it and answer the message as what it is.
    """

    def name(self) -> str:
        """Return the name that Rasa calls before it fills the form."""
        return "validate_csat_form"

    async def required_slots(
        self, domain_slots: List[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[str]:
        """Return the questions that the product wants asked, and a follow-up where the score was low."""
        questions = tracker.get_slot("survey_questions") or ["csat_score"]
        score = tracker.get_slot("csat_score")
        # What was said beside the score needs no asking; only what is required is kept.
        commented = tracker.get_slot("csat_comment") is not None
        follow_up = ["csat_comment"] if score is not None and (score <= LOW_SCORE or commented) else []
        return [slot for slot in domain_slots if slot in questions] + follow_up

    def extract_resolution(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> Dict[str, Any]:
        """Read the answer to the resolution check."""
        if not was_asked(tracker, "resolution"):
            return {}
        answer = yes_or_no(tracker.latest_message)
        return {} if answer is None else {"resolution": "resolved" if answer else "unresolved"}

    def extract_csat_score(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> Dict[str, Any]:
        """Read the rating and the words beside it; a score out of range is said to be one, and asked again."""
        if not was_asked(tracker, "csat_score"):
            return {}
        text = text_of(tracker.latest_message)
        feedback = read_feedback(text)
        if feedback is not None and feedback.in_range:
            # The score first: a comment counts for a score that is there.
            comment = {"csat_comment": feedback.comment} if feedback.comment else {}
            return {"csat_score": feedback.score, **comment}
        if feedback is None and not is_rating_attempt(text):
            return {}
        dispatcher.utter_message(response="utter_csat_invalid")
        # Setting the slot, though to nothing, keeps Rasa from rejecting the form: the question is asked again.
        return {"csat_score": None}

    def extract_csat_comment(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> Dict[str, Any]:
        """Read the answer to the follow-up question."""
        if not was_asked(tracker, "csat_comment"):
            return {}
        comment = comment_in(tracker.latest_message)
        return {} if comment is None else {"csat_comment": comment}


def was_asked(tracker: Tracker, slot: str) -> bool:
    """Tell whether the latest message comes after the survey's question for this slot."""
    return tracker.active_loop_name == "csat_form" and tracker.get_slot("requested_slot") == slot


def text_of(message: Mapping[str, Any]) -> str:
    """What the person wrote; empty for a picture or a payload of the product's own."""
    return str(message.get("text") or "").strip()


def yes_or_no(message: Mapping[str, Any]) -> Optional[bool]:
    """Read the answer to the resolution check, from the words themselves or else from their intent."""
    answer = parse_yes_no(text_of(message))
    if answer is not None or confidence_of(message) < SURE_OF_YES_OR_NO:
        return answer
    return {"affirm": True, "deny": False}.get(intent_of(message))


def comment_in(message: Mapping[str, Any]) -> Optional[str]:
    """Read the answer to the follow-up question.

    Returns:
        the words; an empty string when the person has nothing to add; None when they want something else.
    """
    text = text_of(message)
    if text.startswith("/") or wants_something_else(message):
        return None
    return "" if text.casefold().strip(" .!?-,") in NOTHING_TO_ADD else text


def wants_something_else(message: Mapping[str, Any]) -> bool:
    """Tell a request for a human, or a plain question, from a comment."""
    intent, confidence = intent_of(message), confidence_of(message)
    if intent == "request_human":
        return confidence >= SURE_OF_HUMAN
    return intent in SERVICE_INTENTS and confidence >= SURE_OF_QUESTION and reads_as_request(text_of(message))


def reads_as_request(text: str) -> bool:
    """Tell whether the words ask for something rather than describe it."""
    return text.rstrip().endswith("?") or bool(STARTS_OF_REQUESTS.intersection(text.casefold().split()[:1]))
