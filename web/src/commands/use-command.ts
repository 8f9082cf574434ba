/** Commands of a component: there while it is shown. */

import { useEffect, useRef, useSyncExternalStore } from "react";
import { type Command, isPossible, register, registered, subscribe } from "./registry";

/** Offers a command while the component is shown. It may be written anew with each render. */
export function useCommand(command: Command): void {
  const latest = useRef(command);
  latest.current = command;
  const { id, title, scope, group, inFields, palette } = command;
  const keys = command.keys === undefined ? undefined : [command.keys].flat().join("\n");
  useEffect(
    () =>
      register({
        id,
        title,
        ...(keys === undefined ? {} : { keys: keys.split("\n") }),
        ...(scope === undefined ? {} : { scope }),
        ...(group === undefined ? {} : { group }),
        ...(inFields === undefined ? {} : { inFields }),
        ...(palette === undefined ? {} : { palette }),
        run: (event) => latest.current.run(event),
        when: () => isPossible(latest.current),
      }),
    [id, keys, title, scope, group, inFields, palette],
  );
}

/** All commands that are offered now. */
export function useRegistered(): readonly Command[] {
  return useSyncExternalStore(subscribe, registered, registered);
}
