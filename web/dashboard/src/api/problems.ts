/** What went wrong, in words for people: every failure of a request ends up as one of these. */
import { problems as words } from "../words/common";

export type ProblemKind =
  | "offline"
  | "slow"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "invalid"
  | "throttled"
  | "broken";

export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly title: string,
    message: string,
    /** The last part of the problem's type, such as `idempotency-key-reused`. */
    readonly type = "",
    /** A sentence for each field that cannot be used. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** Seconds after which another try makes sense. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** Whether the same request may succeed a little later. */
  get passing(): boolean {
    return ["offline", "slow", "throttled", "broken"].includes(this.kind);
  }
}

interface Body {
  type?: string;
  title?: string;
  detail?: string;
  field?: string | null;
  errors?: { field: string; detail: string }[];
}

export const OFFLINE = new Problem("offline", words.offline, words.offlineText);

export const SLOW = new Problem("slow", words.slow, words.slowText);

const KINDS: Record<number, ProblemKind> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  400: "invalid",
  413: "invalid",
  422: "invalid",
  429: "throttled",
};

const TITLES: Record<ProblemKind, string> = {
  offline: OFFLINE.title,
  slow: SLOW.title,
  unauthorized: words.unauthorized,
  forbidden: words.forbidden,
  "not-found": words.notFound,
  conflict: words.conflict,
  invalid: words.invalid,
  throttled: words.throttled,
  broken: words.broken,
};

/** The problem that a refused request tells of. */
export function problemOf(status: number, raw: unknown, retryAfter: string | null): Problem {
  const body: Body = typeof raw === "object" && raw !== null ? (raw as Body) : {};
  const kind = KINDS[status] ?? "broken";
  const seconds = retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
  const fields: Record<string, string> = {};
  if (body.field) fields[body.field] = body.detail ?? words.unusable;
  for (const one of body.errors ?? []) fields[one.field] = one.detail;
  const type = body.type?.split(":").pop() ?? "";
  return new Problem(kind, TITLES[kind], detail(kind, body, seconds), type, fields, seconds);
}

function detail(kind: ProblemKind, body: Body, seconds: number | undefined): string {
  if (kind === "throttled") {
    return words.wait(seconds === undefined ? words.moment : inWords(seconds));
  }
  if (kind === "broken") return words.brokenText(body.detail ?? words.brokenDefault);
  return body.detail ?? TITLES[kind];
}

function inWords(seconds: number): string {
  return seconds < 90 ? words.seconds(seconds) : words.minutes(Math.ceil(seconds / 60));
}

/** Whatever was thrown, as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError") return SLOW;
  if (error instanceof TypeError || name === "AbortError") return OFFLINE;
  return new Problem("broken", TITLES.broken, error instanceof Error ? error.message : String(error));
}
