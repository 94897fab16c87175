"""Addresses within a text: links in brackets, bare links, and email addresses, whose underlines are no marks.

Classes of characters are spelt out where Python's and JavaScript's differ.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from proactive_api.lifecycle.markdown.literal import as_address

#: Blanks, to be put into a class of a regular expression, and to strip.
BLANKS = (
    "\t\n \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
#: What a backslash takes its meaning from, to be put into a class.
ESCAPABLE = r"\\`*_{}\[\]()#+\-.!>~|"

_NOT_IN_URL = f'{BLANKS}<>"“”‘’«»…\u3001-\u303f\uff01-\uff0f\uff1a-\uff20'
_HOST = "0-9A-Za-z\u00a1-\U0010ffff"
_PART = f"[^{BLANKS}()<>]"
_LINK = re.compile(
    rf"!?\[((?:\\[^\n]|[^\[\]\\\n]){{0,500}})\]"
    rf"\([ \t]*<?({_PART}+(?:\({_PART}*\){_PART}*)*)>?(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\)"
)
_ANGLE = re.compile(f"<((?:https?://|mailto:)[^{BLANKS}<>]+)>", re.IGNORECASE)
_BARE = re.compile(f"https?://(?=[{_HOST}])[^{_NOT_IN_URL}]+", re.IGNORECASE)
_LETTERS = "0-9A-Za-z\u00c0-\u024f"
_LOCAL = re.compile(f"[{_LETTERS}._%+-]+")
_DOMAIN = re.compile(rf"@[{_LETTERS}-]+(?:\.[{_LETTERS}-]+)+")
_LONGEST_LOCAL = 64

_WEB = re.compile(rf'https?://(?=[{_HOST}\[])[^{BLANKS}<>"]+', re.IGNORECASE)
_MAIL = re.compile(f'mailto:[^{BLANKS}<>"@]+@[^{BLANKS}<>"@]+', re.IGNORECASE)
_PHONE = re.compile(r"tel:[+0-9*#().-]+", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(rf'www\.[^{BLANKS}<>"]+', re.IGNORECASE)
_ESCAPED = re.compile(rf"\\([{ESCAPABLE}])")


class Found(NamedTuple):
    """A link in a text.

    Args:
        url: where it leads.
        label: what is shown, as written.
        rich: whether the label may hold marks.
        end: index after it.
    """

    url: str
    label: str
    rich: bool
    end: int


def blank(char: str) -> bool:
    """Whether it is one blank; the end of the text is none."""
    return char != "" and char in BLANKS


def wordy(char: str) -> bool:
    """Whether it is part of a word in a script that sets blanks between words."""
    return "" < char < "\u0e00" and unicodedata.category(char)[0] in "LN"


def target(raw: str) -> str | None:
    """The address that a link may lead to; None if it is not absolute, or of a scheme that may do harm."""
    raw = as_address(raw)
    if _WITHOUT_SCHEME.fullmatch(raw):
        return f"https://{raw}"
    return raw if any(pattern.fullmatch(raw) for pattern in (_WEB, _MAIL, _PHONE)) else None


def bracketed(text: str, at: int) -> Found | None:
    """``[label](address)`` that begins at ``at``, with or without the mark of a picture."""
    found = _LINK.match(text, at)
    url = target(_ESCAPED.sub(r"\1", found.group(2))) if found else None
    if found is None or url is None:
        return None
    label = found.group(1).strip(BLANKS)
    return Found(url, label or url, label not in ("", url), found.end())


def angled(text: str, at: int) -> Found | None:
    """``<address>`` that begins at ``at``."""
    found = _ANGLE.match(text, at)
    url = target(found.group(1)) if found else None
    if found is None or url is None:
        return None
    return Found(url, url[len("mailto:") :] if url.lower().startswith("mailto:") else url, False, found.end())


def bare(text: str, at: int) -> Found | None:
    """A web address that begins at ``at``; a full stop or an unmatched bracket after it is not part of it."""
    found = None if at and wordy(text[at - 1]) else _BARE.match(text, at)
    shown = _without_tail(found.group()) if found else ""
    url = target(shown)
    return None if url is None else Found(url, url, False, at + len(shown))


def email(text: str, at: int) -> tuple[str, int]:
    """An email address whose local part begins at ``at``, and the index after it.

    Returns:
        No text and the index from which on there may be one, if there is none.
    """
    local = _LOCAL.match(text, at)
    if local is None:
        return "", at
    domain = _DOMAIN.match(text, local.end()) if local.end() - at <= _LONGEST_LOCAL else None
    if domain is None:
        return "", local.end()
    # `_ada@example.com_` is an address with marks around it.
    if text[at] == "_" and text[domain.end() : domain.end() + 1] == "_":
        return "", at + 1
    return text[at : domain.end()], domain.end()


def _without_tail(address: str) -> str:
    end = len(address)
    unmatched = {closing: address.count(closing) - address.count(opening) for opening, closing in ("()", "[]")}
    while end:
        last = address[end - 1]
        if unmatched.get(last, 0) > 0:
            unmatched[last] -= 1
        elif last not in ".,;:!?'*_~`":
            break
        end -= 1
    return address[:end]
