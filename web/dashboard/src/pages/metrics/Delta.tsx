import { ArrowDown, ArrowUp } from "lucide-react";
import { change, type Measure } from "../../lib/compare";
import { words } from "../../words/metrics";

interface DeltaProps {
  now: number | null | undefined;
  before: number | null | undefined;
  measure?: Measure;
  /** Which direction is good news, if one is. */
  good?: "up" | "down";
  format: (value: number) => string;
}

/** What became of a figure since the period before, by an arrow and words: a colour alone tells nothing to many. */
export function Delta({ now, before, measure = "count", good, format }: DeltaProps) {
  const found = change(now, before, measure, words.points);
  if (!found) return null;
  const { direction, text } = found;
  const Arrow = direction === "up" ? ArrowUp : ArrowDown;
  const mood = direction === "same" || !good ? "" : direction === good ? " good" : " bad";
  return (
    <span className={`delta num${mood}`} title={words.before(format(before!))}>
      {direction === "same" ? words.same : <><Arrow aria-hidden /><span className="visually-hidden">{words[direction]} </span>{text ?? words.fresh}</>}
    </span>
  );
}
