/** Who we are to the server: whom a token names, or a visitor known by a secret of this browser. */

import { subject } from "./ids";
import type { Options } from "./options";
import type { Memory } from "./storage";

export class Identity {
  token: string | null;
  private changes = 0;

  constructor(
    private options: Options,
    private memory: Memory,
  ) {
    this.token = options.token ?? null;
  }

  /** What the connection begins with. */
  get auth(): object {
    return this.token ? { token: this.token } : {};
  }

  /** The secret of an anonymous visitor; who has a token leaves none behind. */
  get sessionId(): string | null {
    return this.token ? null : this.memory.sessionId;
  }

  set sessionId(id: string | null) {
    if (!this.token) {
      this.memory.sessionId = id;
    }
  }

  /** A name for who writes here, to tell people apart within this browser. */
  get owner(): string {
    return this.token ? subject(this.token) : (this.memory.sessionId ?? "");
  }

  /** Become the person of `token`; whether that is who we were. */
  become(token: string | null): boolean {
    const same = token !== null && this.token !== null && subject(token) === subject(this.token);
    this.changes += 1;
    this.token = token;
    return same;
  }

  /** Ask the page for a token; whether there is another one than before. */
  async renew(): Promise<boolean> {
    const { changes, token: before } = this;
    try {
      const token = await this.options.getToken?.();
      // What the page said itself in the meantime counts.
      if (token && changes === this.changes) {
        this.token = token;
      }
    } catch (error) {
      console.warn("rasa-proactive: getToken failed", error);
    }
    return this.token !== before;
  }
}
