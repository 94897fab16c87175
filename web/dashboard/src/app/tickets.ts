/** Open tickets everywhere in the dashboard: the number beside "Inbox", the tab's title, and the browser's notification. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { answer, api } from "../api/client";
import { live } from "../api/live";
import { useSession } from "../api/session";
import { news, spokenAt } from "./news";
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

/** How many tickets wait for this agent or for anybody; the browser tells of what is new. */
export function useNewTickets(enabled: boolean): number {
  const { user } = useSession();
  const [, go] = useLocation();
  const tickets = useOpenTickets(enabled).data?.data;
  const known = useRef<Map<string, string> | null>(null);
  useEffect(() => {
    if (!tickets) return;
    const fresh = known.current ? news(known.current, tickets, user.id) : [];
    known.current = spokenAt(tickets);
    if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
    for (const { ticket, title, body } of fresh) {
      // Of several in one conversation the last one stays, and sounds again.
      const shown = new Notification(title, { body, tag: ticket.id, renotify: true } as NotificationOptions);
      shown.onclick = () => {
        window.focus();
        go(`/inbox/${ticket.id}`);
        shown.close();
      };
    }
  }, [tickets, user.id, go]);
  const waiting = (tickets ?? []).filter((one) => !one.assignee || (one.assignee_id === user.id && one.unread)).length;
  useWaitingInTitle(waiting);
  return waiting;
}
