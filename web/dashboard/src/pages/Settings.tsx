import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import type { Settings } from "../api/types";
import { useUnsaved } from "../app/leaving";
import { changes } from "../lib/changes";
import { CHANNEL } from "../words/values";
import { Button, Choice, Failed, Field, Notice, ProblemNotice, Segmented, Skeleton, Switch } from "../ui/basics";
import { TimeField } from "../ui/DateField";
import { Form } from "../ui/Form";
import { NumberInput } from "../ui/NumberInput";
import { Page } from "../ui/Page";
import { toast } from "../ui/toast";
import { words } from "../words/settings";

/** What either channel has. */
type Values = Settings["sms"] & Settings["messenger"];
type Set = <K extends keyof Values>(name: K, value: Values[K]) => void;
type Errors = Readonly<Record<string, string>>;

export default function SettingsPage() {
  const query = useQuery({ queryKey: ["settings"], queryFn: () => answer(api.GET("/v1/settings")) });
  return (
    <Page title={words.title} lead={words.lead} narrow>
      {query.data ? <Editor saved={query.data} /> : <div className="card pad stack">{query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <Skeleton lines={8} />}</div>}
    </Page>
  );
}

function Editor({ saved: read }: { saved: Settings }) {
  // What others change meanwhile is neither shown as ours nor taken back.
  const [saved, setSaved] = useState(read);
  const [form, setForm] = useState(read);
  // What is typed but not kept, such as "ten" for a number, goes when the changes are discarded.
  const [edition, setEdition] = useState(0);
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
      toast(words.saved);
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const errors = problem?.fields ?? {};
  const set: Set = (name, value) => setForm({ ...form, [channel]: { ...form[channel], [name]: value } });
  const dirty = Object.keys(wanted).length > 0;
  useUnsaved(dirty);
  const discard = () => {
    setForm(saved);
    setEdition(edition + 1);
    save.reset();
  };
  return (
    <Form key={edition} className="stack" onSubmit={() => !save.isPending && save.mutate()}>
      {!may("admin") && <Notice tone="blue">{words.adminOnly}</Notice>}
      <fieldset className="plain-set stack" disabled={!may("admin")}>
        <section className="card" aria-label={words.sending}>
          <div className="card-head"><h2>{words.sending}</h2></div>
          <div className="pad-in stack"><Sending form={form} setForm={setForm} errors={errors} disabled={!may("admin")} /></div>
        </section>
        <section className="card" aria-label={words.channelSettings}>
          <div className="card-head">
            <h2>{words.conversations}</h2>
            <Segmented label={words.channel} value={channel} onChange={(value) => setChannel(value as typeof channel)} options={(["sms", "messenger"] as const).map((value) => ({ value, label: CHANNEL[value]! }))} />
          </div>
          <div className="pad-in stack"><Channel key={channel} name={channel} values={form[channel] as Values} set={set} errors={errors} /></div>
        </section>
      </fieldset>
      {(dirty || problem) && (
        <div className="save-bar">
          <ProblemNotice problem={problem} retry={() => save.mutate()} />
          <span className="grow">{dirty && words.unsaved}</span>
          <Button onClick={discard}>{words.discard}</Button>
          <Button type="submit" kind="primary" disabled={!dirty} busy={save.isPending}>{words.save}</Button>
        </div>
      )}
    </Form>
  );
}

function Sending({ form, setForm, errors, disabled }: { form: Settings; setForm: (form: Settings) => void; errors: Errors; disabled: boolean }) {
  const { quiet_hours: quiet, frequency_cap: cap } = form;
  return (
    <>
      <Choice label={words.ifActive} value={form.if_active} onChange={(value) => setForm({ ...form, if_active: value as Settings["if_active"] })} options={words.ifActiveOptions} />
      <Switch label={words.quietHours} hint={words.quietHoursHint} checked={!!quiet} onChange={(on) => setForm({ ...form, quiet_hours: on ? { start: "21:00", end: "08:00" } : null })} />
      {quiet && (
        <div className="pair inset">
          <TimeField label={words.from} disabled={disabled} error={errors["quiet_hours.start"]} value={quiet.start} onChange={(start) => start && setForm({ ...form, quiet_hours: { ...quiet, start } })} />
          <TimeField label={words.until} disabled={disabled} error={errors["quiet_hours.end"]} value={quiet.end} onChange={(end) => end && setForm({ ...form, quiet_hours: { ...quiet, end } })} />
        </div>
      )}
      <Switch label={words.cap} hint={words.capHint} checked={!!cap} onChange={(on) => setForm({ ...form, frequency_cap: on ? { messages: 3, per_seconds: 604_800 } : null })} />
      {cap && (
        <div className="pair inset">
          <Field label={words.capMessages} error={errors["frequency_cap.messages"]}>
            {(control) => <NumberInput {...control} whole value={cap.messages} onChange={(messages) => setForm({ ...form, frequency_cap: { ...cap, messages } })} />}
          </Field>
          <Span label={words.capWithin} value={cap.per_seconds} error={errors["frequency_cap.per_seconds"]} onChange={(per_seconds) => setForm({ ...form, frequency_cap: { ...cap, per_seconds } })} />
        </div>
      )}
    </>
  );
}

function Channel({ name, values, set, errors }: { name: "sms" | "messenger"; values: Values; set: Set; errors: Errors }) {
  const error = (field: keyof Values) => errors[`${name}.${field}`];
  return (
    <>
      <div className="pair">
        <Span label={words.autoClose} hint={words.autoCloseHint} value={values.auto_close_timeout} error={error("auto_close_timeout")} onChange={(value) => set("auto_close_timeout", value)} />
        <Span label={words.handoffClose} hint={words.handoffCloseHint} value={values.handoff_timeout} error={error("handoff_timeout")} onChange={(value) => set("handoff_timeout", value)} />
      </div>
      {name === "messenger" && <Span label={words.unseen} hint={words.unseenHint} value={values.unseen_timeout} error={error("unseen_timeout")} onChange={(value) => set("unseen_timeout", value)} />}
      <Words label={words.closing} hint={words.closingHint} value={values.closing_message} error={error("closing_message")} onChange={(value) => set("closing_message", value)} />
      <Switch label={words.csat} hint={words.csatHint} checked={values.csat_enabled} onChange={(on) => set("csat_enabled", on)} />
      {values.csat_enabled && (
        <div className="stack inset">
          <Switch label={words.csatUnanswered} hint={words.csatUnansweredHint} checked={values.csat_when_unanswered} onChange={(on) => set("csat_when_unanswered", on)} />
          <Span label={words.csatExpiry} hint={words.csatExpiryHint} value={values.csat_expiry} error={error("csat_expiry")} onChange={(value) => set("csat_expiry", value)} />
        </div>
      )}
      <Switch label={words.resolution} hint={words.resolutionHint} checked={values.resolution_check_enabled} onChange={(on) => set("resolution_check_enabled", on)} />
      {name === "sms" && (
        <>
          <Words label={words.consent} hint={words.consentHints} value={values.consent_message} error={error("consent_message")} onChange={(value) => set("consent_message", value)} />
          <Words label={words.help} hint={words.helpHint} value={values.help_message} error={error("help_message")} onChange={(value) => set("help_message", value)} />
        </>
      )}
    </>
  );
}

const SIZES = [1, 60, 3_600, 86_400] as const;
const UNITS = SIZES.map((size, index): [string, string] => [String(size), words.units[index]!]);

/** Seconds, as a number of the largest unit that fits. */
function Span({ label, hint, value, error, onChange }: { label: string; hint?: string; value: number; error?: string; onChange: (seconds: number) => void }) {
  const [unit, setUnit] = useState(() => SIZES.findLast((size) => value >= size && value % size === 0) ?? 1);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <div className="row">
          <NumberInput {...control} value={value / unit} onChange={(count) => onChange(count * unit)} />
          <Choice hidden className="unit" label={words.unitOf(label)} value={String(unit)} options={UNITS} onChange={(size) => { onChange((value / unit) * Number(size)); setUnit(Number(size) as typeof unit); }} />
        </div>
      )}
    </Field>
  );
}

type Kind = "assistant" | "own" | "silent";

/** A text of ours, the assistant's own words, or silence. */
function Words({ label, hint, value, error, onChange }: { label: string; hint: string | Readonly<Record<Kind, string>>; value: string | null; error?: string; onChange: (text: string | null) => void }) {
  const [writing, setWriting] = useState(!!value);
  const kind: Kind = writing ? "own" : value === null ? "assistant" : "silent";
  const choose = (wanted: string) => {
    setWriting(wanted === "own");
    onChange(wanted === "assistant" ? null : wanted === "silent" ? "" : value || "");
  };
  return (
    <div className="stack tight">
      <Choice label={label} value={kind} onChange={choose} options={words.wordsOptions} hint={typeof hint === "string" ? hint : hint[kind]} />
      {kind === "own" && (
        <Field label={words.textOf(label)} hidden error={error}>
          {(control) => <textarea {...control} className="input" rows={2} dir="auto" maxLength={1600} value={value ?? ""} onChange={(event) => onChange(event.target.value)} />}
        </Field>
      )}
    </div>
  );
}
