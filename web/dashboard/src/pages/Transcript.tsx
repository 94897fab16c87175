import { Bot, ExternalLink } from "lucide-react";
import { Fragment } from "react";
import type { Entry } from "../api/types";
import { timeOfDay } from "../lib/format";
import { Time } from "../ui/basics";
import { Markdown, Typed } from "../ui/Markdown";
import { Media } from "../ui/Media";

const dayOf = (iso: string): string =>
  new Date(iso).toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long" });

function speaker(entry: Entry, name: string): string {
  if (entry.sender === "recipient") return name;
  return entry.sender === "human_agent" ? (entry.name ?? "Human agent") : "AI agent";
}

/** What was said, as messages. */
export function Transcript({ entries, name, pending = [] }: { entries: readonly Entry[]; name: string; pending?: readonly string[] }) {
  return (
    <ol className="transcript" aria-label="Transcript">
      {entries.map((entry, index) => {
        const before = entries[index - 1];
        const newDay = !before || dayOf(before.at) !== dayOf(entry.at);
        const sameSpeaker = !newDay && before.sender === entry.sender && before.name === entry.name;
        return (
          <Fragment key={`${entry.at}-${index}`}>
            {newDay && <li className="day"><span>{dayOf(entry.at)}</span></li>}
            <li className={`said ${entry.sender}`}>
              {!sameSpeaker && (
                <span className="speaker">
                  {entry.sender === "ai_agent" && <Bot aria-hidden />}
                  <bdi>{speaker(entry, name)}</bdi>
                  <Time at={entry.at}>{timeOfDay(entry.at)}</Time>
                </span>
              )}
              {entry.text && <div className="bubble breaks" dir="auto">{entry.sender === "recipient" ? <Typed text={entry.text} /> : <Markdown text={entry.text} />}</div>}
              {(entry.attachments ?? []).map((one, at) => <Media key={at} url={String(one.url ?? "")} type={String(one.content_type ?? "")} />)}
              {(entry.suggested_replies ?? []).length > 0 && (
                <span className="row wrap suggestions">
                  {(entry.suggested_replies ?? []).map((one, at) => (
                    <span key={at} className="suggested" dir="auto">{String(one.title ?? "")}{one.url ? <ExternalLink aria-hidden /> : null}</span>
                  ))}
                </span>
              )}
            </li>
          </Fragment>
        );
      })}
      {pending.map((text, index) => (
        <li key={`pending-${index}`} className="said human_agent pending">
          <span className="speaker">Sending…</span>
          <div className="bubble breaks" dir="auto">{text}</div>
        </li>
      ))}
    </ol>
  );
}
