/** What a message says, as a tree. `proactive_api/lifecycle/markdown/tree.py` has the same one. */

export type Mark = "strong" | "em" | "del";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "break" }
  | { kind: "code"; text: string }
  | { kind: Mark; children: Inline[] }
  | { kind: "link"; url: string; children: Inline[] };

export interface Item {
  /** 0 for the outermost list. */
  depth: number;
  children: Inline[];
}

export type Block = (
  | { kind: "paragraph" | "heading" | "quote"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "rule" }
  | { kind: "bullets"; items: Item[] }
  | { kind: "numbers"; start: number; delimiter: string; items: Item[] }
) & {
  /** Blank lines before it. */
  before: number;
};
