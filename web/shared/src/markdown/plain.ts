/** A message as plain text. */

import { trim } from "./characters";
import { parse } from "./blocks";
import type { Spans } from "./literal";
import type { Block, Inline, Item } from "./tree";

/** As an SMS says it: marks go, words and lines stay, and addresses follow what they are behind. */
export function toPlain(text: string, literal: Spans = []): string {
  let out = "";
  let gap = 0;
  for (const block of parse(text, literal)) {
    const words = blockText(block);
    gap = Math.max(gap, block.before);
    if (words) {
      out += (out && "\n".repeat(gap + 1)) + words;
      gap = 0;
    }
  }
  return trim(out);
}

/** The words alone, on one line, for a preview or a screen reader. */
export function oneLine(text: string, literal: Spans = []): string {
  return trim(parse(text, literal).map(blockWords).join(" ").replace(/\s+/g, " "));
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "rule":
      return "";
    case "code":
      return block.text;
    case "bullets":
      return block.items.map((item) => itemText(item, "- ")).join("\n");
    case "numbers":
      return block.items.map((item, index) => itemText(item, `${block.start + index}${block.delimiter} `)).join("\n");
    default:
      return inlineText(block.children);
  }
}

function itemText(item: Item, mark: string): string {
  const indent = "  ".repeat(item.depth);
  return indent + mark + inlineText(item.children).replaceAll("\n", `\n${indent}  `);
}

function inlineText(nodes: readonly Inline[]): string {
  return nodes.map((node) => (node.kind === "link" ? linkText(node.url, inlineText(node.children)) : ownText(node, inlineText))).join("");
}

/** Phones know email addresses and numbers by their looks. */
function linkText(url: string, title: string): string {
  if (title === url.replace(/^https?:\/\//i, "")) {
    return url;
  }
  const shown = url.replace(/^(?:mailto|tel):/i, "");
  return title === shown ? title : `${title} (${shown})`;
}

function blockWords(block: Block): string {
  if (block.kind === "bullets" || block.kind === "numbers") {
    return block.items.map((item) => inlineWords(item.children)).join(" ");
  }
  return "children" in block ? inlineWords(block.children) : "text" in block ? block.text : "";
}

function inlineWords(nodes: readonly Inline[]): string {
  return nodes.map((node) => ownText(node, inlineWords)).join("");
}

function ownText(node: Inline, inner: (nodes: readonly Inline[]) => string): string {
  return "children" in node ? inner(node.children) : node.kind === "break" ? "\n" : node.text;
}
