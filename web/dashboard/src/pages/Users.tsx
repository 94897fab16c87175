import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import { useSession } from "../api/session";
import type { User } from "../api/types";
import { Avatar, Badge, Button, Choice, Failed, Field, Notice, ProblemNotice } from "../ui/basics";
import { Copyable } from "../ui/Copyable";
import { Confirm, Dialog } from "../ui/Dialog";
import { Page } from "../ui/Page";
import { toast } from "../ui/toast";
import { TableSkeleton } from "./ChatTable";

type Role = User["role"];
const ROLES: readonly (readonly [Role, string])[] = [["marketer", "Marketer"], ["agent", "Agent"], ["admin", "Admin"]];
const MEANING: Record<Role, string> = {
  marketer: "Sends messages and reads what came of them.",
  agent: "Answers in the inbox and reads conversations.",
  admin: "Everything, also settings, keys and users.",
};

export default function UsersPage() {
  const query = useQuery({ queryKey: ["users"], queryFn: () => answer(api.GET("/v1/users")) });
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<User | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: ["users"] });
  const change = useMutation({
    mutationFn: ({ id, ...changes }: { id: string; role?: Role; disabled?: boolean }) => answer(api.PATCH("/v1/users/{id}", { params: { path: { id } }, body: changes })),
    onSettled: refresh,
    onSuccess: () => toast("Saved."),
  });
  const renew = useMutation({
    mutationFn: (id: string) => answer(api.POST("/v1/users/{id}/invite", { params: { path: { id } } })) as Promise<{ invite_url: string }>,
    onSuccess: (made) => setLink(made.invite_url),
  });
  const { user: self } = useSession();
  const error = change.error ?? renew.error;
  return (
    <Page title="Users" lead="Who may sign in to this dashboard, and as what." actions={<Button kind="primary" icon={UserPlus} onClick={() => setInviting(true)}>Invite</Button>}>
      <ProblemNotice problem={error ? asProblem(error) : null} />
      <section className="card" aria-label="Users">
        {!query.data && (query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <TableSkeleton rows={3} />)}
        {query.data && (
          <div className="table-wrap">
            <table className="table cards">
              <thead><tr><th scope="col">User</th><th scope="col">Role</th><th scope="col">State</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
              <tbody>
                {query.data.data.map((one) => (
                  <tr key={one.id}>
                    <td><span className="row"><Avatar name={one.name} /><span className="grow"><bdi className="strong clip one">{one.name}{one.id === self.id && " (you)"}</bdi><span className="quiet xs clip one">{one.email}</span></span></span></td>
                    <td><Choice small hidden label={`Role of ${one.name}`} value={one.role} disabled={change.isPending} onChange={(role) => change.mutate({ id: one.id, role: role as Role })} options={ROLES} /></td>
                    <td>{one.disabled ? <Badge tone="red">Disabled</Badge> : one.invited ? <Badge tone="amber">Invited</Badge> : <Badge tone="green">Active</Badge>}</td>
                    <td className="full">
                      <span className="row end wrap">
                        {!one.disabled && <Button size="small" kind="plain" onClick={() => renew.mutate(one.id)}>New link</Button>}
                        <Button size="small" kind="plain" onClick={() => change.mutate({ id: one.id, disabled: !one.disabled })}>{one.disabled ? "Enable" : "Disable"}</Button>
                        <Button size="small" kind="plain" aria-label={`Remove ${one.name}`} onClick={() => setRemoving(one)}>Remove</Button>
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {inviting && <Invite onClose={() => setInviting(false)} onInvited={(url) => { setInviting(false); setLink(url); refresh(); }} />}
      {link && (
        <Dialog title="Hand over this link">
          <div className="body stack"><Notice tone="amber" title="Copy it now">It is shown this once, works once, and lets them choose a password.</Notice><Copyable label="Link" text={link} /></div>
          <footer><Button kind="primary" onClick={() => setLink(null)}>I have it</Button></footer>
        </Dialog>
      )}
      {removing && <Remove one={removing} onClose={() => setRemoving(null)} onDone={refresh} />}
    </Page>
  );
}

function Invite({ onClose, onInvited }: { onClose: () => void; onInvited: (url: string) => void }) {
  const [form, setForm] = useState<{ email: string; name: string; role: Role }>({ email: "", name: "", role: "marketer" });
  const invite = useMutation({
    mutationFn: () => answer(api.POST("/v1/users", { body: { ...form, email: form.email.trim(), name: form.name.trim() } })),
    onSuccess: (made) => onInvited(made.invite_url ?? ""),
  });
  const problem = invite.error ? asProblem(invite.error) : null;
  const placed = problem && (problem.fields.email || problem.fields.name);
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); if (!invite.isPending) invite.mutate(); }}>
        <div className="body stack">
          {!placed && <ProblemNotice problem={problem} retry={() => invite.mutate()} />}
          <Field label="Name" error={problem?.fields.name}>{(control) => <input {...control} className="input" required maxLength={255} value={form.name} onChange={(event) => setForm({ ...form, name: event.target.value })} />}</Field>
          <Field label="Email" error={problem?.fields.email}>{(control) => <input {...control} className="input" type="email" required maxLength={254} value={form.email} onChange={(event) => setForm({ ...form, email: event.target.value })} />}</Field>
          <Choice label="Role" value={form.role} onChange={(role) => setForm({ ...form, role: role as Role })} options={ROLES} />
          <p className="hint">{MEANING[form.role]}</p>
        </div>
        <footer><Button onClick={onClose}>Cancel</Button><Button type="submit" kind="primary" busy={invite.isPending}>Make a link</Button></footer>
      </form>
    </Dialog>
  );
}

function Remove({ one, onClose, onDone }: { one: User; onClose: () => void; onDone: () => void }) {
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/users/{id}", { params: { path: { id: one.id } } })),
    onSuccess: () => {
      onDone();
      toast("The user is removed.");
      onClose();
    },
  });
  return (
    <Confirm title={`Remove ${one.name}?`} action="Remove user" danger pending={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={onClose}>
      <p>They are signed out at once, and their open tickets are free again. What they said stays.</p>
    </Confirm>
  );
}
