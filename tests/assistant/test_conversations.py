"""Whole conversations with the trained assistant and its real action server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

if TYPE_CHECKING:
    from rasa.core.agent import Agent

CLOSING = "We're closing this conversation for now. Just write if you need anything else."
RATE = "How was it? Please rate this conversation from 1 (poor) to 5 (great)."
RESOLVED = "Was this what you were looking for? (yes/no)"
THANKS = "Thank you for your feedback!"
HANDOFF = "I'm passing you to a person on our team. They'll answer right here."
INVALID = "Sorry, only 1 to 5 will do."


@dataclass
class Conversation:
    """One person's conversation with the agent, in the way the connectors drive it."""

    agent: Agent
    sender_id: str

    async def open(self, *events: Event) -> None:
        """Write a proactive message into the tracker, as the connector does after the carrier took it."""
        opening = [ActionExecuted("action_session_start"), SessionStarted(), *events]
        said = [
            ActionExecuted("action_proactive_message"),
            BotUttered("Our sale is on!"),
            ActionExecuted("action_listen"),
        ]
        await self.append(*opening, *said)

    async def append(self, *events: Event) -> None:
        tracker = await self.agent.tracker_store.get_or_create_tracker(self.sender_id)
        for event in events:
            tracker.update(event, self.agent.domain)
        await self.agent.tracker_store.save(tracker)

    async def says(self, text: str) -> list[str]:
        """Send a message and return the words that come back."""
        output = CollectingOutputChannel()
        await self.agent.handle_message(UserMessage(text, output, self.sender_id))
        return [message["text"] for message in output.messages]

    async def triggers(self, intent: str, entities: dict[str, Any] | None = None) -> list[str]:
        """Send an external intent and return the words that come of it."""
        output = CollectingOutputChannel()
        listed = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
        await self.agent.processor.trigger_external_user_uttered(intent, listed, await self.tracker(), output)
        return [message["text"] for message in output.messages]

    async def close(self, *questions: str) -> list[str]:
        await self.append(SlotSet("survey_wanted", bool(questions)), SlotSet("survey_questions", list(questions)))
        return await self.triggers("EXTERNAL_close")

    async def tracker(self) -> DialogueStateTracker:
        return await self.agent.tracker_store.get_or_create_tracker(self.sender_id)

    async def slot(self, name: str) -> Any:
        return (await self.tracker()).get_slot(name)


@pytest.fixture
def conversation(agent: Agent) -> Conversation:
    return Conversation(agent, f"sms.{uuid4()}")


async def is_at_rest(conversation: Conversation) -> bool:
    """No form asks any more, and the next message starts from a clean state."""
    tracker = await conversation.tracker()
    return (
        tracker.active_loop_name is None
        and tracker.get_slot("requested_slot") is None
        and tracker.latest_action_name == "action_listen"
    )


# --- campaigns -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("campaign", "word"),
    [("spring_sale", "SPRING20"), ("semi_annual_sale", "Sunday"), ("appointment_reminder", "see you")],
)
async def test_yes_depends_on_the_campaign(conversation: Conversation, campaign: str, word: str) -> None:
    await conversation.open(SlotSet("proactive_chat", "c1"), SlotSet("campaign", campaign))
    [answer] = await conversation.says("yep")
    assert word in answer


@pytest.mark.parametrize("campaign", [None, "a_campaign_without_rules"])
async def test_yes_and_no_in_general(conversation: Conversation, campaign: str | None) -> None:
    await conversation.open(SlotSet("proactive_chat", "c1"), SlotSet("campaign", campaign))
    assert await conversation.says("yes") == ["Great! What would you like to know?"]
    assert await conversation.says("no") == ["No problem. If anything comes up, just write here."]


async def test_yes_without_any_opening(conversation: Conversation) -> None:
    assert await conversation.says("yes") == ["Great! What would you like to know?"]


async def test_one_turn_story_holds_anywhere_in_its_campaign(conversation: Conversation) -> None:
    await conversation.open(SlotSet("campaign", "semi_annual_sale"))
    for message in ("hello", "when does it end", "thanks"):
        assert len(await conversation.says(message)) == 1
    [answer] = await conversation.says("yes")
    assert "Good choice" in answer


async def test_small_talk_does_not_break_a_story(conversation: Conversation) -> None:
    await conversation.open(SlotSet("campaign", "appointment_reminder"))
    assert len(await conversation.says("thanks")) == 1
    assert await conversation.says("yes") == ["Great, see you then!"]


async def test_yes_where_no_story_expects_it_gets_the_general_answer(conversation: Conversation) -> None:
    await conversation.open(SlotSet("campaign", "appointment_reminder"))
    await conversation.says("no")
    await conversation.says("no")
    assert await conversation.says("yes") == ["Great, thanks for letting us know."]


async def test_story_of_the_appointment_goes_on_over_two_turns(conversation: Conversation) -> None:
    await conversation.open(SlotSet("campaign", "appointment_reminder"))
    assert await conversation.says("no") == ["Thanks for telling us. Shall a colleague find another time for you?"]
    assert await conversation.says("yes") == [HANDOFF]
    assert await conversation.slot("handoff_reason") == "rule"


async def test_opening_by_intent(conversation: Conversation) -> None:
    await conversation.append(
        ActionExecuted("action_session_start"),
        SessionStarted(),
        SlotSet("campaign", "appointment_reminder"),
        ActionExecuted("action_listen"),
    )
    said = await conversation.triggers(
        "EXTERNAL_appointment_reminder", {"appointment_time": "Monday 9:00", "appointment_place": "2 Main Street"}
    )
    assert said == ["A reminder of your appointment: Monday 9:00, 2 Main Street. Will you be there?"]
    assert await conversation.says("ok") == ["Great, see you then!"]


async def test_offer_is_answered_for_the_campaign(conversation: Conversation) -> None:
    await conversation.open(SlotSet("campaign", "semi_annual_sale"))
    assert await conversation.says("when does it end") == ["The semi-annual sale ends on Sunday at midnight."]


async def test_payload_of_a_suggested_reply(conversation: Conversation) -> None:
    assert await conversation.says('/choose_plan{"plan":"yearly"}') == ["The yearly plan it is: two months are on us."]


# --- handoff and fallback ------------------------------------------------------------------------------------------


async def test_human_on_request(conversation: Conversation) -> None:
    assert await conversation.says("human please") == [HANDOFF]
    tracker = await conversation.tracker()
    assert tracker.is_paused()
    assert tracker.get_slot("handoff_reason") == "requested"
    names = [
        type(e)
        for e in tracker.events
        if isinstance(e, ConversationPaused) or getattr(e, "key", "") == "handoff_reason"
    ]
    assert names == [SlotSet, ConversationPaused]
    assert await conversation.says("hello?") == []


async def test_assistant_answers_again_once_given_back(conversation: Conversation) -> None:
    await conversation.says("human please")
    await conversation.says("are you there")
    await conversation.append(ConversationResumed())
    assert await conversation.says("thanks") in (["You're welcome!"], ["Happy to help!"])


async def test_failed_turn_goes_to_a_human(conversation: Conversation) -> None:
    assert await conversation.triggers("EXTERNAL_handoff") == [HANDOFF]
    assert await conversation.slot("handoff_reason") == "assistant_failed"


async def test_second_misunderstanding_in_a_row_goes_to_a_human(conversation: Conversation) -> None:
    [polite] = await conversation.says("what's the weather like in rome")
    assert "human" in polite
    assert await conversation.says("asdfgh jkl") == [HANDOFF]
    assert await conversation.slot("handoff_reason") == "repeated_misunderstanding"
    assert (await conversation.tracker()).is_paused()


async def test_misunderstandings_apart_do_not_add_up(conversation: Conversation) -> None:
    assert len(await conversation.says("what's the weather like in rome")) == 1
    assert len(await conversation.says("hello")) == 1
    [polite] = await conversation.says("tell me a joke")
    assert polite != HANDOFF


async def test_misunderstandings_before_a_human_do_not_count_afterwards(conversation: Conversation) -> None:
    await conversation.says("tell me a joke")
    await conversation.says("who won the game")
    await conversation.append(ConversationResumed())
    [polite] = await conversation.says("sing a song")
    assert polite != HANDOFF


async def test_misunderstandings_of_an_earlier_conversation_do_not_count(conversation: Conversation) -> None:
    await conversation.says("tell me a joke")
    await conversation.open()
    [polite] = await conversation.says("sing a song")
    assert polite != HANDOFF


# --- closing and survey --------------------------------------------------------------------------------------------


async def test_close_without_survey(conversation: Conversation) -> None:
    await conversation.open()
    assert await conversation.close() == [CLOSING]
    assert await is_at_rest(conversation)


async def test_close_and_rate(conversation: Conversation) -> None:
    await conversation.open(SlotSet("campaign", "spring_sale"))
    assert await conversation.close("csat_score") == [CLOSING, RATE]
    assert await conversation.says("five stars") == [THANKS]
    assert await conversation.slot("csat_score") == 5
    assert await is_at_rest(conversation)
    assert len(await conversation.says("hi")) == 1


@pytest.mark.parametrize(("answer", "resolution"), [("yes it was", "resolved"), ("no not really", "unresolved")])
async def test_resolution_check_comes_first(conversation: Conversation, answer: str, resolution: str) -> None:
    assert await conversation.close("resolution", "csat_score") == [CLOSING, RESOLVED]
    assert await conversation.says(answer) == [RATE]
    assert await conversation.slot("resolution") == resolution
    assert await conversation.says("4") == [THANKS]


async def test_resolution_check_alone(conversation: Conversation) -> None:
    assert await conversation.close("resolution") == [CLOSING, RESOLVED]
    assert await conversation.says("yep") == [THANKS]
    assert await is_at_rest(conversation)


@pytest.mark.parametrize(("score", "word"), [("1", "went wrong"), ("2", "done better"), ("3", "done better")])
async def test_low_score_is_followed_by_a_question(conversation: Conversation, score: str, word: str) -> None:
    await conversation.close("csat_score")
    [question] = await conversation.says(score)
    assert word in question
    assert await conversation.says("the delivery was late and the box was wet") == [THANKS]
    assert await conversation.slot("csat_comment") == "the delivery was late and the box was wet"
    assert await is_at_rest(conversation)


@pytest.mark.parametrize("nothing", ["no", "skip", "Nothing.", "no thanks"])
async def test_follow_up_can_be_skipped(conversation: Conversation, nothing: str) -> None:
    await conversation.close("csat_score")
    await conversation.says("2")
    assert await conversation.says(nothing) == [THANKS]
    assert not await conversation.slot("csat_comment")
    assert await conversation.slot("csat_score") == 2
    assert await is_at_rest(conversation)


@pytest.mark.parametrize(
    ("answer", "score", "comment"),
    [
        ("5 Ada was really helpful!", 5, "Ada was really helpful!"),
        ("4/5 thanks", 4, None),
        ("1 because nobody came", 1, "because nobody came"),
    ],
)
async def test_words_beside_the_score_are_the_comment(
    conversation: Conversation, answer: str, score: int, comment: str | None
) -> None:
    await conversation.close("csat_score")
    assert await conversation.says(answer) == [THANKS]
    assert (await conversation.slot("csat_score"), await conversation.slot("csat_comment")) == (score, comment)
    assert await is_at_rest(conversation)


@pytest.mark.parametrize("attempt", ["7", "10/10", "0"])
async def test_score_out_of_range_is_asked_again(conversation: Conversation, attempt: str) -> None:
    await conversation.close("csat_score")
    assert await conversation.says(attempt) == [INVALID, RATE]
    assert await conversation.slot("csat_score") is None
    assert await conversation.says("5") == [THANKS]


@pytest.mark.parametrize("asked", ["resolution", "csat_score", "csat_comment"])
async def test_human_in_the_middle_of_the_survey(conversation: Conversation, asked: str) -> None:
    await conversation.close("resolution" if asked == "resolution" else "csat_score")
    if asked == "csat_comment":
        await conversation.says("1")
    assert await conversation.says("I need a human please") == [HANDOFF]
    tracker = await conversation.tracker()
    assert tracker.is_paused()
    assert tracker.active_loop_name is None
    assert tracker.get_slot("csat_comment") is None


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("when does it end", "Sunday"),
        ("how much is it", "Prices"),
        ("no thanks", "No problem"),
        ("hello", "?"),
        ("who is this", "assistant"),
    ],
)
async def test_survey_is_left_for_what_is_no_rating(conversation: Conversation, message: str, word: str) -> None:
    await conversation.open(SlotSet("campaign", "semi_annual_sale"))
    await conversation.close("csat_score")
    [answer] = await conversation.says(message)
    assert word in answer
    assert await conversation.slot("csat_score") is None
    assert await is_at_rest(conversation)


async def test_survey_may_be_left_by_the_connector_beforehand(conversation: Conversation) -> None:
    await conversation.open(SlotSet("campaign", "semi_annual_sale"))
    await conversation.close("csat_score")
    await conversation.append(ActiveLoop(None), SlotSet("requested_slot", None))
    assert await conversation.says("when does it end") == ["The semi-annual sale ends on Sunday at midnight."]
    assert await is_at_rest(conversation)


async def test_gibberish_leaves_the_survey_and_is_answered_once(conversation: Conversation) -> None:
    await conversation.close("csat_score")
    [polite] = await conversation.says("asdkjh qweqwe")
    assert "human" in polite
    assert await is_at_rest(conversation)


@pytest.mark.parametrize(
    "comment", ["price was too high", "too many messages", "it was slow", "5 people had to help me"]
)
async def test_what_sounds_like_a_topic_is_still_a_comment(conversation: Conversation, comment: str) -> None:
    await conversation.close("csat_score")
    await conversation.says("2")
    assert await conversation.says(comment) == [THANKS]
    assert await conversation.slot("csat_comment") == comment


async def test_question_instead_of_a_comment_is_answered(conversation: Conversation) -> None:
    await conversation.open(SlotSet("campaign", "spring_sale"))
    await conversation.close("csat_score")
    await conversation.says("3")
    assert await conversation.says("when does the sale end") == ["The spring sale runs until the end of the month."]
    assert await conversation.slot("csat_comment") is None
    assert await is_at_rest(conversation)


async def test_ordinary_message_fills_no_survey_slot(conversation: Conversation) -> None:
    await conversation.says("yes")
    await conversation.says("5")
    for name in ("csat_score", "csat_comment", "resolution"):
        assert await conversation.slot(name) is None


async def test_new_session_forgets_the_survey(conversation: Conversation) -> None:
    await conversation.close("csat_score")
    await conversation.open(SlotSet("campaign", "spring_sale"))
    [answer] = await conversation.says("yes")
    assert "SPRING20" in answer
    assert await conversation.slot("csat_score") is None
