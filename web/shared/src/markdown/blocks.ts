/**
 * A safe subset of Markdown, read into a tree: see "What you may write" in docs/marketers.md.
 * `proactive_api/lifecycle/markdown/blocks.py` reads the same, and tests/markdown_cases.json holds both to it.
 */

import { cleaned, trim } from "./characters";
import { inline } from "./inline";
import { mask, type Spans, unmasked } from "./literal";
import type { Block, Item } from "./tree";

/** A number, perhaps with a sign and a currency before it. */
const SUM = "[-+−~]?(?:[A-Z]{3} |[$\\u00a2-\\u00a5\\u20a0-\\u20cf] ?)?[0-9\\u0660-\\u0669\\u06f0-\\u06f9]";
/** `* * *` is no list. */
const BULLET = /^([ \t]*)[-*][ \t]+((?![-*](?:[ \t]|$))[^ \t][^\n]*)$/;
const NUMBER = /^([ \t]*)(0|[1-9][0-9]{0,3})([.)])[ \t]+([^ \t][^\n]*)$/;
const HEADING = /^ {0,3}#{1,6}[ \t]+([^ \t][^\n]*)$/;
const HEADING_END = /[ \t]+#+[ \t]*$/;
/** `> 50 EUR`, `>€50` and `> EUR 50` are sums, and `>:(` is a face. */
const QUOTE_START = new RegExp(`^ {0,3}>(?![ \\t]*${SUM})(?:[ \\t]+[^ \\t]|[A-Za-z\\u00c0-\\uffff])`);
const QUOTE_LINE = /^ {0,3}>[ \t]?/;
const FENCE_START = /^ {0,3}```[A-Za-z0-9_+#.-]*[ \t]*$/;
const FENCE_END = /^ {0,3}```[ \t]*$/;
const RULE = /^ {0,3}-{3,}[ \t]*$/;
const MORE = /^(?: {2}|\t)/;
const DEEPEST = 3;

/** A block as it begins, and the index of the line after it. */
type Read = [block: Block, next: number];

/** @param literal the parts of the text that are words as they stand */
export function parse(text: string, literal: Spans = []): Block[] {
  return literal.length ? read(mask(text, literal)).map(unmasked) : read(text);
}

function read(text: string): Block[] {
  const lines = cleaned(text).split("\n");
  const blocks: Block[] = [];
  let before = 0;
  for (let at = 0; at < lines.length; ) {
    if (isBlank(line(lines, at))) {
      before += 1;
      at += 1;
      continue;
    }
    const [block, next] = readBlock(lines, at, before);
    blocks.push(block);
    [before, at] = [0, next];
  }
  return blocks;
}

const line = (lines: readonly string[], at: number): string => lines[at] ?? "";
const isBlank = (text: string): boolean => trim(text) === "";

function readBlock(lines: readonly string[], at: number, before: number): Read {
  const first = line(lines, at);
  if (FENCE_START.test(first)) {
    return readFence(lines, at, before);
  }
  if (RULE.test(first)) {
    return [{ kind: "rule", before }, at + 1];
  }
  const heading = HEADING.exec(first)?.[1];
  if (heading) {
    return [{ kind: "heading", before, children: inline(heading.replace(HEADING_END, "")) }, at + 1];
  }
  if (BULLET.test(first)) {
    return readBullets(lines, at, before);
  }
  if (NUMBER.test(first)) {
    return readNumbers(lines, at, before);
  }
  return QUOTE_START.test(first) ? readQuote(lines, at, before) : readParagraph(lines, at, before);
}

function readFence(lines: readonly string[], at: number, before: number): Read {
  let end = at + 1;
  while (end < lines.length && !FENCE_END.test(line(lines, end))) {
    end += 1;
  }
  return [{ kind: "code", before, text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

function readBullets(lines: readonly string[], at: number, before: number): Read {
  const items: Item[] = [];
  for (let found = BULLET.exec(line(lines, at)); found; found = BULLET.exec(line(lines, at))) {
    const [item, next] = readItem(lines, at, found[1] ?? "", found[2] ?? "");
    items.push(item);
    at = next;
  }
  return [{ kind: "bullets", before, items }, at];
}

/** Numbers that neither count up nor are all 1 begin a new list each, so that they are shown as written. */
function readNumbers(lines: readonly string[], at: number, before: number): Read {
  const items: Item[] = [];
  const [, , start = "", delimiter = ""] = NUMBER.exec(line(lines, at)) ?? [];
  let ones = start === "1";
  for (let found = NUMBER.exec(line(lines, at)); found; found = NUMBER.exec(line(lines, at))) {
    const [, indent = "", number = "", sign = "", words = ""] = found;
    ones &&= number === "1";
    const counts = ones || Number(number) === Number(start) + items.length;
    if (!counts || sign !== delimiter || (items[0] && items[0].depth !== depthOf(indent))) {
      break;
    }
    const [item, next] = readItem(lines, at, indent, words);
    items.push(item);
    at = next;
  }
  return [{ kind: "numbers", before, start: Number(start), delimiter, items }, at];
}

/** An item goes on in lines that are set in and begin nothing else. */
function readItem(lines: readonly string[], at: number, indent: string, words: string): [Item, number] {
  const said = [words];
  let end = at + 1;
  for (; MORE.test(line(lines, end)) && !isBlank(line(lines, end)) && !interrupts(line(lines, end), true); end++) {
    said.push(trim(line(lines, end)));
  }
  return [{ depth: depthOf(indent), children: inline(said.join("\n")) }, end];
}

/** Two blanks, or a tab, lead one list deeper. */
function depthOf(indent: string): number {
  const width = Array.from(indent).reduce((sum, char) => sum + (char === "\t" ? 2 : 1), 0);
  return Math.min(DEEPEST, Math.floor(width / 2));
}

function readQuote(lines: readonly string[], at: number, before: number): Read {
  const said: string[] = [];
  for (; QUOTE_LINE.test(line(lines, at)); at++) {
    said.push(line(lines, at).replace(QUOTE_LINE, ""));
  }
  return [{ kind: "quote", before, children: inline(said.join("\n")) }, at];
}

function readParagraph(lines: readonly string[], at: number, before: number): Read {
  let end = at + 1;
  while (end < lines.length && !isBlank(line(lines, end)) && !interrupts(line(lines, end), false)) {
    end += 1;
  }
  return [{ kind: "paragraph", before, children: inline(lines.slice(at, end).join("\n")) }, end];
}

/** Whether the line begins a block of its own; a number other than 1 is no list in the middle of a sentence. */
function interrupts(text: string, inList: boolean): boolean {
  const number = NUMBER.exec(text)?.[2];
  return (
    [FENCE_START, RULE, HEADING, BULLET, QUOTE_START].some((pattern) => pattern.test(text)) ||
    (number !== undefined && (inList || number === "1"))
  );
}
