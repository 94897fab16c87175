/** The person's own messages on their way: none lost, none twice, in order. */

import type { Ack } from "./protocol";
import type { Outgoing } from "./state";
import type { Memory } from "./storage";
import type { Store } from "./store";

type Ask = (event: string, data: unknown, done: (answer: Ack | null) => void) => void;

/** Longest that we wait by ourselves when told to slow down, seconds. */
const PATIENCE = 30;

export class Outbox {
  private owner: string | null = null;
  private connected = false;
  private busy = false;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private store: Store,
    private memory: Memory,
    private ask: Ask,
  ) {}

  add(outgoing: Outgoing): void {
    this.store.dispatch({ type: "queued", outgoing });
    this.keep();
    this.flush();
  }

  retry(clientId: string): void {
    this.store.dispatch({ type: "retried", clientId });
    this.flush();
  }

  /** Connected as `owner`: what an earlier page of this tab left behind goes out as well. */
  open(owner: string): void {
    this.connected = true;
    this.busy = false;
    if (this.owner === null) {
      this.recall(owner);
    }
    this.owner = owner;
    for (const outgoing of this.store.state.outbox) {
      // Not heard of since: the same client_id again is the same message.
      if (outgoing.status === "accepted") {
        this.store.dispatch({ type: "retried", clientId: outgoing.clientId });
      }
    }
    this.keep();
    this.flush();
  }

  shut(): void {
    this.connected = false;
    this.busy = false;
    clearTimeout(this.pause);
  }

  /** Remember what is left, for after a reload. */
  keep(): void {
    if (this.owner !== null) {
      this.memory.keepOutbox(this.owner, this.store.state.outbox);
    }
  }

  private recall(owner: string): void {
    const { outbox, messages } = this.store.state;
    const known = new Set([...outbox.map((one) => one.clientId), ...messages.map((one) => one.client_id)]);
    for (const outgoing of this.memory.outbox<Outgoing>(owner)) {
      if (!known.has(outgoing.clientId)) {
        this.store.dispatch({ type: "queued", outgoing: { ...outgoing, status: "waiting" } });
      }
    }
  }

  /** One at a time, so that they arrive in the order in which they were written. */
  private flush(): void {
    const next = this.store.state.outbox.find((outgoing) => outgoing.status === "waiting");
    if (!next || !this.connected || this.busy) {
      return;
    }
    this.busy = true;
    const data = { message: next.message, client_id: next.clientId, ...(next.title ? { title: next.title } : {}) };
    this.ask("user_uttered", data, (answer) => {
      if (this.connected) {
        this.busy = false;
        this.settle(next, answer);
      }
    });
  }

  private settle(outgoing: Outgoing, answer: Ack | null): void {
    const wait = answer?.error?.code === "rate_limited" ? (answer.error.retry_after ?? 1) : null;
    if (wait !== null && wait <= PATIENCE) {
      this.busy = true;
      this.pause = setTimeout(() => {
        this.busy = false;
        this.flush();
      }, wait * 1000);
      return;
    }
    if (answer?.ok) {
      this.store.dispatch({ type: "accepted", clientId: outgoing.clientId });
    } else {
      this.store.dispatch({ type: "failed", clientId: outgoing.clientId, problem: answer?.error ?? null });
    }
    this.keep();
    this.flush();
  }
}
