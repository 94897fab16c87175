import { useMutation, useQueryClient } from "@tanstack/react-query";
import { AlertCircle, Bot, Check, CheckCheck, Clock, ExternalLink, RotateCw } from "lucide-react";
import { Fragment } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { useSession } from "../api/session";
import type { Entry } from "../api/types";
import { timeOfDay } from "../lib/format";
import { notSent, SPOKEN } from "../words/values";
import { Time } from "../ui/basics";
import { Markdown, Typed } from "../ui/Markdown";
import { Media } from "../ui/Media";
import { words } from "../words/transcript";

const dayOf = (iso: string): string =>
  new Date(iso).toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long" });

/** Who wrote a message, whoever's voice said it: a proactive one is the business's. */
export function speaker(entry: Entry, recipient: string, me: string): string {
  if (entry.sender === "recipient") return recipient;
  if (entry.sender === "human_agent") return entry.name ?? words.humanAgent;
  if (entry.kind !== "proactive") return words.aiAgent;
  const by = entry.sent_by?.kind === "user" && entry.sent_by.id !== me ? entry.sent_by.name : "You";
  return entry.campaign ? `${by} · ${entry.campaign}` : by;
}

/** What was said, as messages. `ticket`: the one in which a human agent's messages can be sent once more. */
export function Transcript({ entries, name, pending = [], ticket }: {
  entries: readonly Entry[]; name: string; pending?: readonly string[]; ticket?: string;
}) {
  const { user } = useSession();
  const spoken = entries.map((entry) => ({ entry, by: speaker(entry, name, user.id) }));
  return (
    <ol className="transcript" aria-label={words.transcript}>
      {spoken.map(({ entry, by }, index) => {
        const before = spoken[index - 1];
        const newDay = !before || dayOf(before.entry.at) !== dayOf(entry.at);
        const sameSpeaker = !newDay && before.entry.sender === entry.sender && before.by === by;
        const kind = entry.kind === "proactive" ? "business" : entry.sender;
        return (
          <Fragment key={entry.id ?? `${entry.at}-${index}`}>
            {newDay && <li className="day"><span>{dayOf(entry.at)}</span></li>}
            <li className={`said ${kind}`}>
              {!sameSpeaker && (
                <span className="speaker">
                  {kind === "ai_agent" && <Bot aria-hidden />}
                  <bdi>{by}</bdi>
                  <Time at={entry.at}>{timeOfDay(entry.at)}</Time>
                </span>
              )}
              {entry.text && <div className="bubble breaks" dir="auto">{entry.sender === "recipient" ? <Heard entry={entry} /> : entry.format === "markdown" ? <Markdown text={entry.text} literal={entry.literal} /> : <Typed text={entry.text} />}</div>}
              {(entry.attachments ?? []).map((one, at) => <Media key={at} url={String(one.url ?? "")} type={String(one.content_type ?? "")} />)}
              {(entry.suggested_replies ?? []).length > 0 && (
                <span className="row wrap suggestions">
                  {(entry.suggested_replies ?? []).map((one, at) => (
                    <span key={at} className="suggested" dir="auto">{String(one.title ?? "")}{one.url ? <ExternalLink aria-hidden /> : null}</span>
                  ))}
                </span>
              )}
              <Delivery entry={entry} ticket={ticket} />
            </li>
          </Fragment>
        );
      })}
      {pending.map((text, index) => (
        <li key={`pending-${index}`} className="said human_agent pending">
          <span className="speaker">{words.sending}</span>
          <div className="bubble breaks" dir="auto">{text}</div>
        </li>
      ))}
    </ol>
  );
}

/** A reply by number says what it means: `1 · Yes please`. */
function Heard({ entry }: { entry: Entry }) {
  if (!entry.suggested_reply) return <Typed text={entry.text} />;
  return <>{entry.text}<span className="quiet"> · </span><strong>{entry.suggested_reply}</strong></>;
}

const SIGNS = { sending: Clock, queued: Clock, sent: Check, delivered: CheckCheck } as const;

/** How far a human agent's message got; of other messages only that they did not arrive. */
function Delivery({ entry, ticket }: { entry: Entry; ticket: string | undefined }) {
  const status = entry.delivery_status;
  if (status === "failed") return <Failure entry={entry} ticket={ticket} />;
  if (entry.sender !== "human_agent" || !status || !(status in SIGNS)) return null;
  const Sign = SIGNS[status as keyof typeof SIGNS];
  return <span className="how-far"><Sign aria-hidden />{SPOKEN[status]}</span>;
}

function Failure({ entry, ticket }: { entry: Entry; ticket: string | undefined }) {
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => answer(api.POST("/v1/handoffs/{id}/messages/{message_id}/retry", { params: { path: { id: ticket!, message_id: entry.id! } } })),
    onSuccess: (shown) => client.setQueryData(["handoff", ticket], shown),
  });
  return (
    <>
      <span className="how-far failed"><AlertCircle aria-hidden /><span>{notSent(entry.error)}</span>
        {ticket && entry.id && entry.can_retry && (
          <button type="button" className="again" aria-disabled={retry.isPending || undefined} onClick={() => !retry.isPending && retry.mutate()}><RotateCw aria-hidden />{words.tryAgain}</button>
        )}
      </span>
      {retry.error ? <span className="field-error" role="alert">{asProblem(retry.error).message}</span> : null}
    </>
  );
}
