import { useQuery } from "@tanstack/react-query";
import { CheckCircle2, Clock, XCircle } from "lucide-react";
import { Link } from "wouter";
import { answer, api } from "../../api/client";
import { asProblem } from "../../api/problems";
import type { Chat } from "../../api/types";
import { personName } from "../../lib/format";
import { reason } from "../../lib/words";
import { Button, ProblemNotice } from "../../ui/basics";
import { goesOut } from "../ChatTable";

/** What became of a send: on its way, sent, waiting, or not sent and why. */
export function outcome(chat: Chat): { tone: "good" | "wait" | "bad"; title: string; text: string } {
  const name = personName(chat.recipient);
  switch (chat.delivery_status) {
    case "delivered":
      return { tone: "good", title: "Delivered", text: `${name} has it.` };
    case "sent":
      return { tone: "good", title: "Sent", text: `The carrier has it and brings it to ${name}.` };
    case "failed":
      return { tone: "bad", title: "Not sent", text: chat.error?.message ?? "The carrier refused it." };
    case "skipped":
      return { tone: "bad", title: "Not sent", text: reason(chat.skip_reason) };
    case "sending":
      return { tone: "wait", title: "Sending…", text: `It is on its way to ${name}.` };
    default: {
      const at = goesOut(chat);
      if (at) return { tone: "wait", title: "Scheduled", text: `It goes out ${at}.` };
      if (chat.wait_reason) return { tone: "wait", title: "Waiting", text: reason(chat.wait_reason) };
      return { tone: "wait", title: "Sending…", text: `It is on its way to ${name}.` };
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
        <h3>{told?.title ?? "Sending…"}</h3>
        <p>{told?.text}</p>
        {chat.error ? <ProblemNotice problem={asProblem(chat.error)} retry={() => void chat.refetch()} /> : null}
      </div>
      <footer>
        <Button onClick={onAnother}>Send another</Button>
        <Link className="button" href={`/proactive-chats/${id}`} onClick={onClose}>Open the chat</Link>
        <Button kind="primary" onClick={onClose}>Done</Button>
      </footer>
    </>
  );
}
