import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LANGUAGES, Speaker, type Entry, type Key, type Words } from "../src/words";

const SOURCES = join(import.meta.dirname, "..", "src");
const english = LANGUAGES.en as Words;

const holes = (form: string): string[] => [...form.matchAll(/\{(\w+)\}/g)].map((found) => found[1] as string).sort();
const forms = (entry: Entry): string[] => (typeof entry === "string" ? [entry] : Object.values(entry));

describe.each(Object.entries(LANGUAGES))("%s", (language, words) => {
  it("has every word, and no other", () => expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort()));

  it("has no empty word", () => expect(Object.values(words).flatMap(forms).filter((form) => !form.trim())).toEqual([]));

  it("has the plural forms of its language, and no other", () => {
    const wanted = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort();
    for (const [key, entry] of Object.entries(words)) {
      if (typeof entry !== "string") {
        expect(Object.keys(entry).sort(), key).toEqual(wanted);
      }
      expect(typeof entry, key).toBe(typeof english[key as Key]);
    }
  });

  it("fills the same holes", () => {
    for (const [key, entry] of Object.entries(words)) {
      const wanted = new Set(forms(english[key as Key]).flatMap(holes));
      for (const form of forms(entry)) {
        // One and two need no number where the language has words for them.
        expect(holes(form).filter((hole) => !wanted.has(hole)), key).toEqual([]);
        expect(typeof entry === "string" ? new Set(holes(form)) : wanted, key).toEqual(wanted);
      }
    }
  });
});

it("every word is said somewhere", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  const source = files.map((name) => readFileSync(join(SOURCES, name), "utf8")).join("\n");
  const built = /^csat_\d$/;
  const silent = Object.keys(english).filter((key) => !built.test(key) && !source.includes(`"${key}"`));
  // Yes and no are said by the names of their answers.
  expect(silent).toEqual([]);
});

describe("a speaker", () => {
  it("counts as the language does", () => {
    const count = (language: string, number: number) => new Speaker(language).say("unread", { count: number });
    expect([1, 2].map((number) => count("en", number))).toEqual(["1 unread message", "2 unread messages"]);
    expect([2, 3, 11].map((number) => count("ar", number))).toEqual(["رسالتان غير مقروءتين", "3 رسائل غير مقروءة", "11 رسالة غير مقروءة"]);
  });

  it("takes a region for its language, and English where there is none", () => {
    expect(new Speaker("de-AT").say("close")).toBe("Schließen");
    expect(new Speaker("tlh").say("close")).toBe("Close");
    expect(new Speaker("not a tag").locale).toBe("en");
  });

  it("writes from the right where the language does", () => {
    expect(["ar-EG", "de", "he"].map((tag) => new Speaker(tag, { close: "x" }).direction)).toEqual(["rtl", "ltr", "rtl"]);
  });

  it("uses the page's own words, also for a language of its own", () => {
    const speaker = new Speaker("fr", { close: "Fermer" });
    expect([speaker.locale, speaker.say("close"), speaker.say("send")]).toEqual(["fr", "Fermer", "Send"]);
  });

  it("names days by how far they are", () => {
    const speaker = new Speaker("en");
    const now = new Date(2026, 10, 24, 9);
    const day = (...parts: [number, number, number]) => speaker.day(new Date(...parts, 23).toISOString(), now);
    expect(day(2026, 10, 24)).toBe("Today");
    expect(day(2026, 10, 23)).toBe("Yesterday");
    expect(day(2026, 10, 20)).toContain("Friday");
    expect(day(2025, 10, 20)).toContain("2025");
    expect(speaker.time("rubbish")).toBe("");
  });
});
