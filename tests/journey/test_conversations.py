"""Whole conversations: from a marketer's send to a recorded rating, on real processes with the trained assistant."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Dict, List

import pytest

from tests import web
from tests.journey.stack import Phone, Stack, wait_for

CLOSING = "We're closing this conversation"
SURVEY = "rate this conversation"


def spoken(chat: Dict[str, Any]) -> List[str]:
    return [f"{entry['sender']}: {entry['text']}" for entry in chat["transcript"]]


def test_the_main_job(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone, campaign="spring_sale", suggested_replies=["Yes please", "Talk to a person"])
    assert phone.heard() == ["Our sale ends Sunday!\n1. Yes please\n2. Talk to a person"]
    phone.say("1")
    phone.hears("SPRING20")
    phone.say("can i talk to a real person pls")
    ticket = stack.ticket(chat_id)
    assert ticket["reason"] == "requested" and len(ticket["transcript"]) >= 4
    assert stack.act(ticket, "messages", text="Hi, Ada here.").status_code == 202
    phone.hears("Hi, Ada here.")
    phone.say("thanks Ada")
    assert stack.act(ticket, "resolve").status_code == 202
    phone.hears(SURVEY)
    phone.say("5")
    chat = stack.until(chat_id, lambda one: one["csat"] == 5)
    assert (chat["status"], chat["closed_reason"], chat["response_status"]) == ("closed", "by_human_agent", "responded")
    assert chat["conversation_type"] == "general" and chat["delivery_status"] == "delivered"
    assert chat["resolution_time"] > 0 and chat["handed_over_at"] and not chat["late_response"]
    assert (chat["user_message_count"], chat["human_message_count"]) == (3, 1)
    assert "human_agent: Hi, Ada here." in spoken(chat)
    metrics = stack.api.get("/v1/metrics", params={"campaign": "spring_sale"}).json()
    assert metrics["responded"] >= 1 and metrics["sent"] >= metrics["responded"]
    assert stack.differences() == []


def test_nobody_answers(stack: Stack, phone: Phone) -> None:
    stack.settings(auto_close_timeout=2)
    chat_id = stack.opened(phone)
    heard = phone.hears(SURVEY)
    chat = stack.until(chat_id, lambda one: one["status"] == "closed")  # its words go out before it is written down
    assert sum(CLOSING in one for one in heard) == 1
    assert (chat["closed_reason"], chat["resolution_time"], chat["response_status"]) == ("auto", None, "not_responded")
    assert seconds(chat["closed_at"]) - seconds(chat["started_at"]) >= 2


def seconds(at: str) -> float:
    return datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp()


def test_unanswered_chats_can_close_without_a_survey(stack: Stack, phone: Phone) -> None:
    stack.settings(csat_when_unanswered=False)
    stack.close(stack.opened(phone))
    phone.hears(CLOSING)
    other = stack.phone()
    stack.close(stack.opened(other))
    other.hears(CLOSING)
    assert not any(SURVEY in one for one in phone.heard())


def test_the_closing_words_are_a_setting_or_silence(stack: Stack, phone: Phone) -> None:
    stack.settings(closing_message="That is all from us.")
    stack.close(stack.opened(phone))
    phone.hears("That is all from us.")
    assert not any(CLOSING in one for one in phone.heard())
    stack.settings(closing_message="", csat_enabled=False)
    quiet = stack.phone()
    stack.close(stack.opened(quiet, "One message"))
    assert quiet.heard() == ["One message"]


def test_the_resolution_check_comes_first_and_says_why_it_closed(stack: Stack, phone: Phone) -> None:
    stack.settings(resolution_check_enabled=True, auto_close_timeout=3)
    chat_id = stack.opened(phone)
    phone.say("hello")
    phone.hears("looking for")
    phone.say("yep")
    phone.hears(SURVEY)
    phone.say("4")
    chat = stack.until(chat_id, lambda one: one["csat"] == 4)
    assert chat["closed_reason"] == "user_resolved"


@pytest.mark.parametrize(("said", "score"), [("⭐⭐⭐⭐", 4), ("five", 5), ("2", 2)])
def test_ratings_as_people_write_them(stack: Stack, phone: Phone, said: str, score: int) -> None:
    chat_id = stack.opened(phone, suggested_replies=["Yes", "Talk to a person"])
    stack.close(chat_id)
    phone.hears(SURVEY)
    phone.say(said)
    assert stack.until(chat_id, lambda one: one["csat"] is not None)["csat"] == score
    assert not stack.chat(chat_id)["late_response"]


def test_a_low_rating_is_asked_why(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    stack.close(chat_id)
    heard = phone.hears(SURVEY)
    phone.say("1")
    wait_for(lambda: len(phone.heard()) > len(heard))
    phone.say("it took ages")
    assert stack.until(chat_id, lambda one: one["csat_comment"])["csat_comment"] == "it took ages"


def test_a_question_in_the_survey_is_answered_and_is_a_new_conversation(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    stack.close(chat_id)
    phone.hears(SURVEY)
    phone.say("I need a human please")
    phone.hears("passing you to a person")
    chat = stack.until(chat_id, lambda one: one["late_response"])
    assert (chat["csat"], chat["handed_over_at"], chat["user_message_count"]) == (None, None, 0)
    recipient = chat["recipient"]["id"]
    later = stack.api.get("/v1/conversations", params={"recipient": recipient}).json()["data"]
    assert [one["previous_conversation_id"] for one in later if one["id"] != chat_id] == [chat_id]


def test_a_rating_comes_once_and_the_next_message_starts_anew(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    stack.close(chat_id)
    phone.hears(SURVEY)
    phone.say("5")
    stack.until(chat_id, lambda one: one["csat"] == 5)
    heard = len(phone.heard())
    phone.say("hello again")
    wait_for(lambda: len(phone.heard()) > heard)
    chat = stack.until(chat_id, lambda one: one["late_response"])
    assert chat["csat"] == 5 and sum(SURVEY in one for one in phone.heard()) == 1


def test_the_survey_expires(stack: Stack, phone: Phone) -> None:
    stack.settings(csat_expiry=1)
    chat_id = stack.opened(phone)
    closed = seconds(stack.close(chat_id)["closed_at"])
    phone.hears(SURVEY)
    wait_for(lambda: time.time() > closed + 1.2)
    phone.say("5")
    assert stack.until(chat_id, lambda one: one["late_response"])["csat"] is None


def test_given_back_to_the_ai_agent(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say("human please")
    ticket = stack.ticket(chat_id)
    heard = len(phone.heard())
    phone.say("what is the price?")
    stack.until(chat_id, lambda one: one["user_message_count"] == 2)
    assert len(phone.heard()) == heard, "the AI agent spoke while a human owned the conversation"
    assert stack.act(ticket, "return").status_code == 202
    phone.hears("automated assistant again")
    phone.say("thank you")
    wait_for(lambda: len(phone.heard()) >= heard + 2)
    assert stack.act(ticket, "messages", text="too late").status_code == 409


def test_stop_and_start(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    heard = phone.heard()
    phone.say(" Stop. ")
    chat = stack.until(chat_id, lambda one: one["status"] == "closed")
    assert (chat["closed_reason"], chat["response_status"]) == ("opted_out", "not_responded")
    skipped = stack.send(phone, "Again?")
    assert stack.until(skipped, lambda one: one["delivery_status"] == "skipped")["skip_reason"] == "opted_out"
    assert phone.heard() == heard
    phone.say("START")
    phone.hears("subscribed again")
    stack.opened(phone, "Welcome back")
    phone.hears("Welcome back")


def test_stop_in_a_sentence_is_confirmed_once(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say("please take me off your list\n\nSent from my iPhone")
    chat = stack.until(chat_id, lambda one: one["status"] == "closed")
    assert (chat["closed_reason"], chat["response_status"]) == ("opted_out", "not_responded")
    phone.hears("You're unsubscribed")
    phone.say("dejen de escribirme")
    skipped = stack.until(stack.send(phone, "Again?"), lambda one: one["delivery_status"] == "skipped")
    assert skipped["skip_reason"] == "opted_out" and len(phone.heard()) == 2
    assert stack.differences() == []


def test_a_picture_leaves_the_survey_waiting(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say("", media_url=["https://example.com/cat.jpg"])
    phone.hears("I can't open pictures")
    chat = stack.chat(chat_id)
    assert chat["response_status"] == "responded" and not chat["handed_over_at"]
    assert chat["transcript"][-2]["attachments"][0]["url"] == "https://example.com/cat.jpg"
    stack.close(chat_id)
    phone.hears(SURVEY)
    phone.say("\u200b", media_url=["https://example.com/dog.jpg"])
    phone.hears("I can't open pictures", times=2)
    phone.say("4")
    assert stack.until(chat_id, lambda one: one["csat"] is not None)["csat"] == 4
    assert stack.differences() == []


def test_help_is_answered_with_the_help_text(stack: Stack, phone: Phone) -> None:
    stack.settings(help_message="Call 555 for help.")
    phone.say("HELP")
    phone.hears("Call 555 for help.")


def test_the_consent_message_comes_first_and_once(stack: Stack, phone: Phone) -> None:
    stack.settings(consent_message="You get this because you asked for it.")
    stack.close(stack.opened(phone, "One"))
    phone.hears(CLOSING)
    stack.opened(phone, "Two")
    heard = phone.hears("Two")
    assert heard[0] == "You get this because you asked for it." and heard[1] == "One"
    assert heard.count(heard[0]) == 1


def test_a_tracked_link_and_a_tapback_are_responses(stack: Stack, phone: Phone) -> None:
    linked = stack.opened(phone, suggested_replies=[{"title": "See it", "url": "https://example.com/sale"}])
    address = phone.heard()[0].split("See it: ")[1]
    answer = web.get(address, headers=web.BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, "https://example.com/sale")
    assert stack.until(linked, lambda one: one["responded_at"])["user_message_count"] == 0
    other = stack.phone()
    liked = stack.opened(other)
    other.say("Liked “Our sale ends Sunday!”")
    assert stack.until(liked, lambda one: one["responded_at"])["user_message_count"] == 0
    assert len(other.heard()) == 1


def test_what_people_type_is_never_an_intent(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say("/EXTERNAL_close")
    wait_for(lambda: len(phone.heard()) > 1)
    chat = stack.until(chat_id, lambda one: "recipient: /EXTERNAL_close" in spoken(one))
    assert chat["status"] == "open"


def test_a_picture_is_kept_with_its_message(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say("", media_url=["https://example.com/cat.jpg"])
    chat = stack.until(chat_id, lambda one: one["user_message_count"] == 1)
    (message,) = [entry for entry in chat["transcript"] if entry["sender"] == "recipient"]
    assert message["attachments"][0]["url"] == "https://example.com/cat.jpg"


def test_two_misunderstandings_in_a_row_bring_a_human(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say("how tall is mount everest")
    wait_for(lambda: len(phone.heard()) == 2)
    phone.say("who won the world cup in 1998")
    assert stack.ticket(chat_id)["reason"] == "repeated_misunderstanding"


def test_an_opening_by_intent_is_said_by_the_assistants_rules(stack: Stack, phone: Phone) -> None:
    entities = {"appointment_time": "tomorrow at noon"}
    chat_id = stack.send(phone, intent="EXTERNAL_appointment_reminder", entities=entities)
    chat = stack.until(chat_id, lambda one: one["status"] == "open")
    assert phone.heard() == ["A reminder of your appointment: tomorrow at noon. Will you be there?"]
    assert chat["transcript"][0]["text"] == phone.heard()[0]


def test_an_opening_that_the_assistant_cannot_say_is_refused_and_the_preview_says_its_words(
    stack: Stack, phone: Phone
) -> None:
    opening = {"channel_type": "sms", "phone_number": phone.number, "intent": "EXTERNAL_appointment_reminder"}
    wrong = (({"intent": "EXTERNAL_nothing_of_the_kind"}, "intent"), ({}, "entities"))
    for change, field in wrong:
        for path in ("/v1/proactive-chats", "/v1/previews"):
            answer = stack.api.post(path, json={**opening, **change})
            assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field
    entities = {"appointment_time": "*noon*", "appointment_place": "Bonn"}
    (sample,) = stack.api.post("/v1/previews", json={**opening, "entities": entities}).json()["samples"]
    stack.send(phone, intent="EXTERNAL_appointment_reminder", entities=entities)
    assert phone.hears("noon") == [sample["sms_body"]] and sample["segments"] == 1
    assert "*noon*, Bonn." in sample["sms_body"]


def test_a_tapped_payload_reaches_rasa_as_its_intent(stack: Stack, phone: Phone) -> None:
    reply = {"title": "Yearly plan", "payload": '/choose_plan{"plan":"yearly"}'}
    chat_id = stack.opened(phone, suggested_replies=[reply, "Something else"])
    phone.say("yearly")
    heard = phone.hears("yearly")
    assert len(heard) >= 2
    stack.until(chat_id, lambda one: "recipient: yearly" in spoken(one))  # the carrier has words before the tracker


def test_a_recipient_with_an_open_conversation(stack: Stack, phone: Phone) -> None:
    first = stack.opened(phone, "First")
    skipped = stack.send(phone, "Skip me")
    assert stack.until(skipped, lambda one: one["delivery_status"] == "skipped")["skip_reason"] == "conversation_open"
    queued = stack.send(phone, "Queue me", if_active="queue")
    appended = stack.send(phone, "Append me", if_active="append")
    phone.hears("Append me")
    assert stack.until(appended, lambda one: one["delivery_status"] == "delivered")["conversation_id"] == first
    assert "Queue me" not in phone.heard()
    stack.close(first)
    phone.hears("Queue me")
    assert stack.until(queued, lambda one: one["status"] == "open")["conversation_id"] == queued


def test_a_conversation_that_the_person_starts_has_the_same_life(stack: Stack, phone: Phone) -> None:
    phone.say("hi there")
    wait_for(phone.heard)
    person = recipient_of(stack, phone)
    # The answer goes out before its events are stored, and the conversation with them.
    (conversation,) = wait_for(lambda: stack.api.get("/v1/conversations", params={"recipient": person}).json()["data"])
    assert (conversation["started_by"], conversation["conversation_type"]) == ("recipient", "general")
    assert conversation["response_status"] == "responded" and conversation["auto_close_at"]


def recipient_of(stack: Stack, phone: Phone) -> str:
    (person,) = stack.api.get("/v1/recipients", params={"search": phone.number}).json()["data"]
    return str(person["id"])


def test_erasing_a_person_erases_their_words(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    person = recipient_of(stack, phone)
    assert stack.api.delete(f"/v1/recipients/{person}").status_code in (200, 204)
    assert stack.api.get(f"/v1/proactive-chats/{chat_id}").status_code == 404
    assert stack.differences() == []


def test_everything_said_can_be_rebuilt(stack: Stack) -> None:
    assert stack.differences() == []
