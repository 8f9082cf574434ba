/** Puts what the person has chosen onto the document, where the styles read it. */

import { useEffect } from "react";
import type { Preferences } from "../data/preferences";

export function useRoot({ density, motion }: Preferences): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    dataset.density = density;
    dataset.motion = motion;
  }, [density, motion]);
}
