/** A small line without axes: how a figure went. Gaps where a value is not known. */

import css from "./sparkline.module.css";

export interface SparklineProps {
  values: readonly (number | null)[];
  /** What it shows, and the newest value: read instead of the picture. */
  label: string;
  width?: number;
  height?: number;
}

const EDGE = 3;

export function Sparkline({ values, label, width = 96, height = 24 }: SparklineProps) {
  const points = place(values, width, height);
  const newest = points.findLast((point) => point !== null);
  return (
    <svg
      className={css.sparkline}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <path className={css.line} d={path(points)} />
      {newest && <circle className={css.dot} cx={newest[0]} cy={newest[1]} r={2} />}
    </svg>
  );
}

type Point = readonly [number, number] | null;

export function place(values: readonly (number | null)[], width: number, height: number): Point[] {
  const known = values.filter((value) => value !== null);
  const low = Math.min(0, ...known);
  const span = Math.max(...known, low + 1e-9) - low;
  const step = values.length > 1 ? (width - 2 * EDGE) / (values.length - 1) : 0;
  return values.map((value, n) =>
    value === null
      ? null
      : [round(EDGE + n * step), round(height - EDGE - ((value - low) / span) * (height - 2 * EDGE))],
  );
}

/** Straight lines between neighbours; a value that is not known begins a new one. */
export function path(points: readonly Point[]): string {
  return points
    .map((point, n) => (point === null ? "" : `${n > 0 && points[n - 1] ? "L" : "M"}${point[0]} ${point[1]}`))
    .join("");
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}
