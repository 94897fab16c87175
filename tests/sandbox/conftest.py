"""A real carrier process, the official client, and a web server that takes what the carrier posts."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

ACCOUNT, TOKEN, BUSINESS = "AC" + "0" * 32, "a token of the tests", "+15005550006"


def eventually(check, seconds=15.0):
    """Wait until ``check`` gives something true, and return that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = check()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"did not become true within {seconds} s")


class Redirected(TwilioHttpClient):
    def __init__(self, base, timeout=20):
        super().__init__(timeout=timeout)
        self.base = base

    def request(self, method, url, *args, **kwargs):
        return super().request(method, url.replace("https://api.twilio.com", self.base), *args, **kwargs)


class Carrier:
    """One carrier process; ``kill`` and ``start`` may be repeated on the same file."""

    def __init__(self, database, webhook_url, *flags):
        self.arguments = ["--db", str(database), "--webhook-url", webhook_url, "--port", "0", *flags]
        self.start()

    def start(self):
        environ = {
            **os.environ,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM_NUMBER": BUSINESS,
        }
        command = [sys.executable, "-m", "proactive_api.sandbox", *self.arguments]
        self.process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().split()[-1]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def client(self, token=TOKEN, timeout=20):
        return Client(ACCOUNT, token, http_client=Redirected(self.base, timeout))

    def call(self, path, body=None):
        """Ask the control side; answers (status, JSON)."""
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(self.base + path, data), timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def type(self, phone, **body):
        return self.call(f"/phones/{quote(phone)}/messages", body)

    def screen(self, phone):
        return self.call(f"/phones/{quote(phone)}/messages")[1]


class Business:
    """Takes webhooks; ``answers`` are the HTTP statuses of the next ones, then 204."""

    def __init__(self):
        self.posts = []
        self.answers = []
        business = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                business.posts.append((self.path, self.headers, dict(parse_qsl(body, keep_blank_values=True))))
                self.send_response(business.answers.pop(0) if business.answers else 204)
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, sid):
        return [fields for _, _, fields in self.posts if fields["MessageSid"] == sid]

    def statuses(self, sid):
        return [fields["MessageStatus"] for fields in self.of(sid)]


@pytest.fixture(scope="session")
def business():
    business = Business()
    yield business
    business.server.shutdown()
    business.server.server_close()


@pytest.fixture(scope="session")
def carrier(tmp_path_factory, business):
    carrier = Carrier(tmp_path_factory.mktemp("carrier") / "sandbox.db", business.url + "/in?secret=a%20b")
    yield carrier
    carrier.kill()


@pytest.fixture()
def start_carrier(tmp_path):
    """Start carriers of one's own, all on one file."""
    started = []

    def start(webhook_url, *flags):
        started.append(Carrier(tmp_path / "own.db", webhook_url, *flags))
        return started[-1]

    yield start
    for carrier in started:
        carrier.kill()
