import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import type { Settings } from "../api/types";
import { duration } from "../lib/format";
import { changes } from "../lib/changes";
import { Button, Choice, Failed, Field, Notice, ProblemNotice, Segmented, Skeleton, Switch } from "../ui/basics";
import { Page } from "../ui/Page";
import { toast } from "../ui/toast";

/** What either channel has. */
type Values = Settings["sms"] & Settings["messenger"];
type Set = <K extends keyof Values>(name: K, value: Values[K]) => void;

export default function SettingsPage() {
  const query = useQuery({ queryKey: ["settings"], queryFn: () => answer(api.GET("/v1/settings")) });
  return (
    <Page title="Settings" lead="A change is in force at once, everywhere." narrow>
      {query.data ? <Form saved={query.data} /> : <div className="card pad stack">{query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <Skeleton lines={8} />}</div>}
    </Page>
  );
}

function Form({ saved: read }: { saved: Settings }) {
  // What others change meanwhile is neither shown as ours nor taken back.
  const [saved, setSaved] = useState(read);
  const [form, setForm] = useState(read);
  const [channel, setChannel] = useState<"sms" | "messenger">("sms");
  const { may } = useStanding();
  const client = useQueryClient();
  const wanted = changes(saved, form);
  const save = useMutation({
    mutationFn: () => answer(api.PATCH("/v1/settings", { body: wanted })),
    onSuccess: (now) => {
      client.setQueryData(["settings"], now);
      setSaved(now);
      setForm(now);
      toast("Saved. It is in force now.");
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const errors = problem?.fields ?? {};
  const set: Set = (name, value) => setForm({ ...form, [channel]: { ...form[channel], [name]: value } });
  const dirty = Object.keys(wanted).length > 0;
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (!save.isPending) save.mutate(); }}>
      {!may("admin") && <Notice tone="blue">Only an admin can change these.</Notice>}
      <fieldset className="plain-set stack" disabled={!may("admin")}>
        <section className="card" aria-label="Sending">
          <div className="card-head"><h2>Sending</h2></div>
          <div className="pad-in stack"><Sending form={form} setForm={setForm} errors={errors} /></div>
        </section>
        <section className="card" aria-label="Channel settings">
          <div className="card-head">
            <h2>Conversations</h2>
            <Segmented label="Channel" value={channel} onChange={(value) => setChannel(value as typeof channel)} options={[{ value: "sms", label: "SMS" }, { value: "messenger", label: "Messenger" }]} />
          </div>
          <div className="pad-in stack"><Channel key={channel} name={channel} values={form[channel] as Values} set={set} errors={errors} /></div>
        </section>
      </fieldset>
      {(dirty || problem) && (
        <div className="save-bar">
          <ProblemNotice problem={problem} retry={() => save.mutate()} />
          <span className="grow">{dirty && "There are changes that are not saved."}</span>
          <Button onClick={() => { setForm(saved); save.reset(); }}>Discard</Button>
          <Button type="submit" kind="primary" disabled={!dirty} busy={save.isPending}>Save changes</Button>
        </div>
      )}
    </form>
  );
}

function Sending({ form, setForm, errors }: { form: Settings; setForm: (form: Settings) => void; errors: Readonly<Record<string, string>> }) {
  const { quiet_hours: quiet, frequency_cap: cap } = form;
  return (
    <>
      <Choice label="When somebody is in an open conversation" value={form.if_active} onChange={(value) => setForm({ ...form, if_active: value as Settings["if_active"] })} options={[["skip", "Do not send"], ["queue", "Send after it closes"], ["append", "Say it in that conversation"]]} />
      <Switch label="Quiet hours" hint="Messages wait until these end, on each recipient's own clock." checked={!!quiet} onChange={(on) => setForm({ ...form, quiet_hours: on ? { start: "21:00", end: "08:00" } : null })} />
      {quiet && (
        <div className="pair inset">
          {(["start", "end"] as const).map((name) => (
            <Field key={name} label={name === "start" ? "From" : "Until"} error={errors[`quiet_hours.${name}`]}>
              {(control) => <input {...control} className="input" type="time" required value={quiet[name]} onChange={(event) => setForm({ ...form, quiet_hours: { ...quiet, [name]: event.target.value } })} />}
            </Field>
          ))}
        </div>
      )}
      <Switch label="Frequency cap" hint="Beyond it, a person gets no more proactive messages for a while." checked={!!cap} onChange={(on) => setForm({ ...form, frequency_cap: on ? { messages: 3, per_seconds: 604_800 } : null })} />
      {cap && (
        <div className="pair inset">
          <Field label="Messages at most" error={errors["frequency_cap.messages"]}>
            {(control) => <input {...control} className="input" type="number" min={1} required value={cap.messages || ""} onChange={(event) => setForm({ ...form, frequency_cap: { ...cap, messages: Number(event.target.value) } })} />}
          </Field>
          <Span label="Within" value={cap.per_seconds} error={errors["frequency_cap.per_seconds"]} onChange={(per_seconds) => setForm({ ...form, frequency_cap: { ...cap, per_seconds } })} />
        </div>
      )}
    </>
  );
}

function Channel({ name, values, set, errors }: { name: "sms" | "messenger"; values: Values; set: Set; errors: Readonly<Record<string, string>> }) {
  const error = (field: keyof Values) => errors[`${name}.${field}`];
  return (
    <>
      <div className="pair">
        <Span label="Close after silence of" hint="Counted from the last message of either side." value={values.auto_close_timeout} error={error("auto_close_timeout")} onChange={(value) => set("auto_close_timeout", value)} />
        <Span label="With a human, after" hint="The same, while a human agent has the conversation." value={values.handoff_timeout} error={error("handoff_timeout")} onChange={(value) => set("handoff_timeout", value)} />
      </div>
      {name === "messenger" && <Span label="Close unseen after" hint="Until the person sees a message, this applies instead. Unseen, it closes without closing message and rating." value={values.unseen_timeout} error={error("unseen_timeout")} onChange={(value) => set("unseen_timeout", value)} />}
      <Words label="Closing message" hint="Said when a conversation closes by itself." value={values.closing_message} error={error("closing_message")} onChange={(value) => set("closing_message", value)} />
      <Switch label="Ask for a rating (CSAT)" hint="Once, after a conversation closed: 1 to 5." checked={values.csat_enabled} onChange={(on) => set("csat_enabled", on)} />
      {values.csat_enabled && (
        <div className="stack inset">
          <Switch label="Also if nobody answered" hint="Ask for a rating of proactive chats without a response, too." checked={values.csat_when_unanswered} onChange={(on) => set("csat_when_unanswered", on)} />
          <Span label="A rating counts for" hint="After that, a digit is an ordinary message." value={values.csat_expiry} error={error("csat_expiry")} onChange={(value) => set("csat_expiry", value)} />
        </div>
      )}
      <Switch label="Resolution check" hint="First ask “Was this what you were looking for?”, then for the rating." checked={values.resolution_check_enabled} onChange={(on) => set("resolution_check_enabled", on)} />
      {name === "sms" && (
        <>
          <Words label="Consent message" hint="Sent before the first message to a number that never gave consent." value={values.consent_message} error={error("consent_message")} onChange={(value) => set("consent_message", value)} />
          <Words label="Help message" hint="The answer to HELP and INFO." value={values.help_message} error={error("help_message")} onChange={(value) => set("help_message", value)} />
        </>
      )}
    </>
  );
}

const UNITS: readonly (readonly [number, string])[] = [[1, "seconds"], [60, "minutes"], [3_600, "hours"], [86_400, "days"]];

/** Seconds, as a number of the largest unit that fits. */
function Span({ label, hint, value, error, onChange }: { label: string; hint?: string; value: number; error?: string; onChange: (seconds: number) => void }) {
  const [unit, setUnit] = useState(() => [...UNITS].reverse().find(([size]) => value >= size && value % size === 0)?.[0] ?? 1);
  return (
    <Field label={label} hint={hint ?? (value > 0 ? duration(value) : undefined)} error={error}>
      {(control) => (
        <div className="row">
          <input {...control} className="input" type="number" min={0} step="any" required value={value ? value / unit : ""} onChange={(event) => onChange(Number(event.target.value) * unit)} />
          <select className="select" aria-label={`Unit of: ${label}`} value={unit} onChange={(event) => { const next = Number(event.target.value); onChange((value / unit) * next); setUnit(next); }}>
            {UNITS.map(([size, name]) => <option key={size} value={size}>{name}</option>)}
          </select>
        </div>
      )}
    </Field>
  );
}

/** A text of ours, the assistant's own words, or silence. */
function Words({ label, hint, value, error, onChange }: { label: string; hint: string; value: string | null; error?: string; onChange: (text: string | null) => void }) {
  const [writing, setWriting] = useState(!!value);
  const kind = writing ? "own" : value === null ? "assistant" : "silent";
  const choose = (wanted: string) => {
    setWriting(wanted === "own");
    onChange(wanted === "assistant" ? null : wanted === "silent" ? "" : value || "");
  };
  return (
    <div className="stack tight">
      <Choice label={label} value={kind} onChange={choose} options={[["assistant", "As the assistant says it"], ["own", "These words"], ["silent", "Say nothing"]]} />
      {kind === "own" && (
        <Field label={`Words of: ${label}`} hidden error={error}>
          {(control) => <textarea {...control} className="input" rows={2} dir="auto" maxLength={1600} value={value ?? ""} onChange={(event) => onChange(event.target.value)} />}
        </Field>
      )}
      <p className="hint">{hint}</p>
    </div>
  );
}
