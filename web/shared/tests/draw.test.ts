import { describe, expect, it } from "vitest";
import { drawMessage, drawTyped, type Pen } from "../src/markdown";

/** Writes elements as text, without keys. */
const pen: Pen<string> = {
  element(tag, { key: _key, ...attributes }, children) {
    const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
    return `<${tag}${given.map(([name, value]) => ` ${name}=${value}`).join("")}>${children.join("")}</${tag}>`;
  },
  newTabNote: () => "(new tab)",
};
const drawn = (text: string): string => drawMessage(text, pen).join("");

describe("a message", () => {
  it.each([
    ["# Sale\n**a** *b* ~~c~~ `d`\ne", "<p className=heading>Sale</p><p><strong>a</strong> <em>b</em> <del>c</del> <code dir=ltr>d</code><br></br>e</p>"],
    ["- a\n  - b", "<ul><li>a</li><li data-depth=1>b</li></ul>"],
    ["3) a\n4) b", "<ol start=3 data-delimiter=) data-digits=1><li>a</li><li>b</li></ol>"],
    ["> a\n\n---", "<blockquote>a</blockquote><hr></hr>"],
    ["```\n<b>\n```", "<pre dir=ltr><code><b></code></pre>"],
    ["[a](tel:+1)", "<p><a href=tel:+1>a</a></p>"],
    ["[a](https://a.example)", "<p><a href=https://a.example/ target=_blank rel=noopener noreferrer>a(new tab)</a></p>"],
  ])("%j", (text, wanted) => expect(drawn(text)).toBe(wanted));

  it("links nowhere where the browser would not go", () => {
    expect(drawn("[a](https://[)")).toBe("<p><span>a</span></p>");
  });
});

it("what is literal has no marks, and is counted as browsers count", () => {
  expect(drawMessage("\u{1f600} **a** *b*", pen, [[9, 12]]).join("")).toBe("<p>\u{1f600} <strong>a</strong> *b*</p>");
});

it("what people type has no marks", () => {
  expect(drawTyped("**a**\nhttps://a.example", pen)).toBe(
    "<p>**a**<br></br><a href=https://a.example/ target=_blank rel=noopener noreferrer>https://a.example(new tab)</a></p>",
  );
});
