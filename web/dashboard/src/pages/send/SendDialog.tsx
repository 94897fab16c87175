import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MessageSquare, Send, Smartphone } from "lucide-react";
import { useEffect, useState } from "react";
import { answer, api } from "../../api/client";
import { newKey } from "../../lib/key";
import { asProblem } from "../../api/problems";
import type { NewChat, Preview as PreviewAnswer } from "../../api/types";
import { read, useKept, write } from "../../lib/keep";
import { counterText, measure, variables } from "../../lib/sms";
import { reason } from "../../lib/words";
import { known, OWN_ZONE } from "../../lib/zone";
import { Button, Choice, Field, Notice, ProblemNotice, Segmented, Slow } from "../../ui/basics";
import { Dialog } from "../../ui/Dialog";
import { useCampaignNames } from "../FilterBar";
import { emptyDraft, fieldErrors, missing, toRequest, type Draft, type Receiver } from "./draft";
import { Outcome } from "./Outcome";
import { Preview } from "./Preview";
import { RecipientSearch } from "./RecipientSearch";
import { Replies } from "./Replies";

/** A message to somebody chosen beforehand is a draft of its own. */
const keptAs = (receiver?: Receiver): string => (receiver ? `send-draft-${receiver.id}` : "send-draft");

export default function SendDialog({ onClose, receiver }: { onClose: () => void; receiver?: Receiver }) {
  const name = keptAs(receiver);
  const fresh = (): Draft => ({ ...emptyDraft(known(receiver?.timezone) ? receiver!.timezone! : OWN_ZONE), receiver: receiver ?? null });
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
    <Dialog title={sentId ? "Message" : "Send message"} large={!sentId} onClose={close}>
      {sentId ? <Outcome id={sentId} onClose={close} onAnother={another} /> : <Form draft={draft} setDraft={setKept} onSent={setSentId} onClose={close} />}
    </Dialog>
  );
}

function useChecked(draft: Draft) {
  const request = toRequest(draft);
  const text = JSON.stringify(request);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 350);
    return () => clearTimeout(timer);
  }, [text]);
  const { recipient: who, message } = missing(draft);
  return useQuery({
    queryKey: ["preview", settled],
    queryFn: ({ signal }) => answer(api.POST("/v1/previews", { body: JSON.parse(settled) as NewChat, signal })),
    enabled: !who && !message,
    retry: false,
    placeholderData: keepPreviousData,
  });
}

function Form({ draft, setDraft, onSent, onClose }: {
  draft: Draft; setDraft: (draft: Draft) => void; onSent: (id: string) => void; onClose: () => void;
}) {
  const [tried, setTried] = useState(false);
  const client = useQueryClient();
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
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
  const problem = send.error ? asProblem(send.error) : null;
  const lacking = missing(draft);
  const previewFields = checked.error ? fieldErrors(asProblem(checked.error).fields) : {};
  const errors = { ...(tried ? lacking : {}), ...previewFields, ...(problem ? fieldErrors(problem.fields) : {}) };
  const complete = Object.keys(lacking).length === 0;
  const sample = complete || (!lacking.recipient && !lacking.message) ? checked.data?.samples[0] : undefined;
  const submit = () => {
    setTried(true);
    if (send.isPending) return;
    if (complete) send.mutate();
    else setTimeout(() => document.querySelector<HTMLElement>(".dialog [aria-invalid=true]")?.focus());
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
      }}
    >
      <div className="body send">
        <div className="stack">
          <div className="field">
            <span className="label">Channel</span>
            <Segmented label="Channel" value={draft.channel} onChange={(channel) => set({ channel: channel as Draft["channel"] })} options={[{ value: "sms", label: "SMS", icon: Smartphone }, { value: "messenger", label: "Messenger", icon: MessageSquare }]} />
          </div>
          <RecipientSearch value={draft.receiver} channel={draft.channel} error={errors.recipient} onChange={(receiver) => set({ receiver, ...(receiver && known(receiver.timezone) && { zone: receiver.timezone }) })} />
          <Message draft={draft} error={errors.message} sample={sample} onChange={(message) => set({ message })} />
          <Replies replies={draft.replies} errors={errors} onChange={(replies) => set({ replies })} />
          <More draft={draft} set={set} errors={errors} />
          <Schedule draft={draft} set={set} error={errors.scheduled_at} />
        </div>
        <aside className="stack">
          <Preview draft={draft} sample={sample} />
          <Forecast checked={checked} ready={!lacking.recipient && !lacking.message} />
        </aside>
      </div>
      {problem && (
        <div className="form-problem">
          {problem.type === "idempotency-key-reused" ? (
            <Notice tone="amber" title="An earlier version was accepted already" action={<Button size="small" onClick={() => { set({ idempotencyKey: newKey() }); send.reset(); }}>Send this one too</Button>}>
              The server took this message before you changed it. Close the dialog to see it in the list.
            </Notice>
          ) : (
            <ProblemNotice problem={problem} retry={submit} />
          )}
        </div>
      )}
      <footer>
        <span className="grow"><Slow active={send.isPending}>Still sending. You can wait: it will not be sent twice.</Slow></span>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" kind="primary" icon={Send} busy={send.isPending}>{draft.when === "later" ? "Schedule" : "Send"}</Button>
      </footer>
    </form>
  );
}

function Message({ draft, error, sample, onChange }: {
  draft: Draft; error?: string; sample?: PreviewAnswer["samples"][number]; onChange: (message: string) => void;
}) {
  const size = measure(draft.message);
  const exact = sample?.segments ? { ...size, segments: sample.segments, encoding: sample.encoding ?? size.encoding } : size;
  const used = variables(draft.message);
  const insert = (text: string) => onChange(`${draft.message}${draft.message && !/\s$/.test(draft.message) ? " " : ""}${text}`);
  return (
    <div className="stack tight">
      <Field
        label="Message"
        error={error}
        hint={
          <span className="row wrap between">
            <span className="num" data-testid="counter">{draft.channel === "sms" ? counterText(exact) : `${size.characters} of 1600 characters`}</span>
            {draft.channel === "sms" && size.unusual && <span title="Without it the message would take fewer segments.">“{size.unusual}” makes it UCS-2</span>}
          </span>
        }
      >
        {(control) => <textarea {...control} className="input" rows={4} maxLength={4000} dir="auto" value={draft.message} placeholder="Hi {{ nickname | there }}, …" onChange={(event) => onChange(event.target.value)} />}
      </Field>
      <div className="row wrap variables">
        <span className="quiet small">Insert</span>
        {["nickname", "user_id", "phone_number", "locale"].map((name) => (
          <button key={name} type="button" className="chip" onClick={() => insert(`{{ ${name} | ${name === "nickname" ? "there" : "…"} }}`)}>{name}</button>
        ))}
        {used.length > 0 && <span className="quiet small">Uses {used.join(", ")}</span>}
      </div>
    </div>
  );
}

function More({ draft, set, errors }: { draft: Draft; set: (part: Partial<Draft>) => void; errors: Record<string, string> }) {
  const names = useCampaignNames();
  return (
    <div className="pair">
      <Field label="Campaign" hint="Stories can depend on it, and figures are kept by it." error={errors.campaign}>
        {(control) => (
          <>
            <input {...control} className="input" maxLength={255} list="send-campaigns" placeholder="None" value={draft.campaign} onChange={(event) => set({ campaign: event.target.value })} />
            <datalist id="send-campaigns">{names.map((name) => <option key={name} value={name} />)}</datalist>
          </>
        )}
      </Field>
      <Choice label="If they are in an open conversation" value={draft.ifActive} onChange={(value) => set({ ifActive: value as Draft["ifActive"] })} options={[["", "As the settings say"], ["skip", "Do not send"], ["queue", "Send after it closes"], ["append", "Say it there"]]} />
    </div>
  );
}

function Schedule({ draft, set, error }: { draft: Draft; set: (part: Partial<Draft>) => void; error?: string }) {
  const theirs = draft.receiver?.timezone;
  const zones: [string, string][] = [[OWN_ZONE, `Your time (${OWN_ZONE})`]];
  if (known(theirs) && theirs !== OWN_ZONE) zones.unshift([theirs, `Their time (${theirs})`]);
  return (
    <div className="stack tight">
      <div className="field">
        <span className="label">When</span>
        <Segmented label="When" value={draft.when} onChange={(when) => set({ when: when as Draft["when"] })} options={[{ value: "now", label: "Now" }, { value: "later", label: "Later" }]} />
      </div>
      {draft.when === "later" && (
        <div className="pair">
          <Field label="Day and time" error={error}>
            {(control) => <input {...control} className="input" type="datetime-local" value={draft.at} onChange={(event) => set({ at: event.target.value })} />}
          </Field>
          <Choice label="Clock" value={zones.some(([zone]) => zone === draft.zone) ? draft.zone : OWN_ZONE} onChange={(zone) => set({ zone })} options={zones} />
        </div>
      )}
    </div>
  );
}

/** Whether they would get it, before it is sent. */
function Forecast({ checked, ready }: { checked: ReturnType<typeof useChecked>; ready: boolean }) {
  if (!ready) return <p className="hint">Choose a recipient and write a message to see whether they would get it.</p>;
  const problem = checked.error ? asProblem(checked.error) : null;
  if (problem) return problem.kind === "invalid" ? <Notice tone="amber">{problem.message}</Notice> : null;
  const told = checked.data;
  if (!told) return <p className="hint">Checking…</p>;
  if (told.skipped[0]) return <Notice tone="amber" title="They would not get it">{reason(told.skipped[0].reason)}</Notice>;
  if (told.waiting[0]) return <Notice tone="blue" title="It would wait">{reason(told.waiting[0].reason)}{told.waiting[0].until && ` Until ${new Date(told.waiting[0].until).toLocaleString()}.`}</Notice>;
  return <Notice tone="green">They would get it at once.</Notice>;
}
