/** How <job-progress> looks. Pages change it by the variables and by ::part(). */

const CSS = `
:host { display: block; container-type: inline-size; color-scheme: light dark;
  font: var(--headway-font, 0.875rem/1.45 system-ui, sans-serif); color: var(--_text);
  --_text: var(--headway-text, #1c2430); --_muted: var(--headway-muted, #57606f);
  --_track: var(--headway-track, #e3e7ee); --_line: var(--headway-line, #c3cad6); --_surface: var(--headway-surface, #fff);
  --_active: var(--headway-active, #1f6feb); --_good: var(--headway-good, #1a7f4b); --_bad: var(--headway-bad, #c22f2f);
  --_held: var(--headway-held, #8a5a00); --_off: var(--headway-off, #57606f); --_tone: var(--_active); }
:host([hidden]) { display: none; }
@media (prefers-color-scheme: dark) { :host {
  --_text: var(--headway-text, #e6eaf1); --_muted: var(--headway-muted, #a3adbd);
  --_track: var(--headway-track, #2c3441); --_line: var(--headway-line, #465063); --_surface: var(--headway-surface, #171c24);
  --_active: var(--headway-active, #63a2ff); --_good: var(--headway-good, #54c98a); --_bad: var(--headway-bad, #ff8379);
  --_held: var(--headway-held, #e6b450); --_off: var(--headway-off, #a3adbd); } }
[hidden] { display: none !important; }
.box { display: grid; gap: 0.4rem; }
.box:not(.plain) { padding: var(--headway-padding, 0.85rem 1rem); border: 1px solid var(--_line);
  border-radius: var(--headway-radius, 0.5rem); background: var(--_surface); }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.75rem; }
.name { font-weight: 600; overflow-wrap: anywhere; flex: 1 1 auto; }
.status { display: inline-flex; align-items: center; gap: 0.35em; color: var(--_tone); white-space: nowrap; }
.status svg { inline-size: 0.9em; block-size: 0.9em; fill: currentColor; flex: none; }
.track { block-size: var(--headway-height, 0.5rem); border-radius: 1rem; background: var(--_track); overflow: hidden; }
.bar { block-size: 100%; inline-size: 0; border-radius: inherit; background: var(--_tone); transition: inline-size 0.3s ease-out; }
.track.open .bar { inline-size: 30%; animation: pass 1.6s ease-in-out infinite alternate; }
.track.open.still .bar { animation: none; inline-size: 100%; opacity: 0.35; }
@keyframes pass { from { margin-inline-start: 0 } to { margin-inline-start: 70% } }
.text { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; color: var(--_muted);
  font-variant-numeric: tabular-nums; }
.message { color: var(--_muted); overflow-wrap: anywhere; }
.trouble { color: var(--_bad); overflow-wrap: anywhere; }
.offline { color: var(--_held); }
.frozen .text, .frozen .bar { opacity: 0.6; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; margin-block-start: 0.25rem; }
button { font: inherit; color: inherit; min-block-size: 1.875rem; min-inline-size: 1.875rem; padding: 0.2rem 0.75rem;
  border: 1px solid var(--_line); border-radius: 0.375rem; background: transparent; cursor: pointer; }
button:hover { background: var(--_track); }
button:focus-visible { outline: 2px solid var(--_active); outline-offset: 2px; }
button[aria-disabled="true"] { opacity: 0.55; cursor: not-allowed; }
.grave { color: var(--_bad); border-color: currentColor; }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
[data-tone="good"] { --_tone: var(--_good); }
[data-tone="bad"] { --_tone: var(--_bad); }
[data-tone="held"] { --_tone: var(--_held); }
[data-tone="off"] { --_tone: var(--_off); }
:host([compact]) .box { padding: 0; border: 0; gap: 0.2rem; background: none; }
:host([compact]) .message { display: none; }
@media (prefers-reduced-motion: reduce) { .bar { transition: none; } .track.open .bar { animation: none; inline-size: 100%; opacity: 0.35; } }
@media (forced-colors: active) { .track { border: 1px solid CanvasText; background: Canvas; }
  .bar { background: Highlight; forced-color-adjust: none; } .status, .trouble, .offline { color: CanvasText; } }
`;

let sheet: CSSStyleSheet | null = null;

/** One style sheet for all elements. It is none of the page's own, so no policy of the page forbids it. */
export function style(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}

const TONES: Record<string, string> = {
  completed: "good",
  failed: "bad",
  rollback_failed: "bad",
  pausing: "held",
  paused: "held",
  interrupted: "held",
  cancelling: "off",
  cancelled: "off",
  pending: "off",
  rolled_back: "off",
};

export function toneOf(state: string): string {
  return TONES[state] ?? "active";
}
