/** Steps and phases as bars over time: what waited, what ran, in which attempt, and what goes on now. */

import { ActionIcon, Button } from "@mantine/core";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { type CSSProperties, type ReactNode, useMemo, useRef, useState } from "react";
import { useCommand } from "../../../commands";
import { useNow } from "../../../parts/moment";
import { timeline as text } from "../../../text/job/timeline";
import { duration } from "../../../text/words";
import { useJob } from "../followed";
import { type Axis, axisOf, foldsOf, shown, ticks } from "./axis";
import { ManyRows, Rows } from "./row-list";
import { type Row, roundedEnd } from "./rows";
import { type Band, bandsOf, type Stretch } from "./stretches";
import { useDrag } from "./use-drag";
import { useWindow, type Zoom } from "./use-window";
import css from "./waterfall.module.css";

/** A tick needs so much room. */
const TICK_PX = 96;
/** From so many rows on, those out of sight are not drawn. */
const MANY = 100;
const CLOSER = 2;

export interface WaterfallProps {
  rows: readonly Row[];
  stretches: readonly Stretch[];
}

export function Waterfall({ rows, stretches }: WaterfallProps) {
  const { created_at } = useJob();
  const [folding, setFolding] = useState(true);
  const from = stretches[0]?.from ?? Date.parse(created_at);
  const now = useNow();
  const lasts = stretches.at(-1)?.to === null;
  const end = lasts ? roundedEnd(from, now) : lastEnd(stretches, from);
  const folds = useMemo(() => (folding ? foldsOf(stretches, from, end) : []), [folding, stretches, from, end]);
  const axis = useMemo(() => axisOf(from, end, folds), [from, end, folds]);
  const zoom = useWindow(axis);
  const foldable = useMemo(() => foldsOf(stretches, from, end).length > 0, [stretches, from, end]);
  const bands = useMemo(() => bandsOf(stretches), [stretches]);
  const many = rows.length > MANY;
  const [scrollbar, setScrollbar] = useState(0);
  const drawn = { rows, axis, zoom, now: lasts ? now : null };
  return (
    <>
      <Tools zoom={zoom} folding={folding} onFold={foldable ? () => setFolding(!folding) : null} />
      <Board
        axis={axis}
        zoom={zoom}
        now={lasts ? now : null}
        bands={bands}
        scrollbar={many ? scrollbar : 0}
        onUnfold={() => setFolding(false)}
      >
        {many ? <ManyRows {...drawn} onScrollbar={setScrollbar} /> : <Rows {...drawn} />}
      </Board>
    </>
  );
}

function lastEnd(stretches: readonly Stretch[], from: number): number {
  return stretches.at(-1)?.to ?? from + 1;
}

function Tools({ zoom, folding, onFold }: { zoom: Zoom; folding: boolean; onFold: (() => void) | null }) {
  useCommand({ id: "timeline.closer", keys: ["+", "="], title: text.zoomIn, run: () => zoom.zoom(CLOSER) });
  useCommand({
    id: "timeline.farther",
    keys: ["-", "_"],
    title: text.zoomOut,
    run: () => zoom.zoom(1 / CLOSER),
  });
  useCommand({ id: "timeline.all", keys: "0", title: text.zoomAll, run: zoom.reset });
  return (
    <div className={css.tools}>
      <h2 className={css.heading}>{text.title}</h2>
      <span className={css.hint}>{text.hint}</span>
      {onFold !== null && (
        <Button size="compact-xs" variant="default" onClick={onFold}>
          {folding ? text.unfold : text.fold}
        </Button>
      )}
      {!zoom.isWhole && (
        <Button size="compact-xs" variant="default" onClick={zoom.reset}>
          {text.all}
        </Button>
      )}
      <ActionIcon.Group>
        <ActionIcon
          variant="default"
          size={26}
          aria-label={text.zoomOut}
          title={text.zoomOut}
          disabled={zoom.isWhole}
          onClick={() => zoom.zoom(1 / CLOSER)}
        >
          <IconMinus size={14} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={26}
          aria-label={text.zoomIn}
          title={text.zoomIn}
          onClick={() => zoom.zoom(CLOSER)}
        >
          <IconPlus size={14} aria-hidden />
        </ActionIcon>
      </ActionIcon.Group>
    </div>
  );
}

interface BoardProps {
  axis: Axis;
  zoom: Zoom;
  now: number | null;
  bands: readonly Band[];
  /** Pixels that the rows leave to it at their right. */
  scrollbar: number;
  onUnfold: () => void;
  children: ReactNode;
}

/** What lies behind the rows: ticks, attempts, folded gaps, the live edge. A drag on it chooses what to look at. */
function Board({ axis, zoom, now, bands, scrollbar, onUnfold, children }: BoardProps) {
  const track = useRef<HTMLDivElement>(null);
  const { ref: sized, width } = useElementSize();
  const behind = useMergedRef(track, sized);
  const drag = useDrag(track, zoom);
  const place = (fromMs: number, toMs: number) => shown(axis, zoom.window, fromMs, toMs);
  return (
    <div className={css.board} style={{ "--scrollbar": `${scrollbar}px` } as CSSProperties} {...drag.handlers}>
      <div ref={behind} className={css.behind} aria-hidden>
        {bands.length > 1 &&
          bands.map((band) => <AttemptBand key={band.attempt} band={band} at={place(band.from, band.to ?? axis.to)} />)}
        {ticks(axis, zoom.window, Math.max(2, Math.floor(width / TICK_PX))).map((tick) => (
          <Tick key={tick.seconds} at={place(axis.moment(tick.at), axis.moment(tick.at))} seconds={tick.seconds} />
        ))}
        {now !== null && <Edge at={place(now, now)} />}
        {drag.chosen !== null && <div className={css.chosen} style={drag.chosen} />}
      </div>
      <div className={css.folds}>
        {axis.folds.map((fold) => (
          <FoldMark
            key={fold.from}
            at={place(fold.from, fold.to)}
            label={text.folded(doing(fold.doing), duration((fold.to - fold.from) / 1000))}
            onUnfold={onUnfold}
          />
        ))}
      </div>
      {children}
    </div>
  );
}

type At = { left: number; width: number } | null;

function Tick({ at, seconds }: { at: At; seconds: number }) {
  if (at === null) return null;
  return (
    <div className={css.tick} style={{ left: `${at.left}%` }}>
      <span>{seconds === 0 ? "0" : text.tick(seconds)}</span>
    </div>
  );
}

function AttemptBand({ band, at }: { band: Band; at: At }) {
  if (at === null) return null;
  return (
    <div
      className={css.band}
      data-odd={band.attempt % 2 === 1 || undefined}
      style={{ left: `${at.left}%`, width: `${at.width}%` }}
    >
      {at.width > 6 && <span>{text.attempt(band.attempt)}</span>}
    </div>
  );
}

function Edge({ at }: { at: At }) {
  return at === null ? null : <div className={css.edge} style={{ left: `${at.left}%` }} />;
}

function FoldMark({ at, label, onUnfold }: { at: At; label: string; onUnfold: () => void }) {
  if (at === null) return null;
  return (
    <button
      type="button"
      className={css.fold}
      style={{ left: `${at.left}%`, width: `${at.width}%` }}
      aria-label={label}
      title={label}
      onClick={onUnfold}
    />
  );
}

function doing(name: string): string {
  return text.doing[name] ?? name;
}
