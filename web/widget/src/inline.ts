/** Marks, links and line breaks within a text, read into a tree. Nothing here is HTML, and nothing becomes any. */

import { safeUrl } from "./links";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "break" }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em" | "del"; children: Inline[] }
  | { kind: "link"; url: string; children: Inline[] };

const BARE_URL = /^https?:\/\/[^\s<>"]+/i;
const MARKS: [string, "strong" | "em" | "del"][] = [
  ["**", "strong"],
  ["__", "strong"],
  ["~~", "del"],
  ["*", "em"],
  ["_", "em"],
];
/** Marks inside marks, at most. */
const DEEPEST = 6;

/** Marks, links and breaks within a block. */
export function inline(text: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let plainText = "";
  const flush = () => {
    if (plainText) {
      out.push({ kind: "text", text: plainText });
      plainText = "";
    }
  };
  let index = 0;
  while (index < text.length) {
    const found = depth < DEEPEST ? readInline(text, index, depth) : null;
    if (found) {
      flush();
      out.push(found[0]);
      index = found[1];
    } else {
      // A backslash keeps the next sign from meaning anything.
      const escaped = text[index] === "\\" && /[\\`*_~[\]()#>+.!-]/.test(text[index + 1] ?? "");
      plainText += text[index + (escaped ? 1 : 0)];
      index += escaped ? 2 : 1;
    }
  }
  flush();
  return out;
}

/** Bare addresses and line breaks only: what people type is shown as they typed it. */
export function typed(text: string): Inline[] {
  const out: Inline[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (index > 0) {
      out.push({ kind: "break" });
    }
    for (const part of line.split(/(https?:\/\/[^\s<>"]+)/i)) {
      const link = BARE_URL.test(part) ? bareLink(part, 0) : null;
      if (link) {
        out.push(link[0], ...(link[1] < part.length ? [{ kind: "text" as const, text: part.slice(link[1]) }] : []));
      } else if (part) {
        out.push({ kind: "text", text: part });
      }
    }
  }
  return out;
}

function readInline(text: string, at: number, depth: number): [Inline, number] | null {
  switch (text[at]) {
    case "\n":
      return [{ kind: "break" }, at + 1];
    case "`":
      return readCode(text, at);
    case "[":
      return readLink(text, at, depth);
    case "h":
    case "H":
      return bareLink(text, at);
    case "*":
    case "_":
    case "~":
      return readMark(text, at, depth);
    default:
      return null;
  }
}

function readCode(text: string, at: number): [Inline, number] | null {
  const end = text.indexOf("`", at + 1);
  return end > at + 1 ? [{ kind: "code", text: text.slice(at + 1, end) }, end + 1] : null;
}

function readMark(text: string, at: number, depth: number): [Inline, number] | null {
  for (const [mark, kind] of MARKS) {
    if (!text.startsWith(mark, at)) {
      continue;
    }
    const from = at + mark.length;
    const end = closing(text, from, mark);
    if (end > from && !/\s/.test(text[from] as string) && mayOpen(text, at, mark)) {
      return [{ kind, children: inline(text.slice(from, end), depth + 1) }, end + mark.length];
    }
  }
  return null;
}

/** Where the mark ends; not after a space, and a single one not inside a double one. */
function closing(text: string, from: number, mark: string): number {
  for (let end = text.indexOf(mark, from); end !== -1; end = text.indexOf(mark, end + 1)) {
    // Of three in a row the last two end what is strong.
    const doubled = text[end + mark.length] === mark[0] || (mark.length === 1 && text[end - 1] === mark);
    if (!doubled && !/[\s\\]/.test(text[end - 1] ?? "") && !insideWord(text, end, mark)) {
      return end;
    }
  }
  return -1;
}

function insideWord(text: string, end: number, mark: string): boolean {
  return mark[0] === "_" && /[\p{L}\p{N}]/u.test(text[end + mark.length] ?? "");
}

/** `snake_case_words` hold no emphasis. */
function mayOpen(text: string, at: number, mark: string): boolean {
  return mark[0] !== "_" || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "");
}

function readLink(text: string, at: number, depth: number): [Inline, number] | null {
  const found = /^\[([^[\]\n]{1,500})\]\(\s*([^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\s*\)/.exec(text.slice(at, at + 3000));
  const url = found && safeUrl(found[2] as string);
  if (!found || !url) {
    return null;
  }
  const children = inline(found[1] as string, depth + 1).filter((child) => child.kind !== "link");
  const shown = children.length ? children : [{ kind: "text" as const, text: found[1] as string }];
  return [{ kind: "link", url, children: shown }, at + found[0].length];
}

/** An address without brackets; a full stop or an unmatched bracket after it is not part of it. */
function bareLink(text: string, at: number): [Inline, number] | null {
  const found = BARE_URL.exec(text.slice(at, at + 2000));
  if (!found || /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) {
    return null;
  }
  let shown = found[0].replace(/[.,;:!?'"*_~\]]+$/, "");
  while (shown.endsWith(")") && !shown.includes("(")) {
    shown = shown.slice(0, -1);
  }
  const url = safeUrl(shown);
  return url ? [{ kind: "link", url, children: [{ kind: "text", text: shown }] }, at + shown.length] : null;
}

/** The words alone. */
export function inlineText(nodes: Inline[]): string {
  return nodes.map((node) => ("children" in node ? inlineText(node.children) : "text" in node ? node.text : " ")).join("");
}
