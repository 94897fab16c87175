import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, Plus, Send, Trash2 } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import { useUnsaved } from "../app/leaving";
import type { Recipient } from "../api/types";
import { personDetail, personName } from "../lib/format";
import { consentSentence } from "../words/values";
import { Button, Choice, Failed, Field, Notice, ProblemNotice, Time } from "../ui/basics";
import { Confirm } from "../ui/Dialog";
import { Form } from "../ui/Form";
import { Page, PageSkeleton } from "../ui/Page";
import { toast } from "../ui/toast";
import { ConversationTable, TableSkeleton } from "./ChatTable";
import { Consent, RECIPIENT_FIELDS, RecipientField } from "./Recipients";
import { words } from "../words/recipients";

const SendDialog = lazy(() => import("./send/SendDialog"));

export default function RecipientPage({ id }: { id: string }) {
  const { may } = useStanding();
  const [sending, setSending] = useState(false);
  const [erasing, setErasing] = useState(false);
  const query = useQuery({ queryKey: ["recipient", id], queryFn: () => answer(api.GET("/v1/recipients/{id}", { params: { path: { id } } })) });
  const above = <Link className="back" href="/recipients"><ArrowLeft aria-hidden />{words.title}</Link>;
  if (!query.data) {
    if (!query.error) return <PageSkeleton />;
    return <Page title={words.recipient} above={above}><div className="card"><Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /></div></Page>;
  }
  const one = query.data;
  return (
    <Page
      title={personName(one)}
      lead={personDetail(one)}
      above={above}
      actions={
        <>
          {may("admin") && <Button icon={Trash2} onClick={() => setErasing(true)}>{words.erase}</Button>}
          {may("send") && <Button kind="primary" icon={Send} onClick={() => setSending(true)}>{words.sendMessage}</Button>}
        </>
      }
    >
      <div className="split">
        <div className="stack">
          <Edit recipient={one} disabled={!may("send")} />
          <Conversations id={id} />
        </div>
        <ConsentCard recipient={one} />
      </div>
      {sending && <Suspense><SendDialog receiver={one} onClose={() => setSending(false)} /></Suspense>}
      {erasing && <Erase recipient={one} onClose={() => setErasing(false)} />}
    </Page>
  );
}

interface Attribute {
  name: string;
  value: string;
}

/** Attributes may be any JSON; texts are shown as they are, all else as JSON. */
const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

export function parsed(text: string): unknown {
  if (!/^(-?\d+(\.\d+)?|true|false|[[{].*)$/s.test(text.trim())) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function Edit({ recipient, disabled }: { recipient: Recipient; disabled: boolean }) {
  const client = useQueryClient();
  const start = () => ({
    fields: Object.fromEntries(RECIPIENT_FIELDS.map(([name]) => [name, recipient[name] ?? ""])) as Record<(typeof RECIPIENT_FIELDS)[number][0], string>,
    attributes: Object.entries(recipient.attributes).map(([name, value]): Attribute => ({ name, value: shown(value) })),
  });
  const [form, setForm] = useState(start);
  useEffect(() => setForm(start()), [recipient.id, recipient.updated_at]); // eslint-disable-line react-hooks/exhaustive-deps
  const changed = JSON.stringify(form) !== JSON.stringify(start());
  useUnsaved(changed);
  const save = useMutation({
    mutationFn: () => {
      const fields = Object.entries(form.fields).filter(([name, value]) => value !== (recipient[name as "nickname"] ?? "")).map(([name, value]) => [name, value.trim() || null]);
      const kept = form.attributes.filter((one) => one.name.trim());
      const names = new Set(kept.map((one) => one.name.trim()));
      const attributes = {
        ...Object.fromEntries(Object.keys(recipient.attributes).filter((name) => !names.has(name)).map((name) => [name, null])),
        ...Object.fromEntries(kept.filter((one) => shown(recipient.attributes[one.name.trim()]) !== one.value).map((one) => [one.name.trim(), parsed(one.value)])),
      };
      const body = { ...Object.fromEntries(fields), ...(Object.keys(attributes).length && { attributes }) };
      return answer(api.PATCH("/v1/recipients/{id}", { params: { path: { id: recipient.id } }, body: body }));
    },
    onSuccess: (saved) => {
      client.setQueryData(["recipient", recipient.id], saved);
      void client.invalidateQueries({ queryKey: ["recipients"] });
      toast(words.saved);
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const placed = problem && Object.keys(problem.fields).some((name) => name in form.fields);
  const setAttribute = (index: number, part: Partial<Attribute>) =>
    setForm({ ...form, attributes: form.attributes.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <Form className="card" aria-label={words.details} onSubmit={() => !save.isPending && save.mutate()}>
      <fieldset className="plain-set pad-in stack" disabled={disabled}>
        {!placed && <ProblemNotice problem={problem} retry={() => save.mutate()} />}
        <div className="pair">
          {RECIPIENT_FIELDS.map(([name, label, example]) => (
            <RecipientField key={name} name={name} label={label} placeholder={example} error={problem?.fields[name]} value={form.fields[name]} onChange={(value) => setForm({ ...form, fields: { ...form.fields, [name]: value } })} />
          ))}
        </div>
        <div className="stack tight">
          <span className="label">{words.attributes}</span>
          <p className="hint">{words.attributesHint}</p>
          {form.attributes.map((one, index) => (
            <div className="attribute" key={index}>
              <input className="input small" aria-label={words.attributeName(index + 1)} placeholder={words.namePlaceholder} maxLength={100} value={one.name} onChange={(event) => setAttribute(index, { name: event.target.value })} />
              <input className="input small" aria-label={words.attributeValue(index + 1)} placeholder={words.valuePlaceholder} dir="auto" value={one.value} onChange={(event) => setAttribute(index, { value: event.target.value })} />
              <Button kind="plain" size="small" icon={Trash2} aria-label={words.removeAttribute(index + 1)} onClick={() => setForm({ ...form, attributes: form.attributes.filter((_, at) => at !== index) })} />
            </div>
          ))}
          <div><Button size="small" icon={Plus} onClick={() => setForm({ ...form, attributes: [...form.attributes, { name: "", value: "" }] })}>{words.addAttribute}</Button></div>
        </div>
        <div className="row end">
          <Button disabled={!changed} onClick={() => { setForm(start()); save.reset(); }}>{words.discard}</Button>
          <Button type="submit" kind="primary" disabled={!changed} busy={save.isPending}>{words.save}</Button>
        </div>
      </fieldset>
    </Form>
  );
}

function ConsentCard({ recipient }: { recipient: Recipient }) {
  const client = useQueryClient();
  const { may } = useStanding();
  const [asking, setAsking] = useState(false);
  const change = useMutation({
    mutationFn: (consent: boolean | null) => answer(api.PATCH("/v1/recipients/{id}", { params: { path: { id: recipient.id } }, body: { consent } })),
    onSuccess: (saved) => {
      client.setQueryData(["recipient", recipient.id], saved);
      void client.invalidateQueries({ queryKey: ["consent", recipient.id] });
      setAsking(false);
    },
  });
  const choose = (value: string) => {
    if (value === "no") setAsking(true);
    else change.mutate(value === "yes" ? true : null);
  };
  return (
    <section className="card pad stack" aria-label={words.consent}>
      <div className="row"><h2 className="grow">{words.consent}</h2><Consent recipient={recipient} /></div>
      {recipient.opted_out_at ? (
        <Notice tone="amber">{words.optedOutNotice}</Notice>
      ) : (
        <Choice label={words.consentLabel} disabled={!may("send") || change.isPending} value={recipient.consent === null ? "unknown" : recipient.consent ? "yes" : "no"} onChange={choose} options={words.consentOptions} />
      )}
      {!asking && <ProblemNotice problem={change.error ? asProblem(change.error) : null} />}
      <ConsentHistory recipient={recipient} />
      {asking && (
        <Confirm title={words.optOutTitle} action={words.optOut} danger pending={change.isPending} error={change.error} onConfirm={() => change.mutate(false)} onClose={() => setAsking(false)}>
          <p>{words.optOutText(personName(recipient))}</p>
        </Confirm>
      )}
    </section>
  );
}

function ConsentHistory({ recipient }: { recipient: Recipient }) {
  const query = useQuery({
    queryKey: ["consent", recipient.id],
    queryFn: () => answer(api.GET("/v1/recipients/{id}/consent", { params: { path: { id: recipient.id } } })),
    refetchInterval: 5_000,
  });
  return (
    <>
      <h3>{words.history}</h3>
      {!query.data && (query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <TableSkeleton rows={2} />)}
      {query.data && (
        <ol className="timeline">
          {query.data.data.map((change, index) => (
            <li key={`${change.at} ${index}`}><bdi>{consentSentence(change)}</bdi><Time at={change.at} /></li>
          ))}
          <li><span>{words.added}</span><Time at={recipient.created_at} /></li>
        </ol>
      )}
    </>
  );
}

/** How many are shown, and up to how many more are counted. */
const SHOWN = 10;
const COUNTED = 100;

function Conversations({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ["conversations", "of", id],
    queryFn: () => answer(api.GET("/v1/conversations", { params: { query: { recipient: id, limit: COUNTED } } })),
    refetchInterval: 5_000,
  });
  const all = `/conversations?recipient=${id}`;
  const hidden = (query.data?.data.length ?? 0) - SHOWN;
  const more = query.data?.next_cursor ? `more than ${hidden}` : hidden;
  return (
    <section className="card" aria-label={words.conversations}>
      <div className="card-head"><h2>{words.conversations}</h2>{hidden > 0 && <Link href={all}>{words.showAll}</Link>}</div>
      {!query.data && (query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <TableSkeleton rows={2} />)}
      {query.data?.data.length === 0 && <p className="pad-in quiet">{words.noConversations}</p>}
      {query.data && query.data.data.length > 0 && <ConversationTable own rows={query.data.data.slice(0, SHOWN)} />}
      {hidden > 0 && <p className="pager"><span>{words.latest(SHOWN, more)}</span><Link className="button small" href={all}>{words.showAll}</Link></p>}
    </section>
  );
}

function Erase({ recipient, onClose }: { recipient: Recipient; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [, go] = useLocation();
  const client = useQueryClient();
  const erase = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/recipients/{id}", { params: { path: { id: recipient.id } } })),
    onSuccess: () => {
      client.removeQueries({ queryKey: ["recipient", recipient.id] });
      void client.invalidateQueries();
      toast(words.erased);
      go("/recipients");
    },
  });
  return (
    <Confirm title={words.eraseTitle(personName(recipient))} action={words.erasePermanently} danger disabled={typed.trim().toLowerCase() !== "erase"} pending={erase.isPending} error={erase.error} onConfirm={() => erase.mutate()} onClose={onClose}>
      <p>{words.eraseText}</p>
      <Field label={words.eraseConfirm}>{(control) => <input {...control} className="input" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />}</Field>
    </Confirm>
  );
}
