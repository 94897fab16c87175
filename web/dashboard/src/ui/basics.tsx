/** Small parts that every page is made of. */
import { AlertTriangle, CheckCircle2, Info, RotateCw, type LucideIcon } from "lucide-react";
import { useEffect, useId, useState, type ComponentProps, type ReactNode } from "react";
import type { Problem } from "../api/problems";
import { exactly, initials, when } from "../lib/format";
import type { Tone } from "../words/values";
import { actions } from "../words/common";
import { useFault, useRefusal } from "./Form";

interface ButtonProps extends ComponentProps<"button"> {
  kind?: "primary" | "danger" | "plain";
  size?: "small";
  icon?: LucideIcon;
  /** Something is under way: a second press does nothing. */
  busy?: boolean;
}

export function Button({ kind, size, icon: Icon, busy, className, children, onClick, ...rest }: ButtonProps) {
  const classes = ["button", kind, size, Icon && children === undefined && "icon", className];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(" ")}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span className="spinner" aria-hidden /> : Icon && <Icon aria-hidden />}
      {children}
    </button>
  );
}

export function Badge({ tone = "grey", bare, title, children }: { tone?: Tone; bare?: boolean; title?: string; children: ReactNode }) {
  return <span className={`badge ${tone}${bare ? " bare" : ""}`} title={title}>{children}</span>;
}

export function Avatar({ name, large }: { name: string; large?: boolean }) {
  return <span className={`avatar${large ? " large" : ""}`} aria-hidden>{initials(name)}</span>;
}

export function Time({ at, children }: { at: string | null | undefined; children?: ReactNode }) {
  if (!at) return <span className="quiet">–</span>;
  return <time dateTime={at} title={exactly(at)} className="nowrap num">{children ?? when(at)}</time>;
}

const SIGNS = { red: AlertTriangle, amber: AlertTriangle, green: CheckCircle2, blue: Info };

export function Notice({ tone, title, children, action }: {
  tone: keyof typeof SIGNS; title?: string; children?: ReactNode; action?: ReactNode;
}) {
  const Sign = SIGNS[tone];
  return (
    <div className={`notice ${tone}`} role={tone === "red" ? "alert" : "status"}>
      <Sign aria-hidden />
      <div className="grow">{title && <strong>{title}. </strong>}{children}</div>
      {action}
    </div>
  );
}

/** A problem in words, with another try where that may help. */
export function ProblemNotice({ problem, retry }: { problem: Problem | null; retry?: () => void }) {
  if (!problem) return null;
  const offer = retry && (problem.passing || problem.kind === "conflict");
  return (
    <Notice tone="red" title={problem.title} action={offer && <Button size="small" icon={RotateCw} onClick={retry}>{actions.tryAgain}</Button>}>
      {problem.message}
    </Notice>
  );
}

export function Empty({ icon: Icon, title, children, action }: {
  icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon aria-hidden />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** Whole-area state of a list or page that could not be read. */
export function Failed({ problem, retry }: { problem: Problem; retry: () => void }) {
  return (
    <div className="empty" role="alert">
      <AlertTriangle aria-hidden />
      <h2>{problem.title}</h2>
      <p>{problem.message}</p>
      <Button icon={RotateCw} onClick={retry}>{actions.tryAgain}</Button>
    </div>
  );
}

const WIDTHS = ["w1", "w2", "w3", "w4"];

export function Skeleton({ lines = 1 }: { lines?: number }) {
  return <>{Array.from({ length: lines }, (_, index) => <span key={index} className={`skeleton ${WIDTHS[index % 4]}`} />)}</>;
}

/** Says so if something takes long, so that nobody wonders whether it still runs. */
export function Slow({ active, children }: { active: boolean; children?: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!active) return undefined;
    const timer = setTimeout(() => setLate(true), 4_000);
    return () => clearTimeout(timer);
  }, [active]);
  return late ? <p className="hint" role="status">{children ?? actions.slow}</p> : null;
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  hidden?: boolean;
  className?: string;
  children: (control: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}

/** A label, its control, what is to know about it, and what is wrong with it. */
export function Field({ label, hint, error: found, hidden, className, children }: FieldProps) {
  const id = useId();
  const fault = useFault(id);
  const [refused, mend] = useRefusal(found);
  const error = refused ?? fault;
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={`field ${className ?? ""}`} onInput={mend}>
      <label htmlFor={id} className={hidden ? "visually-hidden" : undefined}>{label}</label>
      {children({ id, ...(told && { "aria-describedby": told }), ...(error && { "aria-invalid": true as const }) })}
      {hint && <div className="hint" id={`${id}-hint`}>{hint}</div>}
      {error && <div className="field-error" id={`${id}-error`}>{error}</div>}
    </div>
  );
}

export { Choice } from "./Select";

/** A few exclusive choices side by side. */
export function Segmented({ label, value, onChange, options }: {
  label: string; value: string; onChange: (value: string) => void;
  options: readonly { value: string; label: string; icon?: LucideIcon; disabled?: boolean }[];
}) {
  const name = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={label}>
      {options.map(({ value: key, label: text, icon: Icon, disabled }) => (
        <label key={key}>
          <input type="radio" name={name} value={key} checked={key === value} disabled={disabled} onChange={() => onChange(key)} />
          {Icon && <Icon aria-hidden />}
          {text}
        </label>
      ))}
    </div>
  );
}

export function Switch({ label, hint, checked, onChange, disabled }: {
  label: string; hint?: ReactNode; checked: boolean; onChange: (on: boolean) => void; disabled?: boolean;
}) {
  const id = useId();
  return (
    <label className="switch">
      <input type="checkbox" role="switch" checked={checked} disabled={disabled} aria-describedby={hint ? id : undefined} onChange={(event) => onChange(event.target.checked)} />
      <span><span className="label">{label}</span>{hint && <span className="hint block" id={id}>{hint}</span>}</span>
    </label>
  );
}
