/** A Socket.IO connection of which the widget itself decides when it begins anew. */

import { io, type Socket } from "socket.io-client";

/** A connection that does not open within this is given up, milliseconds. */
const OPEN_WITHIN = 15_000;

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

export class Wire {
  private socket: Socket | null = null;
  private giveUp: ReturnType<typeof setTimeout> | undefined;
  private waiting = 0;

  constructor(
    private server: string,
    private path: string,
    private auth: () => object,
    private listeners: Listeners,
  ) {}

  get connected(): boolean {
    return this.socket?.connected ?? false;
  }

  /** Whether an answer of the server is awaited. */
  get asking(): boolean {
    return this.waiting > 0;
  }

  /** Begin anew; an earlier connection is dropped without a word. */
  open(): void {
    this.drop();
    const socket = io(this.server, {
      path: this.path,
      auth: (done) => done(this.auth()),
      autoConnect: false,
      forceNew: true,
      reconnection: false,
    });
    this.socket = socket;
    // What a dropped connection still has to say concerns nobody.
    const mine =
      <Words extends unknown[]>(work: (...words: Words) => void) =>
      (...words: Words): void => {
        if (this.socket === socket) {
          work(...words);
        }
      };
    socket.on("connect", mine(() => this.opened()));
    socket.onAny(mine((name: string, data: unknown) => this.listeners.onEvent(name, data)));
    socket.on("disconnect", mine((reason: string) => this.closed(reason === "io server disconnect")));
    socket.on("connect_error", mine((error: Refusal) => this.failed(socket, error)));
    this.giveUp = setTimeout(mine(() => this.closed(false)), OPEN_WITHIN);
    socket.connect();
  }

  /** End it; no listener hears of it. */
  drop(): void {
    const { socket } = this;
    this.socket = null;
    clearTimeout(this.giveUp);
    socket?.disconnect();
  }

  emit(name: string, data: unknown): void {
    if (this.connected) {
      this.socket?.emit(name, data);
    }
  }

  /** Emit, and hear the server's answer; null if there is none in time. */
  ask(name: string, data: unknown, within: number, done: (answer: unknown) => void): void {
    if (!this.socket?.connected) {
      done(null);
      return;
    }
    this.waiting += 1;
    this.socket.timeout(within).emit(name, data, (error: Error | null, answer: unknown) => {
      this.waiting -= 1;
      done(error ? null : answer);
    });
  }

  private opened(): void {
    clearTimeout(this.giveUp);
    this.listeners.onOpen();
  }

  private closed(ended: boolean): void {
    // First, so that whoever waits for an answer knows why there is none.
    const { socket } = this;
    this.socket = null;
    clearTimeout(this.giveUp);
    this.listeners.onClose(ended);
    socket?.disconnect();
  }

  /** No connection came about: by the server's word, or because nobody answered. */
  private failed(socket: Socket, refusal: Refusal): void {
    if (socket.active) {
      this.closed(false);
      return;
    }
    this.drop();
    this.listeners.onRefused(refusal);
  }
}
