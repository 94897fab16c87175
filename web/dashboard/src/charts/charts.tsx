/** Charts as SVG. Each is an image with words for screen readers; the page shows the same numbers as a table. */
import { useState } from "react";
import { Link } from "wouter";

export interface Bar {
  label: string;
  value: number;
  /** Where the ones that it counts are. */
  to?: string;
  note?: string;
}

/** Steps of which each holds a part of the one before. */
export function Funnel({ steps }: { steps: readonly Bar[] }) {
  const top = Math.max(1, ...steps.map((step) => step.value));
  return (
    <ol className="funnel">
      {steps.map((step) => (
        <li key={step.label}>
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
export function Columns({ title, bars, max, go, format = (value) => (Number.isInteger(value) ? String(value) : "") }: {
  title: string; bars: readonly Bar[]; max?: number; go?: (to: string) => void; format?: (value: number) => string;
}) {
  const top = max ?? ceiling(Math.max(1, ...bars.map((bar) => bar.value)));
  const step = plot.width / Math.max(1, bars.length);
  const width = Math.min(52, step * 0.64);
  const every = Math.ceil(bars.length / 9);
  return (
    <svg className="chart" viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`${title}: ${bars.map((bar) => `${bar.label} ${bar.value}`).join(", ")}`}>
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

export interface Point {
  label: string;
  /** Null where there is nothing to divide by: the line has a gap there. */
  value: number | null;
  note?: string;
}

export function Line({ title, points, max, format }: { title: string; points: readonly Point[]; max: number; format: (value: number) => string }) {
  const [at, setAt] = useState<number | null>(null);
  const step = plot.width / Math.max(1, points.length - 1);
  const x = (index: number): number => (points.length === 1 ? PAD.left + plot.width / 2 : PAD.left + step * index);
  const y = (value: number): number => PAD.top + plot.height * (1 - Math.min(1, value / max));
  let drawing = false;
  const path = points
    .map((point, index) => {
      if (point.value === null) {
        drawing = false;
        return "";
      }
      const command = drawing ? "L" : "M";
      drawing = true;
      return `${command}${x(index).toFixed(1)} ${y(point.value).toFixed(1)}`;
    })
    .join("");
  const every = Math.ceil(points.length / 8);
  const shown = at === null ? null : points[at];
  return (
    <figure>
      <svg
        className="chart"
        viewBox={`0 0 ${W} ${H}`}
        role="img"
        aria-label={`${title}: ${points.filter((point) => point.value !== null).map((point) => `${point.label} ${format(point.value!)}`).join(", ")}`}
        onPointerLeave={() => setAt(null)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const position = ((event.clientX - box.left) / box.width) * W - PAD.left;
          setAt(Math.max(0, Math.min(points.length - 1, Math.round(position / step || 0))));
        }}
      >
        <Grid max={max} format={format} />
        <path className="line" d={path} />
        {points.map((point, index) =>
          point.value === null ? null : <circle key={point.label} className="dot" cx={x(index)} cy={y(point.value)} r={at === index ? 5 : points.length < 40 ? 3 : 0} />,
        )}
        {points.map((point, index) => index % every === 0 && <text key={point.label} x={x(index)} y={H - 6} textAnchor={index === 0 && points.length > 1 ? "start" : "middle"}>{point.label}</text>)}
      </svg>
      <figcaption className="hint chart-note">{shown ? `${shown.label}: ${shown.value === null ? "nothing sent" : format(shown.value)}${shown.note ? ` (${shown.note})` : ""}` : "\u00a0"}</figcaption>
    </figure>
  );
}
