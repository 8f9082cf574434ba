/** The ids of a job: its number and the end of its id, in full on hover; a button copies the whole. */

import { parts } from "../text/parts";
import { Copy } from "./copy";
import css from "./identity.module.css";

/** So many characters at the end of an id name a job for people. */
const TAIL = 8;

export interface IdentityProps {
  id: string;
  number?: number;
}

export function Identity({ id, number }: IdentityProps) {
  return (
    <span className={css.identity}>
      {number !== undefined && <span className={css.number}>{parts.number(number)}</span>}
      <span className={css.id} title={id}>
        {id.length <= TAIL + 2 ? id : `…${id.slice(-TAIL)}`}
      </span>
      <Copy value={id} what={parts.theId} />
    </span>
  );
}
