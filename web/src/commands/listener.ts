/** Hears the keyboard for the whole page. Nothing is heard in fields and dialogs but what is meant for them. */

import { preferences } from "../data/preferences";
import { isCharacter, isPressing, strokeOf } from "./keys";
import { find, isBeginning } from "./registry";

/** So long a first key of two is remembered. */
const SEQUENCE_MS = 1200;
const FIELDS =
  "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox]";
const PRESSABLE =
  "a[href], button, summary, input, [role=button], [role=menuitem], [role=tab], [role=option], [role=treeitem]";
/** Parts that use keys of their own. */
const OWN = "[role=menu], [role=listbox]";
const DIALOG = "[role=dialog][aria-modal=true], dialog[open]";
/** What Escape closes before it means anything else. */
const CLOSABLE = `${DIALOG}, [role=menu]`;

/** Begins to hear; what is returned ends it. */
export function listen(target: Window = window): () => void {
  let before = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const remember = (typed: string) => {
    before = typed;
    clearTimeout(timer);
    if (typed) timer = setTimeout(() => remember(""), SEQUENCE_MS);
  };
  // Looked at before anybody acts on the key: a dialog that closes on Escape is gone when the key arrives here.
  let closing: Event | null = null;
  const look = (event: KeyboardEvent) => {
    closing = event.key === "Escape" && document.querySelector(CLOSABLE) !== null ? event : null;
  };
  const hear = (event: KeyboardEvent) => {
    const stroke = strokeOf(event);
    if (stroke === null || event.defaultPrevented || event.isComposing || event === closing) return;
    const typed = before ? `${before} ${stroke}` : stroke;
    const given = isFor(event, typed) ? typed : null;
    remember(given !== null && isBeginning(given) ? given : "");
    const command = given === null ? undefined : (find(given) ?? find(stroke));
    if (command === undefined || (isInField(event) && !command.inFields)) return;
    event.preventDefault();
    command.run(event);
  };
  target.addEventListener("keydown", look, true);
  target.addEventListener("keydown", hear);
  return () => {
    clearTimeout(timer);
    target.removeEventListener("keydown", look, true);
    target.removeEventListener("keydown", hear);
  };
}

/** Whether a key that was pressed there may be a command at all. */
function isFor(event: KeyboardEvent, typed: string): boolean {
  const first = typed.split(" ")[0] ?? typed;
  const stroke = strokeOf(event) ?? "";
  const at = event.target instanceof Element ? event.target : null;
  if (document.querySelector(DIALOG) !== null) return false;
  if (isInField(event)) return stroke.startsWith("mod+");
  if (isCharacter(first) && !preferences().shortcuts) return false;
  if (isCharacter(stroke) && at?.closest(OWN)) return false;
  return !(isPressing(stroke) && at?.closest(PRESSABLE));
}

function isInField(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest(FIELDS) !== null;
}
