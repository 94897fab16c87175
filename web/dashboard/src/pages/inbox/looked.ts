/** Telling the server how far this agent has looked at a ticket. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { api } from "../../api/client";
import type { Ticket } from "../../api/types";
import { OPEN_TICKETS } from "../../app/tickets";

const EVENTS = ["focus", "blur", "visibilitychange"] as const;

/** Whether somebody is at this tab. */
function useAttention(): boolean {
  return useSyncExternalStore(
    (changed) => {
      for (const event of EVENTS) window.addEventListener(event, changed, true);
      return () => EVENTS.forEach((event) => window.removeEventListener(event, changed, true));
    },
    () => document.visibilityState === "visible" && document.hasFocus(),
  );
}

/** A ticket counts as looked at while somebody is at the tab and its newest message is in view. */
export function useLooked(ticket: Ticket, atEnd: boolean): void {
  const client = useQueryClient();
  const attending = useAttention();
  const told = useRef("");
  const { id, unread, last_message_at: at } = ticket;
  useEffect(() => {
    if (!unread || !attending || !atEnd || told.current === at) return;
    told.current = at;
    const refresh = () => {
      void client.invalidateQueries({ queryKey: OPEN_TICKETS });
      void client.invalidateQueries({ queryKey: ["handoff", id] });
    };
    const again = () => void (told.current = "");
    api.POST("/v1/handoffs/{id}/seen", { params: { path: { id } }, body: { at } }).then(refresh, again);
  }, [client, id, at, unread, attending, atEnd]);
}
