/** The tree as elements, the same for everybody who has a pen: text only ever becomes text. */

import { newTab, safeUrl } from "../links";
import { parse } from "./blocks";
import { type Spans, typed } from "./literal";
import type { Block, Inline, Item } from "./tree";

export type Attributes = Record<string, string | number | undefined>;

/** How a library of components makes an element. */
export interface Pen<Node> {
  element(tag: string, attributes: Attributes, children: (Node | string)[]): Node;
  /** What follows the words of a link that opens a tab of its own. */
  newTabNote?: () => Node;
}

/** What the business says: Markdown, save for its literal parts. */
export function drawMessage<Node>(text: string, pen: Pen<Node>, literal: Spans = []): Node[] {
  return parse(text, literal).map((block, key) => drawBlock(block, key, pen));
}

/** What a person typed: as typed, with links. */
export function drawTyped<Node>(text: string, pen: Pen<Node>): Node {
  return pen.element("p", {}, drawAll(typed(text), pen));
}

function drawBlock<Node>(block: Block, key: number, pen: Pen<Node>): Node {
  switch (block.kind) {
    case "code":
      return pen.element("pre", { key, dir: "ltr" }, [pen.element("code", {}, [block.text])]);
    case "rule":
      return pen.element("hr", { key }, []);
    case "bullets":
      return pen.element("ul", { key }, drawItems(block.items, pen));
    case "numbers": {
      const digits = String(block.start + block.items.length - 1).length;
      const looks = { "data-delimiter": block.delimiter, "data-digits": digits };
      return pen.element("ol", { key, start: block.start, ...looks }, drawItems(block.items, pen));
    }
    case "quote":
      return pen.element("blockquote", { key }, drawAll(block.children, pen));
    default:
      return pen.element("p", { key, className: block.kind === "heading" ? "heading" : undefined }, drawAll(block.children, pen));
  }
}

function drawItems<Node>(items: readonly Item[], pen: Pen<Node>): Node[] {
  return items.map((item, key) => pen.element("li", { key, "data-depth": item.depth || undefined }, drawAll(item.children, pen)));
}

const drawAll = <Node>(nodes: readonly Inline[], pen: Pen<Node>): (Node | string)[] => nodes.map((node, key) => drawInline(node, key, pen));

function drawInline<Node>(node: Inline, key: number, pen: Pen<Node>): Node | string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "break":
      return pen.element("br", { key }, []);
    case "code":
      return pen.element("code", { key, dir: "ltr" }, [node.text]);
    case "link":
      return drawLink(node.url, key, drawAll(node.children, pen), pen);
    default:
      return pen.element(node.kind, { key }, drawAll(node.children, pen));
  }
}

function drawLink<Node>(url: string, key: number, children: (Node | string)[], pen: Pen<Node>): Node {
  const href = safeUrl(url);
  if (!href) {
    return pen.element("span", { key }, children);
  }
  const opens = newTab(href);
  const note = opens.target && pen.newTabNote ? [pen.newTabNote()] : [];
  return pen.element("a", { key, href, ...opens }, [...children, ...note]);
}
