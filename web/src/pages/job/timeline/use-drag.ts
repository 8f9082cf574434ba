/** A drag across the timeline chooses what to look at; a click does nothing, two show all. */

import { type PointerEvent, type RefObject, useState } from "react";
import type { Zoom } from "./use-window";

const CLICK_PX = 5;

interface Drag {
  begun: number;
  at: number;
}

export function useDrag(track: RefObject<HTMLElement | null>, zoom: Zoom) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const shareOf = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? 0 : Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      const target = event.target as HTMLElement;
      if (event.button !== 0 || event.pointerType === "touch" || target.closest("button") !== null) return;
      if ("scrolls" in target.dataset) return; // its scrollbar is moved
      const at = shareOf(event);
      setDrag({ begun: at, at });
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (drag !== null) setDrag({ ...drag, at: shareOf(event) });
    },
    onPointerUp: () => {
      const width = track.current?.clientWidth ?? 0;
      if (drag !== null && Math.abs(drag.at - drag.begun) * width > CLICK_PX) {
        const { from, to } = zoom.window;
        zoom.choose(from + drag.begun * (to - from), from + drag.at * (to - from));
      }
      setDrag(null);
    },
    onPointerCancel: () => setDrag(null),
    onDoubleClick: () => zoom.reset(),
  };
  const chosen =
    drag === null
      ? null
      : { left: `${Math.min(drag.begun, drag.at) * 100}%`, width: `${Math.abs(drag.at - drag.begun) * 100}%` };
  return { handlers, chosen };
}
