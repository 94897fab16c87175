import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { BarChart3 } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import type { Figures } from "../api/types";
import { Columns, Funnel, Lines, type Bar, type Series } from "../charts/charts";
import { dayByDay, periodBefore, type Pair } from "../lib/compare";
import { apiFilters, filterSearch, parseFilters } from "../lib/filters";
import { dayName, duration, number, percent, score, when } from "../lib/format";
import { Empty, Failed, ProblemNotice, Skeleton } from "../ui/basics";
import { Page } from "../ui/Page";
import { words } from "../words/metrics";
import { CsvButton } from "./Chats";
import { FilterBar } from "./FilterBar";
import { Delta } from "./metrics/Delta";
import { Table, type LinkTo, type TableProps } from "./metrics/Table";

type Query = Record<string, string>;
const ask = (query: Query, signal: AbortSignal) => answer(api.GET("/v1/metrics", { params: { query }, signal }));

/** The figures of the period, and those of the period before where there is one. */
function useFigures(filters: TableProps["filters"], key: string) {
  return useQuery({
    queryKey: ["metrics", key],
    queryFn: async ({ signal }) => {
      const now = new Date();
      const earlier = periodBefore(filters, now);
      const [figures, before] = await Promise.all([ask(apiFilters(filters, now), signal), earlier && ask(earlier, signal)]);
      const shift = earlier ? Math.round((Date.parse(apiFilters(filters, now).from!) - Date.parse(earlier.from)) / 86_400_000) : 0;
      return { figures, before, earlier, days: dayByDay(figures.by_day, before?.by_day ?? [], shift) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });
}

export default function MetricsPage() {
  const [, go] = useLocation();
  const filters = parseFilters(useSearch());
  const key = filterSearch(filters);
  const query = useFigures(filters, key);
  const problem = query.error ? asProblem(query.error) : null;
  const { figures, before, earlier, days } = query.data ?? {};
  const chats: LinkTo = (more) => `/proactive-chats${filterSearch({ ...filters, ...more })}`;
  const conversations: LinkTo = (more) => `/conversations${filterSearch({ ...filters, ...more })}`;
  const empty = figures && figures.proactive_chats + figures.conversations === 0;
  return (
    <Page title={words.title} lead={words.lead} actions={<CsvButton path="/v1/metrics.csv" filters={filters} />}>
      <FilterBar kind="figures" filters={filters} onChange={(wanted) => go(`/figures${filterSearch(wanted)}`)} />
      {!figures && (problem ? <div className="card"><Failed problem={problem} retry={() => void query.refetch()} /></div> : <Loading />)}
      {figures && problem && <ProblemNotice problem={problem} retry={() => void query.refetch()} />}
      {empty && <div className="card"><Empty icon={BarChart3} title={words.nothing}>{key ? words.nothingFiltered : words.nothingYet}</Empty></div>}
      {figures && !empty && (
        <>
          <p className="hint">{earlier ? words.compared(when(earlier.from), when(earlier.to)) : words.choosePeriod}</p>
          <Shown days={days!} figures={figures} before={before ?? null} filters={filters} chats={chats} conversations={conversations} />
        </>
      )}
    </Page>
  );
}

function Loading() {
  return <div className="tiles" role="status" aria-label={words.loading}>{Array.from({ length: 4 }, (_, index) => <div key={index} className="card pad stack tile"><Skeleton lines={2} /></div>)}</div>;
}

function Tile({ label, value, to, note, children }: { label: string; value: string; to: string; note: string; children: ReactNode }) {
  return (
    <div className="card pad tile">
      <dt>{label}</dt>
      <dd className="num"><Link href={to} aria-label={`${label}: ${value}`}>{value}</Link></dd>
      <dd className="tile-delta">{children}</dd>
      <dd className="quiet small">{note}</dd>
    </div>
  );
}

function Chart({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return <section className="card pad stack" aria-label={title}><div><h2>{title}</h2>{lead && <p className="quiet small">{lead}</p>}</div>{children}</section>;
}

type ShownProps = Omit<TableProps, "took">;

function Tiles({ figures, before, chats, conversations }: ShownProps) {
  const responded = chats({ sent: "true", response_status: "responded" });
  const { time_to_first_response: first, resolution_time: resolution, csat } = figures;
  const spread = (of: typeof first) => (of.count ? words.p90Note(duration(of.p90)) : "");
  return (
    <dl className="tiles">
      <Tile label={words.sent} value={number(figures.sent)} to={chats({ sent: "true" })} note={words.deliveredNote(number(figures.delivered))}>
        <Delta now={figures.sent} before={before?.sent} format={number} />
      </Tile>
      <Tile label={words.responseRate} value={percent(figures.response_rate)} to={responded} note={words.respondedNote(number(figures.responded))}>
        <Delta now={figures.response_rate} before={before?.response_rate} measure="rate" good="up" format={percent} />
      </Tile>
      <Tile label={words.firstResponse} value={duration(first.median)} to={responded} note={spread(first)}>
        <Delta now={first.median} before={before?.time_to_first_response.median} good="down" format={duration} />
      </Tile>
      <Tile label={words.resolution} value={duration(resolution.median)} to={conversations({ status: "closed", response_status: "responded" })} note={spread(resolution)}>
        <Delta now={resolution.median} before={before?.resolution_time.median} good="down" format={duration} />
      </Tile>
      <Tile label={words.csat} value={score(csat.average)} to={conversations({ rated: "true" })} note={words.ratedNote(number(csat.count))}>
        <Delta now={csat.average} before={before?.csat.average} measure="score" good="up" format={score} />
      </Tile>
      <Tile label={words.handedOver} value={percent(figures.handoff_rate)} to={conversations({ handed_over: "true" })} note={words.partNote(number(figures.handed_over), number(figures.conversations))}>
        <Delta now={figures.handoff_rate} before={before?.handoff_rate} measure="rate" good="down" format={percent} />
      </Tile>
    </dl>
  );
}

type Day = Figures["by_day"][number];
const rate = (day: Day | null): number | null => (day?.sent ? day.responded / day.sent : null);

/** Each part of the messages of a day, in the colours that the funnel has. */
function messagesByDay(days: readonly Pair<Day>[]): Series[] {
  return [
    { label: words.sent, hue: 1, values: days.map((day) => day.now?.sent ?? 0) },
    { label: words.delivered, hue: 2, values: days.map((day) => day.now?.delivered ?? 0), dash: "long" },
    { label: words.responded, hue: 3, values: days.map((day) => day.now?.responded ?? 0), dash: "short" },
  ];
}

/** The rate of each day, and of the day as far into the period before. */
function ratesByDay(days: readonly Pair<Day>[]): Series[] {
  const now: Series = { label: words.thisPeriod, hue: 3, values: days.map((day) => rate(day.now)) };
  if (!days.some((day) => day.before)) return [now];
  return [now, { label: words.periodBefore, hue: 4, values: days.map((day) => rate(day.before)), dash: "short" }];
}

function Shown({ days, figures, before, filters, chats, conversations }: ShownProps & { days: Pair<Day>[] }) {
  const [, go] = useLocation();
  const { funnel } = figures;
  const share = (part: number) => (funnel.sent ? percent(part / funnel.sent) : undefined);
  const steps: Bar[] = [
    { label: words.sent, value: funnel.sent, to: chats({ sent: "true" }) },
    { label: words.delivered, value: funnel.delivered, to: chats({ delivery_status: "delivered" }), note: share(funnel.delivered) },
    { label: words.responded, value: funnel.responded, to: chats({ sent: "true", response_status: "responded" }), note: share(funnel.responded) },
    { label: words.resolved, value: funnel.resolved, to: chats({ sent: "true", resolved: "true" }), note: share(funnel.resolved) },
  ];
  const took = {
    first: spreadBars(figures.time_to_first_response, "first_response", (more) => conversations({ started_by: "business", ...more })),
    resolution: spreadBars(figures.resolution_time, "resolution", conversations),
  };
  const names = days.map((day) => dayName(day.day));
  const byDay = (title: string, series: Series[], format: (value: number) => string, max?: number) =>
    days.length ? <Lines title={title} labels={names} series={series} max={max} format={format} nothing={words.nothingSent} /> : <p className="quiet">{words.noDays}</p>;
  return (
    <>
      <Tiles figures={figures} before={before} filters={filters} chats={chats} conversations={conversations} />
      <div className="charts">
        <Chart title={words.funnel}><Funnel steps={steps} /></Chart>
        <Chart title={words.byDayChart} lead={words.byDayLead}>{byDay(words.byDayChart, messagesByDay(days), number)}</Chart>
        <Chart title={words.rateByDay} lead={words.rateByDayLead}>{byDay(words.rateByDay, ratesByDay(days), percent, 1)}</Chart>
        <Spread title={words.firstResponse} hue={3} spread={figures.time_to_first_response} bars={took.first} go={go} />
        <Spread title={words.resolution} hue={4} spread={figures.resolution_time} bars={took.resolution} go={go} />
        <Chart title={words.csat} lead={figures.csat.response_rate === null ? undefined : words.csatLead(percent(figures.csat.response_rate))}>
          <Columns title={words.csat} hue={5} go={go} bars={[1, 2, 3, 4, 5].map((value) => ({ label: String(value), value: figures.csat.distribution[String(value)] ?? 0, to: conversations({ csat: String(value) }) }))} />
        </Chart>
        <Chart title={words.sides} lead={words.sidesLead}><Sides figures={figures} conversations={conversations} /></Chart>
      </div>
      <Table figures={figures} before={before} filters={filters} chats={chats} conversations={conversations} took={took} />
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
function spreadBars(spread: Figures["resolution_time"], name: "first_response" | "resolution", link: LinkTo): Bar[] {
  const all = spread.histogram.map((bar, index) => ({ ...bar, index, over: spread.histogram[index - 1]?.up_to ?? null }));
  return trimmed(all).map(({ count: value, index, over, up_to: upTo }) => ({
    index,
    label: upTo === null ? `> ${duration(over)}` : `≤ ${duration(upTo)}`,
    value,
    to: link({
      ...(over !== null && { [`${name}_over`]: String(over) }),
      ...(upTo !== null && { [`${name}_up_to`]: String(upTo) }),
    }),
  }));
}

function Spread({ title, hue, spread, bars, go }: { title: string; hue: number; spread: Figures["resolution_time"]; bars: Bar[]; go: (to: string) => void }) {
  return (
    <Chart title={title} lead={spread.count ? words.spreadLead(duration(spread.median), duration(spread.p90)) : undefined}>
      {bars.length ? <Columns title={title} hue={hue} bars={bars} go={go} /> : <p className="quiet">{words.nothingToShow}</p>}
    </Chart>
  );
}

function Sides({ figures, conversations }: { figures: Figures; conversations: LinkTo }) {
  const rows = [
    [words.aiAgent, figures.ai_agent, "false"],
    [words.humanAgents, figures.human_agent, "true"],
  ] as const;
  return (
    <div className="table-wrap">
      <table className="table compact">
        <thead><tr><th scope="col">{words.who}</th>{[words.conversations, words.resolution, words.csat].map((label) => <th key={label} scope="col" className="right">{label}</th>)}</tr></thead>
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
