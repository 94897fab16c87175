/** The filters of a list, as they stand in the page's address and as the API takes them. */
import { words } from "../words/chats";

export interface Filters {
  period?: string;
  from?: string;
  to?: string;
  channel_type?: string;
  response_status?: string;
  delivery_status?: string;
  status?: string;
  campaign?: string;
  /** A part of a campaign's name. */
  campaign_search?: string;
  recipient?: string;
  [more: string]: string | undefined;
}

const NAMES = [
  "period", "from", "to", "channel_type", "response_status", "delivery_status", "status", "campaign", "campaign_search", "recipient",
  "skip_reason", "csat", "rated", "sent", "resolved", "handed_over", "closed_reason", "started_by",
  "first_response_over", "first_response_up_to", "resolution_over", "resolution_up_to",
] as const;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const PERIODS: Record<string, { label: string; days: number }> = {
  today: { label: words.periods.today, days: 1 },
  "7d": { label: words.periods["7d"], days: 7 },
  "30d": { label: words.periods["30d"], days: 30 },
  "90d": { label: words.periods["90d"], days: 90 },
};

/** What an address asks for; what it should not have is left out. */
export function parseFilters(search: string): Filters {
  const told = new URLSearchParams(search);
  const filters: Filters = {};
  for (const name of NAMES) {
    const value = told.get(name)?.trim();
    if (value) filters[name] = value;
  }
  if (filters.period && !(filters.period in PERIODS)) delete filters.period;
  for (const bound of ["from", "to"] as const) {
    if (filters[bound] && (filters.period || !isMoment(filters[bound]))) delete filters[bound];
  }
  return filters;
}

function isMoment(value: string): boolean {
  return !Number.isNaN(new Date(value).getTime());
}

/** The address's part for these filters, empty or beginning with "?". The same filters give the same text. */
export function filterSearch(filters: Filters, more: Record<string, string | undefined> = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of [...NAMES.map((name) => [name, filters[name]] as const), ...Object.entries(more)]) {
    if (value) params.set(name, value);
  }
  const text = params.toString();
  return text && `?${text}`;
}

/** The filters as parameters of the API: days become moments, of this browser's time zone. */
export function apiFilters(filters: Filters, now = new Date()): Record<string, string> {
  const { period, from, to, ...same } = filters;
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(same)) if (value) result[name] = value;
  const chosen = period ? PERIODS[period] : undefined;
  if (chosen) result.from = startOfDay(now, 1 - chosen.days).toISOString();
  if (from) result.from = moment(from, 0);
  // "to" is the first moment that does not count any more; people mean the whole day.
  if (to) result.to = moment(to, 1);
  return result;
}

/** The filters for one day of UTC: so much of it as they let through. */
export function onDay(filters: Filters, day: string, now = new Date()): Filters {
  const bounds = apiFilters(filters, now);
  const start = `${day}T00:00:00.000Z`;
  const end = new Date(Date.parse(start) + 86_400_000).toISOString();
  const from = bounds.from && bounds.from > start ? bounds.from : start;
  return { ...filters, period: undefined, from, to: bounds.to && bounds.to < end ? bounds.to : end };
}

function moment(value: string, days: number): string {
  if (!DAY.test(value)) return new Date(value).toISOString();
  return startOfDay(new Date(`${value}T00:00:00`), days).toISOString();
}

function startOfDay(at: Date, days: number): Date {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days);
}

/** How many filters narrow the list. */
export function count(filters: Filters): number {
  const { from, to, ...others } = filters;
  return Object.values(others).filter(Boolean).length + (from || to ? 1 : 0);
}

/** Where the same list is as a file. */
export function csvLink(path: string, filters: Filters, now = new Date()): string {
  return `${path}${filterSearch({}, apiFilters(filters, now))}`;
}
