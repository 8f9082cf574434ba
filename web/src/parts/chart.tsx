/** Lines over time. Arrow keys walk the points and are read out; the same figures stand in a table. */

import { UnstyledButton } from "@mantine/core";
import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import { usePreferences } from "../data/preferences";
import { parts } from "../text/parts";
import { clock, dayAndTime } from "../text/times";
import css from "./chart.module.css";
import { step, toData } from "./chart-data";
import { draw } from "./chart-drawing";
import { announce } from "./notices";

export interface Series {
  label: string;
  values: readonly (number | null)[];
  /** One of our variables: "--hw-accent" (the first's) , "--hw-state-bad", ... */
  color?: string;
  dashed?: boolean;
  /** Filled down to 0. */
  filled?: boolean;
}

export interface ChartProps {
  /** What it shows, for its name. */
  label: string;
  /** Seconds since 1970, rising. */
  times: readonly number[];
  series: readonly Series[];
  /** How a value is worded: "92/s". */
  format: (value: number) => string;
  height?: number;
  /** The least and most of the upright axis, where they are fixed. */
  range?: readonly [number, number];
  /** A click on a point, such as to open what lies behind it. */
  onPick?: (index: number) => void;
}

const COLORS = ["--hw-accent", "--hw-state-active", "--hw-state-back", "--hw-state-held"];

export function Chart(props: ChartProps) {
  const { label, times, series, format } = props;
  const { zone } = usePreferences();
  const [asTable, setAsTable] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const words = (index: number) => {
    const time = times[index];
    const values = series.map((one) => `${one.label} ${valueAt(one, index, format)}`).join(", ");
    return time === undefined ? "" : `${clock(time * 1000, zone)}: ${values}`;
  };
  const walk = (event: KeyboardEvent) => {
    const next = step(event.key, at, times.length);
    if (next === null) return;
    event.preventDefault();
    setAt(next);
    announce(words(next));
  };
  const shown = at ?? times.length - 1;
  return (
    <figure className={css.chart} aria-label={label} style={{ margin: 0 }}>
      {asTable ? (
        <Table {...props} />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: no element is a drawing that is walked with the arrow keys
        <div
          role="group"
          aria-label={label}
          aria-roledescription={parts.walked}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys, so it has to take the focus
          tabIndex={0}
          onKeyDown={walk}
          onBlur={() => setAt(null)}
        >
          <Drawing {...props} at={at} onAt={setAt} />
        </div>
      )}
      <figcaption className={css.foot}>
        {series.map((one, n) => (
          <span key={one.label} className={css.key}>
            <span
              className={css.swatch}
              data-dash={one.dashed || undefined}
              style={{ "--tone": `var(${one.color ?? COLORS[n % COLORS.length]})` } as CSSProperties}
            />
            {one.label} <span className={css.value}>{valueAt(one, shown, format)}</span>
          </span>
        ))}
        {at !== null && times[at] !== undefined && <span>{dayAndTime(times[at] * 1000, zone)}</span>}
        <span className={css.spacer} />
        <UnstyledButton fz="xs" mih={24} onClick={() => setAsTable(!asTable)}>
          {asTable ? parts.chart : parts.table}
        </UnstyledButton>
      </figcaption>
    </figure>
  );
}

interface DrawingProps extends ChartProps {
  at: number | null;
  onAt: (index: number | null) => void;
}

function Drawing(props: DrawingProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const scheme = useScheme();
  const { zone } = usePreferences();
  const shape = props.series.map((one) => `${one.label} ${one.color} ${one.dashed} ${one.filled}`).join("|");
  // The drawing is made anew for other colours, zone or lines; new values alone are only put into it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: shape and scheme stand for what the drawing is made of
  useEffect(() => {
    const target = place.current;
    if (target === null) return;
    const made = draw(target, latest, COLORS, zone);
    plot.current = made.plot;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [shape, scheme, zone]);
  useEffect(() => {
    plot.current?.setData(toData(props));
  }, [props]);
  useEffect(() => {
    const drawn = plot.current;
    const time = props.at === null ? undefined : props.times[props.at];
    if (drawn === null || time === undefined) return;
    drawn.setCursor({ left: drawn.valToPos(time, "x"), top: 10 }, false);
  }, [props.at, props.times]);
  return <div ref={place} aria-hidden style={{ height: props.height ?? 160 }} />;
}

function Table({ label, times, series, format }: ChartProps) {
  const { zone } = usePreferences();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also for people without a mouse
    <section className={css.table} aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{parts.time}</th>
            {series.map((one) => (
              <th scope="col" key={one.label}>
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, n) => (
            <tr key={time}>
              <th scope="row">{dayAndTime(time * 1000, zone)}</th>
              {series.map((one) => (
                <td key={one.label}>{valueAt(one, n, format)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function valueAt(series: Series, index: number, format: (value: number) => string): string {
  const value = series.values[index];
  return value === null || value === undefined ? "–" : format(value);
}

/** The colours that are shown, light or dark, also when the system changes them. */
function useScheme(): string {
  const [scheme, setScheme] = useState(schemeNow);
  useEffect(() => {
    const observer = new MutationObserver(() => setScheme(schemeNow()));
    observer.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    return () => observer.disconnect();
  }, []);
  return scheme;
}

function schemeNow(): string {
  return document.documentElement.getAttribute("data-mantine-color-scheme") ?? "light";
}
