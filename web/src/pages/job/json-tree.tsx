/** A JSON value as a tree that opens where one looks. */

import { useState } from "react";
import { json as text } from "../../text/job/json";
import css from "./json-tree.module.css";

/** Below this depth it is closed at first. */
const OPEN_DEPTH = 2;
/** So many members are shown at once. */
const MOST = 100;

export function JsonTree({ value }: { value: unknown }) {
  return (
    <div className={css.tree}>
      <Node name={null} value={value} depth={0} />
    </div>
  );
}

interface NodeProps {
  name: string | null;
  value: unknown;
  depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  if (typeof value === "object" && value !== null && membersOf(value).length > 0) {
    return <Branch name={name} value={value} depth={depth} />;
  }
  return (
    <div className={css.line}>
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, depth }: NodeProps & { value: object }) {
  const [open, setOpen] = useState(depth < OPEN_DEPTH);
  const [shown, setShown] = useState(MOST);
  const members = membersOf(value);
  const isList = Array.isArray(value);
  const left = members.length - shown;
  return (
    <div>
      <button type="button" className={css.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={css.arrow} data-open={open || undefined} aria-hidden />
        <Name name={name} />
        <span className={css.quiet}>{isList ? text.list(members.length) : text.object(members.length)}</span>
      </button>
      {open && (
        <div className={css.members}>
          {members.slice(0, shown).map(([key, member]) => (
            <Node key={key} name={key} value={member} depth={depth + 1} />
          ))}
          {left > 0 && (
            <button type="button" className={css.toggle} onClick={() => setShown(shown + MOST)}>
              <span className={css.quiet}>{text.more(left)}</span>
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function membersOf(value: object): [string, unknown][] {
  return Object.entries(value);
}

function Name({ name }: { name: string | null }) {
  return name === null ? null : <span className={css.name}>{name}</span>;
}

function Leaf({ value }: { value: unknown }) {
  const kind = value === null ? "null" : typeof value;
  return (
    <span className={css.leaf} data-kind={kind}>
      {kind === "string" ? String(value) : JSON.stringify(value)}
    </span>
  );
}
