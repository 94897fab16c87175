import { useMutation, useQueryClient } from "@tanstack/react-query";
import { MessageSquare, Send, Smartphone } from "lucide-react";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { newKey } from "../../lib/key";
import { asProblem } from "../../api/problems";
import { read, useKept, write } from "../../lib/keep";
import { known, OWN_ZONE } from "../../lib/zone";
import { Button, Choice, Notice, ProblemNotice, Segmented, Slow } from "../../ui/basics";
import { Dialog } from "../../ui/Dialog";
import { Form } from "../../ui/Form";
import { emptyDraft, fieldErrors, missing, toRequest, unreachable, type Draft, type Receiver } from "./draft";
import { Outcome } from "./Outcome";
import { Campaign, Forecast, Message, Schedule, useChecked } from "./parts";
import { Preview } from "./Preview";
import { RecipientSearch } from "./RecipientSearch";
import { Replies } from "./Replies";
import { words } from "../../words/send";

/** A message to somebody chosen beforehand is a draft of its own, and so is a message sent once more. */
const keptAs = (receiver?: Receiver, again?: Draft): string => (receiver ? `send-${again ? "again" : "draft"}-${receiver.id}` : "send-draft");

/** `again`: what to begin with, to `receiver`. */
export default function SendDialog({ onClose, receiver, again }: { onClose: () => void; receiver?: Receiver; again?: Draft }) {
  const name = keptAs(receiver, again);
  const fresh = (): Draft => again ?? { ...emptyDraft(known(receiver?.timezone) ? receiver!.timezone! : OWN_ZONE), receiver: receiver ?? null };
  const [draft, setKept] = useKept<Draft>(name, fresh());
  const [sentId, setSentId] = useState<string | null>(null);
  const close = () => {
    // What is not written to the end is kept; what was sent is not offered again.
    const left = read<Draft | undefined>(name, undefined);
    const worthKeeping = !sentId && left && (left.message.trim() || left.replies.length);
    write(name, worthKeeping ? { ...left, idempotencyKey: newKey() } : undefined);
    onClose();
  };
  const another = () => {
    setSentId(null);
    setKept(fresh());
  };
  return (
    <Dialog title={sentId ? words.message : words.sendMessage} large={!sentId} onClose={close}>
      {sentId ? <Outcome id={sentId} onClose={close} onAnother={another} /> : <Written draft={draft} setDraft={setKept} onSent={setSentId} onClose={close} />}
    </Dialog>
  );
}

function Written({ draft, setDraft, onSent, onClose }: {
  draft: Draft; setDraft: (draft: Draft) => void; onSent: (id: string) => void; onClose: () => void;
}) {
  const [tried, setTried] = useState(false);
  const client = useQueryClient();
  const checked = useChecked(draft);
  const send = useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/proactive-chats", { body: toRequest(draft), params: { header: { "Idempotency-Key": draft.idempotencyKey } } })),
    onSuccess: (chat) => {
      void client.invalidateQueries({ queryKey: ["chats"] });
      client.setQueryData(["chat", chat.id], chat);
      onSent(chat.id);
    },
  });
  const set = (part: Partial<Draft>) => {
    // What the last try found is about words that are no longer these.
    if (send.error) send.reset();
    setDraft({ ...draft, ...part });
  };
  const problem = send.error ? asProblem(send.error) : null;
  const lacking = missing(draft);
  const address = unreachable(draft);
  const previewFields = checked.error ? fieldErrors(asProblem(checked.error).fields) : {};
  const errors: Record<string, string> = { ...(tried ? lacking : address && { recipient: address }), ...previewFields, ...(problem ? fieldErrors(problem.fields) : {}) };
  const complete = Object.keys(lacking).length === 0;
  const sample = complete || (!lacking.recipient && !lacking.message) ? checked.data?.samples[0] : undefined;
  const submit = () => {
    setTried(true);
    if (send.isPending) return;
    if (complete) send.mutate();
    else setTimeout(() => document.querySelector<HTMLElement>(".dialog [aria-invalid=true]")?.focus());
  };
  return (
    <Form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
      }}
    >
      <div className="body send">
        <div className="stack">
          <div className="field">
            <span className="label">{words.channel}</span>
            <Segmented label={words.channel} value={draft.channel} onChange={(channel) => set({ channel: channel as Draft["channel"] })} options={[{ value: "sms", label: words.sms, icon: Smartphone }, { value: "messenger", label: words.messenger, icon: MessageSquare }]} />
          </div>
          <RecipientSearch value={draft.receiver} channel={draft.channel} error={errors.recipient} onChange={(receiver) => set({ receiver, ...(receiver && known(receiver.timezone) && { zone: receiver.timezone }) })} />
          <Message draft={draft} error={errors.message} sample={sample} onChange={(message) => set({ message })} />
          <Replies replies={draft.replies} errors={errors} onChange={(replies) => set({ replies })} />
          <div className="pair">
            <Campaign draft={draft} set={set} error={errors.campaign} />
            <Choice label={words.ifActive} value={draft.ifActive} onChange={(value) => set({ ifActive: value as Draft["ifActive"] })} options={words.ifActiveOptions} />
          </div>
          <Schedule draft={draft} set={set} error={errors.scheduled_at} />
        </div>
        <aside className="stack">
          <Preview draft={draft} sample={sample} />
          <Forecast draft={draft} checked={checked} />
        </aside>
      </div>
      {problem && (
        <div className="form-problem">
          {problem.type === "idempotency-key-reused" ? (
            <Notice tone="amber" title={words.accepted} action={<Button size="small" onClick={() => { set({ idempotencyKey: newKey() }); send.reset(); }}>{words.sendThisToo}</Button>}>
              {words.acceptedText}
            </Notice>
          ) : (
            <ProblemNotice problem={problem} retry={submit} />
          )}
        </div>
      )}
      <footer>
        <span className="grow"><Slow active={send.isPending}>{words.stillSending}</Slow></span>
        <Button onClick={onClose}>{words.cancel}</Button>
        <Button type="submit" kind="primary" icon={Send} busy={send.isPending}>{draft.when === "later" ? words.schedule : words.send}</Button>
      </footer>
    </Form>
  );
}
