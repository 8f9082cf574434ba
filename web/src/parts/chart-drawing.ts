/** The canvas of a chart: uPlot with the colours of the theme, as wide as its place. */

import type { RefObject } from "react";
import uPlot from "uplot";
import { clock, dayAndTime, type Zone } from "../text/times";
import type { ChartProps } from "./chart";
import { toData } from "./chart-data";

const DAY_S = 86_400;
/** Between the times that are named: none is less than a second, or several would read the same. */
const STEPS_S = [
  1,
  2,
  5,
  10,
  15,
  30,
  60,
  120,
  300,
  600,
  900,
  1800,
  3600,
  7200,
  10_800,
  21_600,
  43_200,
  ...[1, 2, 5, 10, 30, 90, 365].map((days) => days * DAY_S),
];
/** Pixels of half a label at the end of the time axis, which would be cut off without them. */
const HALF_A_CLOCK = 26;
const HALF_A_DATE = 40;

export interface Drawn {
  plot: uPlot;
  destroy: () => void;
}

interface Latest extends ChartProps {
  onAt: (index: number | null) => void;
}

/** Draws into `target` until destroyed. Callbacks and words are read from `latest`, which may change meanwhile. */
export function draw(target: HTMLElement, latest: RefObject<Latest>, colors: readonly string[], zone: Zone): Drawn {
  const plot = new uPlot(options(target, latest, colors, zone), toData(latest.current), target);
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: heightOf(latest.current) });
  });
  observer.observe(target);
  const pick = () => {
    const index = plot.cursor.idx;
    if (index !== null && index !== undefined) latest.current.onPick?.(index);
  };
  plot.over.addEventListener("click", pick);
  return {
    plot,
    destroy: () => {
      observer.disconnect();
      plot.over.removeEventListener("click", pick);
      plot.destroy();
    },
  };
}

function options(target: HTMLElement, latest: RefObject<Latest>, colors: readonly string[], zone: Zone): uPlot.Options {
  const styles = getComputedStyle(document.documentElement);
  const color = (name: string) => styles.getPropertyValue(name).trim();
  const axis = axisIn(color);
  const { series, range } = latest.current;
  return {
    width: Math.max(target.clientWidth, 120),
    height: heightOf(latest.current),
    padding: [8, (drawn) => (spansDays(drawn) ? HALF_A_DATE : HALF_A_CLOCK), 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: range === undefined ? { range: fromZero } : { range: [range[0], range[1]] } },
    axes: [
      {
        ...axis,
        values: (drawn, ticks) => ticks.map((tick) => timeOf(drawn, tick, zone)),
        space: 72,
        incrs: STEPS_S,
        size: 28,
      },
      { ...axis, values: (_, ticks) => labels(ticks, latest.current.format), size: 56, space: 32 },
    ],
    series: [
      {},
      ...series.map((one, n) => {
        const stroke = color(one.color ?? colors[n % colors.length] ?? "--hw-accent");
        return {
          label: one.label,
          stroke,
          width: 1.5,
          points: { show: false },
          ...(one.dashed ? { dash: [4, 4] } : {}),
          ...(one.filled ? { fill: `color-mix(in srgb, ${stroke} 12%, transparent)` } : {}),
        };
      }),
    ],
    hooks: { setCursor: [(drawn) => tellHover(drawn, latest)] },
  };
}

/** Only what the mouse does is told: keys have told themselves already. */
function tellHover(drawn: uPlot, latest: RefObject<Latest>): void {
  if (drawn.over.matches(":hover")) latest.current.onAt(drawn.cursor.idx ?? null);
}

function axisIn(color: (name: string) => string): uPlot.Axis {
  const line = { stroke: color("--hw-rule"), width: 1 };
  return {
    stroke: color("--hw-quiet"),
    font: "11px system-ui, sans-serif",
    grid: line,
    ticks: { ...line, size: 4 },
    gap: 4,
  };
}

function fromZero(_: uPlot, low: number, high: number): uPlot.Range.MinMax {
  return [Math.min(0, low ?? 0), (high ?? 0) <= 0 ? 1 : high * 1.08];
}

/** Of ticks that would read the same only those at whole numbers are named. */
export function labels(ticks: readonly number[], format: (value: number) => string): string[] {
  const named = ticks.map(format);
  if (new Set(named).size === named.length) return named;
  return named.map((name, n) => (Number.isInteger(ticks[n]) ? name : ""));
}

function timeOf(drawn: uPlot, tick: number, zone: Zone): string {
  return spansDays(drawn) ? dayAndTime(tick * 1000, zone) : clock(tick * 1000, zone);
}

function spansDays(drawn: uPlot): boolean {
  const { min, max } = drawn.scales.x ?? {};
  return (max ?? 0) - (min ?? 0) > DAY_S;
}

function heightOf({ height = 160 }: ChartProps): number {
  return height;
}
