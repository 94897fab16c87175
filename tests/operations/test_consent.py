"""What becomes of a person's consent, and whose word it was."""

from __future__ import annotations

from typing import Any, List, Tuple

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.operations import consent
from proactive_api.storage.people import consent as stored
from proactive_api.storage.people import contacts
from proactive_api.storage.queues import receipts, sends
from proactive_api.storage.queues.receipts import Receipt
from proactive_api.storage.sql import tables as t
from tests.operations import world
from tests.operations.world import NOW, accept, person


def history(conn: Connection, recipient_id: str) -> List[Tuple[Any, ...]]:
    return [(one.kind, one.by, one.name, one.at) for one in stored.history(conn, recipient_id)]


@pytest.mark.parametrize("by", ["recipient", "carrier"])
def test_who_opts_out_is_not_written_to_any_more(conn: Connection, by: Any) -> None:
    ada, bob = person(conn, consent=True), person(conn, consent=True)
    consent.opt_out(conn, ada.id, NOW + 1, by)
    now = world.again(conn, ada)
    assert (now.opted_out_at, now.consent, now.consent_at, now.updated_at) == (NOW + 1, False, NOW + 1, NOW + 1)
    assert history(conn, ada.id) == [("opted_out", by, None, NOW + 1)]
    contact = contacts.contact(conn, ada.id)
    assert contact is not None and contact.opted_out
    assert world.again(conn, bob) == bob and history(conn, bob.id) == []


def test_the_carriers_word_is_written_down_once(conn: Connection) -> None:
    ada = person(conn, consent=True)
    consent.opt_out(conn, ada.id, NOW + 1, "carrier")
    consent.opt_out(conn, ada.id, NOW + 2, "carrier")
    consent.opt_out(conn, ada.id, NOW + 3)
    assert history(conn, ada.id) == [("opted_out", "recipient", None, NOW + 3), ("opted_out", "carrier", None, NOW + 1)]


def blocked(sid: str, chat_id: Any = None) -> Receipt:
    return Receipt(sid, "undelivered", 21610, NOW + 5, chat_id)


def test_a_receipt_that_names_the_chat_opts_out(conn: Connection) -> None:
    ada = person(conn)
    consent.note_blocked(conn, blocked("SM1", accept(conn, ada)), None, NOW + 5)
    assert history(conn, ada.id) == [("opted_out", "carrier", None, NOW + 5)]
    assert world.again(conn, ada).consent is False


def test_a_receipt_of_an_answer_opts_out(conn: Connection) -> None:
    ada = person(conn)
    receipts.note_accepted(conn, "SM1", "queued", NOW, sender_id=f"sms.{ada.id}")
    consent.note_blocked(conn, blocked("SM1"), None, NOW + 5)
    assert world.again(conn, ada).opted_out_at == NOW + 5


def test_a_receipt_of_a_message_that_nobody_remembers_opts_out_its_number(conn: Connection) -> None:
    ada, bob = person(conn), person(conn)
    consent.note_blocked(conn, blocked("SM1"), ada.phone_number, NOW + 5)
    consent.note_blocked(conn, blocked("SM2", "no such chat"), "+14155559999", NOW + 5)
    consent.note_blocked(conn, blocked("SM3"), None, NOW + 5)
    assert world.again(conn, ada).opted_out_at == NOW + 5 and world.again(conn, bob) == bob


@pytest.mark.parametrize(("handed_over", "opted_out"), [(NOW, False), (NOW + 3, True)])
def test_a_late_receipt_does_not_undo_a_start(conn: Connection, handed_over: float, opted_out: bool) -> None:
    ada = person(conn)
    chat_id = accept(conn, ada)
    conn.execute(sa.update(t.proactive_chats).values(carrier_sid="SM1", sent_at=handed_over))
    consent.opt_out(conn, ada.id, NOW + 1)
    consent.opt_in(conn, ada.id, NOW + 2)
    consent.note_blocked(conn, blocked("SM1"), ada.phone_number, NOW + 5)
    assert world.chat(conn, chat_id).recipient_id == ada.id
    assert (world.again(conn, ada).opted_out_at is not None) is opted_out


def test_start_lifts_a_stop(conn: Connection) -> None:
    ada = person(conn)
    consent.opt_out(conn, ada.id, NOW + 1)
    consent.opt_in(conn, ada.id, NOW + 2)
    now = world.again(conn, ada)
    assert (now.opted_out_at, now.consent, now.consent_at) == (None, True, NOW + 2)
    assert [kind for kind, *_ in history(conn, ada.id)] == ["opted_in", "opted_out"], "the latest first"
    contact = contacts.contact(conn, ada.id)
    assert contact is not None and not contact.opted_out


def test_who_was_asked_is_known_to_whoever_sends(conn: Connection) -> None:
    ada = person(conn)
    chat_id = accept(conn, ada)
    assert [one.consent_asked for one in sends.load(conn, [chat_id])] == [False]
    consent.note_asked(conn, ada.id, NOW + 1)
    assert [(one.consent_asked, one.consent) for one in sends.load(conn, [chat_id])] == [(True, None)]
    assert history(conn, ada.id) == [("asked", "business", None, NOW + 1)]


@pytest.mark.parametrize(("given", "kind"), [(True, "given"), (False, "refused"), (None, "unknown")])
def test_the_business_writes_down_whose_word_it_was(conn: Connection, given: Any, kind: str) -> None:
    ada = person(conn, consent=given)
    consent.note_of_business(conn, ada, "Bo", NOW + 1)
    assert history(conn, ada.id) == [(kind, "business", "Bo", NOW + 1)]
    assert world.again(conn, ada) == ada, "only the history changes"
