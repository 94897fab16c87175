import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { asProblem } from "../../api/problems";
import type { Chat } from "../../api/types";
import { personName } from "../../lib/format";
import { Button, ProblemNotice } from "../../ui/basics";
import { Dialog } from "../../ui/Dialog";
import { Form } from "../../ui/Form";
import { toast } from "../../ui/toast";
import { draftOf, fieldErrors, missing, toChanges, type Draft } from "./draft";
import { Campaign, Message, Schedule } from "./parts";
import { Preview } from "./Preview";
import { Replies } from "./Replies";
import { words } from "../../words/send";

/** Changes a message that has not gone out. */
export default function EditDialog({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(chat));
  const [tried, setTried] = useState(false);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => answer(api.PATCH("/v1/proactive-chats/{id}", { params: { path: { id: chat.id } }, body: toChanges(draft, chat) })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["chats"] });
      void client.invalidateQueries({ queryKey: ["chat"] });
      toast(draft.when === "later" ? words.saved : words.savedSending);
      onClose();
    },
  });
  const set = (part: Partial<Draft>) => {
    if (save.error) save.reset();
    setDraft({ ...draft, ...part });
  };
  const problem = save.error ? asProblem(save.error) : null;
  const { recipient: _recipient, message, ...others } = missing(draft);
  const lacking = chat.intent === null && message ? { ...others, message } : others;
  const errors: Record<string, string> = { ...(tried ? lacking : {}), ...(problem ? fieldErrors(problem.fields) : {}) };
  const submit = () => {
    setTried(true);
    if (!save.isPending && Object.keys(lacking).length === 0) save.mutate();
    else setTimeout(() => document.querySelector<HTMLElement>(".dialog [aria-invalid=true]")?.focus());
  };
  return (
    <Dialog title={words.editTitle(personName(chat.recipient))} large onClose={onClose}>
      <Form onSubmit={submit}>
        <div className="body send">
          <div className="stack">
            {chat.intent === null && <Message draft={draft} error={errors.message} onChange={(text) => set({ message: text })} />}
            {chat.intent === null && <Replies replies={draft.replies} errors={errors} onChange={(replies) => set({ replies })} />}
            <Campaign draft={draft} set={set} error={errors.campaign} />
            <Schedule draft={draft} set={set} error={errors.scheduled_at} />
          </div>
          <aside className="stack">{chat.intent === null && <Preview draft={draft} sample={undefined} />}</aside>
        </div>
        {problem && <div className="form-problem"><ProblemNotice problem={problem} retry={submit} /></div>}
        <footer>
          <span className="grow" />
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" kind="primary" busy={save.isPending}>{draft.when === "later" ? words.save : words.saveAndSend}</Button>
        </footer>
      </Form>
    </Dialog>
  );
}
