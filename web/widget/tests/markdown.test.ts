import { describe, expect, it } from "vitest";
import { inline, typed, type Inline } from "../src/inline";
import { safeMedia, safeUrl } from "../src/links";
import { parse, plain, type Block } from "../src/markdown";

/** The tree written as short text: what is marked, and how. */
function drawn(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case "text":
          return node.text;
        case "break":
          return "|";
        case "code":
          return `<code ${node.text}>`;
        case "link":
          return `<a ${node.url} ${drawn(node.children)}>`;
        default:
          return `<${node.kind} ${drawn(node.children)}>`;
      }
    })
    .join("");
}

const blocks = (text: string): string[] =>
  parse(text).map((block: Block) => {
    if (block.kind === "list") {
      return `${block.ordered ? `ol${block.start}` : "ul"}: ${block.items.map(drawn).join(" / ")}`;
    }
    return `${block.kind}: ${block.kind === "code" ? block.text : drawn(block.children)}`;
  });

describe("marks", () => {
  it.each([
    ["a **b** c", "a <strong b> c"],
    ["__b__ and ~~c~~", "<strong b> and <del c>"],
    ["*a* and _b_", "<em a> and <em b>"],
    ["***both***", "<strong <em both>>"],
    ["**a *b* c**", "<strong a <em b> c>"],
    ["`**not**`", "<code **not**>"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["snake_case_words", "snake_case_words"],
    ["a\nb", "a|b"],
    ["\\*plain\\*", "*plain*"],
    ["**open", "**open"],
    ["****", "****"],
    ["40 %** off", "40 %** off"],
  ])("%j", (text, wanted) => expect(drawn(inline(text))).toBe(wanted));
});

describe("links", () => {
  it.each([
    ["[shop](https://a.example/x)", "<a https://a.example/x shop>"],
    ["[**shop**](https://a.example)", "<a https://a.example/ <strong shop>>"],
    ["[mail](mailto:a@b.example) [call](tel:+123)", "<a mailto:a@b.example mail> <a tel:+123 call>"],
    ["see https://a.example/x_y_z. Then", "see <a https://a.example/x_y_z https://a.example/x_y_z>. Then"],
    ["(https://a.example/x)", "(<a https://a.example/x https://a.example/x>)"],
    ["https://a.example/x_(y)", "<a https://a.example/x_(y) https://a.example/x_(y)>"],
    ["[https://a.example](https://b.example)", "<a https://b.example/ https://a.example>"],
  ])("%j", (text, wanted) => expect(drawn(inline(text))).toBe(wanted));

  it.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,hi)",
    "[x](vbscript:x)",
    "[x](/relative)",
    "[x](file:///etc/passwd)",
    "[x](java\tscript:alert(1))",
    "javascript:alert(1)",
    "ahttps://a.example",
  ])("%j stays text", (text) => expect(drawn(inline(text)).includes("<a")).toBe(false));

  it("a link is a link only with an absolute, harmless address", () => {
    expect(safeUrl(" https://a.example/ü ")).toBe("https://a.example/%C3%BC");
    expect([null, undefined, "", "a.example", "//a.example", " javascript:1", "ftp://a.example"].map(safeUrl)).toEqual(
      Array(7).fill(null),
    );
    expect(safeMedia("mailto:a@b.example")).toBe(null);
    expect(safeMedia("data:image/png;base64,AA")).toBe(null);
  });
});

describe("blocks", () => {
  it.each([
    ["one\n\ntwo", ["paragraph: one", "paragraph: two"]],
    ["# Title\ntext", ["heading: Title", "paragraph: text"]],
    ["- a\n- **b**", ["ul: a / <strong b>"]],
    ["text\n* a\n* b\nmore", ["paragraph: text", "ul: a / b", "paragraph: more"]],
    ["3. a\n4. b", ["ol3: a / b"]],
    ["> a\n> b\nc", ["quote: a|b", "paragraph: c"]],
    ["```js\nif (a < b) {}\n```\nx", ["code: if (a < b) {}", "paragraph: x"]],
    ["```\nnever closed", ["code: never closed"]],
    ["", []],
    ["\r\n \r\n", []],
  ])("%j", (text, wanted) => expect(blocks(text)).toEqual(wanted));

  it("HTML is text", () => {
    const text = '<script>alert(1)</script> <img src=x onerror="alert(1)"> &amp;';
    expect(blocks(text)).toEqual([`paragraph: ${text}`]);
  });

  it("the plain words of it all", () => {
    expect(plain("# Sale\n\nUp to **40 %** off:\n- pots\n- [plants](https://a.example)")).toBe("Sale Up to 40 % off: pots plants");
  });
});

describe("what people type", () => {
  it("is shown as typed, with links", () => {
    expect(drawn(typed("**a**\n[x](https://a.example/b) https://c.example."))).toBe(
      "**a**|[x](<a https://a.example/b https://a.example/b>) <a https://c.example/ https://c.example>.",
    );
  });
});

describe("hostile input", () => {
  it.each(["*", "_", "~~", "`", "[", "](", "**a", "[a](", "> ", "- ", "https://a.example/", "\\"])(
    "%j two thousand times takes no time",
    (part) => {
      const started = performance.now();
      parse(part.repeat(2000));
      expect(performance.now() - started).toBeLessThan(1500);
    },
  );
});
