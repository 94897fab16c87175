"""Things that happen at once, twice, too late or in the wrong order: one consistent outcome each."""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime
from functools import partial
from typing import Any, Dict, Iterator, List

import pytest
import sqlalchemy as sa

from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.engine import create_engine
from tests import web
from tests.journey.stack import Phone, Stack, wait_for
from tests.journey.trouble import assistant_ready, carrier_posts, inbound, kill, rows, together

CLOSING = "We're closing this conversation"
SURVEY = "rate this conversation"
QUESTION, ANSWER = "how much is it?", "Prices are shown"
PASSING = "passing you to a person"


@pytest.fixture(autouse=True)
def figures_are_true(stack: Stack) -> Iterator[None]:
    """Whatever a test did, the figures are those that the stored events give."""
    yield
    assert stack.differences() == []


def said(chat: Dict[str, Any], sender: str) -> List[str]:
    return [entry["text"] for entry in chat["transcript"] if entry["sender"] == sender]


def conversations(stack: Stack, phone: Phone) -> List[Dict[str, Any]]:
    """All conversations with a phone, oldest first, with their transcripts, once all that it wrote is in them."""
    wait_for(lambda: all_heard(stack, phone))
    people = stack.api.get("/v1/recipients", params={"search": phone.number}).json()["data"]
    assert len(people) <= 1, people
    found: List[Dict[str, Any]] = []
    for person in people:
        found += stack.api.get("/v1/conversations", params={"recipient": person["id"]}).json()["data"]
    whole = [stack.api.get(f"/v1/conversations/{one['id']}", params={"include": "transcript"}).json() for one in found]
    return sorted(whole, key=lambda one: str(one["started_at"]))


# -- webhooks -------------------------------------------------------------------------------------


def test_the_same_webhook_many_times_is_one_message(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    fields = inbound(phone.number, QUESTION, f"SMsame{phone.number[1:]}")
    once_more = partial(carrier_posts, stack, "webhook", fields)
    assert [one.status_code for one in together(*[once_more] * 5)] == [200] * 5
    phone.hears(ANSWER)
    assert once_more().status_code == 200
    phone.say("thanks")  # its turn comes after any that the repetitions might have had
    stack.until(chat_id, lambda one: len(said(one, "recipient")) >= 2)
    chat = stack.until(chat_id, lambda one: one["agent_message_count"] >= 3)
    assert said(chat, "recipient") == [QUESTION, "thanks"] and chat["user_message_count"] == 2
    assert sum(ANSWER in one for one in phone.heard()) == 1


@pytest.mark.parametrize("forged", [{"token": "not the secret"}, {"signature": ""}, {"signature": "AAAA"}])
def test_a_webhook_that_the_carrier_did_not_sign_leaves_no_trace(
    stack: Stack, phone: Phone, forged: Dict[str, str]
) -> None:
    stranger = stack.phone()
    chat_id = stack.opened(phone)
    chat = stack.until(chat_id, lambda one: one["delivery_status"] == "delivered")
    (message,) = phone.screen()
    before = rows(stack)
    fields = inbound(phone.number, "STOP", "SMforged1")
    assert carrier_posts(stack, "webhook", fields, **forged).status_code == 403
    assert carrier_posts(stack, "webhook", inbound(stranger.number, QUESTION, "SMforged2"), **forged).status_code == 403
    receipt = {"MessageSid": message["sid"], "MessageStatus": "failed", "ErrorCode": "30003"}
    for route in ("status", f"status?chat={chat_id}"):
        assert carrier_posts(stack, route, receipt, **forged).status_code == 403
    stack.close(stack.opened(stack.phone()))  # what a forged message had set in motion would be done by now
    after = rows(stack)
    assert after["inbound_messages"] == before["inbound_messages"]
    assert after["recipients"] == before["recipients"] + 1, "only the one that this test wrote to"
    assert conversations(stack, stranger) == [] and stack.chat(chat_id) == chat


def test_a_signature_covers_every_field(stack: Stack, phone: Phone) -> None:
    fields = inbound(phone.number, QUESTION, "SMtampered")
    signed = carrier_posts(stack, "webhook", fields)
    assert signed.status_code == 200
    genuine = signed.request.headers["X-Twilio-Signature"]
    phone.hears(ANSWER)
    tampered = {**fields, "MessageSid": "SMtampered2"}
    assert carrier_posts(stack, "webhook", tampered, signature=genuine).status_code == 403
    assert carrier_posts(stack, "webhook?a=1", fields, signature=genuine).status_code == 403
    assert [one["user_message_count"] for one in conversations(stack, phone)] == [1]


def test_webhooks_that_the_carrier_signed_but_nobody_can_use(stack: Stack) -> None:
    before = rows(stack)
    for fields in ({}, {"From": "+14155550100"}, {"MessageSid": "SMx"}, {"MessageSid": "", "From": "", "Body": "x"}):
        assert carrier_posts(stack, "webhook", fields).status_code == 400
        assert carrier_posts(stack, "status", fields).status_code == 400
    assert rows(stack) == before


def test_a_receipt_with_an_error_code_that_is_no_number(stack: Stack, phone: Phone) -> None:
    stack.opened(phone)
    (message,) = phone.screen()
    for code in ("²", "9" * 30, "x", ""):
        receipt = {"MessageSid": message["sid"], "MessageStatus": "sent", "ErrorCode": code}
        assert carrier_posts(stack, "status", receipt).status_code == 204, code


@pytest.mark.parametrize("kind", ["Body", "NumMedia"])
def test_fields_that_are_absurd(stack: Stack, phone: Phone, kind: str) -> None:
    absurd = {"Body": "\x00 \u202eabc\u202c \U0001f389" + "x" * 20_000, "NumMedia": "²"}
    fields = {**inbound(phone.number, QUESTION, f"SMabsurd{kind}"), kind: absurd[kind]}
    assert carrier_posts(stack, "webhook", fields).status_code == 200
    wait_for(phone.heard)
    (one,) = conversations(stack, phone)
    assert one["user_message_count"] == 1


def test_receipts_in_the_wrong_order_only_move_forward(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    stack.until(chat_id, lambda one: one["delivery_status"] == "delivered")
    (message,) = phone.screen()
    delivered = stack.chat(chat_id)
    for status, code in (("sent", ""), ("queued", ""), ("failed", "30003"), ("undelivered", "30008"), ("nonsense", "")):
        fields = {"MessageSid": message["sid"], "MessageStatus": status, "ErrorCode": code}
        assert carrier_posts(stack, f"status?chat={chat_id}", fields).status_code == 204
    assert stack.chat(chat_id) == delivered


def test_receipts_all_at_once_give_one_answer(stack: Stack) -> None:
    """Failed and delivered in the same moment: whichever was first stays, in delivery and in error alike."""
    phone = Phone(stack, "+15005550142")  # the carrier itself posts no receipts for it
    chat_id = stack.opened(phone, f"Receipts {time.time()}", if_active="append")
    sid = phone.screen()[-1]["sid"]
    fields = [
        {"MessageSid": sid, "MessageStatus": status, "ErrorCode": "30003" if status == "failed" else ""}
        for status in ("delivered", "sent", "failed", "queued", "delivered", "failed")
    ]
    answers = together(*[partial(carrier_posts, stack, f"status?chat={chat_id}", one) for one in fields])
    assert {one.status_code for one in answers} == {204}
    chat = stack.chat(chat_id)
    assert chat["delivery_status"] in ("delivered", "failed")
    assert (chat["delivered_at"] is None) == (chat["delivery_status"] == "failed") == (chat["error"] is not None)
    assert carrier_posts(stack, "status", fields[0]).status_code == 204 and stack.chat(chat_id) == chat


def test_ten_messages_at_once_stay_in_order(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    words = [QUESTION + "?" * number for number in range(10)]
    posts = []
    for number, text in enumerate(words):
        fields = inbound(phone.number, text, f"SMten{phone.number[1:]}{number}")
        posts.append(threading.Thread(target=carrier_posts, args=(stack, "webhook", fields)))
        posts[-1].start()
        time.sleep(0.02)  # long before the first has its answer
    for post in posts:
        post.join(20)
    chat = stack.until(chat_id, lambda one: len(said(one, "recipient")) == 10 and one["agent_message_count"] >= 11)
    assert said(chat, "recipient") == received(stack, phone) and sorted(received(stack, phone)) == sorted(words)
    senders = [entry["sender"] for entry in chat["transcript"]]
    assert senders == ["ai_agent"] + ["recipient", "ai_agent"] * 10, "each is answered before the next"
    assert len(wait_for(lambda: phone.heard() if len(phone.heard()) >= 11 else [])) == 11


def inbox(stack: Stack, phone: Phone) -> List[Any]:
    """What a phone wrote, in the order in which it reached the server."""
    engine = create_engine(stack.config.database_url)
    try:
        with engine.connect() as conn:
            mine = sa.select(t.inbound_messages).where(t.inbound_messages.c.sender == phone.number)
            return list(conn.execute(mine.order_by(t.inbound_messages.c.received_at)))
    finally:
        engine.dispose()


def received(stack: Stack, phone: Phone) -> List[str]:
    return [json.loads(one.payload)["Body"] for one in inbox(stack, phone)]


def all_heard(stack: Stack, phone: Phone) -> bool:
    """Whether the tracker has all of it; the carrier has an answer a moment before."""
    return all(one.done_at is not None for one in inbox(stack, phone))


# -- what people type -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["/EXTERNAL_close", "/restart", "/session_start", '/greet{"a":1}', "/", "/x/EXTERNAL_y"]
)
def test_slashes_typed_by_a_person_are_words(stack: Stack, phone: Phone, typed: str) -> None:
    chat_id = stack.opened(phone)
    phone.say(typed)
    chat = stack.until(chat_id, lambda one: one["agent_message_count"] >= 2)
    assert said(chat, "recipient") == [typed] and chat["status"] == "open" and chat["user_message_count"] == 1
    assert len(conversations(stack, phone)) == 1 and len(phone.heard()) == 2


@pytest.mark.parametrize(
    "typed", ["🎉🎉👩‍👩‍👧‍👦", "\u202eabc\u202c", "مرحبا كيف حالك", "\u200b", "a" * 1600, "{{ nickname }}", "{name}"]
)
def test_unusual_words_are_kept_as_they_are(stack: Stack, phone: Phone, typed: str) -> None:
    chat_id = stack.opened(phone)
    phone.say(typed)
    chat = stack.until(chat_id, lambda one: one["agent_message_count"] >= 2)
    assert said(chat, "recipient") == [typed] and len(phone.heard()) == 2


def test_a_number_percent_encoded_is_the_same_person(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    encoded = Phone(stack, phone.number.replace("+", "%2B"))
    encoded.say(QUESTION)
    phone.hears(ANSWER)
    assert encoded.screen() == phone.screen()
    stack.until(chat_id, lambda one: one["user_message_count"] == 1)
    body = {"channel_type": "sms", "phone_number": encoded.number, "message": "x"}
    answer = stack.api.post("/v1/proactive-chats", json=body)
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "phone_number"
    odd = inbound(encoded.number, QUESTION, f"SMpercent{phone.number[1:]}")
    carrier_posts(stack, "webhook", odd)
    stack.until(chat_id, lambda one: one["user_message_count"] == 2)
    assert len(conversations(stack, phone)) == 1


def test_a_picture_without_text_is_a_response(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say("", media_url=["https://example.com/cat.jpg"])
    chat = stack.until(chat_id, lambda one: one["agent_message_count"] >= 2)
    assert chat["response_status"] == "responded" and chat["user_message_count"] == 1
    (message,) = [entry for entry in chat["transcript"] if entry["sender"] == "recipient"]
    assert message["attachments"][0]["url"] == "https://example.com/cat.jpg" and len(phone.heard()) == 2


# -- the moment of closing ------------------------------------------------------------------------


def test_a_reply_in_the_moment_of_auto_close_is_on_one_side_of_it(stack: Stack) -> None:
    """Twenty-four people answer between 0.4 s before and 0.8 s after their conversations are due."""
    phones = [stack.phone() for _ in range(24)]
    stack.settings(auto_close_timeout=3)
    chats = together(*[partial(stack.opened, one, f"Race {n}") for n, one in enumerate(phones)])
    stack.settings(auto_close_timeout=600)  # what is answered in time stays open

    def answer(number: int) -> None:
        due = began(stack.chat(chats[number])) + 3.0
        time.sleep(max(0.0, due - 0.4 + 0.05 * number - time.time()))
        phones[number].say(QUESTION)

    together(*[partial(answer, number) for number in range(24)])
    outcomes = [one_side(stack, phone, chat) for phone, chat in zip(phones, chats, strict=True)]
    print(f"\nin time {outcomes.count('in time')}, too late {outcomes.count('too late')}")
    assert {"in time", "too late"} == set(outcomes), "the moment was not met"


def began(chat: Dict[str, Any]) -> float:
    return datetime.fromisoformat(chat["started_at"].replace("Z", "+00:00")).timestamp()


def one_side(stack: Stack, phone: Phone, chat_id: str) -> str:
    heard = phone.hears(ANSWER)
    first, *others = conversations(stack, phone)
    assert first["id"] == chat_id and sum(ANSWER in one for one in heard) == 1
    counts = [one["user_message_count"] for one in (first, *others)]
    closed, asked = sum(CLOSING in one for one in heard), sum(SURVEY in one for one in heard)
    if first["status"] == "open":
        assert (first["response_status"], counts, first["late_response"]) == ("responded", [1], False)
        assert (closed, asked) == (0, 0)
        return "in time"
    assert (first["closed_reason"], first["response_status"], first["late_response"]) == ("auto", "not_responded", True)
    assert counts == [0, 1] and others[0]["previous_conversation_id"] == chat_id and others[0]["status"] == "open"
    assert (closed, asked) == (1, 1) and said(first, "recipient") == []
    return "too late"


def test_a_message_after_closing_is_a_conversation_of_its_own(stack: Stack, phone: Phone) -> None:
    stack.settings(csat_enabled=False)
    chat_id = stack.opened(phone)
    phone.say(QUESTION)
    phone.hears(ANSWER)
    closed = stack.close(chat_id)
    phone.say(QUESTION)
    phone.hears(ANSWER, times=2)
    first, second = conversations(stack, phone)
    assert first["late_response"] and first["user_message_count"] == 1 and first["csat"] is None
    assert first["resolution_time"] == closed["resolution_time"] and first["closed_at"] == closed["closed_at"]
    assert (second["previous_conversation_id"], second["started_by"]) == (chat_id, "recipient")
    assert not any(SURVEY in one for one in phone.heard())


def test_closing_twice_at_once_closes_once(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    close = partial(stack.api.post, f"/v1/conversations/{chat_id}/close", json={})
    answers = together(*[close] * 4)
    assert {one.status_code for one in answers} <= {200, 202, 409}
    phone.hears(SURVEY)
    stack.until(chat_id, lambda one: one["status"] == "closed")
    phone.say("4")
    stack.until(chat_id, lambda one: one["csat"] == 4)
    heard = phone.heard()
    assert (sum(CLOSING in one for one in heard), sum(SURVEY in one for one in heard)) == (1, 1)


# -- ratings --------------------------------------------------------------------------------------


def test_the_second_rating_is_no_rating(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    stack.close(chat_id)
    phone.hears(SURVEY)
    together(partial(phone.say, "5"), partial(phone.say, "5"))
    chat = stack.until(chat_id, lambda one: one["late_response"])
    phone.say("1")
    wait_for(lambda: sum(one["user_message_count"] for one in conversations(stack, phone)) == 2)
    assert (chat["csat"], stack.chat(chat_id)["csat"], chat["user_message_count"]) == (5, 5, 0)
    first, second = conversations(stack, phone)
    assert second["csat"] is None and second["previous_conversation_id"] == first["id"] == chat_id


def test_stop_in_the_middle_of_the_survey(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say(QUESTION)
    phone.hears(ANSWER)
    closed = stack.close(chat_id)
    heard = phone.hears(SURVEY)
    phone.say("STOP")
    wait_for(lambda: opted_out(stack, phone))
    phone.say("5")
    assert refused(stack, phone) == "opted_out"
    chat = stack.chat(chat_id)
    assert (chat["csat"], chat["closed_reason"], chat["closed_at"]) == (None, "force_closed", closed["closed_at"])
    assert phone.heard() == heard
    phone.say("START")
    phone.hears("subscribed again")
    phone.say("5")
    wait_for(lambda: len(phone.heard()) == len(heard) + 2)
    assert stack.chat(chat_id)["csat"] is None, "the survey was left with STOP"
    (person,) = stack.api.get("/v1/recipients", params={"search": phone.number}).json()["data"]
    history = stack.api.get(f"/v1/recipients/{person['id']}/consent").json()["data"]
    assert [(change["kind"], change["by"]) for change in history[:2]] == [
        ("opted_in", "recipient"),
        ("opted_out", "recipient"),
    ]


def opted_out(stack: Stack, phone: Phone) -> bool:
    (person,) = stack.api.get("/v1/recipients", params={"search": phone.number}).json()["data"]
    return person["opted_out_at"] is not None


def refused(stack: Stack, phone: Phone) -> str:
    """Why a send to this phone is skipped."""
    skipped = stack.until(stack.send(phone, "Again?"), lambda one: one["delivery_status"] not in ("queued", "sending"))
    return f"{skipped['skip_reason'] or skipped['delivery_status']}"


# -- human agents ---------------------------------------------------------------------------------


def test_two_handoffs_at_once_are_one(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    together(*[partial(phone.say, "human please")] * 2)
    phone.hears(PASSING)
    chat = stack.until(chat_id, lambda one: one["user_message_count"] == 2)
    assert said(chat, "recipient") == ["human please"] * 2
    assert sum(PASSING in one for one in phone.heard()) == 1
    assert len(tickets(stack, chat_id)) == 1


def tickets(stack: Stack, chat_id: str, **query: Any) -> List[Dict[str, Any]]:
    found = stack.api.get("/v1/handoffs", params={"limit": 100, **query}).json()["data"]
    return [one for one in found if one["conversation_id"] == chat_id]


def with_human(stack: Stack, phone: Phone) -> Dict[str, Any]:
    """A conversation that a human owns; its ticket."""
    chat_id = stack.opened(phone)
    phone.say("human please")
    phone.hears(PASSING)
    return stack.ticket(chat_id)


def test_two_agents_answer_at_once(stack: Stack, phone: Phone) -> None:
    ticket = with_human(stack, phone)
    words = [f"Answer {number}" for number in range(6)]
    answers = together(*[partial(stack.act, ticket, "messages", text=one) for one in words])
    assert [one.status_code for one in answers] == [202] * 6
    chat = stack.until(ticket["conversation_id"], lambda one: one["human_message_count"] == 6)
    assert sorted(said(chat, "human_agent")) == words
    assert [one for one in phone.heard() if one in words] == said(chat, "human_agent"), "one order everywhere"


def test_one_agents_words_come_in_the_order_in_which_they_were_said(stack: Stack, phone: Phone) -> None:
    ticket = with_human(stack, phone)
    words = [f"Part {number}" for number in range(8)]
    for one in words:
        assert stack.act(ticket, "messages", text=one).status_code == 202
    chat = stack.until(ticket["conversation_id"], lambda one: one["human_message_count"] == 8)
    assert said(chat, "human_agent") == words == [one for one in phone.heard() if one in words]


def test_two_agents_resolve_at_once(stack: Stack, phone: Phone) -> None:
    ticket = with_human(stack, phone)
    answers = together(*[partial(stack.act, ticket, "resolve")] * 3)
    assert sorted(one.status_code for one in answers) == [202, 409, 409]
    phone.hears(SURVEY)
    chat = stack.until(ticket["conversation_id"], lambda one: one["status"] == "closed")
    assert chat["closed_reason"] == "by_human_agent"
    assert (sum(CLOSING in one for one in phone.heard()), sum(SURVEY in one for one in phone.heard())) == (1, 1)
    assert [one["status"] for one in tickets(stack, chat["id"])] == ["resolved"]


def test_one_agent_resolves_and_another_gives_back(stack: Stack, phone: Phone) -> None:
    ticket = with_human(stack, phone)
    resolved, returned = together(partial(stack.act, ticket, "resolve"), partial(stack.act, ticket, "return"))
    assert sorted([resolved.status_code, returned.status_code]) == [202, 409]
    (over,) = wait_for(lambda: [one for one in tickets(stack, ticket["conversation_id"]) if one["status"] != "open"])
    chat = stack.chat(ticket["conversation_id"])
    closed = resolved.status_code == 202
    assert (over["status"], chat["status"]) == (("resolved", "closed") if closed else ("returned", "open"))
    phone.hears(SURVEY if closed else "automated assistant again")
    assert any(CLOSING in one for one in phone.heard()) == closed


def test_words_and_resolve_at_once(stack: Stack, phone: Phone) -> None:
    ticket = with_human(stack, phone)
    spoken, resolved = together(
        partial(stack.act, ticket, "messages", text="One more thing."), partial(stack.act, ticket, "resolve")
    )
    assert resolved.status_code == 202 and spoken.status_code in (202, 409)
    phone.hears(SURVEY)
    chat = stack.until(ticket["conversation_id"], lambda one: one["status"] == "closed")
    heard = phone.heard()
    assert said(chat, "human_agent") == [one for one in heard if one == "One more thing."]
    if spoken.status_code == 202:
        assert chat["human_message_count"] == 1, "accepted words are said before the conversation closes"
        assert heard.index("One more thing.") < next(n for n, one in enumerate(heard) if CLOSING in one)


def test_stop_in_the_middle_of_a_handoff_and_start_again(stack: Stack, phone: Phone) -> None:
    ticket = with_human(stack, phone)
    assert stack.act(ticket, "messages", text="Hi, Ada here.").status_code == 202
    heard = phone.hears("Hi, Ada here.")
    phone.say("STOP")
    chat = stack.until(ticket["conversation_id"], lambda one: one["status"] == "closed")
    assert (chat["closed_reason"], chat["response_status"], chat["csat"]) == ("opted_out", "responded", None)
    assert tickets(stack, chat["id"], status="open") == []
    for verb, body in (("messages", {"text": "Wait!"}), ("resolve", {}), ("return", {})):
        assert stack.act(ticket, verb, **body).status_code == 409
    phone.say("are you there?")
    assert refused(stack, phone) == "opted_out" and phone.heard() == heard
    phone.say("START")
    phone.hears("subscribed again")
    phone.say(QUESTION)
    phone.hears(ANSWER)
    assert stack.chat(chat["id"])["human_message_count"] == 1
    assert tickets(stack, chat["id"], status="open") == [], "the AI agent owns it after START"
    again = stack.opened(phone, "Welcome back", if_active="append")
    assert stack.chat(again)["delivery_status"] in ("sent", "delivered")


# -- processes that are down ----------------------------------------------------------------------


def test_the_conversation_goes_to_a_human_when_the_action_server_is_down(stack: Stack, phone: Phone) -> None:
    chat_id = stack.opened(phone)
    phone.say(QUESTION)
    phone.hears(ANSWER)
    assert kill(stack, "actions")
    phone.say("how tall is mount everest")  # the fallback is an action
    ticket = stack.ticket(chat_id)
    assert ticket["reason"] == "assistant_failed"
    heard = phone.hears(PASSING)
    assert sum(PASSING in one for one in heard) == 1
    assert stack.act(ticket, "messages", text="Ada here, 8849 metres.").status_code == 202
    phone.hears("8849")
    assert said(stack.chat(chat_id), "recipient")[-1] == "how tall is mount everest"
    wait_for(stack.ready, 60)
    assert stack.act(ticket, "return").status_code == 202
    phone.hears("automated assistant again")
    phone.say(QUESTION)
    phone.hears(ANSWER, times=2)


def test_what_is_sent_while_rasa_is_down_waits_and_goes_out_once(stack: Stack, phone: Phone) -> None:
    before = stack.opened(stack.phone())
    assert kill(stack, "rasa")
    wait_for(lambda: not assistant_ready(stack))
    message = f"Sent to nobody {phone.number}"
    waiting = stack.send(phone, message)
    chat = stack.until(waiting, lambda one: one["wait_reason"] == "assistant_unavailable")
    assert (chat["delivery_status"], chat["status"], chat["transcript"]) == ("queued", None, [])
    assert phone.screen() == [] and stack.chat(before)["status"] == "open"
    assert web.get(f"{stack.config.api_url}/readyz").status_code == 503
    wait_for(stack.ready, 90)
    chat = stack.until(waiting, lambda one: one["delivery_status"] == "delivered", 60)
    assert (chat["status"], said(chat, "ai_agent"), chat["wait_reason"]) == ("open", [message], None)
    phone.say(QUESTION)
    phone.hears(ANSWER)
    assert phone.heard().count(message) == 1
