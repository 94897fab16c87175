import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, ExternalLink, XCircle } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../api/client";
import { live } from "../api/live";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import type { Chat, Conversation } from "../api/types";
import { ago, duration, personDetail, personName } from "../lib/format";
import { CHANNEL, CLOSED, DELIVERY, STATUS } from "../words/values";
import { Avatar, Badge, Button, Failed, ProblemNotice, Time } from "../ui/basics";
import { Confirm } from "../ui/Dialog";
import { Markdown } from "../ui/Markdown";
import { Page, PageSkeleton } from "../ui/Page";
import { toast } from "../ui/toast";
import { DeliveryBadge, goesOut, ResponseBadge, Stars } from "./ChatTable";
import { Transcript } from "./Transcript";
import { Waiting } from "./Waiting";
import { words } from "../words/chats";

type One = (Chat | Conversation) & Partial<Pick<Chat, "delivery_status" | "conversation_id">>;

function useOne(id: string, kind: "chat" | "conversation") {
  return useQuery<One>({
    queryKey: [kind, id, "transcript"],
    queryFn: ({ signal }) => {
      const asked = { params: { path: { id }, query: { include: "transcript" as const } }, signal };
      return kind === "chat" ? answer(api.GET("/v1/proactive-chats/{id}", asked)) : answer(api.GET("/v1/conversations/{id}", asked));
    },
    ...live(),
  });
}

const isChat = (one: One): one is Chat => "delivery_status" in one;

export default function ConversationPage({ id, kind }: { id: string; kind: "chat" | "conversation" }) {
  const query = useOne(id, kind);
  const [closing, setClosing] = useState(false);
  const { may } = useStanding();
  const back = kind === "chat" ? "/proactive-chats" : "/conversations";
  if (!query.data) {
    if (!query.error) return <PageSkeleton />;
    const problem = asProblem(query.error);
    return <Page title={words.conversation} above={<Back to={back} />}><div className="card"><Failed problem={problem} retry={() => void query.refetch()} /></div></Page>;
  }
  const one = query.data;
  const name = personName(one.recipient);
  const spoken = one.transcript ?? [];
  return (
    <Page
      title={name}
      above={<Back to={back} />}
      lead={[personDetail(one.recipient), CHANNEL[one.channel_type], one.campaign].filter(Boolean).join(" · ")}
      actions={may("agent") && one.status === "open" && <Button icon={XCircle} onClick={() => setClosing(true)}>{words.close}</Button>}
    >
      {query.error ? <ProblemNotice problem={asProblem(query.error)} retry={() => void query.refetch()} /> : null}
      <div className="split">
        <section className="card" aria-label={words.conversation}>
          {isChat(one) && <Waiting chat={one} />}
          {spoken.length > 0 && <div className="transcript-box"><Transcript entries={spoken} name={name} /></div>}
          {spoken.length === 0 && isChat(one) && (
            <div className="transcript-box">
              <Draft chat={one} />
            </div>
          )}
        </section>
        <aside className="stack">
          <section className="card pad stack" aria-label={words.figures}><Facts one={one} /></section>
          <section className="card pad stack" aria-label={words.timeline}><h2>{words.timeline}</h2><Timeline one={one} /></section>
        </aside>
      </div>
      {closing && <CloseDialog id={one.conversation_id ?? one.id} onClose={() => setClosing(false)} />}
    </Page>
  );
}

/** What is to be said, as long as it is not: the same message, without a time. */
function Draft({ chat }: { chat: Chat }) {
  return (
    <ol className="transcript" aria-label={words.message}>
      <li className="said business">
        <div className="bubble breaks" dir="auto">{chat.message === null ? `/${chat.intent}` : <Markdown text={chat.message} />}</div>
        {chat.suggested_replies.length > 0 && (
          <span className="row wrap suggestions">
            {chat.suggested_replies.map((one) => <span key={one.title} className="suggested" dir="auto">{one.title}{one.url ? <ExternalLink aria-hidden /> : null}</span>)}
          </span>
        )}
      </li>
    </ol>
  );
}

const Back = ({ to }: { to: string }) => (
  <Link className="back" href={to} onClick={(event) => { if (history.length > 1 && document.referrer === "") { event.preventDefault(); history.back(); } }}>
    <ArrowLeft aria-hidden />{to === "/conversations" ? words.conversations : words.chats}
  </Link>
);

function Facts({ one }: { one: One }) {
  const status = one.status && STATUS[one.status];
  return (
    <>
      <Link className="row person-link" href={`/recipients/${one.recipient.id}`}>
        <Avatar name={personName(one.recipient)} large />
        <span className="grow"><bdi className="strong block">{personName(one.recipient)}</bdi><span className="quiet small">{words.openRecipient}</span></span>
      </Link>
      <dl className="facts">
        {isChat(one) && <><dt>{words.delivery}</dt><dd><DeliveryBadge chat={one} />{goesOut(one) && <span className="quiet block small num">{goesOut(one)}</span>}</dd></>}
        {isChat(one) && one.sent_by && <><dt>{words.sentBy}</dt><dd><bdi>{one.sent_by.name}</bdi>{one.sent_by.kind === "api_key" && <span className="quiet block small">{words.apiKey}</span>}</dd></>}
        <dt>{words.response}</dt><dd><ResponseBadge status={one.response_status ?? "not_responded"} /></dd>
        {status && <><dt>{words.status}</dt><dd><Badge tone={status.tone}>{status.label}</Badge>{one.closed_reason && <span className="quiet block small">{CLOSED[one.closed_reason]}</span>}</dd></>}
        {one.status === "open" && one.auto_close_at && <><dt>{words.closes}</dt><dd>{words.ifQuiet(ago(one.auto_close_at))}</dd></>}
        <dt>{words.resolutionTime}</dt><dd className="num">{duration(one.resolution_time)}</dd>
        <dt>{words.csat}</dt><dd><Stars value={one.csat ?? null} />{one.csat_comment && <span className="block breaks" dir="auto">“{one.csat_comment}”</span>}</dd>
        <dt>{words.messages}</dt><dd className="num">{words.counts(one.user_message_count ?? 0, one.agent_message_count ?? 0, one.human_message_count ?? 0)}</dd>
        {isChat(one) && one.segments !== null && <><dt>{words.sms}</dt><dd>{words.segments(one.segments, one.encoding ?? "")}</dd></>}
        {one.late_response && <><dt>{words.lateResponse}</dt><dd>{words.lateResponseHint}</dd></>}
      </dl>
    </>
  );
}

function Timeline({ one }: { one: One }) {
  const chat = isChat(one) ? one : null;
  const points = [
    chat && [words.created, chat.created_at],
    chat?.scheduled_at && [words.scheduledFor, chat.scheduled_at],
    chat?.sent_at && [words.sent, chat.sent_at],
    chat?.delivered_at && [DELIVERY.delivered!.label, chat.delivered_at],
    !chat && one.started_at && [words.started, one.started_at],
    one.responded_at && [words.firstResponse, one.responded_at],
    one.handed_over_at && [words.handedOver, one.handed_over_at],
    one.closed_at && [words.closed, one.closed_at],
  ].filter((point): point is [string, string] => Array.isArray(point));
  points.sort((left, right) => Date.parse(left[1]) - Date.parse(right[1]));
  return <ol className="timeline">{points.map(([label, at]) => <li key={label}><span>{label}</span><Time at={at} /></li>)}</ol>;
}

function CloseDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const client = useQueryClient();
  const close = useMutation({
    mutationFn: () => answer(api.POST("/v1/conversations/{id}/close", { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries();
      toast(words.closing);
      onClose();
    },
  });
  return (
    <Confirm title={words.closeTitle} action={words.close} pending={close.isPending} error={close.error} onConfirm={() => close.mutate()} onClose={onClose}>
      <p>{words.closeText}</p>
    </Confirm>
  );
}
