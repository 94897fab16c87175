import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, Bot, CheckCheck, Hand } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../api/client";
import { live } from "../../api/live";
import { asProblem, type Problem } from "../../api/problems";
import { useSession } from "../../api/session";
import type { Ticket } from "../../api/types";
import { OPEN_TICKETS } from "../../app/tickets";
import { ago, personDetail, personName } from "../../lib/format";
import { CHANNEL, handoffReason } from "../../words/values";
import { Avatar, Button, Failed, Notice, ProblemNotice, Time } from "../../ui/basics";
import { Follow } from "../../ui/Follow";
import { toast } from "../../ui/toast";
import { words } from "../../words/inbox";
import { TableSkeleton } from "../ChatTable";
import { Transcript } from "../Transcript";
import { Composer } from "./Composer";
import { useLooked } from "./looked";

export function OpenTicket({ id, back }: { id: string; back: string }) {
  const query = useQuery({
    queryKey: ["handoff", id],
    queryFn: () => answer(api.GET("/v1/handoffs/{id}", { params: { path: { id } } })),
    ...live(),
  });
  if (!query.data) {
    return (
      <section className="inbox-ticket" aria-label={words.ticket}>
        {query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <TableSkeleton rows={5} />}
      </section>
    );
  }
  return <TicketView ticket={query.data} back={back} problem={query.error ? asProblem(query.error) : null} />;
}

type Verb = "take" | "release" | "resolve" | "return";

function useAct(id: string) {
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: OPEN_TICKETS });
    void client.invalidateQueries({ queryKey: ["handoff", id] });
  };
  const act = useMutation({
    mutationFn: (verb: Verb) => {
      const params = { path: { id } };
      if (verb === "resolve") return answer(api.POST("/v1/handoffs/{id}/resolve", { params }));
      if (verb === "return") return answer(api.POST("/v1/handoffs/{id}/return", { params }));
      return answer(api.POST("/v1/handoffs/{id}/assign", { params, body: { assignee: verb === "take" ? "me" : null } }));
    },
    onSettled: refresh,
    onSuccess: (_ticket, verb) => {
      if (verb === "resolve") toast(words.resolved);
      if (verb === "return") toast(words.returned);
    },
  });
  return { act, refresh };
}

/** Words that are on their way, until the transcript has them. */
function usePending(ticket: Ticket) {
  const [pending, setPending] = useState<string[]>([]);
  const said = ticket.transcript.filter((entry) => entry.sender === "human_agent").length;
  const [saidBefore, setSaidBefore] = useState(said);
  useEffect(() => {
    if (said > saidBefore) setPending((texts) => texts.slice(said - saidBefore));
    setSaidBefore(said);
  }, [said, saidBefore]);
  const add = (text: string) => setPending((texts) => [...texts, text]);
  const drop = (text: string) => setPending((texts) => texts.filter((one) => one !== text));
  return { pending, add, drop };
}

function TicketView({ ticket, back, problem }: { ticket: Ticket; back: string; problem: Problem | null }) {
  const { user } = useSession();
  const { act, refresh } = useAct(ticket.id);
  const { pending, add, drop } = usePending(ticket);
  const [atEnd, setAtEnd] = useState(true);
  useLooked(ticket, atEnd);
  const name = personName(ticket.recipient);
  const open = ticket.status === "open";
  const theirs = open && ticket.assignee !== null && ticket.assignee_id !== user.id;
  const typing = ticket.typing && ticket.typing.name !== user.name ? ticket.typing.name : null;
  const busy = (verb: Verb) => act.isPending && act.variables === verb;
  return (
    <>
      <section className="inbox-ticket" aria-label={words.ticketOf(name)}>
        <header className="inbox-head">
          <Link className="back only-small" href={back} aria-label={words.allTickets}><ArrowLeft aria-hidden /></Link>
          <div className="grow"><h2 className="clip one"><bdi>{name}</bdi></h2><span className="quiet small">{handoffReason(ticket.reason)} · {ago(ticket.opened_at)}</span></div>
          {open && (
            <div className="row wrap end">
              {!ticket.assignee && <Button size="small" icon={Hand} busy={busy("take")} onClick={() => act.mutate("take")}>{words.take}</Button>}
              {ticket.assignee_id === user.id && <Button size="small" kind="plain" onClick={() => act.mutate("release")}>{words.release}</Button>}
              <Button size="small" icon={Bot} disabled={theirs} busy={busy("return")} onClick={() => act.mutate("return")}>{words.giveBack}</Button>
              <Button size="small" kind="primary" icon={CheckCheck} disabled={theirs} busy={busy("resolve")} onClick={() => act.mutate("resolve")}>{words.resolve}</Button>
            </div>
          )}
        </header>
        <Follow className="inbox-scroll" label={words.messages} pill={words.newMessages} count={ticket.transcript.length} own={pending.length} onEnd={setAtEnd}>
          <Transcript entries={ticket.transcript} name={name} pending={pending} ticket={ticket.id} />
        </Follow>
        <div className="inbox-foot stack tight">
          {problem && <ProblemNotice problem={problem} />}
          {act.error ? <ProblemNotice problem={asProblem(act.error)} retry={refresh} /> : null}
          {typing && <p className="hint" role="status">{words.typing(typing)}</p>}
          {theirs && <Notice tone="blue">{words.assignedTo(ticket.assignee!)}</Notice>}
          {!open && <Notice tone="blue">{words.over[ticket.status]}{ticket.ended_at && ` ${ago(ticket.ended_at)}`}.</Notice>}
          <Composer ticket={ticket} me={user.id} onSay={add} onFailed={drop} onDone={refresh} />
        </div>
      </section>
      <Context ticket={ticket} me={user.id} />
    </>
  );
}

function Context({ ticket, me }: { ticket: Ticket; me: string }) {
  const attributes = Object.entries(ticket.attributes);
  return (
    <aside className="inbox-context stack" aria-label={words.aboutRecipient}>
      <Link className="row person-link" href={`/recipients/${ticket.recipient.id}`}>
        <Avatar name={personName(ticket.recipient)} large />
        <span className="grow"><bdi className="strong block">{personName(ticket.recipient)}</bdi><span className="quiet small">{personDetail(ticket.recipient) ?? words.openRecipient}</span></span>
      </Link>
      <dl className="facts">
        <dt>{words.reason}</dt><dd>{handoffReason(ticket.reason)}</dd>
        <dt>{words.campaign}</dt><dd>{ticket.campaign ?? words.none}</dd>
        <dt>{words.channel}</dt><dd>{CHANNEL[ticket.channel_type]}</dd>
        <dt>{words.opened}</dt><dd><Time at={ticket.opened_at} /></dd>
        <dt>{words.assignee}</dt><dd>{ticket.assignee_id === me ? words.you : (ticket.assignee ?? words.unassigned)}</dd>
      </dl>
      <h3>{words.attributes}</h3>
      {attributes.length === 0 ? <p className="hint">{words.noAttributes}</p> : (
        <dl className="facts">{attributes.map(([name, value]) => <div className="contents" key={name}><dt>{name}</dt><dd dir="auto">{typeof value === "string" ? value : JSON.stringify(value)}</dd></div>)}</dl>
      )}
    </aside>
  );
}
