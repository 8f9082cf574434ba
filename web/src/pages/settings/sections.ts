/** The section that the address names: it is scrolled to and takes the focus, as /settings/retention. */

import { useParams } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";

const SECTIONS = ["look", "time", "keyboard", "session", "retention", "recovery", "help", "sign-in"] as const;
export type SectionName = (typeof SECTIONS)[number];

/** So long what is read above it may move it. */
const SETTLES_MS = 2_000;
const HANDS = ["wheel", "pointerdown", "keydown", "touchstart"] as const;

/** For the heading of the section. */
export function useShown(name: SectionName): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const { section } = useParams({ strict: false });
  useEffect(() => {
    if (section !== name || heading.current === null) return;
    heading.current.focus({ preventScroll: true });
    return keptInSight(heading.current);
  }, [section, name]);
  return heading;
}

/** What the address names and the page has not; null where all is well. */
export function useUnknown(): string | null {
  const { section } = useParams({ strict: false });
  return section === undefined || SECTIONS.some((name) => name === section) ? null : section;
}

/** Scrolls there, and again while the page grows, until somebody moves. */
function keptInSight(heading: HTMLElement): () => void {
  const grown = new ResizeObserver(() => heading.scrollIntoView({ block: "start" }));
  const leave = () => {
    grown.disconnect();
    clearTimeout(timer);
    for (const hand of HANDS) removeEventListener(hand, leave);
  };
  const timer = setTimeout(leave, SETTLES_MS);
  for (const hand of HANDS) addEventListener(hand, leave, { passive: true });
  grown.observe(document.body);
  return leave;
}
