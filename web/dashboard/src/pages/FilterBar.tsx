import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { answer, api } from "../api/client";
import { count, PERIODS, type Filters } from "../lib/filters";
import { duration } from "../lib/format";
import { CHANNEL, CLOSED, DELIVERY, reason, RESPONSE, STATUS } from "../words/values";
import { Button, Choice } from "../ui/basics";
import { DateField } from "../ui/DateField";
import { Suggest } from "../ui/Suggest";
import { words } from "../words/chats";

const labels = (all: Record<string, { label: string }>, first: string): [string, string][] => [
  ["", first],
  ...Object.entries(all).map(([key, { label }]): [string, string] => [key, label]),
];

export function FilterBar({ kind, filters, onChange }: {
  kind: "chats" | "conversations" | "figures"; filters: Filters; onChange: (filters: Filters) => void;
}) {
  const set = (name: string) => (value: string) => onChange({ ...filters, [name]: value || undefined });
  const extra = Object.entries(filters).filter(([name, value]) => value && EXTRA[name]);
  return (
    <div className="filters" role="group" aria-label={words.filters}>
      <Period filters={filters} onChange={onChange} />
      <Choice small label={words.channel} value={filters.channel_type ?? ""} onChange={set("channel_type")} options={[["", words.allChannels], ...Object.entries(CHANNEL)]} />
      {kind === "chats" && <Choice small label={words.delivery} value={filters.delivery_status ?? ""} onChange={set("delivery_status")} options={labels(DELIVERY, words.anyDelivery)} />}
      {kind !== "figures" && <Choice small label={words.response} value={filters.response_status ?? ""} onChange={set("response_status")} options={labels(RESPONSE, words.anyResponse)} />}
      {kind === "conversations" && <Choice small label={words.status} value={filters.status ?? ""} onChange={set("status")} options={labels(STATUS, words.anyStatus)} />}
      <Campaign value={filters.campaign_search ?? ""} onChange={set("campaign_search")} />
      {extra.map(([name, value]) => (
        <button key={name} type="button" className="chip" onClick={() => set(name)("")}>
          {EXTRA[name]!(value!)}<X aria-label={words.removeFilter} />
        </button>
      ))}
      {count(filters) > 0 && <Button kind="plain" size="small" onClick={() => onChange({})}>{words.clearAll}</Button>}
    </div>
  );
}

const EXTRA: Record<string, (value: string) => string> = {
  campaign: (value) => `Campaign: ${value}`,
  skip_reason: (value) => reason(value),
  recipient: () => words.oneRecipient,
  csat: (value) => words.rated(value),
  handed_over: (value) => (value === "false" ? words.keptByAgent : words.handedOver),
  closed_reason: (value) => CLOSED[value] ?? value,
  started_by: (value) => (value === "business" ? words.startedByYou : words.startedByRecipient),
  first_response_over: (value) => words.responseAfter(duration(Number(value))),
  first_response_up_to: (value) => words.responseWithin(duration(Number(value))),
  resolution_over: (value) => words.resolutionAfter(duration(Number(value))),
  resolution_up_to: (value) => words.resolutionWithin(duration(Number(value))),
  rated: (value) => (value === "true" ? words.isRated : words.isNotRated),
  sent: (value) => (value === "true" ? words.wasSent : words.wasNotSent),
  resolved: (value) => (value === "true" ? words.isResolved : words.isNotResolved),
};

function Period({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const [open, setOpen] = useState(false);
  const custom = open || !!(filters.from || filters.to);
  const choose = (value: string) => {
    setOpen(value === "custom");
    const { period: _period, from: _from, to: _to, ...others } = filters;
    onChange(value && value !== "custom" ? { ...others, period: value } : others);
  };
  const options: [string, string][] = [
    ["", words.anyTime],
    ...Object.entries(PERIODS).map(([key, { label }]): [string, string] => [key, label]),
    ["custom", words.custom],
  ];
  const bound = (name: "from" | "to", label: string) => (
    <DateField small label={label} value={filters[name]?.slice(0, 10) ?? ""} onChange={(day) => onChange({ ...filters, [name]: day || undefined })} />
  );
  return (
    <>
      <Choice small label={words.period} value={custom ? "custom" : filters.period ?? ""} onChange={choose} options={options} />
      {custom && bound("from", words.from)}
      {custom && bound("to", words.to)}
    </>
  );
}

/** A part of the name does; in force a moment after the last letter. */
function Campaign({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), 500);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  const names = useCampaignNames();
  return <Suggest small label={words.campaign} options={names} placeholder={words.allCampaigns} maxLength={255} value={typed} onChange={setTyped} />;
}

export function useCampaignNames(): string[] {
  const names = useQuery({ queryKey: ["campaign-names"], queryFn: () => answer(api.GET("/v1/campaign-names")), staleTime: 60_000, retry: false });
  return names.data?.data ?? [];
}
