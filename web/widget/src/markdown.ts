/** A safe subset of Markdown, read into a tree. Nothing here is HTML, and nothing becomes any. */

import { inline, inlineText, type Inline } from "./inline";

export type Block =
  | { kind: "paragraph" | "heading" | "quote"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "list"; ordered: boolean; start: number; items: Inline[][] };

const BULLET = /^ {0,3}[-*+] +(\S.*)$/;
const NUMBER = /^ {0,3}(\d{1,4})[.)] +(\S.*)$/;
const HEADING = /^#{1,6} +(\S.*)$/;
const QUOTE = /^> ?(.*)$/;
const FENCE = /^```/;

export function parse(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let index = 0;
  while (index < lines.length) {
    if (!(lines[index] as string).trim()) {
      index += 1;
      continue;
    }
    const [block, next] = readBlock(lines, index);
    blocks.push(block);
    index = next;
  }
  return blocks;
}

/** The words alone, on one line, as a preview or a screen reader wants them. */
export function plain(text: string): string {
  return parse(text).map(blockText).join(" ").replace(/\s+/g, " ").trim();
}

function readBlock(lines: string[], start: number): [Block, number] {
  const line = lines[start] as string;
  if (FENCE.test(line)) {
    return readFence(lines, start);
  }
  const heading = HEADING.exec(line);
  if (heading) {
    return [{ kind: "heading", children: inline(heading[1] as string) }, start + 1];
  }
  for (const pattern of [BULLET, NUMBER]) {
    const found = pattern.exec(line);
    if (found) {
      return readList(lines, start, pattern, pattern === NUMBER ? Number(found[1]) : 0);
    }
  }
  return QUOTE.test(line) ? readWhile(lines, start, "quote", QUOTE) : readParagraph(lines, start);
}

function readFence(lines: string[], start: number): [Block, number] {
  let end = start + 1;
  while (end < lines.length && !FENCE.test(lines[end] as string)) {
    end += 1;
  }
  return [{ kind: "code", text: lines.slice(start + 1, end).join("\n") }, end + 1];
}

function readList(lines: string[], start: number, pattern: RegExp, number: number): [Block, number] {
  const items: Inline[][] = [];
  let index = start;
  for (; index < lines.length; index++) {
    const found = pattern.exec(lines[index] as string);
    if (!found) {
      break;
    }
    items.push(inline(found[found.length - 1] as string));
  }
  return [{ kind: "list", ordered: pattern === NUMBER, start: number, items }, index];
}

function readWhile(lines: string[], start: number, kind: "quote", pattern: RegExp): [Block, number] {
  const words: string[] = [];
  let index = start;
  for (let found = pattern.exec(lines[index] ?? ""); found; found = pattern.exec(lines[index] ?? "")) {
    words.push(found[1] as string);
    index += 1;
    if (index >= lines.length) {
      break;
    }
  }
  return [{ kind, children: inline(words.join("\n")) }, index];
}

function readParagraph(lines: string[], start: number): [Block, number] {
  let end = start + 1;
  while (end < lines.length && (lines[end] as string).trim() && !startsBlock(lines[end] as string)) {
    end += 1;
  }
  return [{ kind: "paragraph", children: inline(lines.slice(start, end).join("\n")) }, end];
}

function startsBlock(line: string): boolean {
  return [FENCE, HEADING, BULLET, NUMBER, QUOTE].some((pattern) => pattern.test(line));
}

function blockText(block: Block): string {
  if (block.kind === "code") {
    return block.text;
  }
  return block.kind === "list" ? block.items.map(inlineText).join(" ") : inlineText(block.children);
}
