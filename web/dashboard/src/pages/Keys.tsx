import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { answer, api } from "../api/client";
import { asProblem } from "../api/problems";
import type { Key, Scope } from "../api/types";
import { ago } from "../lib/format";
import { Badge, Button, Empty, Failed, Field, Notice, ProblemNotice, Switch, Time } from "../ui/basics";
import { Confirm, Dialog } from "../ui/Dialog";
import { Copyable } from "../ui/Copyable";
import { Page } from "../ui/Page";
import { toast } from "../ui/toast";
import { TableSkeleton } from "./ChatTable";

const SCOPES: readonly (readonly [Scope, string])[] = [
  ["send", "Send messages, create and change recipients"],
  ["read", "Read chats, conversations, recipients and metrics"],
  ["agent", "Answer and end handoffs, close conversations"],
  ["admin", "Everything, also settings, keys and erasing"],
];

export default function KeysPage() {
  const query = useQuery({ queryKey: ["keys"], queryFn: () => answer(api.GET("/v1/keys")) });
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const add = <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>Create key</Button>;
  const rows = query.data?.data ?? [];
  return (
    <Page title="API keys" lead="For scripts and other programs. People sign in instead." actions={add}>
      <section className="card" aria-label="API keys">
        {!query.data && (query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <TableSkeleton rows={3} />)}
        {query.data && rows.length === 0 && <Empty icon={KeyRound} title="No keys yet" action={add}>A key lets a program call the API with just the rights that it needs.</Empty>}
        {rows.length > 0 && (
          <div className="table-wrap">
            <table className="table cards">
              <thead><tr><th scope="col">Name</th><th scope="col">May</th><th scope="col">Created</th><th scope="col">Last used</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
              <tbody>
                {rows.map((key) => (
                  <tr key={key.id}>
                    <td><span className="strong breaks">{key.name}</span></td>
                    <td><span className="row wrap">{key.scopes.map((scope) => <Badge key={scope} bare>{scope}</Badge>)}</span></td>
                    <td data-label="Created"><Time at={key.created_at} /></td>
                    <td data-label="Used">{key.last_used_at ? <Time at={key.last_used_at}>{ago(key.last_used_at)}</Time> : <span className="quiet">Never</span>}</td>
                    <td className="right">{key.revoked_at ? <Badge tone="red">Revoked</Badge> : <Button size="small" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>Revoke</Button>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {creating && <NewKey onClose={() => setCreating(false)} />}
      {revoking && <Revoke one={revoking} onClose={() => setRevoking(null)} />}
    </Page>
  );
}

function NewKey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["send"]);
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: () => answer(api.POST("/v1/keys", { body: { name: name.trim(), scopes } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["keys"] }),
  });
  const problem = create.error ? asProblem(create.error) : null;
  if (create.data) {
    return (
      <Dialog title="Your new key">
        <div className="body stack"><Notice tone="amber" title="Copy it now">It is shown this once only.</Notice><Copyable label="API key" text={create.data.key ?? ""} /></div>
        <footer><Button kind="primary" onClick={onClose}>I have it</Button></footer>
      </Dialog>
    );
  }
  return (
    <Dialog title="Create key" onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); if (!create.isPending && scopes.length) create.mutate(); }}>
        <div className="body stack">
          {!problem?.fields.name && <ProblemNotice problem={problem} retry={() => create.mutate()} />}
          <Field label="Name" hint="What will use it, such as “web shop”." error={problem?.fields.name}>
            {(control) => <input {...control} className="input" required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <fieldset className="plain-set stack tight">
            <legend className="label">What it may do</legend>
            {SCOPES.map(([scope, hint]) => (
              <Switch key={scope} label={scope} hint={hint} checked={scopes.includes(scope)} onChange={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope))} />
            ))}
          </fieldset>
        </div>
        <footer><Button onClick={onClose}>Cancel</Button><Button type="submit" kind="primary" disabled={!scopes.length} busy={create.isPending}>Create key</Button></footer>
      </form>
    </Dialog>
  );
}

function Revoke({ one, onClose }: { one: Key; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/keys/{id}", { params: { path: { id: one.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["keys"] });
      toast("The key is revoked.");
      onClose();
    },
  });
  return (
    <Confirm title={`Revoke ${one.name}?`} action="Revoke key" danger pending={revoke.isPending} error={revoke.error} onConfirm={() => revoke.mutate()} onClose={onClose}>
      <p>Programs that use it are refused at once. It cannot be taken back.</p>
    </Confirm>
  );
}
