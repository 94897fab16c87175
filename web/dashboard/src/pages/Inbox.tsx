import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, Bell, Bot, CheckCheck, Hand, Inbox as InboxIcon, Send } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { answer, api } from "../api/client";
import { newKey } from "../lib/key";
import { live } from "../api/live";
import { asProblem, type Problem } from "../api/problems";
import { useSession } from "../api/session";
import type { Ticket } from "../api/types";
import { OPEN_TICKETS, useOpenTickets } from "../app/tickets";
import { useTitle } from "../app/title";
import { ago, personDetail, personName } from "../lib/format";
import { read, useKept, write } from "../lib/keep";
import { CHANNEL, handoffReason, TICKET } from "../lib/words";
import { Avatar, Badge, Button, Empty, Failed, Notice, ProblemNotice, Segmented, Time } from "../ui/basics";
import { toast } from "../ui/toast";
import { TableSkeleton } from "./ChatTable";
import { Transcript } from "./Transcript";

const lastAt = (ticket: Ticket): string => ticket.last_message_at ?? ticket.opened_at;

/** Unread first, then whoever wrote last. */
export function inOrder(tickets: readonly Ticket[]): Ticket[] {
  return [...tickets].sort((left, right) => Number(right.unread) - Number(left.unread) || Date.parse(lastAt(right)) - Date.parse(lastAt(left)));
}

export default function InboxPage({ id }: { id?: string }) {
  useTitle("Inbox");
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
  return (
    <div className={`inbox${id ? " reading" : ""}`}>
      <section className="inbox-list" aria-label="Tickets">
        <div className="inbox-head"><h1>Inbox</h1><Notifications /></div>
        <div className="inbox-views">
          <Segmented label="Which tickets" value={view} onChange={(wanted) => go(to(id, wanted))} options={[{ value: "all", label: "Open" }, { value: "mine", label: `Mine${view !== "ended" ? ` ${all.filter(mine).length || ""}` : ""}` }, { value: "ended", label: "Ended" }]} />
        </div>
        {problem && query.data && <div className="card-notice"><ProblemNotice problem={problem} retry={() => void query.refetch()} /></div>}
        {!query.data && (problem ? <Failed problem={problem} retry={() => void query.refetch()} /> : <TableSkeleton rows={5} />)}
        {query.data && shown.length === 0 && (
          <Empty icon={InboxIcon} title={view === "mine" ? "You hold no tickets" : view === "ended" ? "Nothing has ended yet" : "Nobody waits"}>
            {view === "mine" ? "Take one from the open ones, or answer it: that takes it too." : "When the AI agent hands a conversation to a human, it shows up here by itself."}
          </Empty>
        )}
        <ul>{shown.map((one) => <Row key={one.id} ticket={one} to={to(one.id)} current={one.id === id} mine={mine(one)} />)}</ul>
      </section>
      {id ? <Open key={id} id={id} back={to(undefined)} /> : <div className="inbox-none"><Empty icon={InboxIcon} title="Choose a ticket">Its conversation shows up here.</Empty></div>}
    </div>
  );
}

function Notifications() {
  const [state, setState] = useState(() => ("Notification" in window ? Notification.permission : "denied"));
  if (state !== "default") return null;
  return <Button kind="plain" size="small" icon={Bell} onClick={() => void Notification.requestPermission().then(setState)}>Notify me</Button>;
}

function Row({ ticket, to, current, mine }: { ticket: Ticket; to: string; current: boolean; mine: boolean }) {
  const last = ticket.transcript.at(-1);
  const name = personName(ticket.recipient);
  return (
    <li>
      <Link href={to} className={ticket.unread && ticket.status === "open" ? "unread" : ""} aria-current={current || undefined}>
        <Avatar name={name} />
        <span className="grow">
          <span className="row"><bdi className="strong clip one grow">{name}</bdi><span className="quiet xs nowrap">{ago(lastAt(ticket))}</span></span>
          <span className="quiet small clip one" dir="auto">{last?.text || "No words yet"}</span>
          <span className="row wrap tags">
            {ticket.unread && ticket.status === "open" && <Badge tone="accent">Unread</Badge>}
            {ticket.status !== "open" ? <Badge tone={TICKET[ticket.status]!.tone}>{TICKET[ticket.status]!.label}</Badge> : ticket.assignee ? <Badge bare tone={mine ? "green" : "grey"}>{mine ? "Yours" : ticket.assignee}</Badge> : <Badge bare tone="amber">Nobody has it</Badge>}
            <span className="quiet xs">{CHANNEL[ticket.channel_type]}</span>
          </span>
        </span>
      </Link>
    </li>
  );
}

function Open({ id, back }: { id: string; back: string }) {
  const query = useQuery({
    queryKey: ["handoff", id],
    queryFn: () => answer(api.GET("/v1/handoffs/{id}", { params: { path: { id } } })),
    ...live(),
  });
  if (!query.data) {
    return (
      <section className="inbox-ticket" aria-label="Ticket">
        {query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <TableSkeleton rows={5} />}
      </section>
    );
  }
  return <TicketView ticket={query.data} back={back} problem={query.error ? asProblem(query.error) : null} />;
}

function useAct(id: string) {
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: OPEN_TICKETS });
    void client.invalidateQueries({ queryKey: ["handoff", id] });
  };
  const act = useMutation({
    mutationFn: (verb: "take" | "release" | "resolve" | "return") => {
      const params = { path: { id } };
      if (verb === "resolve") return answer(api.POST("/v1/handoffs/{id}/resolve", { params }));
      if (verb === "return") return answer(api.POST("/v1/handoffs/{id}/return", { params }));
      return answer(api.POST("/v1/handoffs/{id}/assign", { params, body: { assignee: verb === "take" ? "me" : null } }));
    },
    onSettled: refresh,
    onSuccess: (_ticket, verb) => {
      if (verb === "resolve") toast("Resolved. The recipient is asked for a rating.");
      if (verb === "return") toast("The AI agent goes on from here.");
    },
  });
  return { act, refresh };
}

function TicketView({ ticket, back, problem }: { ticket: Ticket; back: string; problem: Problem | null }) {
  const { user } = useSession();
  const { act, refresh } = useAct(ticket.id);
  const [pending, setPending] = useState<string[]>([]);
  const name = personName(ticket.recipient);
  const open = ticket.status === "open";
  const theirs = open && ticket.assignee !== null && ticket.assignee_id !== user.id;
  const end = useRef<HTMLDivElement>(null);
  const said = ticket.transcript.filter((entry) => entry.sender === "human_agent").length;
  const [saidBefore, setSaidBefore] = useState(said);
  useEffect(() => {
    if (said > saidBefore) setPending((texts) => texts.slice(said - saidBefore));
    setSaidBefore(said);
  }, [said, saidBefore]);
  useEffect(() => void end.current?.scrollIntoView({ block: "end" }), [ticket.transcript.length, pending.length]);
  const typing = ticket.typing && ticket.typing.name !== user.name ? ticket.typing.name : null;
  return (
    <>
      <section className="inbox-ticket" aria-label={`Ticket of ${name}`}>
        <header className="inbox-head">
          <Link className="back only-small" href={back} aria-label="All tickets"><ArrowLeft aria-hidden /></Link>
          <div className="grow"><h2 className="clip one"><bdi>{name}</bdi></h2><span className="quiet small">{handoffReason(ticket.reason)} · {ago(ticket.opened_at)}</span></div>
          {open && (
            <div className="row wrap end">
              {!ticket.assignee && <Button size="small" icon={Hand} busy={act.isPending && act.variables === "take"} onClick={() => act.mutate("take")}>Take</Button>}
              {ticket.assignee_id === user.id && <Button size="small" kind="plain" onClick={() => act.mutate("release")}>Let go</Button>}
              <Button size="small" icon={Bot} disabled={theirs} busy={act.isPending && act.variables === "return"} onClick={() => act.mutate("return")}>Give back</Button>
              <Button size="small" kind="primary" icon={CheckCheck} disabled={theirs} busy={act.isPending && act.variables === "resolve"} onClick={() => act.mutate("resolve")}>Resolve</Button>
            </div>
          )}
        </header>
        <div className="inbox-scroll" tabIndex={0} role="region" aria-label="Messages">
          <Transcript entries={ticket.transcript} name={name} pending={pending} ticket={ticket.id} />
          <div ref={end} />
        </div>
        <div className="inbox-foot stack tight">
          {problem && <ProblemNotice problem={problem} />}
          {act.error ? <ProblemNotice problem={asProblem(act.error)} retry={refresh} /> : null}
          {typing && <p className="hint" role="status">{typing} is writing…</p>}
          {theirs && <Notice tone="amber">{ticket.assignee} has this ticket. Only they can answer it.</Notice>}
          {!open && <Notice tone="blue">This ticket is over: {TICKET[ticket.status]!.label.toLowerCase()}{ticket.ended_at && `, ${ago(ticket.ended_at)}`}.</Notice>}
          {open && !theirs && <Composer ticket={ticket} onSay={(text) => setPending((texts) => [...texts, text])} onFailed={(text) => setPending((texts) => texts.filter((one) => one !== text))} onDone={refresh} />}
        </div>
      </section>
      <Context ticket={ticket} />
    </>
  );
}

function Composer({ ticket, onSay, onFailed, onDone }: { ticket: Ticket; onSay: (text: string) => void; onFailed: (text: string) => void; onDone: () => void }) {
  const kept = `reply-${ticket.id}`;
  const [text, setText] = useKept(kept, "");
  const key = useRef(newKey());
  const told = useRef(0);
  const say = useMutation({
    mutationFn: (words: string) => answer(api.POST("/v1/handoffs/{id}/messages", { params: { path: { id: ticket.id }, header: { "Idempotency-Key": key.current } }, body: { text: words } })),
    onMutate: onSay,
    onSuccess: () => {
      key.current = newKey();
      onDone();
    },
    onError: (error, words) => {
      onFailed(words);
      // The words changed after an answer got lost: the next try is another message.
      if (asProblem(error).type === "idempotency-key-reused") key.current = newKey();
      // Back into the box, unless something else is there by now.
      if (!read(kept, "")) setText(words);
    },
  });
  const submit = () => {
    const words = text.trim();
    if (!words || say.isPending) return;
    setText("");
    write(kept, undefined);
    say.mutate(words);
  };
  const tellTyping = () => {
    if (Date.now() - told.current < 3_000) return;
    told.current = Date.now();
    void api.POST("/v1/handoffs/{id}/typing", { params: { path: { id: ticket.id } } }).catch(() => undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form className="composer" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <ProblemNotice problem={say.error ? asProblem(say.error) : null} retry={submit} />
      <div className="composer-box">
        <textarea aria-label="Your answer" rows={2} maxLength={1600} dir="auto" placeholder="Write an answer…" value={text} onKeyDown={onKeyDown} onChange={(event) => { setText(event.target.value); if (event.target.value) tellTyping(); }} />
        <Button type="submit" kind="primary" size="small" icon={Send} aria-label="Send the answer" busy={say.isPending} disabled={!text.trim() && !say.isPending} />
      </div>
      <span className="hint xs">Enter sends, Shift+Enter breaks the line{ticket.assignee ? "" : ". Answering takes the ticket"}</span>
    </form>
  );
}

function Context({ ticket }: { ticket: Ticket }) {
  const attributes = Object.entries(ticket.attributes);
  return (
    <aside className="inbox-context stack" aria-label="About the recipient">
      <Link className="row person-link" href={`/recipients/${ticket.recipient.id}`}>
        <Avatar name={personName(ticket.recipient)} large />
        <span className="grow"><bdi className="strong block">{personName(ticket.recipient)}</bdi><span className="quiet small">{personDetail(ticket.recipient) ?? "Open the recipient"}</span></span>
      </Link>
      <dl className="facts">
        <dt>Reason</dt><dd>{handoffReason(ticket.reason)}</dd>
        <dt>Campaign</dt><dd>{ticket.campaign ?? "None"}</dd>
        <dt>Channel</dt><dd>{CHANNEL[ticket.channel_type]}</dd>
        <dt>Opened</dt><dd><Time at={ticket.opened_at} /></dd>
        <dt>Held by</dt><dd>{ticket.assignee ?? "Nobody yet"}</dd>
      </dl>
      <h3>Attributes</h3>
      {attributes.length === 0 ? <p className="hint">None are known.</p> : (
        <dl className="facts">{attributes.map(([name, value]) => <div className="contents" key={name}><dt>{name}</dt><dd dir="auto">{typeof value === "string" ? value : JSON.stringify(value)}</dd></div>)}</dl>
      )}
    </aside>
  );
}
