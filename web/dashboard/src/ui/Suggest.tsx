/** Free text with suggestions. What draws these is large and comes when the first one is shown. */
import { lazy, Suspense } from "react";
import type { ControlProps } from "./Select";

export interface SuggestProps extends ControlProps {
  options: readonly string[];
  placeholder?: string;
  maxLength?: number;
}

const Box = lazy(() => import("./suggestions").then(({ SuggestInput }) => ({ default: SuggestInput })));

/** Free text, with suggestions of what is known. */
export function Suggest(props: SuggestProps) {
  const { label, hidden, small, className, value } = props;
  const waiting = (
    <div className={`field ${className ?? ""}`} aria-busy="true">
      <span className={hidden ? "visually-hidden" : "label"}>{label}</span>
      <div className={`input${small ? " small" : ""}`}>{value}</div>
    </div>
  );
  return <Suspense fallback={waiting}><Box {...props} /></Suspense>;
}
