import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Outbox } from "../src/outbox";
import type { Ack } from "../src/protocol";
import type { Outgoing } from "../src/state";
import { Memory } from "../src/storage";
import { Store } from "../src/store";

/** A server that answers when it is told to. */
class Server {
  asked: { data: Record<string, string>; answer: (ack: Ack | null) => void }[] = [];

  ask = (_: string, data: unknown, done: (ack: Ack | null) => void): void => {
    this.asked.push({ data: data as Record<string, string>, answer: done });
  };

  get words(): (string | undefined)[] {
    return this.asked.map((one) => one.data.message);
  }
}

class Kept implements Storage {
  private items = new Map<string, string>();
  get length(): number {
    return this.items.size;
  }
  clear = () => this.items.clear();
  key = (index: number) => [...this.items.keys()][index] ?? null;
  getItem = (name: string) => this.items.get(name) ?? null;
  setItem = (name: string, value: string) => void this.items.set(name, value);
  removeItem = (name: string) => void this.items.delete(name);
}

const words = (message: string): Outgoing => ({
  clientId: `id-${message}`,
  message,
  title: null,
  at: "2026-11-24T12:00:00Z",
  status: "waiting",
  problem: null,
});

const OK: Ack = { ok: true };
const refused = (code: string, retry_after: number | null = null): Ack => ({ ok: false, error: { code, detail: "No.", retry_after } });

let server: Server;
let store: Store;
let outbox: Outbox;

function anew(): void {
  server = new Server();
  store = new Store();
  outbox = new Outbox(store, new Memory("http://s"), server.ask);
}

const statuses = () => store.state.outbox.map((one) => `${one.message} ${one.status}`);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", { localStorage: new Kept(), sessionStorage: new Kept() });
  anew();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("while connected", () => {
  beforeEach(() => outbox.open("ann"));

  it("sends one after the other", () => {
    outbox.add(words("a"));
    outbox.add(words("b"));
    expect(server.words).toEqual(["a"]);
    server.asked[0]?.answer(OK);
    expect(server.words).toEqual(["a", "b"]);
    expect(statuses()).toEqual(["a accepted", "b waiting"]);
  });

  it("sends a tapped reply's payload with its title", () => {
    outbox.add({ ...words("/plan"), title: "The plan" });
    expect(server.asked[0]?.data).toEqual({ message: "/plan", title: "The plan", client_id: "id-/plan" });
  });

  it("keeps what failed, and sends it again under the same id", () => {
    outbox.add(words("a"));
    outbox.add(words("b"));
    server.asked[0]?.answer(refused("too_long"));
    expect(statuses()).toEqual(["a failed", "b waiting"]);
    server.asked[1]?.answer(OK);
    outbox.retry("id-a");
    expect(server.asked[2]?.data.client_id).toBe("id-a");
  });

  it("takes silence for failure", () => {
    outbox.add(words("a"));
    server.asked[0]?.answer(null);
    expect(statuses()).toEqual(["a failed"]);
  });

  it("slows down when asked to", () => {
    outbox.add(words("a"));
    server.asked[0]?.answer(refused("rate_limited", 3));
    expect(statuses()).toEqual(["a waiting"]);
    vi.advanceTimersByTime(2900);
    expect(server.words).toEqual(["a"]);
    vi.advanceTimersByTime(200);
    expect(server.words).toEqual(["a", "a"]);
  });
});

describe("across a gap", () => {
  it("waits for the connection", () => {
    outbox.add(words("a"));
    expect(server.words).toEqual([]);
    outbox.open("ann");
    expect(server.words).toEqual(["a"]);
  });

  it("sends again what was never heard of", () => {
    outbox.open("ann");
    outbox.add(words("a"));
    outbox.shut();
    server.asked[0]?.answer(null);
    outbox.open("ann");
    expect(server.words).toEqual(["a", "a"]);
    expect(statuses()).toEqual(["a waiting"]);
  });

  it("is remembered over a reload, by whoever wrote it and nobody else", () => {
    outbox.open("ann");
    outbox.add(words("a"));
    outbox.shut();
    anew();
    outbox.open("ben");
    expect(server.words).toEqual([]);
    anew();
    outbox.open("ann");
    expect(server.words).toEqual([]);
  });

  it("is sent after a reload", () => {
    outbox.open("ann");
    outbox.add(words("a"));
    anew();
    outbox.open("ann");
    expect(server.asked[0]?.data.client_id).toBe("id-a");
  });

  it("is not sent after a reload if it had arrived", () => {
    outbox.open("ann");
    outbox.add(words("a"));
    anew();
    store.state = { ...store.state, messages: [{ client_id: "id-a" } as never] };
    outbox.open("ann");
    expect(server.words).toEqual([]);
  });
});
