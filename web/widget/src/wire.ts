/**
 * The Socket.IO protocol (version 5), as far as one namespace and plain JSON need it, on the transport library that the
 * Socket.IO client itself is built on: long polling first, then a websocket, with heartbeats.
 *
 * The whole client would be half of this widget's size, mostly for what is not used here.
 */

import { Socket } from "engine.io-client";

/** A connection that does not open within this is given up, milliseconds. */
const OPEN_WITHIN = 15_000;

const enum Packet {
  Connect = "0",
  Disconnect = "1",
  Event = "2",
  Ack = "3",
  Refused = "4",
}

export interface Refusal {
  message: string;
  data?: { code?: string };
}

export interface Listeners {
  onOpen(): void;
  onEvent(name: string, data: unknown): void;
  /** The server answered, and will not have us. */
  onRefused(refusal: Refusal): void;
  /** The connection ended, or never was; `ended` if it was the server's wish. */
  onClose(ended: boolean): void;
}

type Done = (answer: unknown) => void;

export class Wire {
  connected = false;
  private engine: Socket | null = null;
  private waiting = new Map<number, Done>();
  private next = 0;

  /** Whether an answer of the server is awaited. */
  get asking(): boolean {
    return this.waiting.size > 0;
  }

  constructor(
    private server: string,
    private path: string,
    private auth: () => object,
    private listeners: Listeners,
  ) {}

  /** Begin anew; an earlier connection is dropped without a word. */
  open(): void {
    this.drop();
    const engine = new Socket(this.server, { path: this.path, transports: ["polling", "websocket"] });
    const giveUp = setTimeout(() => engine.close(), OPEN_WITHIN);
    // What a dropped connection still has to say concerns nobody.
    const mine = (work: () => void) => this.engine === engine && work();
    this.engine = engine;
    engine.on("open", () => mine(() => engine.send(Packet.Connect + JSON.stringify(this.auth()))));
    engine.on("message", (packet: unknown) =>
      mine(() => {
        clearTimeout(giveUp);
        this.take(String(packet));
      }),
    );
    engine.on("close", () => {
      clearTimeout(giveUp);
      mine(() => this.closed(false));
    });
  }

  /** End it; no listener hears of it. */
  drop(): void {
    const engine = this.engine;
    this.engine = null;
    this.forget();
    if (engine) {
      if (engine.readyState === "open") {
        engine.send(Packet.Disconnect);
      }
      engine.close();
    }
  }

  emit(name: string, data: unknown): void {
    if (this.connected) {
      this.engine?.send(Packet.Event + JSON.stringify([name, data]));
    }
  }

  /** Emit, and hear the server's answer; null if there is none in time. */
  ask(name: string, data: unknown, within: number, done: (answer: unknown) => void): void {
    if (!this.connected) {
      done(null);
      return;
    }
    const id = this.next++;
    const timer = setTimeout(() => this.answered(id, null), within);
    this.waiting.set(id, (answer) => {
      clearTimeout(timer);
      done(answer);
    });
    this.engine?.send(`${Packet.Event}${id}${JSON.stringify([name, data])}`);
  }

  private take(packet: string): void {
    const [, kind, id, body] = /^(\d)(\d*)([^]*)$/.exec(packet) ?? [];
    const data = parsed(body);
    switch (kind) {
      case Packet.Connect:
        this.connected = true;
        this.listeners.onOpen();
        break;
      case Packet.Event:
        if (Array.isArray(data)) {
          this.listeners.onEvent(String(data[0]), data[1]);
        }
        break;
      case Packet.Ack:
        this.answered(Number(id), Array.isArray(data) ? data[0] : null);
        break;
      case Packet.Refused:
        this.drop();
        this.listeners.onRefused((data ?? { message: "refused" }) as Refusal);
        break;
      case Packet.Disconnect:
        this.closed(true);
        break;
    }
  }

  private answered(id: number, answer: unknown): void {
    const done = this.waiting.get(id);
    this.waiting.delete(id);
    done?.(answer);
  }

  private closed(ended: boolean): void {
    const engine = this.engine;
    this.engine = null;
    engine?.close();
    this.connected = false;
    // First, so that whoever waits for an answer knows why there is none.
    this.listeners.onClose(ended);
    this.forget();
  }

  private forget(): void {
    this.connected = false;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    waiting.forEach((done) => done(null));
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}
