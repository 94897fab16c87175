import type { components, paths } from "./schema";
type S = components["schemas"];
type P = { query?: Record<string, string | number | undefined>; header?: Record<string, string>; path?: Record<string, string>; cookie?: never };
type Op<Query, Path, Body, Answer> = {
  parameters: { query?: Query; header?: { "Idempotency-Key"?: string }; path: Path; cookie?: never };
  requestBody: Body extends undefined ? undefined : { content: { "application/json": Body } };
  responses: { 200: { headers: Record<string, unknown>; content: { "application/json": Answer } } };
};
type None = { get?: never; put?: never; post?: never; delete?: never; options?: never; head?: never; patch?: never; trace?: never; parameters: P };
export interface Preview {
  would_send: number;
  skipped: { recipient: S["Person"]; reason: string }[];
  waiting: { recipient: S["Person"]; reason: string; until: string | null }[];
  samples: { recipient: S["Person"]; message: string; sms_body: string | null; encoding: string | null; segments: number | null; suggested_replies: S["Reply"][] }[];
  segments: number;
}
export interface PhoneMessage { direction: "to_phone" | "from_phone"; body: string; sid: string; at: string; media_url?: string[] }
export interface PendingPaths {
  "/v1/previews": Omit<None, "post"> & { post: Op<undefined, undefined, S["NewProactiveChat"], Preview> };
  "/v1/campaign-names": Omit<None, "get"> & { get: Op<undefined, undefined, undefined, { data: string[] }> };
  "/v1/handoffs/{id}/typing": Omit<None, "post"> & { post: Op<undefined, { id: string }, undefined, undefined> };
  "/v1/sandbox/phones": Omit<None, "get"> & { get: Op<undefined, undefined, undefined, { data: string[] }> };
  "/v1/sandbox/phones/{number}/messages": Omit<None, "get" | "post"> & {
    get: Op<undefined, { number: string }, undefined, { data: PhoneMessage[] }>;
    post: Op<undefined, { number: string }, { body: string }, unknown>;
  };
}
export type AllPaths = Omit<paths, keyof PendingPaths> & PendingPaths;
