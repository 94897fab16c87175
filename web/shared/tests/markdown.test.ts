import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { oneLine, parse, toPlain, typed, type Block, type Inline } from "../src/markdown";

interface Case {
  about: string;
  text: string;
  /** How often the text stands there; then it is one paragraph of words. */
  times?: number;
  plain?: string;
  literal?: number[][];
  tree?: Block[];
}

const TABLE = new URL("../../../tests/markdown_cases.json", import.meta.url);
const cases = JSON.parse(readFileSync(TABLE, "utf-8")) as Case[];

describe("the table that Python is held to as well", () => {
  it.each(cases)("$about: $text", (one) => {
    const text = one.text.repeat(one.times ?? 1);
    const paragraph: Block[] = [{ kind: "paragraph", before: 0, children: [{ kind: "text", text }] }];
    expect(parse(text, one.literal)).toEqual(one.tree ?? paragraph);
    expect(toPlain(text, one.literal)).toBe(one.plain ?? text.trim());
  });
});

describe("on one line", () => {
  it.each([
    ["# Sale\n\nUp to **40 %** off:\n- pots\n- [plants](https://a.example)", "Sale Up to 40 % off: pots plants"],
    ["a\n\n---\n\n1. b\n2. c", "a b c"],
    ["> `x`\ny", "x y"],
  ])("%j", (text, wanted) => expect(oneLine(text)).toBe(wanted));
});

describe("what people type", () => {
  const drawn = (nodes: Inline[]): string =>
    nodes.map((node) => (node.kind === "break" ? "|" : node.kind === "link" ? `<${node.url}>` : "text" in node ? node.text : "?")).join("");

  it.each([
    ["**a**\n[x](https://a.example/b) https://c.example.", "**a**|[x](<https://a.example/b>) <https://c.example>."],
    ["\n\nhttps://a.example/https://b.example", "||<https://a.example/https://b.example>"],
    ["- a http:// b", "- a http:// b"],
    ["", ""],
  ])("%j is shown as typed, with links", (text, wanted) => expect(drawn(typed(text))).toBe(wanted));
});

describe("time grows with the text only", () => {
  const PARTS = ["*", "_", "~~", "`", "[", "](", "**a", "*a ", "a* ", "[a](", "*(_(", '[a](b "', "<http://a", "a@b.", "> ", "- "];
  it.each([...PARTS, "https://a.example/", "http://a!!!", "\\", "![", "***a*", "[\\[", "`a``b```c", "1. a\n", "\n"])("%j", (part) => {
    const text = part.repeat(40_000).slice(0, 40_000);
    const started = performance.now();
    toPlain(text);
    typed(text);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
