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
import { Form } from "../ui/Form";
import { toast } from "../ui/toast";
import { actions } from "../words/common";
import { words } from "../words/users";
import { TableSkeleton } from "./ChatTable";

type Role = User["role"];
const ROLES = Object.entries(words.roles) as [Role, string][];

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
    onSuccess: () => toast(words.saved),
  });
  const renew = useMutation({
    mutationFn: (id: string) => answer(api.POST("/v1/users/{id}/invite", { params: { path: { id } } })) as Promise<{ invite_url: string }>,
    onSuccess: (made) => setLink(made.invite_url),
  });
  const { user: self } = useSession();
  const error = change.error ?? renew.error;
  return (
    <Page title={words.title} lead={words.lead} actions={<Button kind="primary" icon={UserPlus} onClick={() => setInviting(true)}>{words.invite}</Button>}>
      <ProblemNotice problem={error ? asProblem(error) : null} />
      <section className="card" aria-label={words.title}>
        {!query.data && (query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <TableSkeleton rows={3} />)}
        {query.data && (
          <div className="table-wrap">
            <table className="table cards">
              <thead><tr><th scope="col">{words.user}</th><th scope="col">{words.role}</th><th scope="col">{words.status}</th><th scope="col"><span className="visually-hidden">{words.actions}</span></th></tr></thead>
              <tbody>
                {query.data.data.map((one) => (
                  <tr key={one.id}>
                    <td><span className="row"><Avatar name={one.name} /><span className="grow"><bdi className="strong clip one">{one.name}{one.id === self.id && words.you}</bdi><span className="quiet xs clip one">{one.email}</span></span></span></td>
                    <td><Choice small hidden label={words.roleOf(one.name)} value={one.role} disabled={change.isPending} onChange={(role) => change.mutate({ id: one.id, role: role as Role })} options={ROLES} /></td>
                    <td>{one.disabled ? <Badge tone="red">{words.disabled}</Badge> : one.invited ? <Badge tone="amber">{words.invited}</Badge> : <Badge tone="green">{words.active}</Badge>}</td>
                    <td className="full">
                      <span className="row end wrap">
                        {!one.disabled && <Button size="small" kind="plain" onClick={() => renew.mutate(one.id)}>{words.newLink}</Button>}
                        <Button size="small" kind="plain" onClick={() => change.mutate({ id: one.id, disabled: !one.disabled })}>{one.disabled ? words.enable : words.disable}</Button>
                        <Button size="small" kind="plain" aria-label={words.removeOne(one.name)} onClick={() => setRemoving(one)}>{words.remove}</Button>
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
        <Dialog title={words.shareTitle}>
          <div className="body stack"><Notice tone="amber" title={words.copyNow}>{words.shareText}</Notice><Copyable label={words.link} text={link} /></div>
          <footer><Button kind="primary" onClick={() => setLink(null)}>{words.done}</Button></footer>
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
    <Dialog title={words.invite} onClose={onClose}>
      <Form onSubmit={() => !invite.isPending && invite.mutate()}>
        <div className="body stack">
          {!placed && <ProblemNotice problem={problem} retry={() => invite.mutate()} />}
          <Field label={words.name} error={problem?.fields.name}>{(control) => <input {...control} className="input" required maxLength={255} value={form.name} onChange={(event) => setForm({ ...form, name: event.target.value })} />}</Field>
          <Field label={words.email} error={problem?.fields.email}>{(control) => <input {...control} className="input" type="email" required maxLength={254} value={form.email} onChange={(event) => setForm({ ...form, email: event.target.value })} />}</Field>
          <Choice label={words.role} value={form.role} onChange={(role) => setForm({ ...form, role: role as Role })} options={ROLES} />
          <p className="hint">{words.meaning[form.role]}</p>
        </div>
        <footer><Button onClick={onClose}>{actions.cancel}</Button><Button type="submit" kind="primary" busy={invite.isPending}>{words.createLink}</Button></footer>
      </Form>
    </Dialog>
  );
}

function Remove({ one, onClose, onDone }: { one: User; onClose: () => void; onDone: () => void }) {
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/users/{id}", { params: { path: { id: one.id } } })),
    onSuccess: () => {
      onDone();
      toast(words.removed);
      onClose();
    },
  });
  return (
    <Confirm title={words.removeTitle(one.name)} action={words.removeAction} danger pending={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={onClose}>
      <p>{words.removeText}</p>
    </Confirm>
  );
}
