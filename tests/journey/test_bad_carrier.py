"""A carrier that refuses, fails, hangs, loses its answers, and loses or doubles its receipts."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Dict, List, Optional

from tests.journey.stack import Phone, Stack, wait_for
from tests.journey.trouble import kill, stats, together

#: Each magic number: how its message ends, the carrier's code, and whether the phone shows it.
ENDS = {
    "+15005550001": ("failed", 21211, False),
    "+15005550002": ("failed", 21612, False),
    "+15005550003": ("failed", 21408, False),
    "+15005550004": ("failed", 21610, False),
    "+15005550009": ("failed", 21614, False),
    "+15005550103": ("failed", 30003, False),
    "+15005550105": ("failed", 30005, False),
    "+15005550106": ("failed", 30006, False),
    "+15005550107": ("failed", 30007, False),
    "+15005550108": ("failed", 30008, False),
    "+15005550110": ("failed", 30610, False),
    "+15005550120": ("delivered", None, True),
    "+15005550122": ("delivered", None, True),
    "+15005550130": ("delivered", None, True),
    "+15005550131": ("delivered", None, True),
    "+15005550132": ("delivered", None, True),
    "+15005550133": ("delivered", None, True),
    "+15005550134": ("sent", None, True),
    "+15005550135": ("delivered", None, True),
    "+15005550140": ("delivered", None, True),
    "+15005550141": ("delivered", None, True),
    "+15005550142": ("sent", None, True),
    "+15005550143": ("delivered", None, True),
}
#: These never get through: the carrier is asked again and again, and nobody is told that it failed.
NEVER = ("+15005550121", "+15005550123")


def sent_by_campaign(stack: Stack, name: str) -> Dict[str, Any]:
    return dict(stack.api.get("/v1/metrics", params={"campaign": name}).json())


def test_each_magic_number_has_one_outcome(stack: Stack) -> None:
    phones = {number: Phone(stack, number) for number in (*ENDS, *NEVER)}
    words = f"Carrier trouble {time.time()}"
    chats = {
        number: stack.send(phone, words, campaign="carrier_trouble", if_active="append")
        for number, phone in phones.items()
    }
    for number, (status, code, shown) in ENDS.items():
        chat = stack.until(chats[number], partial(has_ended, status=status), 60)
        assert ((chat["error"] or {}).get("code"), phones[number].heard().count(words)) == (code, int(shown)), number
        assert code is None or "." in chat["error"]["message"]
        assert [entry["text"] for entry in chat["transcript"]].count(words) == int(accepted(code)), number
        assert chat["status"] == ("open" if accepted(code) else None), number
    for number in NEVER:
        chat = stack.until(chats[number], lambda one: one["wait_reason"] == "carrier_unavailable")
        assert (chat["status"], chat["transcript"], phones[number].heard()) == (None, [], [])
    figures = sent_by_campaign(stack, "carrier_trouble")
    assert (figures["delivered"], figures["failed"]) == (10, 11)
    assert [one for one in stats(stack)["duplicates"] if one["body"] == words] == []
    assert stack.differences() == []


def has_ended(chat: Dict[str, Any], status: str) -> bool:
    return bool(chat["delivery_status"] == status)


def accepted(code: Optional[int]) -> bool:
    """Whether the carrier took the message, whatever came of it later."""
    return code is None or code >= 30000


def test_who_has_opted_out_at_the_carrier_has_opted_out_here(stack: Stack) -> None:
    phone = Phone(stack, "+15005550004")
    chat = stack.until(stack.send(phone), lambda one: one["delivery_status"] in ("failed", "skipped"))
    again = stack.until(stack.send(phone), lambda one: one["delivery_status"] == "skipped")
    assert again["skip_reason"] == "opted_out" and phone.heard() == []
    assert chat["delivery_status"] == "skipped" or chat["error"]["code"] == 21610
    assert stack.differences() == []


def test_a_receipt_that_tells_of_stop_opts_out(stack: Stack) -> None:
    phone = Phone(stack, "+15005550111")
    chat = stack.until(stack.send(phone, if_active="append"), partial(has_ended, status="failed"))
    again = stack.until(stack.send(phone, if_active="append"), partial(has_ended, status="skipped"))
    assert (chat["error"]["code"], again["skip_reason"]) == (21610, "opted_out")


class Hanging:
    """Many sends that the carrier does not answer for ten seconds."""

    _first = 0

    def __init__(self, stack: Stack, count: int) -> None:
        self._stack = stack
        numbers = [f"+15005550{200 + n}" for n in range(Hanging._first, Hanging._first + count)]
        Hanging._first += count
        self.phones = [Phone(stack, number) for number in numbers]
        with ThreadPoolExecutor(4) as pool:  # the first is to hang still when the last does
            self.chats = list(pool.map(lambda phone: stack.send(phone, f"Slow {phone.number}"), self.phones))

    def all_hang(self) -> bool:
        """Whether the carrier has all of them, and has answered none."""
        return set(self.states()) == {"sending"}

    def states(self) -> List[str]:
        """How far each is."""
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda chat: str(self._stack.chat(chat)["delivery_status"]), self.chats))

    def until_over(self) -> None:
        for chat, phone in zip(self.chats, self.phones, strict=True):
            self._stack.until(chat, lambda one: one["delivery_status"] == "delivered", 60)
            assert phone.heard() == [f"Slow {phone.number}"]


def test_others_go_on_while_fifty_sends_hang(stack: Stack, phone: Phone) -> None:
    stack.opened(phone)
    hanging = Hanging(stack, 50)
    wait_for(hanging.all_hang)
    phone.say("how much is it?")
    phone.hears("Prices are shown")
    other = stack.phone()
    chat = stack.opened(other, "You are not slow")
    other.say("human please")
    ticket = stack.ticket(chat)
    assert stack.act(ticket, "messages", text="Ada here.").status_code == 202
    other.hears("Ada here.")
    for name in ["healthz", "readyz"] * 5:
        assert stack.api.get(f"/{name}").status_code == 200, name
    assert hanging.all_hang(), "all of that had to wait for the carrier"
    hanging.until_over()
    assert stack.differences() == []


def test_replies_are_answered_while_all_the_sends_at_once_hang(stack: Stack, phone: Phone) -> None:
    """Sends may fill all the places that sends have; answers do not wait behind them."""
    stack.opened(phone)
    hanging = Hanging(stack, 150)
    more = [stack.send(stack.phone(), f"Behind {n}") for n in range(40)]
    phone.say("how much is it?")
    phone.hears("Prices are shown")
    assert "delivered" not in hanging.states(), "the answer had to wait for the carrier"
    hanging.until_over()
    for chat in more:
        stack.until(chat, lambda one: one["delivery_status"] == "delivered", 30)
    assert stack.differences() == []


def test_the_carrier_is_down_and_comes_back(stack: Stack, phone: Phone) -> None:
    stack.opened(phone)
    other = stack.phone()
    assert kill(stack, "sandbox")
    sent = [stack.send(one, f"While it was down {n}") for n, one in enumerate([other, stack.phone()])]
    for number, chat in enumerate(sent):
        done = stack.until(chat, lambda one: one["delivery_status"] == "delivered", 60)
        assert [entry["text"] for entry in done["transcript"]] == [f"While it was down {number}"]
    assert other.heard() == ["While it was down 0"]
    assert [one for one in stats(stack)["duplicates"] if "While it was down" in one["body"]] == []
    assert stack.differences() == []


def test_two_sends_to_one_person_at_once_are_two_outcomes(stack: Stack, phone: Phone) -> None:
    chats = together(*[partial(stack.send, phone, f"At once {n}") for n in range(4)])
    ends = [stack.until(chat, lambda one: one["delivery_status"] in ("delivered", "skipped")) for chat in chats]
    assert sorted(one["delivery_status"] for one in ends) == ["delivered", "skipped", "skipped", "skipped"]
    assert {one["skip_reason"] for one in ends} == {None, "conversation_open"} and len(phone.heard()) == 1
    assert stack.differences() == []
