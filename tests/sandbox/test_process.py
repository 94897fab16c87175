"""The carrier as a process: counts, kills and restarts."""

import re
import socket
import subprocess
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from proactive_api.sandbox.magic import FROM_NUMBERS, TO_NUMBERS
from tests.sandbox.conftest import BUSINESS, eventually
from tests.sandbox.test_rest import send


def test_stats_count_and_find_duplicates(start_carrier):
    carrier = start_carrier("http://127.0.0.1:9/")
    for body in ("same", "same", "other", "same"):
        send(carrier, "+14155550300", body)
    send(carrier, "+14155550301", "same")
    stats = eventually(lambda: (s := carrier.call("/stats")[1])["by_status"] == {"delivered": 5} and s)
    assert stats["created"] == 5
    assert stats["duplicates"] == [{"to": "+14155550300", "body": "same", "count": 3}]
    assert stats["duplicates_total"] == 2
    assert carrier.call("/healthz")[0] == 200


def test_a_kill_in_the_middle_loses_nothing_accepted(start_carrier):
    carrier = start_carrier("http://127.0.0.1:9/")
    accepted = []

    def keep_sending(number):
        messages = carrier.client().messages
        try:
            while True:
                accepted.append(messages.create(to=f"+1415555031{number}", from_=BUSINESS, body="x").sid)
        except Exception:
            return

    senders = [threading.Thread(target=keep_sending, args=(number,)) for number in range(4)]
    for sender in senders:
        sender.start()
    eventually(lambda: len(accepted) > 40)
    carrier.kill()
    for sender in senders:
        sender.join()
    carrier.start()
    stored = {message.sid for message in carrier.client().messages.list(page_size=1000)}
    assert set(accepted) <= stored
    eventually(lambda: set(carrier.call("/stats")[1]["by_status"]) == {"delivered"})


def test_a_restart_goes_on_with_receipts_and_inbound_messages(start_carrier, business):
    with socket.socket() as taken:
        # Bound but not listening: connections are refused until the business comes back.
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        carrier = start_carrier(url + "/in")
        outbound = send(carrier, "+14155550302", status_callback=url + "/status").sid
        answer = carrier.type("+14155550302", body="anybody?")[1]
        assert answer["webhook_status"] is None
        carrier.kill()
    back = ThreadingHTTPServer(("127.0.0.1", port), business.server.RequestHandlerClass)
    threading.Thread(target=back.serve_forever, daemon=True).start()
    try:
        carrier.start()
        eventually(lambda: business.statuses(outbound) == ["sent", "delivered"])
        eventually(lambda: len(business.of(answer["sid"])) == 1)
    finally:
        back.shutdown()
        back.server_close()


def test_sigterm_stops_it_at_once(start_carrier):
    carrier = start_carrier("http://127.0.0.1:9/")
    send(carrier, "+15005550143")
    carrier.process.terminate()
    assert carrier.process.wait(timeout=5) == 0


def test_it_refuses_to_start_without_an_account():
    command = [sys.executable, "-m", "proactive_api.sandbox", "--port", "0"]
    done = subprocess.run(command, env={"PATH": ""}, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and "TWILIO_ACCOUNT_SID" in done.stderr


def test_it_knows_nothing_of_the_rest_of_the_product():
    script = (
        "import sys, proactive_api.sandbox.server as _, proactive_api.sandbox.options as _\n"
        "print([name for name in sys.modules if name.startswith('proactive_api.')"
        " and not name.startswith('proactive_api.sandbox')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20)
    assert done.stdout.strip() == "[]"


def test_the_documented_numbers_and_settings_are_the_real_ones():
    page = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| (\+1500555\d{4}) \|", page, re.MULTILINE))
    assert listed == set(TO_NUMBERS) | set(FROM_NUMBERS) | {BUSINESS}
    command = [sys.executable, "-m", "proactive_api.sandbox", "--help"]
    flags = set(re.findall(r"--[a-z-]+", subprocess.run(command, capture_output=True, text=True, timeout=20).stdout))
    assert flags - {"--help"} == set(re.findall(r"^\| `(--[a-z-]+)` \|", page, re.MULTILINE))
