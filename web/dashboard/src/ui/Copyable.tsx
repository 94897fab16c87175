import { Check, Copy } from "lucide-react";
import { useId, useRef, useState } from "react";
import { actions } from "../words/common";
import { Button } from "./basics";

/** Something long to hand on. Where the clipboard is closed, the text gets selected instead. */
export function Copyable({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    } catch {
      input.current?.select();
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="row">
        <input id={id} ref={input} className="input mono" readOnly value={text} onFocus={(event) => event.target.select()} />
        <Button icon={copied ? Check : Copy} onClick={() => void copy()}>{copied ? actions.copied : actions.copy}</Button>
      </div>
    </div>
  );
}
