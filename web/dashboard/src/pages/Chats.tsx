import { useQuery } from "@tanstack/react-query";
import { Download, FilterX, MessageSquareText, Send } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { answer, api } from "../api/client";
import { live } from "../api/live";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import type { Chat, Conversation, Page as ListOf } from "../api/types";
import { apiFilters, count, csvLink, filterSearch, parseFilters, type Filters } from "../lib/filters";
import { usePages } from "../lib/cursor";
import { useKept } from "../lib/keep";
import { Button, Empty, Failed, ProblemNotice, Slow } from "../ui/basics";
import { Page } from "../ui/Page";
import { ChatTable, ConversationTable, TableSkeleton } from "./ChatTable";
import { FilterBar } from "./FilterBar";
import { words } from "../words/chats";

const SendDialog = lazy(() => import("./send/SendDialog"));

const LIMIT = 25;
type Asked = { params: { query: Record<string, string | number | undefined> }; signal: AbortSignal };

function useList<Row extends Chat | Conversation>(kind: string, ask: (asked: Asked) => Promise<ListOf<Row>>) {
  const [path, go] = useLocation();
  const search = useSearch();
  const filters = parseFilters(search);
  const { cursor, after, previous } = usePages();
  const show = (wanted: Filters, at?: string) => go(path + filterSearch(wanted, { cursor: at }));
  const key = filterSearch(filters);
  const query = useQuery({
    queryKey: [kind, key, cursor],
    queryFn: ({ signal }) => ask({ params: { query: { ...apiFilters(filters), limit: LIMIT, cursor } }, signal }),
    ...live(),
  });
  const older = () => {
    const next = query.data?.next_cursor;
    if (next) show(filters, after(next));
  };
  const newer = () => show(filters, previous());
  return { filters, cursor, query, older, newer, show: (wanted: Filters) => show(wanted) };
}

type List<Row extends Chat | Conversation> = ReturnType<typeof useList<Row>>;

function Pager<Row extends Chat | Conversation>({ list }: { list: List<Row> }) {
  const { query, cursor, older, newer } = list;
  const shown = query.data?.data.length ?? 0;
  if (!cursor && !query.data?.next_cursor) return null;
  return (
    <div className="pager">
      <span aria-live="polite">{words.onPage(shown)}</span>
      <Button size="small" disabled={!cursor} onClick={newer}>{words.newer}</Button>
      <Button size="small" disabled={!query.data?.next_cursor} onClick={older}>{words.older}</Button>
    </div>
  );
}

function ListBody<Row extends Chat | Conversation>({ list, empty, children }: {
  list: List<Row>; empty: React.ReactNode; children: (rows: Row[]) => React.ReactNode;
}) {
  const { query, filters, cursor } = list;
  const problem = query.error ? asProblem(query.error) : null;
  if (!query.data) {
    return problem ? <Failed problem={problem} retry={() => void query.refetch()} /> : <><TableSkeleton /><Slow active={query.isPending} /></>;
  }
  const rows = query.data.data;
  return (
    <>
      {problem && <div className="card-notice"><ProblemNotice problem={problem} retry={() => void query.refetch()} /></div>}
      {rows.length > 0 && children(rows)}
      {rows.length === 0 && (count(filters) || cursor ? (
        <Empty icon={FilterX} title={words.noMatch} action={<Button onClick={() => list.show({})}>{words.clearFilters}</Button>}>
          {words.noMatchHint}
        </Empty>
      ) : empty)}
      <Pager list={list} />
    </>
  );
}

export function ChatsPage() {
  const list = useList("chats", (asked) => answer(api.GET("/v1/proactive-chats", asked)));
  const { may } = useStanding();
  const [sending, setSending] = useKept("send-open", false);
  const send = may("send") && <Button kind="primary" icon={Send} onClick={() => setSending(true)}>{words.sendMessage}</Button>;
  return (
    <Page
      title={words.chats}
      lead={words.chatsLead}
      actions={<><CsvButton path="/v1/proactive-chats.csv" filters={list.filters} />{send}</>}
    >
      <FilterBar kind="chats" filters={list.filters} onChange={list.show} />
      <section className="card" aria-label={words.chats} aria-busy={list.query.isPending}>
        <ListBody
          list={list}
          empty={
            <Empty icon={MessageSquareText} title={words.noChats} action={send}>
              {words.noChatsHint}
            </Empty>
          }
        >
          {(rows) => <ChatTable rows={rows} />}
        </ListBody>
      </section>
      {sending && <Suspense><SendDialog onClose={() => setSending(false)} /></Suspense>}
    </Page>
  );
}

export function ConversationsPage() {
  const list = useList("conversations", (asked) => answer(api.GET("/v1/conversations", asked)));
  return (
    <Page title={words.conversations} lead={words.conversationsLead}>
      <FilterBar kind="conversations" filters={list.filters} onChange={list.show} />
      <section className="card" aria-label={words.conversations} aria-busy={list.query.isPending}>
        <ListBody
          list={list}
          empty={<Empty icon={MessageSquareText} title={words.noConversations}>{words.noConversationsHint}</Empty>}
        >
          {(rows) => <ConversationTable rows={rows} />}
        </ListBody>
      </section>
    </Page>
  );
}

/** Downloads the list as it is filtered; what went wrong is said on the page instead of in a broken file. */
export function CsvButton({ path, filters }: { path: string; filters: Filters }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const download = async () => {
    setBusy(true);
    setError(null);
    try {
      const { saveCsv } = await import("../lib/download");
      await saveCsv(csvLink(path, filters));
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {error ? <span className="field-error" role="alert">{asProblem(error).message}</span> : null}
      <Button icon={Download} busy={busy} onClick={() => void download()}>{words.exportCsv}</Button>
    </>
  );
}
