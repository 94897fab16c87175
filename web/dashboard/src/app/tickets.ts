/** Open tickets everywhere in the dashboard: the number beside "Inbox", the tab's title, and the browser's notification. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answer, api } from "../api/client";
import { live } from "../api/live";
import { useSession } from "../api/session";
import { handoffReason } from "../lib/words";
import { personName } from "../lib/format";
import { useWaitingInTitle } from "./title";

export const OPEN_TICKETS = ["handoffs", "open"] as const;

export function useOpenTickets(enabled: boolean) {
  return useQuery({
    queryKey: OPEN_TICKETS,
    queryFn: () => answer(api.GET("/v1/handoffs", { params: { query: { status: "open", order: "unread", limit: 100 } } })),
    enabled,
    ...live(),
    // A new ticket is told of even while another tab is in front.
    refetchIntervalInBackground: true,
    refetchInterval: () => (document.visibilityState === "visible" ? 2_000 : 10_000),
  });
}

/** How many tickets wait that nobody took; tells the browser of new ones. */
export function useNewTickets(enabled: boolean): number {
  const { user } = useSession();
  const tickets = useOpenTickets(enabled).data?.data;
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!tickets) return;
    const fresh = known.current ? tickets.filter((one) => !known.current!.has(one.id)) : [];
    known.current = new Set(tickets.map((one) => one.id));
    if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
    for (const one of fresh) {
      const shown = new Notification(`${personName(one.recipient)} waits for a human`, { body: handoffReason(one.reason), tag: one.id });
      shown.onclick = () => window.focus();
    }
  }, [tickets]);
  const waiting = (tickets ?? []).filter((one) => !one.assignee || (one.assignee_id === user.id && one.unread)).length;
  useWaitingInTitle(waiting);
  return waiting;
}
