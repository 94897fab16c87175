/** Charts as SVG. Each is an image with words for screen readers; the page shows the same numbers as a table. */
import { useState } from "react";
import { Link } from "wouter";

export interface Bar {
  label: string;
  value: number;
  /** Where the ones that it counts are. */
  to?: string;
  note?: string;
  /** Where it stands among all bars of its kind, of which only some are shown. */
  index?: number;
}

/** Steps of which each holds a part of the one before. */
export function Funnel({ steps }: { steps: readonly Bar[] }) {
  const top = Math.max(1, ...steps.map((step) => step.value));
  return (
    <ol className="funnel">
      {steps.map((step, index) => (
        <li key={step.label} className={`hue-${index + 1}`}>
          <span className="funnel-label">{step.label}</span>
          <svg className="funnel-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
            <rect className="track" width="100" height="10" rx="0" />
            <rect className="fill" width={Math.max(step.value ? 0.8 : 0, (step.value / top) * 100)} height="10" />
          </svg>
          <span className="funnel-value num">
            {step.to ? <Link href={step.to} aria-label={`${step.label}: ${step.value}`}>{step.value.toLocaleString()}</Link> : step.value.toLocaleString()}
            {step.note && <span className="quiet xs"> {step.note}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

const W = 600;
const H = 180;
const PAD = { left: 52, right: 8, top: 10, bottom: 24 };
const plot = { width: W - PAD.left - PAD.right, height: H - PAD.top - PAD.bottom };

/** A round number at or above, of which half is whole too, so that both gridlines have a label. */
export function ceiling(value: number): number {
  if (value <= 2) return Math.max(1, Math.ceil(value));
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map((step) => step * unit).find((step) => step >= value)!;
}

function Grid({ max, format }: { max: number; format: (value: number) => string }) {
  return (
    <g className="grid">
      {[0, 0.5, 1].map((part) => {
        const y = PAD.top + plot.height * (1 - part);
        return (
          <g key={part}>
            <line x1={PAD.left} x2={W - PAD.right} y1={y} y2={y} />
            <text x={PAD.left - 8} y={y + 4} textAnchor="end">{format(max * part)}</text>
          </g>
        );
      })}
    </g>
  );
}

/** Bars that have a `to` lead there by `go`; a table with the same links is there for keyboards. */
export function Columns({ title, hue, bars, max, go, format = (value) => (Number.isInteger(value) ? String(value) : "") }: {
  title: string; hue: number; bars: readonly Bar[]; max?: number; go?: (to: string) => void; format?: (value: number) => string;
}) {
  const top = max ?? ceiling(Math.max(1, ...bars.map((bar) => bar.value)));
  const step = plot.width / Math.max(1, bars.length);
  const width = Math.min(52, step * 0.64);
  const every = Math.ceil(bars.length / 9);
  return (
    <svg className={`chart hue-${hue}`} viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`${title}: ${bars.map((bar) => `${bar.label} ${bar.value}`).join(", ")}`}>
      <Grid max={top} format={format} />
      {bars.map((bar, index) => {
        const height = (bar.value / top) * plot.height;
        const x = PAD.left + step * index + (step - width) / 2;
        return (
          <g key={bar.label}>
            <rect className={bar.to && go ? "column leads" : "column"} onClick={bar.to && go ? () => go(bar.to!) : undefined} x={x} y={PAD.top + plot.height - height} width={width} height={height} rx={Math.min(3, height / 2)}>
              <title>{`${bar.label}: ${bar.value}`}</title>
            </rect>
            {index % every === 0 && <text x={x + width / 2} y={H - 6} textAnchor="middle">{bar.label}</text>}
          </g>
        );
      })}
    </svg>
  );
}

export interface Series {
  label: string;
  /** Which colour of the palette, from 1. */
  hue: number;
  /** One for each label below; null where there is nothing to divide by: the line has a gap there. */
  values: readonly (number | null)[];
  /** Lines are told apart by their dashes, too. */
  dash?: "long" | "short";
}

interface LinesProps {
  title: string;
  labels: readonly string[];
  series: readonly Series[];
  max?: number;
  format: (value: number) => string;
  /** Said of a value that is not there. */
  nothing: string;
}

/** The path of a line with gaps. */
function drawn(values: readonly (number | null)[], x: (index: number) => number, y: (value: number) => number): string {
  return values
    .map((value, index) => {
      if (value === null) return "";
      const before = values[index - 1];
      return `${before === null || before === undefined ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join("");
}

/** What the lines show for a screen reader. */
const spoken = ({ title, labels, series, format }: LinesProps): string =>
  `${title}: ${series.map((one) => `${one.label}: ${one.values.map((value, index) => (value === null ? "" : `${labels[index]} ${format(value)}`)).filter(Boolean).join(", ")}`).join("; ")}`;

/** One or several lines over the same days, with what each means beside its own stroke. */
export function Lines(props: LinesProps) {
  const { labels, series, format, nothing } = props;
  const [at, setAt] = useState<number | null>(null);
  const top = props.max ?? ceiling(Math.max(1, ...series.flatMap((one) => one.values.map((value) => value ?? 0))));
  const step = plot.width / Math.max(1, labels.length - 1);
  const x = (index: number): number => (labels.length === 1 ? PAD.left + plot.width / 2 : PAD.left + step * index);
  const y = (value: number): number => PAD.top + plot.height * (1 - Math.min(1, value / top));
  const every = Math.ceil(labels.length / 8);
  return (
    <figure>
      <svg
        className="chart"
        viewBox={`0 0 ${W} ${H}`}
        role="img"
        aria-label={spoken(props)}
        onPointerLeave={() => setAt(null)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const position = ((event.clientX - box.left) / box.width) * W - PAD.left;
          setAt(Math.max(0, Math.min(labels.length - 1, Math.round(position / step || 0))));
        }}
      >
        <Grid max={top} format={(value) => (Number.isInteger(value) || props.max ? format(value) : "")} />
        {series.map((one) => (
          <g key={one.label} className={`hue-${one.hue}`}>
            <path className={`line ${one.dash ?? ""}`} d={drawn(one.values, x, y)} />
            {one.values.map((value, index) => value !== null && <circle key={index} className="dot" cx={x(index)} cy={y(value)} r={at === index ? 5 : labels.length < 3 ? 4 : labels.length < 40 ? 2.5 : 0} />)}
          </g>
        ))}
        {labels.map((label, index) => index % every === 0 && <text key={label} x={x(index)} y={H - 6} textAnchor={index === 0 && labels.length > 1 ? "start" : "middle"}>{label}</text>)}
      </svg>
      <figcaption className="legend small">
        {series.map((one) => (
          <span key={one.label} className={`row hue-${one.hue}`}>
            <svg viewBox="0 0 22 8" aria-hidden><path className={`line ${one.dash ?? ""}`} d="M1 4H21" /></svg>
            {one.label}{at !== null && <strong className="num">{one.values[at] === null || one.values[at] === undefined ? nothing : format(one.values[at]!)}</strong>}
          </span>
        ))}
        <span className="quiet num">{at === null ? "" : labels[at]}</span>
      </figcaption>
    </figure>
  );
}
