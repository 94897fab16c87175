"""What the carrier posts: receipts and inbound messages."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.sandbox.conftest import ACCOUNT, BUSINESS, TOKEN, eventually
from tests.sandbox.test_rest import SERVICE, refusal, send


def signed(business, sid):
    """Whether every post about this message carries a true signature over its full URL."""
    posts = [post for post in business.posts if post[2]["MessageSid"] == sid]
    check = RequestValidator(TOKEN).validate
    return bool(posts) and all(
        check(business.url + path, fields, headers["X-Twilio-Signature"]) for path, headers, fields in posts
    )


def send_with_receipts(carrier, business, to, **more):
    return send(carrier, to, status_callback=business.url + "/status?chat=1&x=a%2Fb", **more).sid


def settled(carrier, sid):
    return eventually(lambda: carrier.client().messages(sid).fetch().status in ("delivered", "undelivered"))


def test_receipts_come_in_order_signed_and_complete(carrier, business):
    sid = send_with_receipts(carrier, business, "+14155550200")
    eventually(lambda: business.statuses(sid) == ["sent", "delivered"])
    assert signed(business, sid)
    fields = business.of(sid)[0]
    expected = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": "sent", "SmsStatus": "sent", "To": "+14155550200"}
    assert fields == {**expected, "From": BUSINESS, "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01"}


def test_receipts_name_the_messaging_service(carrier, business):
    sid = send_with_receipts(carrier, business, "+14155550201", from_=None, messaging_service_sid=SERVICE)
    eventually(lambda: len(business.of(sid)) == 2)
    assert business.of(sid)[0]["MessagingServiceSid"] == SERVICE


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("0103", 30003),
        ("0105", 30005),
        ("0106", 30006),
        ("0107", 30007),
        ("0108", 30008),
        ("0110", 30610),
        ("0111", 21610),
    ],
)
def test_numbers_that_are_not_delivered(carrier, business, number, code):
    sid = send_with_receipts(carrier, business, "+1500555" + number)
    eventually(lambda: business.statuses(sid) == ["sent", "undelivered"])
    assert business.of(sid)[1]["ErrorCode"] == str(code)
    message = carrier.client().messages(sid).fetch()
    assert (message.status, message.error_code) == ("undelivered", code) and message.error_message
    assert carrier.screen("+1500555" + number) == []


@pytest.mark.parametrize(
    ("number", "statuses"),
    [
        ("+15005550140", ["sent", "sent", "delivered", "delivered"]),
        ("+15005550141", ["delivered", "sent"]),
        ("+15005550143", ["sent", "delivered"]),
    ],
)
def test_numbers_with_odd_receipts(carrier, business, number, statuses):
    sid = send_with_receipts(carrier, business, number)
    eventually(lambda: business.statuses(sid) == statuses)
    assert carrier.client().messages(sid).fetch().status == "delivered"


def test_a_number_without_receipts(carrier, business):
    sid = send_with_receipts(carrier, business, "+15005550142")
    settled(carrier, sid)
    assert business.of(sid) == []


def test_what_a_person_types_arrives_signed(carrier, business):
    status, answer = carrier.type("+14155550202", body="Hi & bye 👋", media_url=["https://example.com/cat.png"])
    assert (status, answer["webhook_status"], answer["direction"]) == (201, 204, "from_phone")
    sid = answer["sid"]
    assert signed(business, sid) and sid.startswith("SM") and len(sid) == 34
    (fields,) = business.of(sid)
    assert fields == {
        **{"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01"},
        **{"From": "+14155550202", "To": BUSINESS, "Body": "Hi & bye 👋", "NumSegments": "1", "SmsStatus": "received"},
        **{"NumMedia": "1", "MediaUrl0": "https://example.com/cat.png", "MediaContentType0": "image/png"},
    }
    (shown,) = carrier.screen("+14155550202")
    assert (shown["direction"], shown["body"], shown["sid"]) == ("from_phone", "Hi & bye 👋", sid)


def test_an_answer_goes_to_the_number_that_wrote_last(carrier, business):
    send(carrier, "+14155550203", from_="+14155558888")
    assert carrier.type("+14155550203", body="who?")[1]["to"] == "+14155558888"
    assert carrier.type("+14155550203", body="who?", to=BUSINESS)[1]["to"] == BUSINESS
    directions = [message["direction"] for message in carrier.screen("+14155550203")]
    assert directions == ["to_phone", "from_phone", "from_phone"]
    assert carrier.call("/phones")[1][0]["phone"] == "+14155550203"


def test_a_failed_webhook_is_tried_again_with_the_same_sid(carrier, business):
    business.answers[:] = [500, 503]
    answer = carrier.type("+14155550204", body="again")[1]
    assert answer["webhook_status"] == 500
    eventually(lambda: len(business.of(answer["sid"])) == 3)
    assert signed(business, answer["sid"])


@pytest.mark.parametrize(
    ("phone", "body"),
    [
        ("12", {"body": "x"}),
        ("+14155550205", {}),
        ("+14155550205", {"body": 5}),
        ("+14155550205", {"body": "x" * 1601}),
        ("+14155550205", {"body": "\ud800"}),
        ("+14155550205", {"body": "x", "media_url": "http://x"}),
        ("+14155550205", {"body": "x", "to": "x"}),
    ],
)
def test_what_cannot_be_typed(carrier, phone, body):
    status, answer = carrier.type(phone, **body)
    assert status == 400 and answer["message"]
    assert carrier.screen("+14155550205") == []


def test_stop_opts_out_until_start(carrier, business):
    phone = "+14155550206"
    sid = carrier.type(phone, body=" sToP ")[1]["sid"]
    assert "OptOutType" not in business.of(sid)[0]
    assert refusal(carrier, phone) == (400, 21610)
    carrier.type(phone, body="please start")
    assert refusal(carrier, phone) == (400, 21610)
    carrier.type(phone, body="unstop")
    assert send(carrier, phone).status == "queued"


def test_advanced_opt_out_tells_the_business_and_survives_a_kill(start_carrier, business):
    carrier = start_carrier(business.url + "/in", "--advanced-opt-out")
    kinds = {}
    for word in ("HELP", "hello", "START", "STOP"):
        kinds[word] = business.of(carrier.type("+14155550207", body=word)[1]["sid"])[0].get("OptOutType")
    assert kinds == {"HELP": "HELP", "hello": None, "START": "START", "STOP": "STOP"}
    carrier.kill()
    carrier.start()
    with pytest.raises(TwilioRestException, match="unsubscribed"):
        send(carrier, "+14155550207")
