"""How texts in requests are written, as regular expressions that JSON Schema shares, and how to say so."""

from __future__ import annotations

from typing import Mapping

#: What a text may hold: no control characters beyond breaks and tabs.
TEXT = r"^([^\x00-\x08\x0b-\x1f\x7f]|\r\n)*$"
#: One line: no breaks, tabs or other control characters, and not only blanks.
ONE_LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
#: A time from 1970 on (RFC 3339).
SINCE_1970 = r"^(19[7-9][0-9]|[2-9][0-9]{3})-"
WEB_ADDRESS = r"^(https?://[^\s/?#]+[^\s]*|mailto:[^\s@]+@[^\s]+|tel:[+0-9][0-9()./*#-]*)$"
PAYLOAD = r"^/[^\s{}/]+(\{[\s\S]*\})?$"
INTENT = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
EMAIL = r"^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$"
LOCALE = r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$"

SENTENCES: Mapping[str, str] = {
    ONE_LINE: "This must be one line of text.",
    WEB_ADDRESS: "This must be a web address such as https://example.com/sale, or start with mailto: or tel:.",
    PAYLOAD: 'This must be an intent such as /choose_plan or /choose_plan{"plan":"yearly"}.',
    INTENT: "This must be the name of an intent, such as EXTERNAL_appointment_reminder, without a slash.",
    EMAIL: "This must be an email address such as ann@example.com.",
    LOCALE: "This must be a locale such as en or de-AT.",
}
