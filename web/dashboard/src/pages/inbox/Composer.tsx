import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useRef, type KeyboardEvent } from "react";
import { answer, api } from "../../api/client";
import { asProblem } from "../../api/problems";
import type { Ticket } from "../../api/types";
import { read, useKept, write } from "../../lib/keep";
import { newKey } from "../../lib/key";
import { Button, Notice, ProblemNotice } from "../../ui/basics";
import { words } from "../../words/inbox";

/** Why nothing can be said in a ticket by whoever looks at it; null where it can. */
export function blocked(ticket: Ticket, me: string): string | null {
  if (ticket.status !== "open") return words.overMeanwhile;
  if (ticket.assignee === null || ticket.assignee_id === me) return null;
  const answered = ticket.transcript.some((entry) => entry.sender === "human_agent" && entry.name === ticket.assignee);
  return answered ? words.answeredMeanwhile(ticket.assignee) : words.takenMeanwhile(ticket.assignee);
}

interface ComposerProps {
  ticket: Ticket;
  me: string;
  onSay: (text: string) => void;
  onFailed: (text: string) => void;
  onDone: () => void;
}

/** Where an answer is written. What was written stays in it when somebody else was faster: it can be read and copied. */
export function Composer({ ticket, me, onSay, onFailed, onDone }: ComposerProps) {
  const kept = `reply-${ticket.id}`;
  const [text, setText] = useKept(kept, "");
  const key = useRef(newKey());
  const told = useRef(0);
  const why = blocked(ticket, me);
  const say = useMutation({
    mutationFn: (said: string) => answer(api.POST("/v1/handoffs/{id}/messages", { params: { path: { id: ticket.id }, header: { "Idempotency-Key": key.current } }, body: { text: said } })),
    onMutate: onSay,
    onSuccess: () => {
      key.current = newKey();
      onDone();
    },
    onError: (error, said) => {
      onFailed(said);
      const problem = asProblem(error);
      // The words changed after an answer got lost: the next try is another message.
      if (problem.type === "idempotency-key-reused") key.current = newKey();
      // Back into the box, before whatever was written there since.
      setText([said, read(kept, "")].filter(Boolean).join("\n"));
      if (problem.kind === "conflict") onDone();
    },
  });
  const submit = () => {
    const said = text.trim();
    if (!said || say.isPending || why) return;
    setText("");
    write(kept, undefined);
    say.mutate(said);
  };
  const tellTyping = () => {
    if (why || Date.now() - told.current < 3_000) return;
    told.current = Date.now();
    void api.POST("/v1/handoffs/{id}/typing", { params: { path: { id: ticket.id } } }).catch(() => undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  if (why && !text && !say.isPending) return null;
  return (
    <form className="composer" noValidate onSubmit={(event) => { event.preventDefault(); submit(); }}>
      {why ? <Notice tone="amber">{why}</Notice> : <ProblemNotice problem={say.error ? asProblem(say.error) : null} retry={submit} />}
      <div className="composer-box">
        <textarea aria-label={words.answer} rows={2} maxLength={1600} dir="auto" placeholder={words.placeholder} value={text} onKeyDown={onKeyDown} onChange={(event) => { setText(event.target.value); if (event.target.value) tellTyping(); }} />
        <Button type="submit" kind="primary" size="small" icon={Send} aria-label={words.send} busy={say.isPending} disabled={!!why || (!text.trim() && !say.isPending)} />
      </div>
      {!why && <span className="hint xs">{ticket.assignee ? words.keys : words.keysUnassigned}</span>}
    </form>
  );
}
