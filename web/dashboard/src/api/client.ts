/** The API as the pages call it: typed by its OpenAPI document, signed in by cookie, failures as `Problem`. */
import createClient, { type Middleware } from "openapi-fetch";
import { asProblem, problemOf } from "./problems";
import type { paths } from "./schema";

/** Milliseconds until a request counts as too slow. */
const PATIENCE = 20_000;

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

/** What changing requests prove themselves with. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** What happens when the server no longer knows who asks. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

const middleware: Middleware = {
  onRequest({ request }) {
    if (!["GET", "HEAD"].includes(request.method) && csrfToken) request.headers.set("X-CSRF-Token", csrfToken);
    return new Request(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE)]) });
  },
  async onResponse({ request, response }) {
    if (response.ok) return undefined;
    const body: unknown = await response.json().catch(() => null);
    const problem = problemOf(response.status, body, response.headers.get("Retry-After"));
    const signingIn = new URL(request.url).pathname.startsWith("/v1/session");
    if (problem.kind === "unauthorized" && !signingIn) onSignedOut();
    throw problem;
  },
  onError({ error }) {
    throw asProblem(error);
  },
};

export const api = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin" });
api.use(middleware);

/** The body of an answer; a refused request has thrown already. */
export async function answer<T>(asked: Promise<{ data?: T }>): Promise<T> {
  return (await asked).data as T;
}
