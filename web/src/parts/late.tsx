/** Pages and parts of them whose files are fetched when they are first shown, or ahead once there is time. */

import { type ComponentType, type ReactNode, Suspense, use } from "react";
import { begunAnew } from "../data/begun-anew";
import { type Patient, patient } from "../data/patient";
import { Waiting } from "./waiting";

type Module = { default: ComponentType };

export type Late = (() => ReactNode) & { preload: () => Promise<void> };

const all: Patient<Module>[] = [];

/** A component that shows grey lines until its files are here, also while the server is away. */
export function late(load: () => Promise<Module>): Late {
  const module = patient(load, begunAnew);
  all.push(module);
  return Object.assign(() => <Shown module={module} />, { preload: module.ahead });
}

/** Fetches all of them, one after another, so that each can be opened while the server is away. */
export async function fetchAll(): Promise<void> {
  for (const module of all) {
    await module.ahead(); // a page that was fetched may bring more of them
    if (module.found() === undefined) return; // the others are better fetched when the server is back
  }
}

function Shown({ module }: { module: Patient<Module> }) {
  return (
    <Suspense fallback={<Waiting lines={5} />}>
      <Found module={module} />
    </Suspense>
  );
}

function Found({ module }: { module: Patient<Module> }) {
  const { default: Component } = module.found() ?? use(module.needed());
  return <Component />;
}
