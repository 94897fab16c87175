import { describe, expect, it, vi } from "vitest";
import { delay } from "../src/backoff";
import { brandVariables, contrast, css, parseColour, readableOn, textOn, type Rgb } from "../src/colour";
import { Emitter } from "../src/emitter";
import { Identity } from "../src/identity";
import { randomId, subject } from "../src/ids";
import { completed, fromScript } from "../src/options";
import type { Memory } from "../src/storage";

describe("colours", () => {
  it("are read in both lengths, and nothing else is", () => {
    expect(parseColour("#0a7")).toEqual([0, 170, 119]);
    expect(parseColour(" #00AA77 ")).toEqual([0, 170, 119]);
    expect(["red", "#12", "#12345g", "url(x)", ""].map(parseColour)).toEqual(Array(5).fill(null));
  });

  it("have the contrast that WCAG gives", () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
  });

  const all: Rgb[] = [];
  for (let r = 0; r < 256; r += 51) for (let g = 0; g < 256; g += 51) for (let b = 0; b < 256; b += 51) all.push([r, g, b]);

  it("can all be read: the text on them, and they as text", () => {
    for (const colour of all) {
      expect(contrast(textOn(colour), colour), css(colour)).toBeGreaterThanOrEqual(4.1);
      for (const ground of [[255, 255, 255], [23, 24, 29]] as Rgb[]) {
        expect(contrast(readableOn(colour, ground), ground), css(colour)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("that cannot be read by us fall back, and carry nothing into the styles", () => {
    expect(brandVariables("red}*{display:none")).toBe(brandVariables(undefined));
    expect(brandVariables("#fff")).toContain("--on-brand:#111111");
  });

  it("stay as they are where they can be read", () => expect(readableOn([0, 80, 40], [255, 255, 255])).toEqual([0, 80, 40]));
});

describe("ids", () => {
  it("are long enough to be secrets, and different", () => {
    const made = new Set(Array.from({ length: 1000 }, randomId));
    expect(made.size).toBe(1000);
    expect([...made].every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });

  it("of tokens are read without trust", () => {
    const token = (body: object) => `x.${btoa(JSON.stringify(body)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}.y`;
    expect(subject(token({ sub: "alice" }))).toBe("alice");
    expect([token({}), "", "a.b.c", "a"].map(subject)).toEqual(["", "", "", ""]);
  });
});

describe("waiting", () => {
  it("doubles up to half a minute, spread over its second half", () => {
    expect([0, 1, 2, 3].map((attempt) => delay(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
    expect(delay(50, 1)).toBe(30_000);
    expect(delay(50, 0)).toBe(15_000);
  });
});

describe("options", () => {
  const page = { lang: "", browser: "de-AT" };

  it("come from the script tag", () => {
    expect(fromScript({})).toBe(null);
    expect(fromScript({ server: "http://a", token: "", color: "#0a7", theme: "dark", title: "T" })).toMatchObject({ server: "http://a", token: null, color: "#0a7", theme: "dark" });
  });

  it("have defaults: the page's language, then the browser's; the system's theme", () => {
    expect(completed({ server: "https://a.example//" }, page)).toMatchObject({ server: "https://a.example", locale: "de-AT", theme: "auto" });
    expect(completed({ server: "https://a.example" }, { lang: "ar", browser: "de" }).locale).toBe("ar");
    expect(completed({ server: "https://a.example", theme: "pink" as never }, page).theme).toBe("auto");
  });

  it("need a server", () => expect(() => completed({ server: "" }, page)).toThrow(/server/));
});

describe("events", () => {
  it("reach who listens, until they stop, whatever the others do", () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const emitter = new Emitter();
    const heard: number[] = [];
    const listener = (unread: number) => heard.push(unread);
    emitter.on("unread", () => {
      throw new Error("the page's own mistake");
    });
    emitter.on("unread", listener);
    emitter.emit("unread", 2);
    emitter.off("unread", listener);
    emitter.emit("unread", 3);
    expect(heard).toEqual([2]);
    expect(log).toHaveBeenCalledTimes(2);
    log.mockRestore();
  });
});

describe("who we are", () => {
  const memory = () => ({ sessionId: "secret" }) as Memory;
  const token = (sub: string, n = 1) => `x.${btoa(JSON.stringify({ sub, n }))}.y`;

  it("is told by a token, else by the browser's secret", () => {
    const named = new Identity({ server: "s", token: token("ann") }, memory());
    expect([named.auth, named.sessionId, named.owner]).toEqual([{ token: token("ann") }, null, "ann"]);
    const nobody = new Identity({ server: "s" }, memory());
    expect([nobody.auth, nobody.sessionId, nobody.owner]).toEqual([{}, "secret", "secret"]);
  });

  it("leaves no secret behind with a token", () => {
    const kept = memory();
    new Identity({ server: "s", token: token("ann") }, kept).sessionId = "other";
    expect(kept.sessionId).toBe("secret");
  });

  it("stays the same with another token of the same person", () => {
    const identity = new Identity({ server: "s", token: token("ann") }, memory());
    expect([identity.become(token("ann", 2)), identity.become(token("ben")), identity.become(null)]).toEqual([true, false, false]);
  });

  it("is not undone by a slow answer of the page", async () => {
    let give: (token: string) => void = () => undefined;
    const getToken = () => new Promise<string>((resolve) => (give = resolve));
    const identity = new Identity({ server: "s", getToken }, memory());
    const renewing = identity.renew();
    identity.become(token("ben"));
    give(token("ann"));
    await renewing;
    expect(identity.owner).toBe("ben");
  });

  it("survives a page that fails", async () => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const identity = new Identity({ server: "s", token: token("ann"), getToken: () => Promise.reject(new Error("down")) }, memory());
    expect(await identity.renew()).toBe(false);
    expect(identity.owner).toBe("ann");
    log.mockRestore();
  });
});
