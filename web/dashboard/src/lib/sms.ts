import { words } from "../words/send";

/** Encoding and segments of an SMS while it is typed; the API's own count, which knows links and variables, decides. */
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
    "abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€\f");
const LIMITS = { "GSM-7": [160, 153], "UCS-2": [70, 67] } as const;

export interface SmsSize {
  encoding: "GSM-7" | "UCS-2";
  characters: number;
  segments: number;
  /** The first character that makes it UCS-2. */
  unusual: string | null;
}

export function measure(text: string): SmsSize {
  const chars = Array.from(text);
  const unusual = chars.find((char) => !BASIC.has(char) && !EXTENDED.has(char)) ?? null;
  const encoding = unusual === null ? "GSM-7" : "UCS-2";
  const widths = chars.map((char) => (encoding === "GSM-7" ? (EXTENDED.has(char) ? 2 : 1) : char.length));
  const [alone, joined] = LIMITS[encoding];
  const units = widths.reduce((sum, width) => sum + width, 0);
  return { encoding, characters: chars.length, segments: units <= alone ? 1 : fill(widths, joined), unusual };
}

function fill(widths: readonly number[], limit: number): number {
  let segments = 1;
  let room: number = limit;
  for (const width of widths) {
    if (width > room) {
      segments += 1;
      room = limit;
    }
    room -= width;
  }
  return segments;
}

/** The counter below the message. */
export function counterText(size: { encoding: string; characters: number; segments: number }): string {
  const { characters, segments, encoding } = size;
  return words.smsCounter(characters, segments, encoding);
}

/** Names of the variables in a message: `{{ nickname | there }}` has `nickname`. */
export function variables(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(/{{\s*([^|{}]+?)\s*(?:\|[^{}]*)?}}/g), (match) => match[1]!))];
}
