/** Whose jobs the page shows; a user's name comes by the address. */

import { SegmentedControl } from "@mantine/core";
import { home as texts } from "../../text/home";
import { ME } from "./whose";

const EVERYBODY = "";

export function Owner({ owner, onOwner }: { owner: string | null; onOwner: (owner: string | null) => void }) {
  const named = owner === null || owner === ME ? [] : [{ value: owner, label: owner }];
  return (
    <SegmentedControl
      size="xs"
      aria-label={texts.owner.label}
      transitionDuration={0}
      value={owner ?? EVERYBODY}
      onChange={(chosen) => onOwner(chosen === EVERYBODY ? null : chosen)}
      data={[{ value: EVERYBODY, label: texts.owner.everybody }, { value: ME, label: texts.owner.me }, ...named]}
    />
  );
}
