/** The fields that a message is written in, new or scheduled before. */
import { useQuery, keepPreviousData } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api } from "../../api/client";
import { asProblem } from "../../api/problems";
import type { NewChat, Preview as PreviewAnswer } from "../../api/types";
import { cityOf } from "../../lib/schedule";
import { counterText, measure, variables } from "../../lib/sms";
import { reason } from "../../lib/words";
import { known, OWN_ZONE } from "../../lib/zone";
import { Choice, Field, Notice, Segmented } from "../../ui/basics";
import { DateTimeField } from "../../ui/DateField";
import { Suggest } from "../../ui/Suggest";
import { useCampaignNames } from "../FilterBar";
import { missing, toRequest, unreachable, type Draft } from "./draft";

export type Change = (part: Partial<Draft>) => void;
export type Sample = PreviewAnswer["samples"][number];

/** What the server says about a draft, a moment after the last letter. */
export function useChecked(draft: Draft) {
  const text = JSON.stringify(toRequest(draft));
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

export function Message({ draft, error, sample, onChange }: {
  draft: Draft; error?: string | undefined; sample?: Sample | undefined; onChange: (message: string) => void;
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

export function Campaign({ draft, set, error }: { draft: Draft; set: Change; error?: string | undefined }) {
  const names = useCampaignNames();
  return <Suggest label="Campaign" hint="Stories can depend on it, and figures are kept by it." error={error} maxLength={255} options={names} placeholder="None" value={draft.campaign} onChange={(campaign) => set({ campaign })} />;
}

export function Schedule({ draft, set, error }: { draft: Draft; set: Change; error?: string | undefined }) {
  const theirs = draft.receiver?.timezone;
  const zones: [string, string][] = [[OWN_ZONE, `Your time (${cityOf(OWN_ZONE)})`]];
  if (known(theirs) && theirs !== OWN_ZONE) zones.unshift([theirs, `Their time (${cityOf(theirs)})`]);
  return (
    <div className="stack tight">
      <div className="field">
        <span className="label">When</span>
        <Segmented label="When" value={draft.when} onChange={(when) => set({ when: when as Draft["when"] })} options={[{ value: "now", label: "Now" }, { value: "later", label: "Later" }]} />
      </div>
      {draft.when === "later" && (
        <div className="pair">
          <DateTimeField label="Day and time" error={error} value={draft.at} onChange={(at) => set({ at })} />
          <Choice label="Clock" value={zones.some(([zone]) => zone === draft.zone) ? draft.zone : OWN_ZONE} onChange={(zone) => set({ zone })} options={zones} />
        </div>
      )}
    </div>
  );
}

/** Whether they would get it, before it is sent. */
export function Forecast({ draft, checked }: { draft: Draft; checked: ReturnType<typeof useChecked> }) {
  if (unreachable(draft)) return null;
  if (!draft.receiver || !draft.message.trim()) {
    return <p className="hint">{draft.receiver ? "Write a message" : draft.message.trim() ? "Choose a recipient" : "Choose a recipient and write a message"} to see whether they would get it.</p>;
  }
  const problem = checked.error ? asProblem(checked.error) : null;
  if (problem) return problem.kind === "invalid" ? <Notice tone="amber">{problem.message}</Notice> : null;
  const told = checked.data;
  if (!told) return <p className="hint">Checking…</p>;
  if (told.skipped[0]) return <Notice tone="amber" title="They would not get it">{reason(told.skipped[0].reason)}</Notice>;
  if (told.waiting[0]) return <Notice tone="blue" title="It would wait">{reason(told.waiting[0].reason)}{told.waiting[0].until && ` Until ${new Date(told.waiting[0].until).toLocaleString()}.`}</Notice>;
  return <Notice tone="green">They would get it at once.</Notice>;
}
