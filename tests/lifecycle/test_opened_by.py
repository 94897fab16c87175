from __future__ import annotations

from typing import Dict

import pytest

from proactive_api.lifecycle.opened_by import opened_by_person

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0"


@pytest.mark.parametrize(
    "agent",
    [
        f"{SAFARI} Version/17.1 Mobile/15E148 Safari/604.1",
        f"{SAFARI} Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0.32.113;FBDV/iPhone15,2]",
        f"{SAFARI} GSA/290.0 Mobile/15E148 Safari/604.1",
        f"{SAFARI} Mobile/15E148 Instagram 309.0.0.28.112",
        f"{CHROME} Mobile Safari/537.36",
        f"{CHROME} Mobile Safari/537.36 EdgA/118.0",
        "Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 Chrome/99 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/119.0 YaBrowser/23.9 Safari/537.36",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1) Presto/2.12",
    ],
)
def test_people_have_browsers(agent: str) -> None:
    assert opened_by_person("GET", {"user-agent": agent, "sec-fetch-mode": "navigate", "accept": "text/html"})


@pytest.mark.parametrize(
    "agent",
    [
        "",
        " ",
        "Mozilla/5.0",
        "WhatsApp/2.23.20.0 A",
        "WhatsApp/2.2336.9 N",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1"
        " Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "Twitterbot/1.0",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Slack-ImgProxy (+https://api.slack.com/robots)",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
        "Mozilla/5.0 (Linux; Android 6.0.1) AppleWebKit/537.36 Chrome/119 Mobile (compatible; Googlebot/2.1)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/56 Google-PageRenderer Google (+https://dev)",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 Chrome/41 Safari/537.36 Google Favicon",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0; Pro)",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "Mozilla/5.0 (X11; Linux) BarracudaCentral/1.0",
        "Mozilla/5.0 (Windows NT 10.0) Proofpoint URL Defense",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0 Safari/537.36",
        "curl/8.4.0",
        "Wget/1.21",
        "python-requests/2.31.0",
        "python-httpx/0.25",
        "Python-urllib/3.11",
        "Go-http-client/2.0",
        "okhttp/4.11.0",
        "Java/17.0.2",
        "axios/1.6.0",
        "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
        "Viber/20.9 CFNetwork/1474 Darwin/23.0.0",
        "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605 (KHTML) (Applebot/0.1)",
        "Iframely/1.3.1 (+https://iframely.com/docs/about)",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    ],
)
def test_programs_do_not_count(agent: str) -> None:
    assert not opened_by_person("GET", {"user-agent": agent} if agent else {})


@pytest.mark.parametrize(
    "more",
    [{"purpose": "prefetch"}, {"sec-purpose": "prefetch;prerender"}, {"x-moz": "prefetch"}, {"x-purpose": "preview"},
     {"sec-fetch-mode": "no-cors"}, {"from": "googlebot(at)googlebot.com"}],
)  # fmt: skip
def test_a_page_that_is_loaded_ahead_was_not_opened(more: Dict[str, str]) -> None:
    assert not opened_by_person("GET", {"user-agent": f"{CHROME} Mobile Safari/537.36", **more})


def test_a_look_at_the_head_is_no_opening() -> None:
    assert not opened_by_person("HEAD", {"user-agent": f"{CHROME} Mobile Safari/537.36"})
