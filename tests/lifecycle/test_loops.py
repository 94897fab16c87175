"""A machine that answers is left alone; a person who writes fast is not."""

# ruff: noqa: E501, RUF001 - tables of cases; other scripts
from __future__ import annotations

from collections.abc import Callable

import pytest

from proactive_api.lifecycle.auto_replies import is_auto_reply
from proactive_api.lifecycle.loops import Said, looks_automatic

NOW = 100_000.0


def _replies_before_silence(
    says: Callable[[int], str], answers: Callable[[int], str], every: float, most: int = 200
) -> int:
    """How many automatic replies go out to somebody who says these things, ``every`` so many seconds."""
    exchange: list[Said] = []
    for turn in range(most):
        at = NOW + turn * every
        exchange.append(Said(at, says(turn), True))
        if looks_automatic(exchange, at):
            return turn
        exchange.append(Said(at + 0.2, answers(turn), False))
    return most


SORRY = ["Sorry, I didn't get that.", "I'm not sure I can help with that."]


def _sorry(turn: int) -> str:
    return SORRY[turn % 2]


@pytest.mark.parametrize(
    ("says", "most"),
    [
        (lambda turn: "Thanks for your text! Our shop is closed at the moment.", 3),
        (lambda turn: f"Your request #{4711 + turn} was registered at 10:{turn:02}. Reference {turn * 7}.", 11),
        (lambda turn: f"Hello {'Ada' if turn % 2 else 'Ben'}, we are glad that you wrote and are looking into it.", 6),
        (lambda turn: "Hi", 4),
        (lambda turn: "👍", 4),
        (lambda turn: "Ok", 4),
        (lambda turn: ["You're welcome, have a nice day!", "Is there anything else?", "Thank you!"][turn % 3], 8),
        (lambda turn: "This is an automated message.", 1),
        (lambda turn: f"{turn} {'x' * (turn % 50)} {turn * turn}", 60),
    ],
)
@pytest.mark.parametrize("every", [0.5, 3.0])
def test_a_machine_gets_few_replies(says: Callable[[int], str], most: int, every: float) -> None:
    assert _replies_before_silence(says, _sorry, every) <= most


PERSON = [
    "hi", "what's the offer", "how much", "ok", "and shoes?", "until when", "where", "ok", "cool", "can i pay later", "thx", "one more q",
    "is it returnable", "how long", "ok", "do you ship to spain", "great", "link?", "ok", "bye",
]  # fmt: skip


def test_a_person_who_writes_fast_is_answered() -> None:
    assert _replies_before_silence(lambda turn: PERSON[turn], _sorry, 6.0, len(PERSON)) == len(PERSON)
    assert _replies_before_silence(lambda turn: PERSON[turn], _sorry, 0.05, len(PERSON)) == len(PERSON)


def test_numbered_messages_in_a_row_are_answered() -> None:
    assert _replies_before_silence(lambda turn: f"message {turn}", _sorry, 0.1, 30) == 30
    assert _replies_before_silence(lambda turn: f"hello, this is message number {turn}", _sorry, 0.1, 10) == 10
    assert _replies_before_silence(lambda turn: "what does it cost" + "?" * turn, _sorry, 0.1, 10) == 10


def test_yes_to_many_different_questions_is_a_persons() -> None:
    assert _replies_before_silence(lambda turn: "yes", lambda turn: f"Question {'abcdefghij'[turn]}?", 6.0, 10) == 10


def test_a_question_asked_twice_is_answered_twice() -> None:
    assert _replies_before_silence(lambda turn: "where is my order please", _sorry, 30.0, 2) == 2


def test_what_was_said_long_ago_does_not_count() -> None:
    assert _replies_before_silence(lambda turn: "Where is my parcel, please?", _sorry, 3000.0, 10) == 10


def test_what_was_not_answered_makes_no_loop() -> None:
    hello = [Said(NOW + turn, "is anybody out there?", True) for turn in range(6)]
    assert not looks_automatic(hello, NOW + 10)


def test_nothing_is_judged_but_the_other_sides_words() -> None:
    assert not looks_automatic([], NOW)
    assert not looks_automatic([Said(NOW, "Hi", True), Said(NOW, "Hello!", False)], NOW)


@pytest.mark.parametrize(
    "text",
    [
        "I'm driving", "I’m driving right now.", "I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get where I’m going.",
        "I'm driving with Focus turned on. I'll see your message when I get where I'm going.", "(I’m not receiving notifications. If this is urgent, reply “urgent” …)",
        "Can't talk right now. I'm driving", "Out of office", "Out of Office: back on Monday", "OUT OF OFFICE AutoReply", "Automatic reply: I am away", "Auto-reply: we are closed",
        "[Auto Reply] Thanks", "This is an automated response.", "I am currently out of the office until 5 May", "I'm out of office this week",
        "Thank you for your message. We will get back to you shortly.", "Thanks for contacting ACME! Someone will reply within 24 hours.", "We have received your message.",
        "Your message has been received", "This number is not monitored.", "Please do not reply to this message", "Respuesta automática: estoy de vacaciones", "Estoy conduciendo",
        "Réponse automatique : absent", "Automatische Antwort: Ich bin im Urlaub", "Abwesenheitsnotiz", "Vielen Dank für Ihre Nachricht. Wir melden uns in Kürze.", "Я за рулем",
        "Risposta automatica", "Resposta automática", "Automatisch antwoord",
    ],
)  # fmt: skip
def test_texts_that_phones_send_by_themselves(text: str) -> None:
    assert is_auto_reply(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "hi", "I'm driving to your shop, where do I park?", "I'm driving a Volvo", "is this an automatic reply?", "are you a bot", "out of stock?", "thanks for your message",
        "Thanks for reaching out, I'll get back to you tomorrow", "Thank you for your message, what does it cost?", "I have received my order", "I'm on vacation, can you deliver later?",
        "I am out of milk", "what is your office number", "can't talk now", "my message was received twice", "auto parts?", "Do not send me this", "I want an automatic", "Danke für Ihre Nachricht",
    ],
)  # fmt: skip
def test_what_people_write_themselves(text: str) -> None:
    assert not is_auto_reply(text)
