import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Redirect, useLocation, useSearch } from "wouter";
import { useMutation } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import { SignInForm } from "../app/SignInForm";
import { safeReturn } from "../lib/returnPath";
import { Button, Field, Notice, ProblemNotice } from "../ui/basics";
import { useTitle } from "../app/title";
import { Form } from "../ui/Form";
import { shell } from "../words/common";
import { words } from "../words/signIn";

function Frame({ title, children }: { title: string; children: React.ReactNode }) {
  useTitle(title);
  return (
    <div className="center-page">
      <main>
        <span className="brand"><img src="/favicon.svg" alt="" />{shell.product}</span>
        <div className="card pad stack signin"><h1>{title}</h1>{children}</div>
      </main>
    </div>
  );
}

export function SignInPage() {
  const search = useSearch();
  const { session } = useStanding();
  const state = useQuery({ queryKey: ["session-state"], queryFn: () => answer(api.GET("/v1/session/state")), enabled: !session });
  if (session) return <Redirect to={safeReturn(new URLSearchParams(search).get("return"))} replace />;
  return (
    <Frame title={words.signIn}>
      {state.data?.setup_needed && (
        <Notice tone="blue" title={words.noUsers}>
          {words.noUsersText[0]}<span className="mono">make run</span>{words.noUsersText[1]}
        </Notice>
      )}
      <SignInForm />
    </Frame>
  );
}

/** Where a one-time link leads: the first user's, and those of invitations. */
export function SetupPage() {
  const [token] = useState(() => new URLSearchParams(location.search).get("token") ?? "");
  const [, go] = useLocation();
  const { enter } = useStanding();
  const state = useQuery({ queryKey: ["session-state"], queryFn: () => answer(api.GET("/v1/session/state")) });
  const [form, setForm] = useState({ email: "", name: "", password: "" });
  const first = state.data?.setup_needed;
  const setup = useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/session/setup", {
        body: { token, password: form.password, ...(first && { email: form.email.trim(), name: form.name.trim() }) },
      })),
    onSuccess: (session) => {
      enter(session);
      go("/", { replace: true });
    },
  });
  const problem = setup.error ? asProblem(setup.error) : null;
  const set = (name: keyof typeof form) => (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value });
  if (!token) {
    return <Frame title={words.incomplete}><p className="quiet">{words.incompleteText}</p></Frame>;
  }
  return (
    <Frame title={first ? words.createAccount : words.choosePassword}>
      <Form
        className="stack"
        onSubmit={() => !setup.isPending && setup.mutate()}
      >
        <p className="quiet">{first ? words.firstText : words.invitedText}</p>
        {problem && !(problem.fields.email || problem.fields.name || problem.fields.password) && <ProblemNotice problem={problem} retry={() => setup.mutate()} />}
        {first && (
          <>
            <Field label={words.name} error={problem?.fields.name}>
              {(control) => <input {...control} className="input" autoComplete="name" required value={form.name} onChange={set("name")} />}
            </Field>
            <Field label={words.email} error={problem?.fields.email}>
              {(control) => <input {...control} className="input" type="email" autoComplete="username" required value={form.email} onChange={set("email")} />}
            </Field>
          </>
        )}
        <Field label={words.password} hint={words.passwordHint} error={problem?.fields.password}>
          {(control) => <input {...control} className="input" type="password" autoComplete="new-password" minLength={12} required value={form.password} onChange={set("password")} />}
        </Field>
        <Button type="submit" kind="primary" className="wide" busy={setup.isPending || state.isPending}>{first ? words.createAccount : words.signIn}</Button>
      </Form>
    </Frame>
  );
}
