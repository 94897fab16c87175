/** Every word that the widget says, by language. The words are data: src/words holds them. */

import ar from "./words/ar.json";
import de from "./words/de.json";
import en from "./words/en.json";

export type Key = keyof typeof en;
/** One form, or one for each plural category of the language. */
export type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Words = Record<Key, Entry>;

export const LANGUAGES: Record<string, Words> = { ar, de, en };

const RIGHT_TO_LEFT = new Set(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"]);

export class Speaker {
  readonly locale: string;
  readonly direction: "ltr" | "rtl";
  private words: Words;
  private plurals: Intl.PluralRules;

  /**
   * @param wanted a language tag such as `de-AT`; the first known one of `wanted`, its language, English is spoken
   * @param own words of the host page, instead of or beyond the built-in ones
   */
  constructor(wanted: string, own: Partial<Words> = {}) {
    const language = wanted.toLowerCase().split("-")[0] ?? "en";
    const known = LANGUAGES[language];
    this.locale = known || Object.keys(own).length ? valid(wanted) : "en";
    this.direction = RIGHT_TO_LEFT.has(this.locale.split("-")[0] as string) ? "rtl" : "ltr";
    this.words = { ...LANGUAGES.en, ...known, ...own } as Words;
    this.plurals = new Intl.PluralRules(this.locale);
  }

  /** The words for `key`, with `{name}` and the like filled in. */
  say = (key: Key, values: Record<string, string | number> = {}): string => {
    const entry = this.words[key];
    const form = typeof entry === "string" ? entry : this.plural(entry, Number(values.count));
    return form.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };

  time(at: string): string {
    return this.format(at, { hour: "numeric", minute: "2-digit" });
  }

  /** "Today", "Yesterday", or the date. */
  day(at: string, now: Date = new Date()): string {
    const date = new Date(at);
    const midnight = (one: Date) => new Date(one.getFullYear(), one.getMonth(), one.getDate()).getTime();
    const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
    if (days === 0 || days === 1) {
      return this.say(days ? "yesterday" : "today");
    }
    const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
    return this.format(at, { weekday: days < 7 ? "long" : undefined, day: "numeric", month: "long", year });
  }

  private format(at: string, options: Intl.DateTimeFormatOptions): string {
    const date = new Date(at);
    return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(this.locale, options).format(date);
  }

  private plural(entry: Exclude<Entry, string>, count: number): string {
    return entry[this.plurals.select(count)] ?? entry.other ?? "";
  }
}

function valid(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    return "en";
  }
}
