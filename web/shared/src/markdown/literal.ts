/**
 * Parts of a message that are words as they stand: values filled in, and what people typed.
 *
 * While a message is read, signs in such parts stand as others that mean nothing; then they become themselves again. So no
 * value can begin or end a mark, a list or a link. `proactive_api/lifecycle/markdown/literal.py` does the same.
 */

import { bare } from "./addresses";
import { FIRST_MASK, MASKED, unmaskedSign } from "./characters";
import type { Block, Inline, Item } from "./tree";

/** Where literal parts begin and end, in order, the end not included. */
export type Spans = readonly (readonly number[])[];

const SIGNS = /[\\`*_{}[\]()#+\-.!>~|<"':/ \t\n]/g;

export const mask = (text: string, literal: Spans): string => {
  let out = "";
  let at = 0;
  for (const [start = 0, end = 0] of literal) {
    const part = text.slice(Math.max(at, start), end).replace(/\r\n?/g, "\n");
    out += text.slice(at, start) + part.replace(SIGNS, (sign) => String.fromCharCode(FIRST_MASK + sign.charCodeAt(0)));
    at = Math.max(at, end);
  }
  return out + text.slice(at);
};

const unmask = (text: string): string => text.replace(MASKED, unmaskedSign);

/** The block with its words; addresses among them are links, as in what people type. */
export function unmasked(block: Block): Block {
  switch (block.kind) {
    case "code":
      return { ...block, text: unmask(block.text) };
    case "rule":
      return block;
    case "bullets":
    case "numbers":
      return { ...block, items: block.items.map((item): Item => ({ ...item, children: all(item.children) })) };
    default:
      return { ...block, children: all(block.children) };
  }
}

const all = (nodes: readonly Inline[], links = true): Inline[] => nodes.flatMap((node) => one(node, links));

function one(node: Inline, links: boolean): Inline[] {
  switch (node.kind) {
    case "text":
      return node.text.search(MASKED) < 0 ? [node] : typed(unmask(node.text), links);
    case "code":
      return [{ ...node, text: unmask(node.text) }];
    case "break":
      return [node];
    default:
      return [{ ...node, children: all(node.children, links && node.kind !== "link") }];
  }
}

/** Bare addresses and line breaks only: what people type is shown as they typed it. */
export function typed(text: string, links = true): Inline[] {
  const out: Inline[] = [];
  let at = 0;
  const words = (end: number): void => {
    if (end > at) {
      out.push({ kind: "text", text: text.slice(at, end) });
    }
  };
  for (const { 0: start, index } of text.matchAll(/\n|https?:/gi)) {
    const found = links && start !== "\n" && index >= at ? bare(text, index) : null;
    if (found || start === "\n") {
      words(index);
      out.push(found ? { kind: "link", url: found.url, children: [{ kind: "text", text: found.label }] } : { kind: "break" });
      at = found?.end ?? index + 1;
    }
  }
  words(text.length);
  return out;
}
