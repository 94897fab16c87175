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
import { Form } from "../ui/Form";
import { toast } from "../ui/toast";
import { actions } from "../words/common";
import { words } from "../words/keys";
import { TableSkeleton } from "./ChatTable";

export default function KeysPage() {
  const query = useQuery({ queryKey: ["keys"], queryFn: () => answer(api.GET("/v1/keys")) });
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const add = <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>{words.create}</Button>;
  const rows = query.data?.data ?? [];
  return (
    <Page title={words.title} lead={words.lead} actions={add}>
      <section className="card" aria-label={words.title}>
        {!query.data && (query.error ? <Failed problem={asProblem(query.error)} retry={() => void query.refetch()} /> : <TableSkeleton rows={3} />)}
        {query.data && rows.length === 0 && <Empty icon={KeyRound} title={words.none} action={add}>{words.noneText}</Empty>}
        {rows.length > 0 && (
          <div className="table-wrap">
            <table className="table cards">
              <thead><tr><th scope="col">{words.name}</th><th scope="col">{words.permissions}</th><th scope="col">{words.created}</th><th scope="col">{words.lastUsed}</th><th scope="col"><span className="visually-hidden">{words.actions}</span></th></tr></thead>
              <tbody>
                {rows.map((key) => (
                  <tr key={key.id}>
                    <td><span className="strong breaks">{key.name}</span></td>
                    <td><span className="row wrap">{key.scopes.map((scope) => <Badge key={scope} bare>{scope}</Badge>)}</span></td>
                    <td data-label={words.created}><Time at={key.created_at} /></td>
                    <td data-label={words.used}>{key.last_used_at ? <Time at={key.last_used_at}>{ago(key.last_used_at)}</Time> : <span className="quiet">{words.never}</span>}</td>
                    <td className="right">{key.revoked_at ? <Badge tone="red">{words.revoked}</Badge> : <Button size="small" aria-label={words.revokeOne(key.name)} onClick={() => setRevoking(key)}>{words.revoke}</Button>}</td>
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
      <Dialog title={words.madeTitle}>
        <div className="body stack"><Notice tone="amber" title={words.copyNow}>{words.copyText}</Notice><Copyable label={words.key} text={create.data.key ?? ""} /></div>
        <footer><Button kind="primary" onClick={onClose}>{words.done}</Button></footer>
      </Dialog>
    );
  }
  return (
    <Dialog title={words.create} onClose={onClose}>
      <Form onSubmit={() => !create.isPending && scopes.length && create.mutate()}>
        <div className="body stack">
          {!problem?.fields.name && <ProblemNotice problem={problem} retry={() => create.mutate()} />}
          <Field label={words.name} hint={words.nameHint} error={problem?.fields.name}>
            {(control) => <input {...control} className="input" required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <fieldset className="plain-set stack tight">
            <legend className="label">{words.permissions}</legend>
            {words.scopes.map(([scope, hint]) => (
              <Switch key={scope} label={scope} hint={hint} checked={scopes.includes(scope)} onChange={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope))} />
            ))}
          </fieldset>
        </div>
        <footer><Button onClick={onClose}>{actions.cancel}</Button><Button type="submit" kind="primary" disabled={!scopes.length} busy={create.isPending}>{words.create}</Button></footer>
      </Form>
    </Dialog>
  );
}

function Revoke({ one, onClose }: { one: Key; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/keys/{id}", { params: { path: { id: one.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["keys"] });
      toast(words.revokedToast);
      onClose();
    },
  });
  return (
    <Confirm title={words.revokeTitle(one.name)} action={words.revokeAction} danger pending={revoke.isPending} error={revoke.error} onConfirm={() => revoke.mutate()} onClose={onClose}>
      <p>{words.revokeText}</p>
    </Confirm>
  );
}
