/** Pages of a list, by the API's cursors. */
import { useEffect, useRef } from "react";
import { useSearch } from "wouter";

/** Where each page of a list came from. A link may lead to any of them: what is not known here leads to the first. */
const before = new Map<string, string | undefined>();

export interface Pages {
  cursor: string | undefined;
  /** The cursor of the page that `next_cursor` leads to, remembered as coming after this one. */
  after: (next: string) => string;
  /** The cursor of the page before; none for the first. */
  previous: () => string | undefined;
}

export function usePages(): Pages {
  const cursor = new URLSearchParams(useSearch()).get("cursor") ?? undefined;
  const shown = useRef(cursor);
  useEffect(() => {
    // Another page is read from its top.
    if (shown.current !== cursor) window.scrollTo({ top: 0 });
    shown.current = cursor;
  }, [cursor]);
  return {
    cursor,
    after: (next) => {
      before.set(next, cursor);
      return next;
    },
    previous: () => (cursor === undefined ? undefined : before.get(cursor)),
  };
}
