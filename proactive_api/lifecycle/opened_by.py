"""Whether it is a person who opens a link: previews of messengers and scanners of mail open it, too.

Nothing proves that somebody is there. What programs say of themselves is believed, and so is what browsers say of
loading ahead.
"""

from __future__ import annotations

import re
from typing import Mapping

#: How browsers begin, also those of old phones; libraries begin with their own names.
_BROWSER = re.compile(
    r"(?:mozilla/\d|opera/\d|ucweb|nokia|samsung|blackberry|sonyericsson|mot-|lge?-|alcatel|zte|huawei)", re.IGNORECASE
)
#: What programs write among the words of a browser. Cubot makes phones.
_PROGRAM = re.compile(
    r"""(?<!cu)bot\b | (?<!cu)bot[/_-] | crawl | spider | slurp | facebookexternalhit | facebookcatalog | facebot
    | whatsapp/ | skypeuripreview | preview | snippet | google-(?!app) | google[ ]favicon | googleother
    | googleimageproxy | mediapartners | feedfetcher | apis-google | yandex(?!search|browser|/) | ms-office
    | microsoft[ ]office | msoffice | outlook | safelinks | safebrowsing
    | barracuda | proofpoint | mimecast | symantec | messagelabs
    | trend[ ]?micro | zscaler | fireeye | forcepoint | sophos | kaspersky | avast | mcafee | virustotal | urlscan
    | link-?scan | link-?check | unfurl | embed(?:ly|er) | iframely | opengraph | headless | phantomjs | puppeteer
    | playwright | selenium | lighthouse | pingdom | uptime | monitor | scanner\b(?!.*\bversion/) | validator | archiver
    | python | curl/ | wget | java/ | okhttp | http-?client | libwww | go-http | axios | node-fetch | undici | guzzle
    | postman | insomnia | cfnetwork | dalvik | \+https?:// | compatible;[ ](?!msie)""",
    re.IGNORECASE | re.VERBOSE,
)
#: A system in brackets follows the name of a browser; scanners are short of words.
_SYSTEM = re.compile(r"\(.+\)|^(?!mozilla)", re.IGNORECASE)
#: Headers with which browsers and apps say that nobody has asked for the page yet.
_AHEAD = ("purpose", "sec-purpose", "x-purpose", "x-moz")


def opened_by_person(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request for a tracked link is somebody's who wants to see the page.

    Args:
        method: of HTTP; a page is asked for with GET.
        headers: of the request, by their names in lower case.
    """
    if method != "GET" or any(headers.get(name, "").strip() for name in _AHEAD) or headers.get("from"):
        return False
    if headers.get("sec-fetch-mode", "navigate") != "navigate":
        return False
    agent = headers.get("user-agent", "").strip()
    return bool(_BROWSER.match(agent) and _SYSTEM.search(agent)) and not _PROGRAM.search(agent)
