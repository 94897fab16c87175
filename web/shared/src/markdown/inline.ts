/** Marks, links and line breaks within a block, read into a tree. Nothing here is HTML, and nothing becomes any. */

import { angled, bare, bracketed, email, type Found } from "./addresses";
import { blank, ESCAPABLE } from "./characters";
import { Marks } from "./marks";
import type { Inline } from "./tree";

const ESCAPE = new RegExp(`^[${ESCAPABLE}]$`);
/** No construct begins within these. */
const DULL = /[^\n`[!<hH*_~\\0-9A-Za-z\u00c0-\u024f.%+-]+|[0-9A-GI-Za-gi-z\u00c0-\u024f.%+-]+/y;

/** A height tells how deep marks stand within marks. */
interface Read {
  children: Inline[];
  height: number;
}

class Reader {
  private marks = new Marks();
  private at = 0;
  /** Up to here there is no email address. */
  private noEmail = 0;

  constructor(
    private text: string,
    private links: boolean,
  ) {}

  read(): Read {
    while (this.at < this.text.length) {
      if (!this.readEmail() && !this.readConstruct()) {
        this.readWords();
      }
    }
    return { children: this.marks.finish(), height: this.marks.height };
  }

  private readConstruct(): boolean {
    const { text, at } = this;
    switch (text.charAt(at)) {
      case "\n":
        return this.put({ kind: "break" }, at + 1);
      case "\\":
        return ESCAPE.test(text.charAt(at + 1)) && this.put(words(text.charAt(at + 1)), at + 2);
      case "`":
        return this.readCode();
      case "!":
        return text.charAt(at + 1) === "[" && (at === 0 || blank(text.charAt(at - 1))) && this.link(bracketed(text, at));
      case "[":
        return this.link(bracketed(text, at));
      case "<":
        return this.link(angled(text, at));
      case "h":
      case "H":
        return this.link(bare(text, at));
      case "*":
      case "_":
      case "~":
        return this.readMark();
      default:
        return false;
    }
  }

  private put(node: Inline, end: number, height = 0): true {
    this.marks.add(node, height);
    this.at = end;
    return true;
  }

  /** As far as nothing begins, at least one sign. */
  private readWords(): void {
    DULL.lastIndex = this.at;
    const dull = DULL.exec(this.text)?.[0] ?? this.text.charAt(this.at);
    this.put(words(dull), this.at + dull.length);
  }

  private readEmail(): boolean {
    if (this.at < this.noEmail) {
      return false;
    }
    const found = email(this.text, this.at);
    this.noEmail = found.end;
    return found.text !== "" && this.put(words(found.text), found.end);
  }

  private link(found: Found | null): boolean {
    if (!this.links || !found) {
      return false;
    }
    const { url, label, rich, end } = found;
    const { children, height } = rich ? new Reader(label, false).read() : { children: [words(label)], height: 0 };
    return this.put({ kind: "link", url, children }, end, height);
  }

  private readMark(): boolean {
    const { text, at } = this;
    let end = at + 1;
    while (text.charAt(end) === text.charAt(at)) {
      end += 1;
    }
    this.marks.mark(text, at, end);
    this.at = end;
    return true;
  }

  /** Code between equally many backticks on one line; without a partner, as happens once for each number, they are words. */
  private readCode(): boolean {
    const count = this.ticks(this.at);
    const from = this.at + count;
    for (let at = from; at < this.text.length && this.text.charAt(at) !== "\n"; ) {
      const found = this.ticks(at);
      if (found === count) {
        return this.put({ kind: "code", text: this.text.slice(from, at) }, at + count);
      }
      at += found || 1;
    }
    return this.put(words("`".repeat(count)), from);
  }

  private ticks(at: number): number {
    let end = at;
    while (this.text.charAt(end) === "`") {
      end += 1;
    }
    return end - at;
  }
}

/** Marks, links and breaks within a block. */
export function inline(text: string): Inline[] {
  return new Reader(text, true).read().children;
}

function words(text: string): Inline {
  return { kind: "text", text };
}
