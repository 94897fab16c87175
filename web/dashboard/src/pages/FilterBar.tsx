import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { answer, api } from "../api/client";
import { count, PERIODS, type Filters } from "../lib/filters";
import { duration } from "../lib/format";
import { CHANNEL, CLOSED, DELIVERY, reason, RESPONSE, STATUS } from "../lib/words";
import { Button, Choice } from "../ui/basics";
import { DateField } from "../ui/DateField";
import { Suggest } from "../ui/Suggest";

const labels = (words: Record<string, { label: string }>, first: string): [string, string][] => [
  ["", first],
  ...Object.entries(words).map(([key, { label }]): [string, string] => [key, label]),
];

export function FilterBar({ kind, filters, onChange }: {
  kind: "chats" | "conversations" | "figures"; filters: Filters; onChange: (filters: Filters) => void;
}) {
  const set = (name: string) => (value: string) => onChange({ ...filters, [name]: value || undefined });
  const extra = Object.entries(filters).filter(([name, value]) => value && EXTRA[name]);
  return (
    <div className="filters" role="group" aria-label="Filters">
      <Period filters={filters} onChange={onChange} />
      <Choice small label="Channel" value={filters.channel_type ?? ""} onChange={set("channel_type")} options={[["", "All channels"], ...Object.entries(CHANNEL)]} />
      {kind === "chats" && <Choice small label="Delivery" value={filters.delivery_status ?? ""} onChange={set("delivery_status")} options={labels(DELIVERY, "Any delivery")} />}
      {kind !== "figures" && <Choice small label="Response" value={filters.response_status ?? ""} onChange={set("response_status")} options={labels(RESPONSE, "Any response")} />}
      {kind === "conversations" && <Choice small label="Status" value={filters.status ?? ""} onChange={set("status")} options={labels(STATUS, "Any status")} />}
      <Campaign value={filters.campaign_search ?? ""} onChange={set("campaign_search")} />
      {extra.map(([name, value]) => (
        <button key={name} type="button" className="chip" onClick={() => set(name)("")}>
          {EXTRA[name]!(value!)}<X aria-label="Take away" />
        </button>
      ))}
      {count(filters) > 0 && <Button kind="plain" size="small" onClick={() => onChange({})}>Clear all</Button>}
    </div>
  );
}

const EXTRA: Record<string, (value: string) => string> = {
  campaign: (value) => `Campaign: ${value}`,
  skip_reason: (value) => reason(value),
  recipient: () => "One recipient",
  csat: (value) => `Rated ${value}`,
  handed_over: (value) => (value === "false" ? "Kept by the AI agent" : "Handed to a human"),
  closed_reason: (value) => CLOSED[value] ?? value,
  started_by: (value) => (value === "business" ? "Started by you" : "Started by the recipient"),
  first_response_over: (value) => `First response after ${duration(Number(value))}`,
  first_response_up_to: (value) => `First response within ${duration(Number(value))}`,
  resolution_over: (value) => `Resolution after ${duration(Number(value))}`,
  resolution_up_to: (value) => `Resolution within ${duration(Number(value))}`,
  rated: (value) => (value === "true" ? "Rated" : "Not rated"),
  sent: (value) => (value === "true" ? "Taken by the carrier" : "Not taken by the carrier"),
  resolved: (value) => (value === "true" ? "Resolved" : "Not resolved"),
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
    ["", "Any time"],
    ...Object.entries(PERIODS).map(([key, { label }]): [string, string] => [key, label]),
    ["custom", "From … to …"],
  ];
  const bound = (name: "from" | "to", label: string) => (
    <DateField small label={label} value={filters[name]?.slice(0, 10) ?? ""} onChange={(day) => onChange({ ...filters, [name]: day || undefined })} />
  );
  return (
    <>
      <Choice small label="Period" value={custom ? "custom" : filters.period ?? ""} onChange={choose} options={options} />
      {custom && bound("from", "From")}
      {custom && bound("to", "To")}
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
  return <Suggest small label="Campaign" options={names} placeholder="All campaigns" maxLength={255} value={typed} onChange={setTyped} />;
}

export function useCampaignNames(): string[] {
  const names = useQuery({ queryKey: ["campaign-names"], queryFn: () => answer(api.GET("/v1/campaign-names")), staleTime: 60_000, retry: false });
  return names.data?.data ?? [];
}
