import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowUp, Plus, Smartphone } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { answer, api } from "../api/client";
import { live } from "../api/live";
import { asProblem } from "../api/problems";
import { phone, timeOfDay, when } from "../lib/format";
import { read, useKept, write } from "../lib/keep";
import { Button, Empty, Failed, ProblemNotice } from "../ui/basics";
import { Page } from "../ui/Page";
import { words } from "../words/phone";

const ADDED = "phones";
const local = (): Storage => localStorage;

export default function PhonePage({ number }: { number?: string }) {
  const phones = useQuery({ queryKey: ["phones"], queryFn: () => answer(api.GET("/v1/sandbox/phones")), ...live() });
  const [added, setAdded] = useState(() => read<string[]>(ADDED, [], local));
  const known = phones.data?.data ?? [];
  const numbers = [...known.map((one) => one.number), ...added.filter((one) => !known.some(({ number: same }) => same === one))];
  const shown = number ? [number] : numbers.slice(0, 2);
  const add = (wanted: string) => {
    const next = [...new Set([wanted, ...added])].slice(0, 20);
    setAdded(next);
    write(ADDED, next, local);
  };
  return (
    <Page title={words.title} lead={words.lead}>
      {phones.error && !phones.data ? <div className="card"><Failed problem={asProblem(phones.error)} retry={() => void phones.refetch()} /></div> : (
        <div className="phones">
          <nav className="card phone-list" aria-label={words.phones}>
            <AddPhone onAdd={add} />
            <ul>
              {numbers.map((one) => {
                const last = known.find((phone) => phone.number === one)?.last_message;
                return (
                  <li key={one}>
                    <Link href={`/phone/${encodeURIComponent(one)}`} aria-current={one === number ? "page" : undefined}>
                      <span className="row"><span className="strong num grow">{phone(one)}</span>{last && <span className="quiet xs nowrap">{when(last.at)}</span>}</span>
                      <span className="quiet small clip one" dir="auto">{last?.body ?? words.noMessages}</span>
                    </Link>
                  </li>
                );
              })}
            </ul>
          </nav>
          <div className="phone-screens">
            {shown.map((one) => <Phone key={one} number={one} />)}
            {shown.length === 0 && <Empty icon={Smartphone} title={words.none}>{words.noneText}</Empty>}
          </div>
        </div>
      )}
    </Page>
  );
}

function AddPhone({ onAdd }: { onAdd: (number: string) => void }) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const [, go] = useLocation();
  return (
    <form
      noValidate
      className="phone-add"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = typed.replace(/[\s().-]/g, "");
        const fits = /^\+[1-9]\d{6,14}$/.test(wanted);
        setWrong(!fits);
        if (!fits) return;
        onAdd(wanted);
        setTyped("");
        go(`/phone/${encodeURIComponent(wanted)}`);
      }}
    >
      <div className="row">
        <input className="input small" aria-label={words.number} aria-invalid={wrong || undefined} aria-describedby={wrong ? "phone-wrong" : undefined} placeholder="+14155550123" inputMode="tel" value={typed} onChange={(event) => setTyped(event.target.value)} />
        <Button type="submit" size="small" icon={Plus} aria-label={words.add} />
      </div>
      {wrong && <span className="field-error" id="phone-wrong">{words.wrong}</span>}
    </form>
  );
}

function Phone({ number }: { number: string }) {
  const client = useQueryClient();
  const path = { number };
  const screen = useQuery({
    queryKey: ["phone", number],
    queryFn: () => answer(api.GET("/v1/sandbox/phones/{number}/messages", { params: { path } })),
    ...live(1_000),
  });
  const [text, setText] = useKept(`phone-${number}`, "");
  const say = useMutation({
    mutationFn: (body: string) => answer(api.POST("/v1/sandbox/phones/{number}/messages", { params: { path }, body: { body } })),
    onSuccess: (_said, body) => {
      if (read(`phone-${number}`, "").trim() === body) setText("");
      void client.invalidateQueries({ queryKey: ["phone", number] });
    },
  });
  const messages = screen.data?.data ?? [];
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = end.current?.parentElement;
    if (box) box.scrollTop = box.scrollHeight;
  }, [messages.length]);
  const problem = say.error ?? screen.error;
  return (
    <section className="handset" aria-label={words.phone(phone(number))}>
      <div className="handset-top"><span className="notch" /></div>
      <header><span className="strong">{words.business}</span><span className="quiet xs num">{words.on(phone(number))}</span></header>
      <div className="handset-screen" tabIndex={0} role="log" aria-label={words.screen}>
        {messages.length === 0 && <p className="quiet small center">{screen.isPending ? "…" : words.nothing}</p>}
        {messages.map((one, index) => (
          <div key={one.sid} className={`sms ${one.direction}`}>
            {(index === 0 || Date.parse(one.at) - Date.parse(messages[index - 1]!.at) > 300_000) && <span className="sms-time">{timeOfDay(one.at)}</span>}
            <div className="sms-bubble breaks" dir="auto">{one.body}</div>
          </div>
        ))}
        <div ref={end} />
      </div>
      {problem ? <div className="card-notice"><ProblemNotice problem={asProblem(problem)} /></div> : null}
      <form noValidate className="handset-type" onSubmit={(event) => { event.preventDefault(); const body = text.trim(); if (body && !say.isPending) say.mutate(body); }}>
        <input className="input small" aria-label={words.text} placeholder={words.text} maxLength={1600} dir="auto" autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} />
        <Button type="submit" kind="primary" size="small" icon={ArrowUp} aria-label={words.send} busy={say.isPending} />
      </form>
    </section>
  );
}
