import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ContactRound, Search, UserPlus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { answer, api } from "../api/client";
import { usePages } from "../lib/cursor";
import { newKey } from "../lib/key";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import type { Recipient } from "../api/types";
import { Badge, Button, Empty, Failed, Field, ProblemNotice, Time } from "../ui/basics";
import { Dialog } from "../ui/Dialog";
import { Form } from "../ui/Form";
import { Page } from "../ui/Page";
import { Suggest } from "../ui/Suggest";
import { toast } from "../ui/toast";
import { TableSkeleton, useRowLink, Who } from "./ChatTable";
import { words } from "../words/recipients";

export function Consent({ recipient }: { recipient: Recipient }) {
  if (recipient.opted_out_at) return <Badge tone="red">{words.optedOut}</Badge>;
  if (recipient.consent) return <Badge tone="green">{words.consented}</Badge>;
  return <Badge>{words.unknown}</Badge>;
}

export default function RecipientsPage() {
  const [, go] = useLocation();
  const params = new URLSearchParams(useSearch());
  const search = params.get("search") ?? "";
  const { cursor, after, previous } = usePages();
  const [typed, setTyped] = useState(search);
  const [creating, setCreating] = useState(false);
  const { may } = useStanding();
  useEffect(() => {
    if (typed.trim() === search) return undefined;
    const timer = setTimeout(() => go(`/recipients${typed.trim() ? `?search=${encodeURIComponent(typed.trim())}` : ""}`, { replace: true }), 250);
    return () => clearTimeout(timer);
  }, [typed, search, go]);
  const query = useQuery({
    queryKey: ["recipients", search, cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/recipients", { params: { query: { search: search || undefined, cursor, limit: 25 } }, signal })),
    placeholderData: keepPreviousData,
  });
  const problem = query.error ? asProblem(query.error) : null;
  const rows = query.data?.data ?? [];
  const add = may("send") && <Button kind="primary" icon={UserPlus} onClick={() => setCreating(true)}>{words.add}</Button>;
  const show = (at: string | undefined) => {
    const asked = new URLSearchParams({ ...(search && { search }), ...(at && { cursor: at }) }).toString();
    go(`/recipients${asked && `?${asked}`}`);
  };
  const older = () => {
    const next = query.data?.next_cursor;
    if (next) show(after(next));
  };
  return (
    <Page title={words.title} lead={words.lead} actions={add}>
      <div className="with-icon search">
        <Search aria-hidden />
        <input className="input" type="search" aria-label={words.search} placeholder={words.searchHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      <section className="card" aria-label={words.title} aria-busy={query.isPending}>
        {!query.data && (problem ? <Failed problem={problem} retry={() => void query.refetch()} /> : <TableSkeleton />)}
        {query.data && problem && <div className="card-notice"><ProblemNotice problem={problem} retry={() => void query.refetch()} /></div>}
        {query.data && rows.length === 0 && (
          <Empty icon={ContactRound} title={search ? words.noMatch : words.none} action={!search && add}>
            {search ? words.noMatchHint : words.noneHint}
          </Empty>
        )}
        {rows.length > 0 && <Table rows={rows} />}
        {(cursor || query.data?.next_cursor) && (
          <div className="pager">
            <span>{words.onPage(rows.length)}</span>
            <Button size="small" disabled={!cursor} onClick={() => show(previous())}>{words.newer}</Button>
            <Button size="small" disabled={!query.data?.next_cursor} onClick={older}>{words.older}</Button>
          </div>
        )}
      </section>
      {creating && <NewRecipient onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Table({ rows }: { rows: Recipient[] }) {
  const rowLink = useRowLink();
  return (
    <div className="table-wrap">
      <table className="table linked cards">
        <thead><tr><th scope="col">{words.recipient}</th><th scope="col">{words.userId}</th><th scope="col">{words.locale}</th><th scope="col">{words.timezone}</th><th scope="col">{words.consent}</th><th scope="col">{words.added}</th></tr></thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id} onClick={rowLink(`/recipients/${one.id}`)}>
              <td><Who person={one} to={`/recipients/${one.id}`} /></td>
              <td className="off"><span className="clip one mono">{one.user_id ?? "–"}</span></td>
              <td className="off">{one.locale ?? "–"}</td>
              <td className="off">{one.timezone ?? "–"}</td>
              <td><Consent recipient={one} /></td>
              <td className="off"><Time at={one.created_at} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const EMPTY = { nickname: "", user_id: "", phone_number: "", locale: "", timezone: "" };
export const RECIPIENT_FIELDS: readonly (readonly [keyof typeof EMPTY, string, string, string])[] = words.fields;

function NewRecipient({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState(EMPTY);
  const key = useRef(newKey());
  const [, go] = useLocation();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: () => {
      const body = Object.fromEntries(Object.entries(form).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
      return answer(api.POST("/v1/recipients", { body, params: { header: { "Idempotency-Key": key.current } } }));
    },
    onSuccess: (added) => {
      void client.invalidateQueries({ queryKey: ["recipients"] });
      toast(words.addedToast);
      onClose();
      go(`/recipients/${added.id}`);
    },
  });
  const problem = create.error ? asProblem(create.error) : null;
  const placed = problem && Object.keys(problem.fields).some((name) => name in form);
  return (
    <Dialog title={words.add} onClose={onClose}>
      <Form onSubmit={() => !create.isPending && create.mutate()}>
        <div className="body stack">
          {!placed && <ProblemNotice problem={problem} retry={() => create.mutate()} />}
          <p className="hint">{words.needed}</p>
          {RECIPIENT_FIELDS.map(([name, label, example, hint]) => (
            <RecipientField key={name} name={name} label={label} hint={hint} placeholder={example} error={problem?.fields[name]} value={form[name]} onChange={(value) => setForm({ ...form, [name]: value })} />
          ))}
        </div>
        <footer><Button onClick={onClose}>{words.cancel}</Button><Button type="submit" kind="primary" busy={create.isPending}>{words.add}</Button></footer>
      </Form>
    </Dialog>
  );
}

/** One thing that is known of a recipient; time zones are suggested. */
export function RecipientField({ name, placeholder, ...rest }: {
  name: string; label: string; hint?: string; placeholder: string; error: string | undefined; value: string; onChange: (value: string) => void;
}) {
  if (name === "timezone") return <Suggest {...rest} placeholder={placeholder} maxLength={255} options={Intl.supportedValuesOf("timeZone")} />;
  return (
    <Field label={rest.label} hint={rest.hint} error={rest.error}>
      {(control) => <input {...control} className="input" placeholder={placeholder} maxLength={255} dir="auto" value={rest.value} onChange={(event) => rest.onChange(event.target.value)} />}
    </Field>
  );
}
