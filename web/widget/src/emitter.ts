/** What the host page can listen to. */

import type { Message } from "./protocol";

export interface Events {
  open: undefined;
  close: undefined;
  /** Something was said, by either side, while the page was there. */
  message: Message;
  /** The number of unread messages changed. */
  unread: number;
}

type Listener<Name extends keyof Events> = (detail: Events[Name]) => void;

export class Emitter {
  private listeners = new Map<keyof Events, Set<Listener<never>>>();

  on<Name extends keyof Events>(name: Name, listener: Listener<Name>): void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set.add(listener as Listener<never>));
  }

  off<Name extends keyof Events>(name: Name, listener: Listener<Name>): void {
    this.listeners.get(name)?.delete(listener as Listener<never>);
  }

  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Name>)(detail);
      } catch (error) {
        // A mistake in the host page must not stop the messenger.
        console.error(error);
      }
    }
  }
}
