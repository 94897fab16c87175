import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { BarChart3 } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import type { Figures } from "../api/types";
import { Columns, Funnel, Line, type Bar } from "../charts/charts";
import { apiFilters, filterSearch, onDay, parseFilters, type Filters } from "../lib/filters";
import { dayName, duration, number, percent, score } from "../lib/format";
import { Empty, Failed, ProblemNotice, Skeleton } from "../ui/basics";
import { Page } from "../ui/Page";
import { CsvButton } from "./Chats";
import { FilterBar } from "./FilterBar";

type Link_ = (more: Filters) => string;

export default function MetricsPage() {
  const [, go] = useLocation();
  const filters = parseFilters(useSearch());
  const key = filterSearch(filters);
  const query = useQuery({
    queryKey: ["metrics", key],
    queryFn: ({ signal }) => answer(api.GET("/v1/metrics", { params: { query: apiFilters(filters) }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });
  const problem = query.error ? asProblem(query.error) : null;
  const chats: Link_ = (more) => `/proactive-chats${filterSearch({ ...filters, ...more })}`;
  const conversations: Link_ = (more) => `/conversations${filterSearch({ ...filters, ...more })}`;
  return (
    <Page title="Metrics" lead="What came of it all. Every figure leads to what it counts." actions={<CsvButton path="/v1/metrics.csv" filters={filters} />}>
      <FilterBar kind="figures" filters={filters} onChange={(wanted) => go(`/figures${filterSearch(wanted)}`)} />
      {!query.data && (problem ? <div className="card"><Failed problem={problem} retry={() => void query.refetch()} /></div> : <Loading />)}
      {query.data && problem && <ProblemNotice problem={problem} retry={() => void query.refetch()} />}
      {query.data && query.data.proactive_chats + query.data.conversations === 0 && (
        <div className="card"><Empty icon={BarChart3} title="Nothing to count yet">{key ? "There is nothing in this period, channel and campaign." : "Figures show up with the first message that you send."}</Empty></div>
      )}
      {query.data && query.data.proactive_chats + query.data.conversations > 0 && <Shown figures={query.data} filters={filters} chats={chats} conversations={conversations} />}
    </Page>
  );
}

function Loading() {
  return <div className="tiles" role="status" aria-label="Loading">{Array.from({ length: 4 }, (_, index) => <div key={index} className="card pad stack tile"><Skeleton lines={2} /></div>)}</div>;
}

function Tile({ label, value, to, note }: { label: string; value: string; to?: string; note?: ReactNode }) {
  return (
    <div className="card pad tile">
      <dt>{label}</dt>
      <dd className="num">{to ? <Link href={to} aria-label={`${label}: ${value}`}>{value}</Link> : value}</dd>
      {note && <dd className="quiet small">{note}</dd>}
    </div>
  );
}

function Chart({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return <section className="card pad stack" aria-label={title}><div><h2>{title}</h2>{lead && <p className="quiet small">{lead}</p>}</div>{children}</section>;
}

interface Shown_ { figures: Figures; filters: Filters; chats: Link_; conversations: Link_ }

function Shown({ figures, filters, chats, conversations }: Shown_) {
  const [, go] = useLocation();
  const { funnel } = figures;
  const share = (part: number) => (funnel.sent ? percent(part / funnel.sent) : undefined);
  const steps: Bar[] = [
    { label: "Sent", value: funnel.sent, to: chats({ sent: "true" }) },
    { label: "Delivered", value: funnel.delivered, to: chats({ delivery_status: "delivered" }), note: share(funnel.delivered) },
    { label: "Responded", value: funnel.responded, to: chats({ sent: "true", response_status: "responded" }), note: share(funnel.responded) },
    { label: "Resolved", value: funnel.resolved, to: chats({ sent: "true", resolved: "true" }), note: share(funnel.resolved) },
  ];
  const took = {
    first: spreadBars(figures.time_to_first_response, "first_response", (more) => conversations({ started_by: "business", ...more })),
    resolution: spreadBars(figures.resolution_time, "resolution", conversations),
  };
  const days = figures.by_day.map((day) => ({ label: dayName(day.day), value: day.sent ? day.responded / day.sent : null, note: `${day.responded} of ${day.sent}` }));
  return (
    <>
      <dl className="tiles">
        <Tile label="Sent" value={number(figures.sent)} to={chats({ sent: "true" })} note={`${number(figures.delivered)} delivered`} />
        <Tile label="Response rate" value={percent(figures.response_rate)} to={chats({ sent: "true", response_status: "responded" })} note={`${number(figures.responded)} responded`} />
        <Tile label="Time to first response" value={duration(figures.time_to_first_response.median)} to={chats({ sent: "true", response_status: "responded" })} note={`Nine in ten within ${duration(figures.time_to_first_response.p90)}`} />
        <Tile label="Resolution time" value={duration(figures.resolution_time.median)} to={conversations({ status: "closed", response_status: "responded" })} note={`Nine in ten within ${duration(figures.resolution_time.p90)}`} />
        <Tile label="CSAT" value={score(figures.csat.average)} to={conversations({ rated: "true" })} note={`${number(figures.csat.count)} rated`} />
        <Tile label="Handed to a human" value={percent(figures.handoff_rate)} to={conversations({ handed_over: "true" })} note={`${number(figures.handed_over)} of ${number(figures.conversations)}`} />
      </dl>
      <div className="charts">
        <Chart title="From sent to resolved"><Funnel steps={steps} /></Chart>
        <Chart title="Response rate by day" lead="Of the messages sent on a day, in UTC.">
          {days.length ? <Line title="Response rate by day" points={days} max={1} format={percent} /> : <p className="quiet">No days to show.</p>}
        </Chart>
        <Spread title="Time to first response" spread={figures.time_to_first_response} bars={took.first} go={go} />
        <Spread title="Resolution time" spread={figures.resolution_time} bars={took.resolution} go={go} />
        <Chart title="CSAT" lead={`${percent(figures.csat.response_rate)} of closed conversations were rated.`}>
          <Columns title="CSAT" go={go} bars={[1, 2, 3, 4, 5].map((value) => ({ label: String(value), value: figures.csat.distribution[String(value)] ?? 0, to: conversations({ csat: String(value) }) }))} />
        </Chart>
        <Chart title="AI agent and human agents" lead="Conversations that the AI agent kept, and those that a human took over."><Sides figures={figures} conversations={conversations} /></Chart>
      </div>
      <Table figures={figures} filters={filters} chats={chats} conversations={conversations} took={took} />
    </>
  );
}

/** Bars that nobody falls into are left out at both ends. */
function trimmed<T extends { count: number }>(bars: readonly T[]): T[] {
  const first = bars.findIndex((bar) => bar.count > 0);
  const last = bars.findLastIndex((bar) => bar.count > 0);
  return first < 0 ? [] : bars.slice(Math.max(0, first - 1), last + 2);
}

/** The bars of a distribution, each with where the conversations that fall into it are. */
function spreadBars(spread: Figures["resolution_time"], name: "first_response" | "resolution", link: Link_): Bar[] {
  const all = spread.histogram.map((bar, index) => ({ ...bar, over: spread.histogram[index - 1]?.up_to ?? null }));
  return trimmed(all).map(({ count: value, over, up_to: upTo }) => ({
    label: upTo === null ? `> ${duration(over)}` : `≤ ${duration(upTo)}`,
    value,
    to: link({
      ...(over !== null && { [`${name}_over`]: String(over) }),
      ...(upTo !== null && { [`${name}_up_to`]: String(upTo) }),
    }),
  }));
}

function Spread({ title, spread, bars, go }: { title: string; spread: Figures["resolution_time"]; bars: Bar[]; go: (to: string) => void }) {
  return (
    <Chart title={title} lead={spread.count ? `Half within ${duration(spread.median)}, nine in ten within ${duration(spread.p90)}.` : undefined}>
      {bars.length ? <Columns title={title} bars={bars} go={go} /> : <p className="quiet">Nothing to show yet.</p>}
    </Chart>
  );
}

function Sides({ figures, conversations }: { figures: Figures; conversations: Link_ }) {
  const rows = [
    ["AI agent", figures.ai_agent, "false"],
    ["Human agents", figures.human_agent, "true"],
  ] as const;
  return (
    <div className="table-wrap">
      <table className="table compact">
        <thead><tr><th scope="col">Who</th><th scope="col" className="right">Conversations</th><th scope="col" className="right">Resolution time</th><th scope="col" className="right">CSAT</th></tr></thead>
        <tbody>
          {rows.map(([label, side, handed]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="right num"><Link href={conversations({ handed_over: handed })}>{number(side.conversations)}</Link></td>
              <td className="right num">{duration(side.resolution_time.median)}</td>
              <td className="right num">{score(side.csat.average)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One figure of one day; it leads to what it counts. */
function OfDay({ label, day, value, to }: { label: string; day: string; value: number; to: string }) {
  return <td className="right num"><Link href={to} aria-label={`${label} on ${dayName(day)}: ${number(value)}`}>{number(value)}</Link></td>;
}

const rowOf = (title: string) => (bar: Bar): [string, number, string] => [`${title} ${bar.label}`, bar.value, bar.to!];

function Table({ figures, filters, chats, conversations, took }: Shown_ & { took: { first: Bar[]; resolution: Bar[] } }) {
  const all: [string, string | number, string?][] = [
    ["Proactive chats", figures.proactive_chats, chats({})],
    ["Waiting", figures.queued, chats({ delivery_status: "queued" })],
    ["Sending", figures.sending, chats({ delivery_status: "sending" })],
    ["Sent", figures.sent, chats({ sent: "true" })],
    ["Delivered", figures.delivered, chats({ delivery_status: "delivered" })],
    ["Failed", figures.failed, chats({ delivery_status: "failed" })],
    ["Not sent", figures.skipped, chats({ delivery_status: "skipped" })],
    ["Responded", figures.responded, chats({ sent: "true", response_status: "responded" })],
    ["Resolved", figures.funnel.resolved, chats({ sent: "true", resolved: "true" })],
    ["Response rate", percent(figures.response_rate)],
    ["Conversations", figures.conversations, conversations({})],
    ["Closed", figures.closed, conversations({ status: "closed" })],
    ["Handed to a human", figures.handed_over, conversations({ handed_over: "true" })],
    ["Handoff rate", percent(figures.handoff_rate)],
    ["Rated", figures.csat.count, conversations({ rated: "true" })],
    ...[1, 2, 3, 4, 5].map((value): [string, number, string] => [`Rated ${value}`, figures.csat.distribution[String(value)] ?? 0, conversations({ csat: String(value) })]),
    ["CSAT average", score(figures.csat.average)],
    ...took.first.map(rowOf("Time to first response")),
    ["Time to first response, median", duration(figures.time_to_first_response.median)],
    ["Time to first response, 90th percentile", duration(figures.time_to_first_response.p90)],
    ...took.resolution.map(rowOf("Resolution time")),
    ["Resolution time, median", duration(figures.resolution_time.median)],
    ["Resolution time, 90th percentile", duration(figures.resolution_time.p90)],
  ];
  return (
    <section className="card" aria-label="All figures">
      <div className="card-head"><h2>All figures</h2></div>
      <div className="figure-table">
        <table className="table compact">
          <thead className="visually-hidden"><tr><th scope="col">Figure</th><th scope="col">Value</th></tr></thead>
          <tbody>
            {all.map(([label, value, to]) => {
              const text = typeof value === "number" ? number(value) : value;
              return <tr key={label}><th scope="row">{label}</th><td className="right num">{to ? <Link href={to} aria-label={`${label}: ${text}`}>{text}</Link> : text}</td></tr>;
            })}
          </tbody>
        </table>
      </div>
      <div className="card-head"><h2>By day</h2></div>
      <div className="table-wrap days" tabIndex={0} role="region" aria-label="Figures by day">
        <table className="table compact">
          <thead><tr><th scope="col">Day (UTC)</th><th scope="col" className="right">Sent</th><th scope="col" className="right">Delivered</th><th scope="col" className="right">Responded</th><th scope="col" className="right">Closed</th><th scope="col" className="right">CSAT</th></tr></thead>
          <tbody>
            {[...figures.by_day].reverse().map(({ day, ...of }) => {
              const then = onDay(filters, day);
              return (
                <tr key={day}>
                  <th scope="row">{dayName(day)}</th>
                  <OfDay label="Sent" day={day} value={of.sent} to={chats({ ...then, sent: "true" })} />
                  <OfDay label="Delivered" day={day} value={of.delivered} to={chats({ ...then, delivery_status: "delivered" })} />
                  <OfDay label="Responded" day={day} value={of.responded} to={chats({ ...then, sent: "true", response_status: "responded" })} />
                  <OfDay label="Closed" day={day} value={of.closed} to={conversations({ ...then, status: "closed" })} />
                  <td className="right num">{score(of.csat_average)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
