/** What the browser keeps for us. A browser that keeps nothing is no error. */

type Area = "localStorage" | "sessionStorage";

export class Memory {
  constructor(private server: string) {}

  /** The secret that an anonymous visitor is known by, for good. */
  get sessionId(): string | null {
    return this.read("localStorage", "session");
  }

  set sessionId(id: string | null) {
    this.write("localStorage", "session", id);
  }

  /** Whether the panel was open in this tab before the page was loaded again. */
  get open(): boolean {
    return this.read("sessionStorage", "open") === "1";
  }

  set open(open: boolean) {
    this.write("sessionStorage", "open", open ? "1" : null);
  }

  /** The preview that was waved away in this tab. */
  get dismissed(): string | null {
    return this.read("sessionStorage", "dismissed");
  }

  set dismissed(id: string | null) {
    this.write("sessionStorage", "dismissed", id);
  }

  /** What this tab has not got rid of yet, by who wrote it. */
  outbox<T>(owner: string): T[] {
    try {
      const kept = JSON.parse(this.read("sessionStorage", "outbox") ?? "null") as { owner: string; items: T[] } | null;
      return kept && kept.owner === owner && Array.isArray(kept.items) ? kept.items : [];
    } catch {
      return [];
    }
  }

  keepOutbox<T>(owner: string, items: T[]): void {
    this.write("sessionStorage", "outbox", items.length ? JSON.stringify({ owner, items }) : null);
  }

  private read(area: Area, name: string): string | null {
    try {
      return window[area].getItem(this.key(name));
    } catch {
      return null;
    }
  }

  private write(area: Area, name: string, value: string | null): void {
    try {
      if (value === null) {
        window[area].removeItem(this.key(name));
      } else {
        window[area].setItem(this.key(name), value);
      }
    } catch {
      // Private windows and full disks: it is forgotten with the page.
    }
  }

  private key(name: string): string {
    return `rasa-proactive:${this.server}:${name}`;
  }
}
