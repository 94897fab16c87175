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

function Frame({ title, children }: { title: string; children: React.ReactNode }) {
  useTitle(title);
  return (
    <div className="center-page">
      <main>
        <span className="brand"><img src="/favicon.svg" alt="" />Proactive</span>
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
    <Frame title="Sign in">
      {state.data?.setup_needed && (
        <Notice tone="blue" title="Nobody can sign in yet">
          Open the one-time link that <span className="mono">make run</span> printed in the terminal to make the first user.
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
    return <Frame title="This link is incomplete"><p className="quiet">Copy the whole address, with everything after the question mark.</p></Frame>;
  }
  return (
    <Frame title={first ? "Make the first user" : "Choose your password"}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!setup.isPending) setup.mutate();
        }}
      >
        <p className="quiet">{first ? "This user is an admin and can invite others." : "You were invited to Proactive."}</p>
        {problem && !(problem.fields.email || problem.fields.name || problem.fields.password) && <ProblemNotice problem={problem} retry={() => setup.mutate()} />}
        {first && (
          <>
            <Field label="Your name" error={problem?.fields.name}>
              {(control) => <input {...control} className="input" autoComplete="name" required value={form.name} onChange={set("name")} />}
            </Field>
            <Field label="Email" error={problem?.fields.email}>
              {(control) => <input {...control} className="input" type="email" autoComplete="username" required value={form.email} onChange={set("email")} />}
            </Field>
          </>
        )}
        <Field label="Password" hint="At least 12 characters." error={problem?.fields.password}>
          {(control) => <input {...control} className="input" type="password" autoComplete="new-password" minLength={12} required value={form.password} onChange={set("password")} />}
        </Field>
        <Button type="submit" kind="primary" className="wide" busy={setup.isPending || state.isPending}>{first ? "Make it and sign in" : "Sign in"}</Button>
      </form>
    </Frame>
  );
}
