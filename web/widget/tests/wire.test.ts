import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Wire } from "../src/wire";

let http: HttpServer;
let server: Server;
let wire: Wire | null = null;
let heard: unknown[][];

beforeEach(async () => {
  http = createServer();
  server = new Server(http);
  heard = [];
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
});

afterEach(async () => {
  wire?.drop();
  http.closeAllConnections();
  await server.close();
});

function connect(auth: () => object = () => ({})): Wire {
  const note =
    (name: string) =>
    (...words: unknown[]): void =>
      void heard.push([name, ...words]);
  const { port } = http.address() as AddressInfo;
  const listeners = { onOpen: note("open"), onEvent: note("event"), onRefused: note("refused"), onClose: note("close") };
  wire = new Wire(`http://127.0.0.1:${port}`, "/socket.io", auth, listeners);
  wire.open();
  return wire;
}

/** The server's end of the next connection. */
const accepted = (): Promise<Socket> => new Promise((done) => server.once("connection", done));
const until = (condition: () => boolean): Promise<void> => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 3000 });
const names = (): unknown[] => heard.map(([name]) => name);

it("opens with what the server is to know, and carries events both ways", async () => {
  const auths = [{ token: "one" }];
  const there = accepted();
  const opened = connect(() => auths[0] ?? {});
  const socket = await there;
  expect(socket.handshake.auth).toEqual({ token: "one" });
  await until(() => opened.connected);
  socket.emit("message", { id: "1" });
  const said = new Promise((done) => socket.once("typing", done));
  opened.emit("typing", { on: true });
  expect(await said).toEqual({ on: true });
  await until(() => heard.length === 2);
  expect(heard).toEqual([["open"], ["event", "message", { id: "1" }]]);
});

it("hears the answer to a question, or that there is none in time", async () => {
  const there = accepted();
  const opened = connect();
  (await there).on("history", (data: { before: string }, answer: (words: object) => void) => data.before && answer({ ok: true }));
  await until(() => opened.connected);
  const answers: unknown[] = [];
  opened.ask("history", { before: "1" }, 1000, (answer) => answers.push(answer));
  expect(opened.asking).toBe(true);
  await until(() => answers.length === 1);
  opened.ask("history", { before: "" }, 50, (answer) => answers.push(answer));
  await until(() => answers.length === 2);
  expect(answers).toEqual([{ ok: true }, null]);
  expect(opened.asking).toBe(false);
});

it("tells a refusal from an end by the server and from a line that broke", async () => {
  server.use((_, next) => next(heard.length ? undefined : Object.assign(new Error("No."), { data: { code: "token_expired" } })));
  const there = accepted();
  const opened = connect();
  await until(() => heard.length === 1);
  expect(heard[0]).toMatchObject(["refused", { message: "No.", data: { code: "token_expired" } }]);
  opened.open();
  (await there).disconnect(true);
  await until(() => heard.length === 3);
  expect(heard[2]).toEqual(["close", true]);
  const again = accepted();
  opened.open();
  (await again).conn.close();
  await until(() => heard.length === 5);
  expect(heard[4]).toEqual(["close", false]);
  expect(opened.connected).toBe(false);
});

it("answers an open question with nothing when the line breaks, after it was told so", async () => {
  const there = accepted();
  const opened = connect();
  const socket = await there;
  await until(() => opened.connected);
  opened.ask("history", {}, 5000, (answer) => heard.push(["answer", answer]));
  socket.conn.close();
  await until(() => heard.length === 3);
  expect(heard).toEqual([["open"], ["close", false], ["answer", null]]);
});

it("says nothing of a connection that was dropped", async () => {
  const opened = connect();
  await until(() => opened.connected);
  opened.ask("history", {}, 5000, (answer) => heard.push(["answer", answer]));
  opened.drop();
  expect(heard).toEqual([["open"], ["answer", null]]);
  opened.emit("typing", {});
  opened.ask("history", {}, 5000, (answer) => heard.push(["answer", answer]));
  expect(names()).toEqual(["open", "answer", "answer"]);
});

it("tells of a server that is not there", async () => {
  const port = (http.address() as AddressInfo).port;
  await server.close();
  wire = new Wire(`http://127.0.0.1:${port}`, "/socket.io", () => ({}), {
    onOpen: () => heard.push(["open"]),
    onEvent: () => undefined,
    onRefused: () => heard.push(["refused"]),
    onClose: (ended) => heard.push(["close", ended]),
  });
  wire.open();
  await until(() => heard.length === 1);
  expect(heard).toEqual([["close", false]]);
});

it("gives up on a server that is silent", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    http.removeAllListeners("request");
    connect();
    await vi.advanceTimersByTimeAsync(14_900);
    expect(heard).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(heard).toEqual([["close", false]]);
  } finally {
    vi.useRealTimers();
  }
});
