import { toPlain } from "@shared/markdown";
import { MessageSquare, Smartphone } from "lucide-react";
import type { MouseEvent } from "react";
import { Link, useLocation } from "wouter";
import type { Chat, Conversation, Person } from "../api/types";
import { duration, personDetail, personName } from "../lib/format";
import { scheduledFor } from "../lib/schedule";
import { CHANNEL, deliveryWords, reason, RESPONSE, STATUS } from "../words/values";
import { Avatar, Badge, Time } from "../ui/basics";
import { words } from "../words/chats";
import { actions } from "../words/common";

/** The whole row leads where its first link does; the link is what keyboards and screen readers use. */
export function useRowLink() {
  const [, go] = useLocation();
  return (to: string) => (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("a, button, input") || getSelection()?.toString()) return;
    if (event.metaKey || event.ctrlKey) window.open(to, "_blank", "noopener");
    else go(to);
  };
}

export function Who({ person, to }: { person: Person; to?: string }) {
  const name = personName(person);
  const detail = personDetail(person);
  return (
    <span className="row who">
      <Avatar name={name} />
      <span className="grow">
        {to ? <Link href={to} className="clip one"><bdi>{name}</bdi></Link> : <bdi className="clip one strong">{name}</bdi>}
        {detail && <span className="quiet xs clip one">{detail}</span>}
      </span>
    </span>
  );
}

export function Channel({ type }: { type: string }) {
  const Icon = type === "sms" ? Smartphone : MessageSquare;
  return <span className="row channel" title={CHANNEL[type] ?? type}><Icon aria-hidden /><span className="channel-name">{CHANNEL[type] ?? type}</span></span>;
}

export function DeliveryBadge({ chat }: { chat: Chat }) {
  const badge = deliveryWords(chat);
  const why = chat.error?.message ?? (reason(chat.skip_reason ?? chat.wait_reason) || badge.help);
  return <Badge tone={badge.tone} title={why}>{badge.label}</Badge>;
}

/** When it goes out, of what is scheduled and has not gone out. */
export function goesOut(chat: Chat): string | null {
  const later = chat.delivery_status === "queued" && chat.scheduled_at && Date.parse(chat.scheduled_at) > Date.now();
  return later ? scheduledFor(chat.scheduled_at!, chat.recipient.timezone) : null;
}

export function ResponseBadge({ status }: { status: string }) {
  const badge = RESPONSE[status]!;
  return <Badge tone={badge.tone}>{badge.label}</Badge>;
}

export function Stars({ value }: { value: number | null }) {
  if (value === null) return <span className="quiet">–</span>;
  return <span className="csat num" title={words.ratedOf(value)}><span aria-hidden>★</span>{value}<span className="visually-hidden">{words.of5}</span></span>;
}

export function ChatTable({ rows }: { rows: Chat[] }) {
  const rowLink = useRowLink();
  return (
    <div className="table-wrap">
      <table className="table linked cards">
        <thead>
          <tr>
            <th scope="col">{words.startedOn}</th><th scope="col">{words.recipient}</th><th scope="col">{words.channel}</th><th scope="col">{words.message}</th>
            <th scope="col">{words.delivery}</th><th scope="col">{words.response}</th><th scope="col" className="right">{words.resolutionTime}</th>
            <th scope="col">{words.csat}</th><th scope="col">{words.closedOn}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((chat) => {
            const to = `/proactive-chats/${chat.id}`;
            return (
              <tr key={chat.id} onClick={rowLink(to)}>
                <td className="at"><Time at={chat.started_at ?? chat.created_at} /></td>
                <td className="first"><Who person={chat.recipient} to={to} /></td>
                <td className="off"><Channel type={chat.channel_type} /></td>
                <td className="full"><span className="clip" dir="auto">{chat.message !== null ? toPlain(chat.message) : <span className="mono quiet">/{chat.intent}</span>}</span>{chat.campaign && <span className="quiet xs clip one">{chat.campaign}</span>}</td>
                <td><DeliveryBadge chat={chat} />{goesOut(chat) && <span className="quiet xs block num goes-out">{goesOut(chat)}</span>}</td>
                <td><ResponseBadge status={chat.response_status ?? "not_responded"} /></td>
                <td className="right num off nowrap">{duration(chat.resolution_time)}</td>
                <td className="off"><Stars value={chat.csat ?? null} /></td>
                <td className="off"><Time at={chat.closed_at} /></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** `own`: all of them are one person's, whose page this is. */
export function ConversationTable({ rows, own }: { rows: Conversation[]; own?: boolean }) {
  const rowLink = useRowLink();
  return (
    <div className="table-wrap">
      <table className="table linked cards">
        <thead>
          <tr>
            <th scope="col">{words.startedOn}</th>{!own && <th scope="col">{words.recipient}</th>}<th scope="col">{words.channel}</th><th scope="col">{words.startedBy}</th>
            <th scope="col">{words.status}</th><th scope="col">{words.response}</th><th scope="col" className="right">{words.messages}</th>
            {!own && <th scope="col" className="right">{words.resolutionTime}</th>}<th scope="col">{words.csat}</th>{!own && <th scope="col">{words.closedOn}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => {
            const to = one.started_by === "business" ? `/proactive-chats/${one.id}` : `/conversations/${one.id}`;
            const status = STATUS[one.status ?? "open"]!;
            return (
              <tr key={one.id} onClick={rowLink(to)}>
                <td className={own ? "first" : "at"}>{own ? <Link href={to}><Time at={one.started_at} /></Link> : <Time at={one.started_at} />}</td>
                {!own && <td className="first"><Who person={one.recipient} to={to} /></td>}
                <td className="off"><Channel type={one.channel_type} /></td>
                <td className="off">{one.started_by === "business" ? (one.campaign ?? words.you) : words.theRecipient}</td>
                <td><Badge tone={status.tone}>{status.label}</Badge></td>
                <td>{one.started_by === "business" ? <ResponseBadge status={one.response_status ?? "not_responded"} /> : <span className="quiet off">–</span>}</td>
                <td className="right num off">{(one.user_message_count ?? 0) + (one.agent_message_count ?? 0) + (one.human_message_count ?? 0)}</td>
                {!own && <td className="right num off nowrap">{duration(one.resolution_time)}</td>}
                <td className="off"><Stars value={one.csat ?? null} /></td>
                {!own && <td className="off"><Time at={one.closed_at} /></td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div className="table-skeleton" role="status" aria-label={actions.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index}><span className="skeleton w4" /><span className="skeleton w2" /><span className="skeleton w1" /><span className="skeleton w4" /></div>
      ))}
    </div>
  );
}
