"""Conversations in the messenger, over Socket.IO, against the real processes."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any, Callable, Dict, List

import pytest
import socketio

from proactive_api.operations.visitor_tokens import VisitorTokens
from tests import web
from tests.journey.browser import Browser
from tests.journey.stack import Stack, wait_for

Open = Callable[..., Browser]


@pytest.fixture
def browse(stack: Stack) -> Iterator[Open]:
    """Opens browsers; all are closed at the end."""
    opened: List[Browser] = []

    def open_one(**about: Any) -> Browser:
        opened.append(Browser(stack, **about))
        return opened[-1]

    yield open_one
    for one in opened:
        one.leave()


@pytest.fixture
def person(stack: Stack) -> str:
    """The user id of a recipient whom nobody wrote to yet."""
    user_id = f"visitor-{uuid.uuid4().hex[:8]}"
    answer = stack.api.post("/v1/recipients", json={"user_id": user_id, "nickname": "Ada"})
    assert answer.status_code == 201, answer.text
    return user_id


def token(stack: Stack, user_id: str, lifetime: float = 3600.0) -> str:
    return VisitorTokens(stack.config).make(user_id, time.time(), lifetime)


def post(stack: Stack, user_id: str, message: str = "Our sale ends **Sunday**!", **more: Any) -> str:
    body = {"channel_type": "messenger", "user_id": user_id, "message": message, **more}
    if "intent" in more:
        del body["message"]
    answer = stack.api.post("/v1/proactive-chats", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def posted(stack: Stack, user_id: str, message: str = "Our sale ends **Sunday**!", **more: Any) -> str:
    chat = post(stack, user_id, message, **more)
    stack.until(chat, lambda one: one["status"] == "open")
    return chat


def transcript(stack: Stack, chat_id: str) -> List[str]:
    return [f"{one['sender']}: {one['text']}" for one in stack.chat(chat_id)["transcript"]]


def test_from_the_first_word_to_the_rating(stack: Stack, browse: Open, person: str) -> None:
    page = browse(token=token(stack, person))
    assert page.welcome["recipient"] == {"nickname": "Ada", "anonymous": False}
    chat = posted(stack, person, campaign="spring_sale", suggested_replies=["Yes please", "Talk to a person"])
    opening = page.read("Our sale ends **Sunday**!")
    assert [one["title"] for one in opening["suggested_replies"]] == ["Yes please", "Talk to a person"]
    assert opening["conversation_id"] == chat and opening["sender"] == "ai_agent"
    assert stack.chat(chat)["delivery_status"] == "sent"
    page.emit("delivered", {"up_to": opening["id"]})
    stack.until(chat, lambda one: one["delivery_status"] == "delivered")
    assert page.say("Yes please", title="Yes please") == {"ok": True}
    page.read("SPRING20")
    one = stack.chat(chat)
    assert (one["response_status"], one["conversation_type"]) == ("responded", "general")
    page.say("can i talk to a real person pls")
    page.read("passing you to a person")
    ticket = stack.ticket(chat)
    wait_for(lambda: page.all("conversation") and page.all("conversation")[-1]["handed_over"])
    assert stack.act(ticket, "messages", text="Hi, this is Grace.").status_code == 202
    said = page.read("Hi, this is Grace.")
    assert said["sender"] == "human_agent" and said["name"]
    wait_for(lambda: page.all("conversation")[-1]["human_name"] == said["name"])
    page.say("thanks Grace")
    assert stack.act(ticket, "resolve").status_code == 202
    asked = page.read("rate this conversation")
    assert asked["survey"] == "csat_score"
    wait_for(lambda: page.all("conversation")[-1]["survey"] == "csat_score")
    closed = page.all("conversation")[-1]
    assert (closed["status"], closed["handed_over"]) == ("closed", False)
    assert page.call("survey", {"question": "csat_score", "answer": 5, "client_id": "rate"}) == {"ok": True}
    page.read("Thank you for your feedback")
    rated = stack.until(chat, lambda one: one["csat"] == 5)
    assert rated["closed_reason"] == "by_human_agent" and rated["human_message_count"] == 1
    assert stack.differences() == []


def test_what_nobody_saw_is_shown_on_the_next_visit_once(stack: Stack, browse: Open, person: str) -> None:
    first = posted(stack, person, "First of all")
    posted(stack, person, "And another thing", if_active="append")
    page = browse(token=token(stack, person))
    assert [one["text"] for one in page.welcome["messages"]] == ["First of all", "And another thing"]
    assert page.welcome["unread"] == 2 and page.welcome["conversation"]["id"] == first
    assert page.welcome["messages"][0]["at"] < page.welcome["messages"][1]["at"]
    page.emit("read", {"up_to": page.welcome["messages"][-1]["id"]})
    assert page.got("unread")[0]["unread"] == 0
    assert stack.chat(first)["delivery_status"] == "delivered"
    assert browse(token=token(stack, person)).welcome["unread"] == 0


def test_a_widget_made_for_rasa_gets_what_it_missed_once_and_in_order(stack: Stack, browse: Open, person: str) -> None:
    chat = posted(
        stack, person, "First of all", suggested_replies=["Yes", {"title": "See", "url": "https://x.example/"}]
    )
    posted(stack, person, "And another thing", if_active="append")
    page = browse(token=token(stack, person), rich=False)
    first, second = page.got("bot_uttered", 2)
    assert first["text"].startswith("First of all\nSee: http") and second == {"text": "And another thing"}
    assert first["quick_replies"] == [{"content_type": "text", "title": "Yes", "payload": "Yes"}]
    stack.until(chat, lambda one: one["delivery_status"] == "delivered")
    again = browse(token=token(stack, person), rich=False)
    posted(stack, person, "Something new", if_active="append")
    assert again.got("bot_uttered") == [{"text": "Something new"}]
    wait_for(lambda: "Something new" in page.texts())
    page.emit("user_uttered", {"message": "how much is it?", "session_id": "whatever", "customData": {"lang": "en"}})
    wait_for(lambda: any("Prices" in text for text in page.texts()))
    assert any("Prices" in text for text in again.texts())


def test_a_first_event_without_words_is_no_turn(stack: Stack, browse: Open) -> None:
    session = uuid.uuid4().hex
    page = browse(session_id=session, rich=False)
    page.emit("user_uttered", {"session_id": session, "customData": {}})
    page.emit("user_uttered", {"message": "hi", "session_id": session})
    page.got("bot_uttered")
    found = stack.api.get("/v1/conversations", params={"channel_type": "messenger", "limit": 1}).json()["data"][0]
    assert found["user_message_count"] == 1 and found["started_by"] == "recipient"


def test_a_session_id_is_a_secret_and_never_a_user_id(stack: Stack, browse: Open, person: str) -> None:
    posted(stack, person, "For your eyes only")
    short = browse(session_id=person[:10])
    assert short.session_id != person[:10] and len(short.session_id) >= 16
    thief = browse(session_id=f"{person}-{'x' * 16}")
    named = browse(session_id=person)
    for one in (short, thief, named):
        assert one.welcome["messages"] == [] and one.welcome["recipient"]["anonymous"]
    secret = uuid.uuid4().hex
    mine = browse(session_id=secret)
    assert mine.session_id == secret
    mine.say("hello there")
    mine.got("message", 2)
    assert [one["text"] for one in browse(session_id=secret).welcome["messages"]][0] == "hello there"
    assert browse(session_id=uuid.uuid4().hex).welcome["messages"] == []


def test_who_holds_a_token_is_that_person_whatever_else_the_client_says(
    stack: Stack, browse: Open, person: str
) -> None:
    secret = uuid.uuid4().hex
    stranger = browse(session_id=secret)
    stranger.say("hello there")
    page = browse(token=token(stack, person), session_id=secret)
    assert page.welcome["messages"] == [] and page.welcome["recipient"]["nickname"] == "Ada"
    stranger.emit("user_uttered", {"message": "for somebody else", "session_id": page.session_id, "client_id": "z"})
    wait_for(lambda: any(one["text"] == "for somebody else" for one in stranger.messages()))
    assert page.messages() == []


@pytest.mark.parametrize(
    ("bad", "code"),
    [("nonsense", "token_invalid"), ("expired", "token_expired"), ("forged", "token_invalid")],
)
def test_a_bad_token_lets_nobody_in(stack: Stack, browse: Open, person: str, bad: str, code: str) -> None:
    forged = token(stack, person)[:-4] + "AAAA"
    given = {"nonsense": "nonsense", "expired": token(stack, person, -60.0), "forged": forged}[bad]
    told: List[Any] = []
    client = socketio.Client(reconnection=False)
    # Otherwise it would wait for its last poll, which the server lets hang for half a minute.
    client.eio.disconnect = partial(client.eio.disconnect, abort=True)
    client.on("connect_error", told.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(stack.config.rasa_url, auth={"token": given}, transports=["polling"], wait_timeout=10)
    assert told[0]["data"] == {"code": code} and told[0]["message"].endswith(".")


def test_a_token_is_renewed_without_losing_the_conversation(stack: Stack, browse: Open, person: str) -> None:
    page = browse(token=token(stack, person, 20.0))
    page.got("token_expiring")
    assert page.call("token", {"token": token(stack, "somebody-else")})["error"]["code"] == "token_invalid"
    renewed = page.call("token", {"token": token(stack, person)})
    assert renewed["ok"] and renewed["expires_at"].endswith("Z")
    left = browse(token=token(stack, person, 8.0))
    wait_for(lambda: not left.connected, 60)
    assert page.connected and page.say("hi")["ok"]
    page.got("message", 2)


def test_tabs_stay_in_step(stack: Stack, browse: Open, person: str) -> None:
    one, other = browse(token=token(stack, person)), browse(token=token(stack, person))
    one.say("what is the offer?", client_id="mine")
    mine = wait_for(lambda: next((m for m in other.messages() if m["client_id"] == "mine"), None))
    assert mine["text"] == "what is the offer?" and mine["sender"] == "recipient"
    answer = other.read("offers are on our website")
    assert other.call("reaction", {"message_id": answer["id"], "emoji": "\U0001f44d"}) == {"ok": True}
    assert one.got("reaction")[0] == {"message_id": answer["id"], "emoji": "\U0001f44d"}
    shown = {m["id"]: m["reaction"] for m in browse(token=token(stack, person)).welcome["messages"]}
    assert shown[answer["id"]] == "\U0001f44d"
    assert other.call("reaction", {"message_id": "1", "emoji": "\U0001f44d"})["error"]["code"] == "not_found"


def test_the_same_message_twice_is_one(stack: Stack, browse: Open, person: str) -> None:
    page = browse(token=token(stack, person))
    for _ in range(3):
        assert page.call("user_uttered", {"message": "hello", "client_id": "once"}) == {"ok": True}
    page.say("what is the offer?")
    page.read("offers are on our website")
    assert [one["text"] for one in page.messages() if one["sender"] == "recipient"] == ["hello", "what is the offer?"]


def test_stop_and_start_work_here_in_words_of_the_messenger(stack: Stack, browse: Open, person: str) -> None:
    page = browse(token=token(stack, person))
    chat = posted(stack, person)
    page.say("stop please")
    assert "Reply" not in page.read("any more messages from us")["text"]
    closed = stack.until(chat, lambda one: one["status"] == "closed")
    assert (closed["closed_reason"], closed["response_status"]) == ("opted_out", "not_responded")
    body = {"channel_type": "messenger", "user_id": person, "message": "Again?"}
    again = stack.api.post("/v1/proactive-chats", json=body).json()
    skipped = stack.until(again["id"], lambda one: one["delivery_status"] == "skipped")
    assert skipped["skip_reason"] == "opted_out"
    page.say("what is the offer?")
    page.read("offers are on our website")
    page.say("START")
    assert "Reply" not in page.read("subscribed again")["text"]
    page.say("help")
    assert "Reply" not in page.read("write your question here")["text"]
    posted(stack, person, message="Welcome back", if_active="append")
    page.read("Welcome back")


def test_what_people_type_is_never_an_intent_but_what_was_offered_is(stack: Stack, browse: Open, person: str) -> None:
    payload = '/choose_plan{"plan":"yearly"}'
    chat = posted(stack, person, suggested_replies=[{"title": "Yearly", "payload": payload}])
    page = browse(token=token(stack, person))
    page.say('/choose_plan{"plan":"monthly"}')
    page.say("/EXTERNAL_close")
    wait_for(lambda: len(page.messages()) >= 5)
    assert stack.chat(chat)["status"] == "open"
    assert not any("monthly plan it is" in one["text"] for one in page.messages())
    page.say(payload, title="Yearly")
    page.read("yearly plan it is")
    assert "recipient: Yearly" in transcript(stack, chat)


def test_ten_messages_at_once_stay_in_order(stack: Stack, browse: Open, person: str) -> None:
    page = browse(token=token(stack, person))
    for number in range(10):
        page.emit("user_uttered", {"message": f"hello number {number}", "client_id": f"n{number}"})
    wait_for(lambda: len([one for one in page.messages() if one["sender"] == "recipient"]) == 10, 40)
    said = [one["text"] for one in page.messages() if one["sender"] == "recipient"]
    assert said == [f"hello number {number}" for number in range(10)]


def test_a_flood_is_told_to_slow_down_and_others_go_on(stack: Stack, browse: Open, person: str) -> None:
    flood = browse(token=token(stack, person))
    answers = [flood.call("history", {}) for _ in range(40)]
    refused = [one for one in answers if not one["ok"]]
    assert refused and refused[0]["error"]["code"] == "rate_limited" and refused[0]["error"]["retry_after"] > 0
    other = browse(session_id=uuid.uuid4().hex)
    other.say("hello")
    other.got("message", 2)


@pytest.mark.parametrize(
    ("event", "data", "code"),
    [
        ("user_uttered", "words", "invalid"),
        ("user_uttered", {"message": ["a"]}, "invalid"),
        ("user_uttered", {"message": "   "}, "invalid"),
        ("user_uttered", {"message": "\u200b"}, "invalid"),
        ("user_uttered", {"message": "x" * 4001}, "too_long"),
        ("user_uttered", {"message": "x", "client_id": "c" * 201}, "too_long"),
        ("history", {"before": "abc"}, "invalid"),
        ("history", {"limit": 1000}, "invalid"),
        ("read", {"up_to": None}, "invalid"),
        ("delivered", {"up_to": "9" * 20}, "invalid"),
        ("reaction", {"message_id": "1", "emoji": "<b>"}, "invalid"),
        ("survey", {"question": "csat_score", "answer": 6}, "invalid"),
        ("survey", {"question": "nonsense", "answer": 1}, "invalid"),
        ("token", {"token": 5}, "token_invalid"),
    ],
)
def test_malformed_events_are_answered(
    stack: Stack, browse: Open, person: str, event: str, data: Any, code: str
) -> None:
    page = browse(token=token(stack, person))
    answer: Dict[str, Any] = page.call(event, data)
    assert len(page.all("problem")) == (event in ("read", "delivered"))  # where a client waits, the answer is enough
    assert answer["ok"] is False and answer["error"]["code"] == code and answer["error"]["detail"].endswith(".")
    assert page.connected and page.messages() == []


def test_a_link_that_is_opened_is_a_response(stack: Stack, browse: Open, person: str) -> None:
    chat = posted(stack, person, suggested_replies=[{"title": "See it", "url": "https://example.com/sale"}])
    url = browse(token=token(stack, person)).welcome["messages"][0]["suggested_replies"][0]["url"]
    answer = stack.api.get(url, headers={"Authorization": "", **web.BROWSER})
    assert answer.status_code == 302 and answer.headers["location"] == "https://example.com/sale"
    stack.until(chat, lambda one: one["response_status"] == "responded")


def test_an_opening_by_intent(stack: Stack, browse: Open, person: str) -> None:
    page = browse(token=token(stack, person))
    reminder = {"intent": "EXTERNAL_appointment_reminder", "entities": {"appointment_time": "tomorrow at noon"}}
    chat = posted(stack, person, campaign="appointment_reminder", **reminder)
    page.read("tomorrow at noon")
    page.say("yes")
    page.read("see you then")
    assert stack.chat(chat)["response_status"] == "responded"


def test_quiet_ones_are_closed_and_asked(stack: Stack, browse: Open, person: str) -> None:
    answer = stack.api.patch("/v1/settings", json={"messenger": {"auto_close_timeout": 2}})
    assert answer.status_code == 200
    time.sleep(0.6)  # what a connector remembers of the settings is at most half a second old
    try:
        page = browse(token=token(stack, person))
        chat = posted(stack, person)
        opening = page.read("Our sale ends **Sunday**!")
        time.sleep(3)
        assert stack.chat(chat)["status"] == "open", "its time begins when it is shown"
        page.emit("delivered", {"up_to": opening["id"]})
        page.read("rate this conversation")
        assert stack.chat(chat)["closed_reason"] == "auto"
        page.say("no thanks")
        page.say("what is the offer?")
        page.read("offers are on our website")
        assert stack.until(chat, lambda one: one["late_response"])["csat"] is None
        wait_for(lambda: page.all("conversation")[-1]["status"] == "open")
        told = page.all("conversation")[-1]
        assert told["id"] not in (None, chat) and told["survey"] is None
    finally:
        stack.api.patch("/v1/settings", json={"messenger": {"auto_close_timeout": 600}})


def test_a_link_of_a_chat_that_closed_unseen_counts_for_it(stack: Stack, browse: Open, person: str) -> None:
    offer = [{"title": "See", "url": "https://shop.example/sale"}]
    chat = posted(stack, person, suggested_replies=offer)
    stack.close(chat)
    stack.until(chat, lambda one: one["status"] == "closed")
    page = browse(token=token(stack, person))
    assert page.welcome["unread"] == 1 and page.welcome["conversation"]["survey"] is None
    link = page.welcome["messages"][0]["suggested_replies"][0]["url"]
    assert web.get(link, headers=web.BROWSER, follow_redirects=False).headers["location"] == "https://shop.example/sale"
    stack.until(chat, lambda one: one["response_status"] == "responded")
    assert stack.differences() == []


def test_older_messages_come_page_by_page(stack: Stack, browse: Open, person: str) -> None:
    posted(stack, person, "Message 0")
    for number in range(1, 8):
        posted(stack, person, f"Message {number}", if_active="append")
    page = browse(token=token(stack, person))
    wait_for(lambda: len(page.messages()) == 8)
    newest = page.messages()[-1]["id"]
    older = page.call("history", {"before": newest, "limit": 3})
    assert [one["text"] for one in older["messages"]] == ["Message 4", "Message 5", "Message 6"] and older["more"]
    first = page.call("history", {"before": older["messages"][0]["id"], "limit": 50})
    assert len(first["messages"]) == 4 and not first["more"]
