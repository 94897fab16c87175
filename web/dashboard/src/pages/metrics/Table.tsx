import { useState } from "react";
import { ChevronDown, ChevronUp } from "lucide-react";
import { Link } from "wouter";
import type { Figures } from "../../api/types";
import type { Bar } from "../../charts/charts";
import type { Measure } from "../../lib/compare";
import { onDay, type Filters } from "../../lib/filters";
import { dayName, duration, number, percent, score } from "../../lib/format";
import { read, write } from "../../lib/keep";
import { Button } from "../../ui/basics";
import { words } from "../../words/metrics";
import { Delta } from "./Delta";

export type LinkTo = (more: Filters) => string;

export interface TableProps {
  figures: Figures;
  before: Figures | null;
  filters: Filters;
  chats: LinkTo;
  conversations: LinkTo;
  took: { first: Bar[]; resolution: Bar[] };
}

interface Line {
  label: string;
  of: (figures: Figures) => number | null;
  to?: string;
  measure?: Measure;
  format?: (value: number) => string;
}

function lines({ chats, conversations, took }: TableProps): Line[] {
  const bars = (title: string, all: Bar[], name: "time_to_first_response" | "resolution_time"): Line[] =>
    all.map((bar) => ({ label: `${title} ${bar.label}`, of: (one) => one[name].histogram[bar.index!]?.count ?? 0, to: bar.to! }));
  const times: Pick<Line, "format"> = { format: duration };
  return [
    { label: words.chats, of: (one) => one.proactive_chats, to: chats({}) },
    { label: words.queued, of: (one) => one.queued, to: chats({ delivery_status: "queued" }) },
    { label: words.sending, of: (one) => one.sending, to: chats({ delivery_status: "sending" }) },
    { label: words.sent, of: (one) => one.sent, to: chats({ sent: "true" }) },
    { label: words.delivered, of: (one) => one.delivered, to: chats({ delivery_status: "delivered" }) },
    { label: words.failed, of: (one) => one.failed, to: chats({ delivery_status: "failed" }) },
    { label: words.skipped, of: (one) => one.skipped, to: chats({ delivery_status: "skipped" }) },
    { label: words.responded, of: (one) => one.responded, to: chats({ sent: "true", response_status: "responded" }) },
    { label: words.resolved, of: (one) => one.funnel.resolved, to: chats({ sent: "true", resolved: "true" }) },
    { label: words.responseRate, of: (one) => one.response_rate, measure: "rate", format: percent },
    { label: words.conversations, of: (one) => one.conversations, to: conversations({}) },
    { label: words.closed, of: (one) => one.closed, to: conversations({ status: "closed" }) },
    { label: words.handedOver, of: (one) => one.handed_over, to: conversations({ handed_over: "true" }) },
    { label: words.handoffRate, of: (one) => one.handoff_rate, measure: "rate", format: percent },
    { label: words.rated, of: (one) => one.csat.count, to: conversations({ rated: "true" }) },
    ...[1, 2, 3, 4, 5].map((value): Line => ({ label: words.ratedAs(value), of: (one) => one.csat.distribution[String(value)] ?? 0, to: conversations({ csat: String(value) }) })),
    { label: words.csatAverage, of: (one) => one.csat.average, measure: "score", format: score },
    ...bars(words.firstResponse, took.first, "time_to_first_response"),
    { label: words.firstMedian, of: (one) => one.time_to_first_response.median, ...times },
    { label: words.firstP90, of: (one) => one.time_to_first_response.p90, ...times },
    ...bars(words.resolution, took.resolution, "resolution_time"),
    { label: words.resolutionMedian, of: (one) => one.resolution_time.median, ...times },
    { label: words.resolutionP90, of: (one) => one.resolution_time.p90, ...times },
  ];
}

const OPEN = "metrics-table";

/** The numbers behind the charts, for who wants to read or copy them; folded, as they repeat what the charts show. */
export function Table(props: TableProps) {
  const [open, setOpen] = useState(() => read(OPEN, false));
  const toggle = () => {
    setOpen(!open);
    write(OPEN, !open);
  };
  return (
    <section className="card" aria-label={words.allFigures}>
      <div className="card-head">
        <h2>{words.allFigures}</h2>
        <Button size="small" icon={open ? ChevronUp : ChevronDown} aria-expanded={open} onClick={toggle}>{open ? words.hideTable : words.showTable}</Button>
      </div>
      {open && <><All {...props} /><ByDay {...props} /></>}
    </section>
  );
}

function All(props: TableProps) {
  const { figures, before } = props;
  return (
    <div className="figure-table">
      <table className="table compact">
        <thead className="visually-hidden"><tr><th scope="col">{words.figure}</th><th scope="col">{words.value}</th>{before && <th scope="col">{words.change}</th>}</tr></thead>
        <tbody>
          {lines(props).map(({ label, of, to, measure, format = number }) => {
            const value = of(figures);
            const text = value === null ? "–" : format(value);
            return (
              <tr key={label} className={before ? "compared" : undefined}>
                <th scope="row">{label}</th>
                <td className="right num">{to ? <Link href={to} aria-label={`${label}: ${text}`}>{text}</Link> : text}</td>
                {before && <td className="right"><Delta now={value} before={of(before)} measure={measure} format={format} /></td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** One figure of one day; it leads to what it counts. */
function OfDay({ label, day, value, to }: { label: string; day: string; value: number; to: string }) {
  return <td className="right num"><Link href={to} aria-label={words.on(label, dayName(day), number(value))}>{number(value)}</Link></td>;
}

function ByDay({ figures, filters, chats, conversations }: TableProps) {
  return (
    <>
      <div className="card-head"><h2>{words.byDay}</h2></div>
      <div className="table-wrap days" tabIndex={0} role="region" aria-label={words.byDayRegion}>
        <table className="table compact">
          <thead><tr><th scope="col">{words.day}</th>{[words.sent, words.delivered, words.responded, words.closed, words.csat].map((label) => <th key={label} scope="col" className="right">{label}</th>)}</tr></thead>
          <tbody>
            {[...figures.by_day].reverse().map(({ day, ...of }) => {
              const then = onDay(filters, day);
              return (
                <tr key={day}>
                  <th scope="row">{dayName(day)}</th>
                  <OfDay label={words.sent} day={day} value={of.sent} to={chats({ ...then, sent: "true" })} />
                  <OfDay label={words.delivered} day={day} value={of.delivered} to={chats({ ...then, delivery_status: "delivered" })} />
                  <OfDay label={words.responded} day={day} value={of.responded} to={chats({ ...then, sent: "true", response_status: "responded" })} />
                  <OfDay label={words.closed} day={day} value={of.closed} to={conversations({ ...then, status: "closed" })} />
                  <td className="right num">{score(of.csat_average)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
