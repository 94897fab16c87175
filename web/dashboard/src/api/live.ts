/** Asking again while somebody looks. */
import { keepPreviousData } from "@tanstack/react-query";
import { asProblem } from "./problems";

/** Milliseconds between two looks at what changes by itself. */
export const LIVE = 2_000;

/** Options of a query that shows what happens as it happens; after failures it asks less often. */
export function live(milliseconds = LIVE) {
  return {
    refetchInterval: (query: { state: { status: string; fetchFailureCount: number } }) =>
      query.state.status === "error" ? milliseconds * 5 : milliseconds,
    placeholderData: keepPreviousData,
  };
}

/** Whether a failed read is tried again by itself. */
export function retries(failures: number, error: unknown): boolean {
  return failures < 2 && ["offline", "slow", "broken"].includes(asProblem(error).kind);
}
