import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { Button, Field, ProblemNotice } from "../ui/basics";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/toast";

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [old, setOld] = useState("");
  const [wanted, setWanted] = useState("");
  const change = useMutation({
    mutationFn: () => answer(api.PATCH("/v1/session/password", { body: { old, new: wanted } })),
    onSuccess: () => {
      toast("Your password is changed. Other devices are signed out.");
      onClose();
    },
  });
  const problem = change.error ? asProblem(change.error) : null;
  const placed = problem && (problem.fields.old || problem.fields.new);
  return (
    <Dialog title="Change password" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!change.isPending) change.mutate();
        }}
      >
        <div className="body stack">
          {!placed && <ProblemNotice problem={problem} retry={() => change.mutate()} />}
          <Field label="Password until now" error={problem?.fields.old}>
            {(control) => <input {...control} className="input" type="password" autoComplete="current-password" required value={old} onChange={(event) => setOld(event.target.value)} />}
          </Field>
          <Field label="New password" hint="At least 12 characters." error={problem?.fields.new}>
            {(control) => <input {...control} className="input" type="password" autoComplete="new-password" minLength={12} required value={wanted} onChange={(event) => setWanted(event.target.value)} />}
          </Field>
        </div>
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={change.isPending}>Change password</Button>
        </footer>
      </form>
    </Dialog>
  );
}
