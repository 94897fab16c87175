import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { useStanding } from "../api/session";
import { Button, Field, Notice, ProblemNotice, Slow } from "../ui/basics";
import { Form } from "../ui/Form";
import { words } from "../words/signIn";

export function SignInForm({ email: known = "", onDone }: { email?: string; onDone?: () => void }) {
  const { enter } = useStanding();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => answer(api.POST("/v1/session", { body: { email: email.trim(), password } })),
    onSuccess: (session) => {
      enter(session);
      onDone?.();
    },
  });
  const problem = signIn.error ? asProblem(signIn.error) : null;
  return (
    <Form
      className="stack"
      onSubmit={() => !signIn.isPending && signIn.mutate()}
    >
      {problem?.kind === "unauthorized" ? <Notice tone="red" title={words.failed}>{problem.message}</Notice> : <ProblemNotice problem={problem} retry={() => signIn.mutate()} />}
      <Field label={words.email}>
        {(control) => <input {...control} className="input" type="email" autoComplete="username" required autoFocus={!known} value={email} onChange={(event) => setEmail(event.target.value)} />}
      </Field>
      <Field label={words.password}>
        {(control) => <input {...control} className="input" type="password" autoComplete="current-password" required autoFocus={!!known} value={password} onChange={(event) => setPassword(event.target.value)} />}
      </Field>
      <Button type="submit" kind="primary" className="wide" busy={signIn.isPending}>{words.signIn}</Button>
      <Slow active={signIn.isPending} />
    </Form>
  );
}
