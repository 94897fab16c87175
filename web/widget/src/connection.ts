/** The wire: a Socket.IO connection that stays up, and what comes over it put into the store. */

import { delay } from "./backoff";
import { Identity } from "./identity";
import { randomId } from "./ids";
import type { Options } from "./options";
import { Outbox } from "./outbox";
import { completed, type Ack, type Conversation, type History, type Message, type OlderPage, type Question } from "./protocol";
import type { Memory } from "./storage";
import type { Store } from "./store";
import { Wire, type Refusal } from "./wire";

/** An outage shorter than this is not worth telling, milliseconds. */
const GRACE = 1500;
/** Nobody types for longer without a word, milliseconds. */
const TYPING_FOR = 12_000;
/** The server answers within this, or is taken to be gone, milliseconds. */
const ANSWER_WITHIN = 15_000;

type Handlers = Record<string, (data: never) => void>;

export class Connection {
  readonly outbox: Outbox;
  private wire: Wire;
  private identity: Identity;
  private attempt = 0;
  private timers: Partial<Record<"retry" | "away" | "typing", ReturnType<typeof setTimeout>>> = {};
  private ready = false;
  private ended = false;
  private shown = "";

  constructor(
    options: Options,
    private store: Store,
    memory: Memory,
  ) {
    this.identity = new Identity(options, memory);
    this.outbox = new Outbox(store, memory, (event, data, done) => this.ask(event, data, done));
    const handlers = this.handlers();
    this.wire = new Wire(options.server, options.path ?? "/socket.io", () => this.identity.auth, {
      onOpen: () => this.wire.emit("session_request", { session_id: this.identity.sessionId, proactive: 1 }),
      onEvent: (name, data) => (handlers[name] as ((data: unknown) => void) | undefined)?.(data),
      onRefused: (refusal) => void this.onRefused(refusal),
      onClose: (ended) => this.onClose(ended),
    });
    window.addEventListener("online", this.now);
    document.addEventListener("visibilitychange", this.onVisible);
  }

  async start(): Promise<void> {
    this.watchForOutage();
    if (!this.identity.token) {
      await this.identity.renew();
    }
    if (!this.ended) {
      this.wire.open();
    }
  }

  /** Try again at once, if we are not connected. */
  now = (): void => {
    if (!this.ended && !this.wire.connected && this.store.state.link !== "refused") {
      clearTimeout(this.timers.retry);
      this.wire.open();
    }
  };

  end(): void {
    this.ended = true;
    Object.values(this.timers).forEach((timer) => clearTimeout(timer));
    window.removeEventListener("online", this.now);
    document.removeEventListener("visibilitychange", this.onVisible);
    this.wire.drop();
  }

  /** Go on as the person of `token`; as nobody in particular without one. */
  setToken(token: string | null): void {
    const same = this.identity.become(token);
    if (same && this.ready) {
      this.wire.emit("token", { token });
      return;
    }
    if (!same) {
      this.store.dispatch({ type: "somebody_else" });
    }
    this.ready = false;
    this.attempt = 0;
    this.outbox.shut();
    this.store.dispatch({ type: "link", link: "connecting" });
    this.wire.drop();
    this.now();
  }

  say(message: string, title: string | null = null): void {
    this.outbox.add({ clientId: randomId(), message, title, at: new Date().toISOString(), status: "waiting", problem: null });
  }

  async older(): Promise<void> {
    const { messages, more, loadingOlder } = this.store.state;
    const first = messages[0];
    if (!first || !more || loadingOlder || !this.ready) {
      return;
    }
    this.store.dispatch({ type: "older" });
    this.ask("history", { before: first.id, limit: 50 }, (answer: OlderPage | null) => {
      if (answer?.ok && answer.messages) {
        const page = answer.messages.map(completed);
        this.store.dispatch({ type: "older_came", messages: page, more: Boolean(answer.more) });
      } else {
        this.store.dispatch({ type: "older_failed" });
      }
    });
  }

  react(messageId: string, emoji: string | null): void {
    const before = this.store.state.messages.find((message) => message.id === messageId)?.reaction ?? null;
    this.store.dispatch({ type: "reaction", messageId, emoji });
    this.ask("reaction", { message_id: messageId, emoji }, (answer) => {
      if (!answer?.ok) {
        this.store.dispatch({ type: "reaction", messageId, emoji: before });
        this.store.dispatch({ type: "trouble", text: answer?.error?.detail ?? "" });
      }
    });
  }

  answer(question: Question, answer: number | string | null): void {
    this.store.dispatch({ type: "answering", on: true });
    this.ask("survey", { question, answer, client_id: randomId() }, (reply) => {
      if (!reply?.ok) {
        this.store.dispatch({ type: "answering", on: false, trouble: reply?.error?.detail ?? "" });
      }
    });
  }

  typing(on: boolean): void {
    if (this.ready) {
      this.wire.emit("typing", { on });
    }
  }

  /** Everything up to `id` is in view, in an open panel. */
  showed(id: string): void {
    if (this.ready && this.shown !== id) {
      this.shown = id;
      this.wire.emit("delivered", { up_to: id });
      this.wire.emit("read", { up_to: id });
      this.store.dispatch({ type: "unread", unread: 0 });
    }
  }

  private handlers(): Handlers {
    const { store } = this;
    return {
      session_confirm: (id: string) => (this.identity.sessionId = id),
      history: (history: History) => this.onHistory(history),
      message: (message: Message) => store.dispatch({ type: "message", message: completed(message) }),
      conversation: (conversation: Conversation) => store.dispatch({ type: "conversation", conversation }),
      typing: (data: { sender: string; name?: string | null; on: boolean }) => this.onTyping(data),
      unread: (data: { unread: number }) => store.dispatch({ type: "unread", unread: data.unread }),
      reaction: (data: { message_id: string; emoji: string | null }) =>
        store.dispatch({ type: "reaction", messageId: data.message_id, emoji: data.emoji }),
      token_expiring: () => void this.renew(),
      problem: (data: { code: string; detail?: string }) => this.onProblem(data),
    };
  }

  private onHistory(history: History): void {
    this.ready = true;
    this.attempt = 0;
    this.shown = "";
    clearTimeout(this.timers.away);
    delete this.timers.away;
    const messages = history.messages.map(completed);
    this.store.dispatch({ type: "history", history: { ...history, messages } });
    this.outbox.open(this.identity.owner);
    this.store.dispatch({ type: "link", link: "online" });
  }

  private onTyping(data: { sender: string; name?: string | null; on: boolean }): void {
    clearTimeout(this.timers.typing);
    const stop = { type: "typing", sender: data.sender, name: data.name ?? null, on: false } as const;
    this.store.dispatch({ ...stop, on: data.on });
    if (data.on) {
      this.timers.typing = setTimeout(() => this.store.dispatch(stop), TYPING_FOR);
    }
  }

  private onProblem(problem: { code: string; detail?: string }): void {
    // What was asked for is told where it was asked; that typing was noticed too often is nothing to tell.
    if (!this.wire.asking && problem.code !== "rate_limited") {
      this.store.dispatch({ type: "trouble", text: problem.detail ?? "" });
    }
  }

  private onClose(byServer: boolean): void {
    this.ready = false;
    this.outbox.shut();
    this.watchForOutage();
    // The server ends a connection when its token has run out.
    const renewed = byServer && this.identity.token ? this.identity.renew() : Promise.resolve();
    void renewed.then(() => this.later());
  }

  private async onRefused(refusal: Refusal): Promise<void> {
    const code = refusal.data?.code;
    if (code === "origin_not_allowed") {
      this.refused(refusal.message);
      return;
    }
    if (code === "token_invalid" || code === "token_expired") {
      if (!(await this.identity.renew())) {
        this.refused(refusal.message);
        return;
      }
    }
    this.watchForOutage();
    this.later();
  }

  private refused(message: string): void {
    console.warn(`rasa-proactive: ${message}`);
    clearTimeout(this.timers.away);
    delete this.timers.away;
    this.store.dispatch({ type: "link", link: "refused", refusal: message });
  }

  private later(): void {
    clearTimeout(this.timers.retry);
    if (!this.ended) {
      this.timers.retry = setTimeout(() => this.wire.open(), delay(this.attempt++, Math.random()));
    }
  }

  private watchForOutage(): void {
    this.timers.away ??= setTimeout(() => this.store.dispatch({ type: "link", link: "away" }), GRACE);
  }

  private onVisible = (): void => {
    if (document.visibilityState === "visible") {
      this.now();
    }
  };

  /** A new token while the old one still holds. */
  private async renew(): Promise<void> {
    if ((await this.identity.renew()) && this.ready) {
      this.wire.emit("token", { token: this.identity.token });
    }
  }

  /** Emit and hear the answer; null if there is none in time, or no connection. */
  private ask(event: string, data: unknown, done: (answer: Ack | null) => void): void {
    if (!this.ready) {
      done(null);
      return;
    }
    this.wire.ask(event, data, ANSWER_WITHIN, (answer) => done(answer as Ack | null));
  }
}
