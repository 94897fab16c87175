import { expect, it } from "vitest";
import { fileName, newTab, safeMedia, safeUrl } from "../src/links";

it("a link is a link only with an absolute, harmless address", () => {
  expect(safeUrl(" https://a.example/ü ")).toBe("https://a.example/%C3%BC");
  expect([null, undefined, "", "a.example", "//a.example", " javascript:1", "ftp://a.example", "http://["].map(safeUrl)).toEqual(
    Array(8).fill(null),
  );
});

it("what the browser fetches by itself comes from the web", () => {
  expect(safeMedia("https://a.example/x.png")).toBe("https://a.example/x.png");
  expect(safeMedia("mailto:a@b.example")).toBe(null);
  expect(safeMedia("data:image/png;base64,AA")).toBe(null);
});

it("only pages open in a tab of their own", () => {
  expect(newTab("https://a.example")).toEqual({ target: "_blank", rel: "noopener noreferrer" });
  expect(newTab("tel:+1")).toEqual({});
});

it("a file is named by its address", () => {
  expect(fileName("https://a.example/b%20c.pdf?d")).toBe("b c.pdf");
  expect(fileName("https://a.example/")).toBe("a.example");
  expect(fileName("https://a.example/%E0%A4%A")).toBe("%E0%A4%A");
});
