import { useQuery } from "@tanstack/react-query";
import { Bell, Inbox as InboxIcon } from "lucide-react";
import { useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { answer, api } from "../api/client";
import { live } from "../api/live";
import { asProblem } from "../api/problems";
import { useSession } from "../api/session";
import type { Ticket } from "../api/types";
import { useOpenTickets } from "../app/tickets";
import { useTitle } from "../app/title";
import { ago, personName } from "../lib/format";
import { CHANNEL, TICKET } from "../words/values";
import { Avatar, Badge, Button, Empty, Failed, ProblemNotice, Segmented } from "../ui/basics";
import { words } from "../words/inbox";
import { TableSkeleton } from "./ChatTable";
import { OpenTicket } from "./inbox/Ticket";

const lastAt = (ticket: Ticket): string => ticket.last_message_at ?? ticket.opened_at;

/** Unanswered first, then whoever wrote last. What was only looked at stays in its place. */
export function inOrder(tickets: readonly Ticket[]): Ticket[] {
  return [...tickets].sort((left, right) => Number(right.unanswered) - Number(left.unanswered) || Date.parse(lastAt(right)) - Date.parse(lastAt(left)));
}

const EMPTY: Record<string, readonly [string, string]> = {
  mine: [words.noneMine, words.noneMineHint],
  ended: [words.noneEnded, words.noneOpenHint],
  all: [words.noneOpen, words.noneOpenHint],
};

export default function InboxPage({ id }: { id?: string }) {
  useTitle(words.title);
  const { user } = useSession();
  const [, go] = useLocation();
  const view = new URLSearchParams(useSearch()).get("view") ?? "all";
  const open = useOpenTickets(view !== "ended");
  const ended = useQuery({
    queryKey: ["handoffs", "all"],
    queryFn: () => answer(api.GET("/v1/handoffs", { params: { query: { limit: 50 } } })),
    enabled: view === "ended",
    ...live(5_000),
  });
  const query = view === "ended" ? ended : open;
  const problem = query.error ? asProblem(query.error) : null;
  const all = query.data?.data ?? [];
  const mine = (one: Ticket) => one.assignee_id === user.id;
  const shown = view === "ended" ? all.filter((one) => one.status !== "open") : inOrder(all.filter((one) => (view === "mine" ? mine(one) : true)));
  const to = (ticket: string | undefined, wanted = view) => `/inbox${ticket ? `/${ticket}` : ""}${wanted === "all" ? "" : `?view=${wanted}`}`;
  const views = [
    { value: "all", label: words.open },
    { value: "mine", label: words.mine(view === "ended" ? 0 : all.filter(mine).length) },
    { value: "ended", label: words.ended },
  ];
  const [nothing, hint] = EMPTY[view] ?? EMPTY.all!;
  return (
    <div className={`inbox${id ? " reading" : ""}`}>
      <section className="inbox-list" aria-label={words.tickets}>
        <div className="inbox-head"><h1>{words.title}</h1><Notifications /></div>
        <div className="inbox-views"><Segmented label={words.whichTickets} value={view} onChange={(wanted) => go(to(id, wanted))} options={views} /></div>
        {problem && query.data && <div className="card-notice"><ProblemNotice problem={problem} retry={() => void query.refetch()} /></div>}
        {!query.data && (problem ? <Failed problem={problem} retry={() => void query.refetch()} /> : <TableSkeleton rows={5} />)}
        {query.data && shown.length === 0 && <Empty icon={InboxIcon} title={nothing}>{hint}</Empty>}
        <ul>{shown.map((one) => <Row key={one.id} ticket={one} to={to(one.id)} current={one.id === id} mine={mine(one)} />)}</ul>
      </section>
      {id ? <OpenTicket key={id} id={id} back={to(undefined)} /> : <div className="inbox-none"><Empty icon={InboxIcon} title={words.chooseTicket}>{words.chooseHint}</Empty></div>}
    </div>
  );
}

function Notifications() {
  const [state, setState] = useState(() => ("Notification" in window ? Notification.permission : "denied"));
  if (state !== "default") return null;
  return <Button kind="plain" size="small" icon={Bell} onClick={() => void Notification.requestPermission().then(setState)}>{words.notify}</Button>;
}

function Whose({ ticket, mine }: { ticket: Ticket; mine: boolean }) {
  if (ticket.status !== "open") return <Badge tone={TICKET[ticket.status]!.tone}>{TICKET[ticket.status]!.label}</Badge>;
  if (!ticket.assignee) return <Badge bare tone="amber">{words.unassigned}</Badge>;
  return <Badge bare tone={mine ? "green" : "grey"}>{mine ? words.yours : ticket.assignee}</Badge>;
}

function Row({ ticket, to, current, mine }: { ticket: Ticket; to: string; current: boolean; mine: boolean }) {
  const last = ticket.transcript.at(-1);
  const name = personName(ticket.recipient);
  return (
    <li>
      <Link href={to} className={ticket.unread ? "unread" : ""} aria-current={current || undefined}>
        <Avatar name={name} />
        <span className="grow">
          <span className="row"><bdi className="strong clip one grow">{name}</bdi><span className="quiet xs nowrap">{ago(lastAt(ticket))}</span></span>
          <span className="quiet small clip one" dir="auto">{last?.text || (last?.attachments?.length ? words.sentPicture : words.noMessage)}</span>
          <span className="row wrap tags">
            {ticket.unread && <Badge tone="accent">{words.unread}</Badge>}
            <Whose ticket={ticket} mine={mine} />
            <span className="quiet xs">{CHANNEL[ticket.channel_type]}</span>
          </span>
        </span>
      </Link>
    </li>
  );
}
