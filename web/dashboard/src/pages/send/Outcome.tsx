import { useQuery } from "@tanstack/react-query";
import { CheckCircle2, Clock, XCircle } from "lucide-react";
import { Link } from "wouter";
import { answer, api } from "../../api/client";
import { asProblem } from "../../api/problems";
import type { Chat } from "../../api/types";
import { personName } from "../../lib/format";
import { reason } from "../../words/values";
import { Button, ProblemNotice } from "../../ui/basics";
import { goesOut } from "../ChatTable";
import { words } from "../../words/send";

/** What became of a send: on its way, sent, waiting, or not sent and why. */
export function outcome(chat: Chat): { tone: "good" | "wait" | "bad"; title: string; text: string } {
  const name = personName(chat.recipient);
  switch (chat.delivery_status) {
    case "delivered":
      return { tone: "good", title: words.delivered, text: words.deliveredTo(name) };
    case "sent":
      return { tone: "good", title: words.sent, text: words.sentTo(name) };
    case "failed":
      return { tone: "bad", title: words.notSent, text: chat.error?.message ?? words.refused };
    case "skipped":
      return { tone: "bad", title: words.notSent, text: reason(chat.skip_reason) };
    case "sending":
      return { tone: "wait", title: words.sending, text: words.onItsWay(name) };
    default: {
      const at = goesOut(chat);
      if (at) return { tone: "wait", title: words.scheduled, text: words.scheduledAt(at) };
      if (chat.wait_reason) return { tone: "wait", title: words.waiting, text: reason(chat.wait_reason) };
      return { tone: "wait", title: words.sending, text: words.onItsWay(name) };
    }
  }
}

const SIGNS = { good: CheckCircle2, wait: Clock, bad: XCircle };

export function Outcome({ id, onClose, onAnother }: { id: string; onClose: () => void; onAnother: () => void }) {
  const chat = useQuery({
    queryKey: ["chat", id],
    queryFn: () => answer(api.GET("/v1/proactive-chats/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (["delivered", "failed", "skipped"].includes(query.state.data?.delivery_status ?? "") ? false : 1_000),
  });
  const told = chat.data && outcome(chat.data);
  const Sign = SIGNS[told?.tone ?? "wait"];
  return (
    <>
      <div className={`body outcome ${told?.tone ?? "wait"}`} role="status">
        <Sign aria-hidden />
        <h3>{told?.title ?? words.sending}</h3>
        <p>{told?.text}</p>
        {chat.error ? <ProblemNotice problem={asProblem(chat.error)} retry={() => void chat.refetch()} /> : null}
      </div>
      <footer>
        <Button onClick={onAnother}>{words.another}</Button>
        <Link className="button" href={`/proactive-chats/${id}`} onClick={onClose}>{words.openChat}</Link>
        <Button kind="primary" onClick={onClose}>{words.done}</Button>
      </footer>
    </>
  );
}
