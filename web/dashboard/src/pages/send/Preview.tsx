import { ExternalLink } from "lucide-react";
import { toPlain } from "@shared/markdown";
import type { Preview as PreviewAnswer } from "../../api/types";
import { Markdown } from "../../ui/Markdown";
import type { Draft } from "./draft";
import { words } from "../../words/send";

/** The message as the phone or the messenger will show it. */
export function Preview({ draft, sample }: { draft: Draft; sample: PreviewAnswer["samples"][number] | undefined }) {
  const replies = draft.replies.filter((one) => one.title.trim());
  const text = sample?.message ?? draft.message;
  if (draft.channel === "sms") {
    const lines = replies.map((one, index) => `${index + 1}. ${one.title.trim()}${one.kind === "url" ? `: ${one.value || "…"}` : ""}`);
    const body = sample?.sms_body ?? [toPlain(text), ...lines].join("\n");
    return (
      <div className="preview-phone" aria-label={words.previewPhone}>
        <div className="bar"><span>{words.business}</span></div>
        <div className="screen">
          {text.trim() ? <div className="bubble breaks" dir="auto">{body}</div> : <p className="quiet small">{words.previewEmpty}</p>}
        </div>
      </div>
    );
  }
  return (
    <div className="preview-phone messenger" aria-label={words.previewMessenger}>
      <div className="bar"><span>{words.messenger}</span></div>
      <div className="screen">
        {text.trim() ? <div className="bubble breaks" dir="auto"><Markdown text={text} literal={sample?.literal} /></div> : <p className="quiet small">{words.previewEmpty}</p>}
        {replies.map((one) => <span className="suggested" key={one.key} dir="auto">{one.title}{one.kind === "url" && <ExternalLink aria-hidden />}</span>)}
      </div>
    </div>
  );
}
