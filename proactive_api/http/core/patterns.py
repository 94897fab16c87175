"""How texts in requests are written, as regular expressions that JSON Schema shares, and how to say so."""

from __future__ import annotations

from typing import Mapping

#: One line: no breaks or tabs, and not only blanks.
ONE_LINE = r"^[^\n\t]*[^\s][^\n\t]*$"
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
