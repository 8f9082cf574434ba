/** Figures of a chart as uPlot takes them, and where keys lead. */

import type uPlot from "uplot";
import type { ChartProps } from "./chart";

export function toData({ times, series }: Pick<ChartProps, "times" | "series">): uPlot.AlignedData {
  return [times as number[], ...series.map((one) => one.values as (number | null)[])];
}

/** Where a key leads from a point: null for keys that mean nothing here. */
export function step(key: string, at: number | null, length: number): number | null {
  if (length === 0) return null;
  const last = length - 1;
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowLeft") return Math.max(0, (at ?? length) - 1);
  if (key === "ArrowRight") return Math.min(last, (at ?? last - 1) + 1);
  return null;
}
