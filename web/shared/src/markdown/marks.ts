/** Which marks belong together; each sign is looked at a fixed number of times, whatever the text. */

import { blank, digit, wordy } from "./characters";
import type { Inline } from "./tree";

/** A run of one to three equal signs. */
interface Run {
  kind: "run";
  sign: string;
  count: number;
}

/** `height`: of marks within marks. */
type Piece = Run | { kind: "node"; node: Inline; height: number };

interface Opener {
  /** Index of its piece. */
  at: number;
  /** The height of what stands after it. */
  inside: number;
}

/** Marks inside marks, at most. */
const DEEPEST = 6;
/** On both sides of an underline they make a face. */
const FACE = "^-<>=;.'";

/** Whether the signs from `at` to `end` may open, and may close, what is marked. */
function flanks(text: string, at: number, end: number): { opens: boolean; closes: boolean } {
  const [sign, before, after] = [text.charAt(at), text.charAt(at - 1), text.charAt(end)];
  const single = end - at === 1;
  let opens = after !== "" && !blank(after);
  let closes = before !== "" && !blank(before);
  if (sign === "_" || single) {
    opens &&= !wordy(before);
    closes &&= !wordy(after);
  }
  const number = digit(before) && digit(after);
  const face = sign === "_" && single && opens && closes && FACE.includes(before) && FACE.includes(after);
  return number || face ? { opens: false, closes: false } : { opens, closes };
}

const fit = (one: number, other: number): boolean => one === other || one === 3 || other === 3;

export class Marks {
  private pieces: Piece[] = [];
  private openers: Opener[] = [];
  /** By sign and count: how many of the first openers are known not to fit. */
  private floors = new Map<string, number>();
  /** The greatest height of all. */
  height = 0;

  add(node: Inline, height = 0): void {
    this.pieces.push({ kind: "node", node, height });
    this.raise(height);
  }

  /** Take in the signs from `at` to `end` of the text. */
  mark(text: string, at: number, end: number): void {
    const sign = text.charAt(at);
    let count = end - at;
    if (sign === "~" ? count !== 2 : count > 3) {
      this.add({ kind: "text", text: text.slice(at, end) });
      return;
    }
    const { opens, closes } = flanks(text, at, end);
    while (closes && count) {
      const used = this.close(sign, count);
      if (!used) {
        break;
      }
      count -= used;
    }
    if (count) {
      this.pieces.push({ kind: "run", sign, count });
      if (opens) {
        this.openers.push({ at: this.pieces.length - 1, inside: 0 });
      }
    }
  }

  /** What there is; marks without a partner are text. */
  finish(): Inline[] {
    return settled(this.pieces);
  }

  /** Mark what stands after the nearest opener that fits; returns how many signs that took. */
  private close(sign: string, count: number): number {
    const index = this.find(sign, count);
    const opener = this.openers[index];
    const run = opener && this.pieces[opener.at];
    if (!opener || run?.kind !== "run") {
      return 0;
    }
    const used = Math.min(run.count, count);
    const inside = this.drop(index + 1, opener.inside);
    const height = inside + (used === 3 ? 2 : 1);
    if (height > DEEPEST) {
      this.raise(this.drop(index, inside));
      return 0;
    }
    const children = settled(this.pieces.splice(opener.at + 1));
    run.count -= used;
    if (!run.count) {
      this.pieces.pop();
      this.drop(index, 0);
    }
    this.add(marked(sign, used, children), height);
    return used;
  }

  private find(sign: string, count: number): number {
    const key = sign + count;
    const floor = this.floors.get(key) ?? 0;
    for (let index = this.openers.length - 1; index >= floor; index--) {
      const run = this.pieces[this.openers[index]?.at ?? -1];
      if (run?.kind === "run" && run.sign === sign && fit(run.count, count)) {
        return index;
      }
    }
    this.floors.set(key, this.openers.length);
    return -1;
  }

  /** Forget the openers from `index` on; returns the height of what stands after them, or the one given. */
  private drop(index: number, height: number): number {
    const gone = this.openers.splice(index);
    for (const [key, floor] of this.floors) {
      this.floors.set(key, Math.min(floor, index));
    }
    return gone.reduce((most, opener) => Math.max(most, opener.inside), height);
  }

  private raise(height: number): void {
    this.height = Math.max(this.height, height);
    const last = this.openers.at(-1);
    if (last) {
      last.inside = Math.max(last.inside, height);
    }
  }
}

function marked(sign: string, count: number, children: Inline[]): Inline {
  if (sign === "~") {
    return { kind: "del", children };
  }
  const inner: Inline = { kind: count === 1 ? "em" : "strong", children };
  return count === 3 ? { kind: "em", children: [inner] } : inner;
}

function settled(pieces: readonly Piece[]): Inline[] {
  const out: Inline[] = [];
  let words = "";
  const flush = (): void => {
    if (words) {
      out.push({ kind: "text", text: words });
      words = "";
    }
  };
  for (const piece of pieces) {
    if (piece.kind === "run") {
      words += piece.sign.repeat(piece.count);
    } else if (piece.node.kind === "text") {
      words += piece.node.text;
    } else {
      flush();
      out.push(piece.node);
    }
  }
  flush();
  return out;
}
