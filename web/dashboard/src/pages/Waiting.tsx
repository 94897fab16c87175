/** What became of a message that has not arrived, and what can be done about it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CalendarClock, Pencil, RotateCw, Send, XCircle } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import type { Chat } from "../api/types";
import { personName } from "../lib/format";
import { reason, worthAnother } from "../words/values";
import { Button, Notice, ProblemNotice } from "../ui/basics";
import { Confirm } from "../ui/Dialog";
import { toast } from "../ui/toast";
import { goesOut } from "./ChatTable";
import { draftOf } from "./send/draft";
import { words } from "../words/chats";

const SendDialog = lazy(() => import("./send/SendDialog"));
const EditDialog = lazy(() => import("./send/EditDialog"));

export function Waiting({ chat }: { chat: Chat }) {
  if (chat.delivery_status === "queued") return <div className="card-notice"><Planned chat={chat} /></div>;
  if (chat.delivery_status === "failed" || chat.delivery_status === "skipped") return <div className="card-notice"><NotSent chat={chat} /></div>;
  return null;
}

function usePlans(chat: Chat, onDone: () => void) {
  const client = useQueryClient();
  const params = { path: { id: chat.id } };
  return useMutation({
    mutationFn: (verb: "cancel" | "send") =>
      verb === "cancel"
        ? answer(api.POST("/v1/proactive-chats/{id}/cancel", { params }))
        : answer(api.PATCH("/v1/proactive-chats/{id}", { params, body: { scheduled_at: null } })),
    onSuccess: (_chat, verb) => {
      toast(verb === "cancel" ? words.cancelled : words.sendingNow);
      onDone();
    },
    // Also where it was too late: the page then shows what became of it.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["chats"] });
      void client.invalidateQueries({ queryKey: ["chat"] });
    },
  });
}

function Planned({ chat }: { chat: Chat }) {
  const { may } = useStanding();
  const [open, setOpen] = useState<"edit" | "cancel" | null>(null);
  const act = usePlans(chat, () => setOpen(null));
  const at = goesOut(chat);
  return (
    <>
      <div className="notice blue planned" role="status">
        <CalendarClock aria-hidden />
        <div className="grow">{at ? <><strong>{words.scheduled}</strong><span className="num">{at}</span></> : <><strong>{words.waiting}</strong>{reason(chat.wait_reason) || words.momentarily}</>}</div>
        {may("send") && (
          <div className="row wrap">
            <Button size="small" icon={Pencil} onClick={() => setOpen("edit")}>{words.edit}</Button>
            {at && <Button size="small" icon={Send} busy={act.isPending && act.variables === "send"} onClick={() => act.mutate("send")}>{words.sendNow}</Button>}
            <Button size="small" icon={XCircle} onClick={() => setOpen("cancel")}>{words.cancelMessage}</Button>
          </div>
        )}
      </div>
      {act.error && open === null ? <ProblemNotice problem={asProblem(act.error)} /> : null}
      {open === "edit" && <Suspense><EditDialog chat={chat} onClose={() => setOpen(null)} /></Suspense>}
      {open === "cancel" && (
        <Confirm title={words.cancelTitle} action={words.cancelMessage} dismiss={words.keep} danger pending={act.isPending} error={act.variables === "cancel" ? act.error : null} onConfirm={() => act.mutate("cancel")} onClose={() => setOpen(null)}>
          <p>{words.cancelText(personName(chat.recipient))}</p>
        </Confirm>
      )}
    </>
  );
}

function NotSent({ chat }: { chat: Chat }) {
  const { may } = useStanding();
  const [again, setAgain] = useState(false);
  const failed = chat.delivery_status === "failed";
  const cancelled = chat.skip_reason === "cancelled";
  const offer = may("send") && chat.message !== null && worthAnother(chat) && (
    <Button size="small" icon={RotateCw} onClick={() => setAgain(true)}>{words.sendAgain}</Button>
  );
  return (
    <>
      <Notice tone={failed ? "red" : cancelled ? "blue" : "amber"} title={failed ? (chat.sent_at ? words.notDelivered : words.notSent) : cancelled ? words.isCancelled : words.notSent} action={offer}>
        {failed ? <>{chat.error?.message}{chat.error?.code ? ` (${chat.error.code})` : ""}</> : reason(chat.skip_reason)}
      </Notice>
      {again && <Suspense><SendDialog receiver={chat.recipient} again={draftOf({ ...chat, scheduled_at: null })} onClose={() => setAgain(false)} /></Suspense>}
    </>
  );
}
