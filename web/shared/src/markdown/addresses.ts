/** Addresses within a text: links in brackets, bare links, and email addresses, whose underlines are no marks. */

import { BLANKS, ESCAPABLE, MASKED, trim, unmaskedSign, wordy } from "./characters";

export interface Found {
  url: string;
  /** What is shown, as written. */
  label: string;
  /** Whether the label may hold marks. */
  rich: boolean;
  /** Index after it. */
  end: number;
}

const NOT_IN_URL = `${BLANKS}<>"“”‘’«»…\\u3001-\\u303f\\uff01-\\uff0f\\uff1a-\\uff20`;
const PART = `[^${BLANKS}()<>]`;
const TITLE = `(?:[ \\t]+(?:"[^"\\n]*"|'[^'\\n]*'))?`;
const LINK = new RegExp(
  `!?\\[((?:\\\\[^\\n]|[^\\[\\]\\\\\\n]){0,500})\\]\\([ \\t]*<?(${PART}+(?:\\(${PART}*\\)${PART}*)*)>?${TITLE}[ \\t]*\\)`,
  "y",
);
const ANGLE = new RegExp(`<((?:https?://|mailto:)[^${BLANKS}<>]+)>`, "iy");
const BARE = new RegExp(`https?://(?=[0-9A-Za-z\\u00a1-\\uffff])[^${NOT_IN_URL}]+`, "iy");
const LOCAL = /[0-9A-Za-z\u00c0-\u024f._%+-]+/y;
const DOMAIN = /@[0-9A-Za-z\u00c0-\u024f-]+(?:\.[0-9A-Za-z\u00c0-\u024f-]+)+/y;
const LONGEST_LOCAL = 64;

const WEB = new RegExp(`^https?://(?=[0-9A-Za-z\\u00a1-\\uffff\\[])[^${BLANKS}<>"]+$`, "i");
const MAIL = new RegExp(`^mailto:[^${BLANKS}<>"@]+@[^${BLANKS}<>"@]+$`, "i");
const PHONE = /^tel:[+0-9*#().-]+$/i;
const WITHOUT_SCHEME = new RegExp(`^www\\.[^${BLANKS}<>"]+$`, "i");
const ESCAPED = new RegExp(`\\\\([${ESCAPABLE}])`, "g");

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Of what `literal.ts` masks: signs that would end an address are written with percent signs. */
const asAddress = (text: string): string =>
  text.replace(MASKED, (masked) => {
    const sign = unmaskedSign(masked);
    return /[<>"\s]/.test(sign) ? encodeURIComponent(sign) : sign;
  });

/** The address that a link may lead to; null if it is not absolute, or of a scheme that may do harm. */
export function target(written: string): string | null {
  const raw = asAddress(written);
  if (WITHOUT_SCHEME.test(raw)) {
    return `https://${raw}`;
  }
  return WEB.test(raw) || MAIL.test(raw) || PHONE.test(raw) ? raw : null;
}

/** `[label](address)` that begins at `at`; of a picture too, after a blank. */
export function bracketed(text: string, at: number): Found | null {
  const found = match(LINK, text, at);
  const url = target((found?.[2] ?? "").replace(ESCAPED, "$1"));
  if (!found || !url) {
    return null;
  }
  const label = trim(found[1] ?? "");
  return { url, label: label || url, rich: label !== "" && label !== url, end: at + found[0].length };
}

/** `<address>` that begins at `at`. */
export function angled(text: string, at: number): Found | null {
  const found = match(ANGLE, text, at);
  const url = target(found?.[1] ?? "");
  return found && url ? { url, label: url.replace(/^mailto:/i, ""), rich: false, end: at + found[0].length } : null;
}

/** A web address that begins at `at`; a full stop or an unmatched bracket after it is not part of it. */
export function bare(text: string, at: number): Found | null {
  const found = wordy(text[at - 1] ?? "") ? null : match(BARE, text, at);
  const shown = withoutTail(found?.[0] ?? "");
  const url = target(shown);
  return url ? { url, label: url, rich: false, end: at + shown.length } : null;
}

/**
 * An email address whose local part begins at `at`.
 *
 * @returns it, or no text and the index from which on there may be one
 */
export function email(text: string, at: number): { text: string; end: number } {
  const local = match(LOCAL, text, at)?.[0] ?? "";
  const end = at + local.length;
  const domain = local && local.length <= LONGEST_LOCAL ? (match(DOMAIN, text, end)?.[0] ?? "") : "";
  if (!domain) {
    return { text: "", end };
  }
  // `_ada@example.com_` is an address with marks around it.
  const marked = local.startsWith("_") && text[end + domain.length] === "_";
  return marked ? { text: "", end: at + 1 } : { text: local + domain, end: end + domain.length };
}

function withoutTail(address: string): string {
  const count = (sign: string): number => address.split(sign).length;
  const unmatched = new Map([[")", count(")") - count("(")], ["]", count("]") - count("[")]]);
  let end = address.length;
  for (; end > 0; end--) {
    const last = address.charAt(end - 1);
    const left = unmatched.get(last) ?? 0;
    if (left > 0) {
      unmatched.set(last, left - 1);
    } else if (!".,;:!?'*_~`".includes(last)) {
      break;
    }
  }
  return address.slice(0, end);
}
