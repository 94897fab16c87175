"""The REST side, driven by the official client."""

import time
from datetime import datetime, timedelta, timezone

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.conftest import ACCOUNT, BUSINESS, TOKEN, eventually

SERVICE = "MG" + "1" * 32


def send(carrier, to, body="hello", **more):
    more.setdefault("from_", BUSINESS)
    return carrier.client().messages.create(to=to, body=body, **more)


def refusal(carrier, to, body="hello", **more):
    with pytest.raises(TwilioRestException) as caught:
        send(carrier, to, body, **more)
    return caught.value.status, caught.value.code


def test_a_created_message_can_be_fetched_and_is_on_the_phone(carrier):
    body = "Grüße 👋 שלום & a=b+c%20"
    created = send(carrier, "+14155550100", body)
    assert (created.status, created.num_segments, created.error_code, created.date_sent) == ("queued", "1", None, None)
    fetched = eventually(lambda: (m := carrier.client().messages(created.sid).fetch()).status == "delivered" and m)
    assert (fetched.body, fetched.to, fetched.from_, fetched.direction) == (
        body,
        "+14155550100",
        BUSINESS,
        "outbound-api",
    )
    assert abs((fetched.date_sent - datetime.now(timezone.utc)).total_seconds()) < 30
    (shown,) = carrier.screen("+14155550100")
    assert (shown["direction"], shown["body"], shown["sid"]) == ("to_phone", body, created.sid)
    assert datetime.fromisoformat(shown["at"].replace("Z", "+00:00")) <= datetime.now(timezone.utc)


def test_a_messaging_service_accepts_first_and_picks_the_sender_later(carrier):
    created = send(carrier, "+14155550101", from_=None, messaging_service_sid=SERVICE)
    assert (created.status, created.from_, created.messaging_service_sid) == ("accepted", None, SERVICE)
    fetched = eventually(lambda: (m := carrier.client().messages(created.sid).fetch()).status == "delivered" and m)
    assert (fetched.from_, fetched.messaging_service_sid) == (BUSINESS, SERVICE)


@pytest.mark.parametrize(
    ("body", "segments"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 81, 2), ("a" * 152 + "€" + "a" * 152, 3), ("я" * 70, 1), ("👋" * 36, 2)],
)
def test_segments(carrier, body, segments):
    assert send(carrier, "+14155550102", body).num_segments == str(segments)


def test_wrong_credentials(carrier):
    with pytest.raises(TwilioRestException) as caught:
        carrier.client(token="another").messages.create(to="+14155550103", from_=BUSINESS, body="x")
    assert (caught.value.status, caught.value.code) == (401, 20003)
    url = f"{carrier.base}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    for headers in ({}, {"Authorization": "Basic ?"}, {"Authorization": "Bearer x"}):
        answer = requests.get(url, headers=headers, timeout=5)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    other = url.replace(ACCOUNT, "AC" + "9" * 32)
    assert requests.get(other, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 401
    assert carrier.screen("+14155550103") == []


def test_what_is_missing_or_wrong_is_told_in_twilios_codes(carrier):
    assert refusal(carrier, "+14155550104", None) == (400, 21602)
    assert refusal(carrier, "+14155550104", "x" * 1601) == (400, 21617)
    assert refusal(carrier, "+14155550104", from_=None) == (400, 21603)
    assert refusal(carrier, None) == (400, 21604)
    for to in ("4155550104", "+1", "+1415555010x", "nobody", "+14155550104\n"):
        assert refusal(carrier, to) == (400, 21211)
    assert refusal(carrier, "+14155550104", from_="?!") == (400, 21212)
    assert refusal(carrier, "+14155550104", from_="+15005550007") == (400, 21606)
    assert carrier.screen("+14155550104") == []
    assert send(carrier, "+14155550104", "x" * 1600).num_segments == "11"


def test_an_unknown_message_is_404(carrier):
    with pytest.raises(TwilioRestException) as caught:
        carrier.client().messages("SM" + "f" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_list_filters_by_to_from_and_date(carrier):
    to, sender = "+14155550105", "+14155559999"
    one, two = send(carrier, to, "one"), send(carrier, to, "two", from_=sender)
    eventually(lambda: all(carrier.client().messages(sent.sid).fetch().date_sent for sent in (one, two)))
    now, messages = datetime.now(timezone.utc), carrier.client().messages
    minute = timedelta(minutes=1)

    def sids(**wanted):
        return [message.sid for message in messages.list(to=to, **wanted)]

    assert sids() == [two.sid, one.sid]
    assert sids(from_=sender) == [two.sid]
    assert sids(date_sent_after=now - minute) == [two.sid, one.sid]
    assert sids(date_sent_after=now + minute) == []
    assert sids(date_sent_before=now - minute) == []
    assert sids(date_sent_before=now + minute, date_sent_after=now - minute) == [two.sid, one.sid]
    assert sids(date_sent=now.date().isoformat()) == [two.sid, one.sid]
    assert sids(date_sent=(now - timedelta(days=2)).date().isoformat()) == []
    # The filter has whole seconds: the second in which a message was created must not hide it.
    assert sids(date_sent_after=one.date_created) == [two.sid, one.sid]
    assert one.sid in sids(date_sent_before=one.date_created)
    assert [message.sid for message in messages.list(from_=sender)] == [two.sid]


def test_pages_hold_each_message_once(carrier):
    to = "+14155550106"
    sent = [send(carrier, to, f"number {number}").sid for number in range(7)]
    messages = carrier.client().messages
    assert [message.sid for message in messages.stream(to=to, page_size=3)] == sent[::-1]
    first = messages.page(to=to, page_size=3)
    assert first.next_page_url and not first.next_page().next_page().next_page_url


def test_a_bad_filter_or_body_is_a_400(carrier):
    url = f"{carrier.base}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    for query in ("DateSent=yesterday", "PageSize=many", "DateSent%3E=9999-99-99T00:00:00Z"):
        assert requests.get(f"{url}?{query}", auth=(ACCOUNT, TOKEN), timeout=5).status_code == 400
    assert requests.post(url, data=b"\xff\xfe%ff", auth=(ACCOUNT, TOKEN), timeout=5).status_code == 400
    assert requests.post(url, data=b"x" * 2_000_000, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 413


@pytest.mark.parametrize(
    ("last_digits", "code"), [("0001", 21211), ("0002", 21612), ("0003", 21408), ("0004", 21610), ("0009", 21614)]
)
def test_numbers_that_are_refused(carrier, last_digits, code):
    assert refusal(carrier, "+1500555" + last_digits) == (400, code)


@pytest.mark.parametrize(("number", "status", "code"), [("+15005550120", 429, 20429), ("+15005550122", 500, 20500)])
def test_numbers_that_fail_twice(carrier, number, status, code):
    assert refusal(carrier, number, "try") == (status, code)
    assert refusal(carrier, number, "other words count apart") == (status, code)
    assert refusal(carrier, number, "try") == (status, code)
    assert send(carrier, number, "try").status == "queued"
    assert [message["body"] for message in carrier.screen(number)] == ["try"]


@pytest.mark.parametrize(("number", "status", "code"), [("+15005550121", 429, 20429), ("+15005550123", 503, 20503)])
def test_numbers_that_always_fail(carrier, number, status, code):
    assert {refusal(carrier, number) for _ in range(4)} == {(status, code)}
    assert carrier.screen(number) == []


@pytest.mark.parametrize("number", ["+15005550130", "+15005550132", "+15005550200", "+15005550399"])
def test_a_slow_answer_is_accepted_first_and_holds_up_nobody(carrier, number):
    with pytest.raises(requests.exceptions.Timeout):
        carrier.client(timeout=0.5).messages.create(to=number, from_=BUSINESS, body="slow")
    (found,) = carrier.client(timeout=8).messages.list(to=number)  # the slow answer takes ten seconds at least
    assert found.body == "slow"
    eventually(lambda: carrier.client().messages(found.sid).fetch().status == "delivered")


def test_a_lost_answer_leaves_the_message(carrier):
    with pytest.raises(requests.exceptions.ConnectionError):
        send(carrier, "+15005550131", "lost")
    (found,) = carrier.client().messages.list(to="+15005550131")
    eventually(lambda: carrier.client().messages(found.sid).fetch().status == "delivered")


def test_a_message_that_is_still_queued_has_no_date_and_no_filter_by_date_finds_it(carrier, business):
    to = "+15005550134"
    with pytest.raises(requests.exceptions.ConnectionError):
        send(carrier, to, "queued", status_callback=business.url + "/status")
    (found,) = carrier.client().messages.list(to=to)
    assert (found.status, found.date_sent) == ("queued", None) and found.date_created is not None
    minute = timedelta(minutes=1)
    assert carrier.client().messages.list(to=to, date_sent_after=datetime.now(timezone.utc) - minute) == []
    assert carrier.client().messages.list(to=to, date_sent_before=datetime.now(timezone.utc) + minute) == []


def test_typographic_characters_may_come_out_plain(carrier):
    to = "+15005550135"
    with pytest.raises(requests.exceptions.ConnectionError):
        send(carrier, to, "“Only today” – it’s on…")
    (found,) = carrier.client().messages.list(to=to)
    assert found.body == '"Only today" - it\'s on...'


def test_what_is_accepted_late_comes_also_when_the_caller_has_hung_up(carrier):
    to = "+15005550133"
    with pytest.raises(requests.exceptions.Timeout):
        carrier.client(timeout=0.5).messages.create(to=to, from_=BUSINESS, body="late")
    assert carrier.client().messages.list(to=to) == []
    (found,) = eventually(lambda: carrier.client().messages.list(to=to), seconds=40)
    assert found.body == "late"


def test_latency_delays_each_answer(start_carrier):
    carrier = start_carrier("http://127.0.0.1:9/", "--latency-ms", "300")
    began = time.monotonic()
    send(carrier, "+14155550107")
    assert time.monotonic() - began >= 0.3
