/** Days and times of day, as texts. What draws them is large and comes when the first one is shown. */
import { lazy, Suspense, type ReactNode } from "react";

export interface MomentProps {
  label: string;
  value: string;
  /** Called with a whole value only, or with "" when it was emptied. */
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
  small?: boolean;
  className?: string;
  disabled?: boolean;
}

const Day = lazy(() => import("./calendar").then(({ DayInput }) => ({ default: DayInput })));
const DayAndTime = lazy(() => import("./calendar").then(({ MomentInput }) => ({ default: MomentInput })));
const OfDay = lazy(() => import("./calendar").then(({ TimeInput }) => ({ default: TimeInput })));

function Waiting({ label, small, className }: MomentProps) {
  return (
    <div className={`field ${className ?? ""}`} aria-busy="true">
      <span className="label">{label}</span>
      <div className={`input${small ? " small" : ""}`} />
    </div>
  );
}

/** A day of the calendar: `2026-03-01`. */
export function DateField(props: MomentProps) {
  return <Suspense fallback={<Waiting {...props} />}><Day {...props} /></Suspense>;
}

/** What a clock on the wall shows on a day: `2026-03-01T09:30`. */
export function DateTimeField(props: MomentProps) {
  return <Suspense fallback={<Waiting {...props} />}><DayAndTime {...props} /></Suspense>;
}

/** A time of day: `21:00`. */
export function TimeField(props: MomentProps) {
  return <Suspense fallback={<Waiting {...props} />}><OfDay {...props} /></Suspense>;
}
