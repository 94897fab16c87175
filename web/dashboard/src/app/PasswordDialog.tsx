import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { Button, Field, ProblemNotice } from "../ui/basics";
import { Dialog } from "../ui/Dialog";
import { Form } from "../ui/Form";
import { toast } from "../ui/toast";
import { actions, shell as words } from "../words/common";

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [old, setOld] = useState("");
  const [wanted, setWanted] = useState("");
  const change = useMutation({
    mutationFn: () => answer(api.PATCH("/v1/session/password", { body: { old, new: wanted } })),
    onSuccess: () => {
      toast(words.passwordChanged);
      onClose();
    },
  });
  const problem = change.error ? asProblem(change.error) : null;
  const placed = problem && (problem.fields.old || problem.fields.new);
  return (
    <Dialog title={words.changePassword} onClose={onClose}>
      <Form
        onSubmit={() => !change.isPending && change.mutate()}
      >
        <div className="body stack">
          {!placed && <ProblemNotice problem={problem} retry={() => change.mutate()} />}
          <Field label={words.currentPassword} error={problem?.fields.old}>
            {(control) => <input {...control} className="input" type="password" autoComplete="current-password" required value={old} onChange={(event) => setOld(event.target.value)} />}
          </Field>
          <Field label={words.newPassword} hint={words.passwordHint} error={problem?.fields.new}>
            {(control) => <input {...control} className="input" type="password" autoComplete="new-password" minLength={12} required value={wanted} onChange={(event) => setWanted(event.target.value)} />}
          </Field>
        </div>
        <footer>
          <Button onClick={onClose}>{actions.cancel}</Button>
          <Button type="submit" kind="primary" busy={change.isPending}>{words.changePassword}</Button>
        </footer>
      </Form>
    </Dialog>
  );
}
