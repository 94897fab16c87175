import { ArrowDown, ArrowUp, GripVertical, Plus, Trash2 } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { Button, Choice, Field } from "../../ui/basics";
import { moved, newReply, type DraftReply } from "./draft";
import { words } from "../../words/send";

const MOST = 10;

/** The suggested replies: added, written, dragged or moved by keyboard, taken away. */
export function Replies({ replies, errors, onChange }: {
  replies: DraftReply[]; errors: Record<string, string>; onChange: (replies: DraftReply[]) => void;
}) {
  const dragged = useRef<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const change = (index: number, part: Partial<DraftReply>) =>
    onChange(replies.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const move = (from: number, to: number) => {
    if (to < 0 || to >= replies.length) return;
    onChange(moved(replies, from, to));
    setSaid(words.replyMoved(from + 1, to + 1));
  };
  const added = useRef(false);
  const add = () => {
    added.current = true;
    onChange([...replies, newReply()]);
  };
  // Before the next key can come: a space on the button would add one more.
  useLayoutEffect(() => {
    if (added.current) list.current?.querySelector<HTMLInputElement>("li:last-child input")?.focus();
    added.current = false;
  }, [replies.length]);
  return (
    <fieldset className="replies">
      <legend className="label">{words.replies}<span className="quiet">{words.optional}</span></legend>
      <ol ref={list}>
        {replies.map((reply, index) => (
          <li
            key={reply.key}
            className={over === index ? "over" : undefined}
            onDragOver={(event) => {
              if (dragged.current === null) return;
              event.preventDefault();
              setOver(index);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged.current !== null) move(dragged.current, index);
              dragged.current = null;
              setOver(null);
            }}
          >
            <span
              className="grip"
              draggable
              aria-hidden
              onDragStart={(event) => {
                dragged.current = index;
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", reply.title);
                event.dataTransfer.setDragImage(event.currentTarget.parentElement!, 8, 8);
              }}
              onDragEnd={() => {
                dragged.current = null;
                setOver(null);
              }}
            >
              <GripVertical />
            </span>
            <Field label={words.reply(index + 1)} hidden error={errors[`suggested_replies[${index}].title`]} className="title">
              {(control) => <input {...control} className="input small" placeholder={words.reply(index + 1)} maxLength={40} dir="auto" value={reply.title} onChange={(event) => change(index, { title: event.target.value })} />}
            </Field>
            <Choice small hidden className="kind" label={words.replyDoes(index + 1)} value={reply.kind} onChange={(kind) => change(index, { kind: kind as DraftReply["kind"] })} options={words.replyKinds} />
            <span className="row buttons">
              <Button kind="plain" size="small" icon={ArrowUp} aria-label={words.moveUp(index + 1)} disabled={index === 0} onClick={() => move(index, index - 1)} />
              <Button kind="plain" size="small" icon={ArrowDown} aria-label={words.moveDown(index + 1)} disabled={index === replies.length - 1} onClick={() => move(index, index + 1)} />
              <Button kind="plain" size="small" icon={Trash2} aria-label={words.removeReply(index + 1)} onClick={() => onChange(replies.filter((one) => one !== reply))} />
            </span>
            {reply.kind !== "say" && (
              <Field label={reply.kind === "url" ? words.linkOf(index + 1) : words.intentOf(index + 1)} hidden className="value" error={errors[`suggested_replies[${index}].value`]}>
                {(control) => <input {...control} className="input small" inputMode={reply.kind === "url" ? "url" : "text"} placeholder={reply.kind === "url" ? "https://example.com/sale" : '/choose_plan{"plan":"yearly"}'} value={reply.value} onChange={(event) => change(index, { value: event.target.value })} />}
              </Field>
            )}
          </li>
        ))}
      </ol>
      <span className="visually-hidden" role="status">{said}</span>
      {replies.length < MOST && <Button size="small" icon={Plus} onClick={add}>{words.addReply}</Button>}
    </fieldset>
  );
}
