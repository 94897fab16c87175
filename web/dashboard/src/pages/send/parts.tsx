/** The fields that a message is written in, new or scheduled before. */
import { useQuery, keepPreviousData } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api } from "../../api/client";
import { asProblem } from "../../api/problems";
import type { NewChat, Preview as PreviewAnswer } from "../../api/types";
import { cityOf } from "../../lib/schedule";
import { counterText, measure, variables } from "../../lib/sms";
import { reason } from "../../words/values";
import { known, OWN_ZONE } from "../../lib/zone";
import { Choice, Field, Notice, Segmented } from "../../ui/basics";
import { DateTimeField } from "../../ui/DateField";
import { Suggest } from "../../ui/Suggest";
import { useCampaignNames } from "../FilterBar";
import { missing, toRequest, unreachable, type Draft } from "./draft";
import { words } from "../../words/send";

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
        label={words.message}
        error={error}
        hint={
          <span className="row wrap between">
            <span className="num" data-testid="counter">{draft.channel === "sms" ? counterText(exact) : words.counter(size.characters)}</span>
            {draft.channel === "sms" && size.unusual && <span title={words.unusualTitle}>{words.unusual(size.unusual)}</span>}
          </span>
        }
      >
        {(control) => <textarea {...control} className="input" rows={4} maxLength={4000} dir="auto" value={draft.message} placeholder={words.placeholder} onChange={(event) => onChange(event.target.value)} />}
      </Field>
      <div className="row wrap variables">
        <span className="quiet small">{words.insert}</span>
        {["nickname", "user_id", "phone_number", "locale"].map((name) => (
          <button key={name} type="button" className="chip" onClick={() => insert(`{{ ${name} | ${name === "nickname" ? "there" : "…"} }}`)}>{name}</button>
        ))}
        {used.length > 0 && <span className="quiet small">{words.uses(used.join(", "))}</span>}
      </div>
    </div>
  );
}

export function Campaign({ draft, set, error }: { draft: Draft; set: Change; error?: string | undefined }) {
  const names = useCampaignNames();
  return <Suggest label={words.campaign} hint={words.campaignHint} error={error} maxLength={255} options={names} placeholder={words.none} value={draft.campaign} onChange={(campaign) => set({ campaign })} />;
}

export function Schedule({ draft, set, error }: { draft: Draft; set: Change; error?: string | undefined }) {
  const theirs = draft.receiver?.timezone;
  const zones: [string, string][] = [[OWN_ZONE, words.yourTime(cityOf(OWN_ZONE))]];
  if (known(theirs) && theirs !== OWN_ZONE) zones.unshift([theirs, words.theirTime(cityOf(theirs))]);
  return (
    <div className="stack tight">
      <div className="field">
        <span className="label">{words.when}</span>
        <Segmented label={words.when} value={draft.when} onChange={(when) => set({ when: when as Draft["when"] })} options={[{ value: "now", label: words.now }, { value: "later", label: words.later }]} />
      </div>
      {draft.when === "later" && (
        <div className="pair">
          <DateTimeField label={words.dayAndTime} error={error} value={draft.at} onChange={(at) => set({ at })} />
          <Choice label={words.clock} value={zones.some(([zone]) => zone === draft.zone) ? draft.zone : OWN_ZONE} onChange={(zone) => set({ zone })} options={zones} />
        </div>
      )}
    </div>
  );
}

/** Whether they would get it, before it is sent. */
export function Forecast({ draft, checked }: { draft: Draft; checked: ReturnType<typeof useChecked> }) {
  if (unreachable(draft)) return null;
  if (!draft.receiver || !draft.message.trim()) {
    return <p className="hint">{draft.receiver ? words.writeFirst : draft.message.trim() ? words.chooseFirst : words.bothFirst}</p>;
  }
  const problem = checked.error ? asProblem(checked.error) : null;
  if (problem) return problem.kind === "invalid" ? <Notice tone="amber">{problem.message}</Notice> : null;
  const told = checked.data;
  if (!told) return <p className="hint">{words.checking}</p>;
  if (told.skipped[0]) return <Notice tone="amber" title={words.wontSend}>{reason(told.skipped[0].reason)}</Notice>;
  if (told.waiting[0]) return <Notice tone="blue" title={words.wouldWait}>{reason(told.waiting[0].reason)}{told.waiting[0].until && words.until(new Date(told.waiting[0].until).toLocaleString())}</Notice>;
  return <Notice tone="green">{words.immediately}</Notice>;
}
