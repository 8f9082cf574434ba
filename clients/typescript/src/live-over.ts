/** Connections to one server, shared between tabs or not. */

import { sharedName } from "./caller.js";
import type { OpenCarrier } from "./carrier.js";
import type { Channel } from "./channel.js";
import type { ServerClock } from "./clock.js";
import { openStreams } from "./event-stream.js";
import type { Http } from "./http.js";
import { Line } from "./line.js";
import { Lines } from "./lines.js";
import { type Live, Switchboard } from "./live.js";
import { SharedLive } from "./sharing.js";
import { openSocket } from "./socket.js";
import { StartingLive } from "./starting.js";

/** A connection of this tab's own. */
export function aloneOver(http: Http, clock: ServerClock): Live {
  const socket: OpenCarrier = (carried) => openSocket(http, carried);
  const stream: OpenCarrier = (carried) => openStreams(http, carried);
  return new Switchboard(new Lines(() => new Line(http, clock, { socket, stream })), http);
}

/** One for all tabs of the browser, where it can. */
export function sharedOver(http: Http, clock: ServerClock): Live {
  const alone = () => aloneOver(http, clock);
  return canShare() ? new StartingLive(() => joined(http, clock, alone)) : alone();
}

/** Pages that are not served securely have no locks. */
function canShare(): boolean {
  const locks = typeof navigator !== "undefined" && "locks" in navigator;
  return locks && typeof BroadcastChannel !== "undefined" && isSecureContext;
}

async function joined(http: Http, clock: ServerClock, lead: () => Live): Promise<Live> {
  try {
    const name = await sharedName(http);
    const channel = (named: string): Channel => new BroadcastChannel(named);
    const follows = () => void http.learnTime(clock).catch(() => undefined); // it is the clock of this machine then
    return new SharedLive({ name, locks: navigator.locks, channel, lead, follows });
  } catch {
    return lead(); // there is no token just now, so nobody knows with whom to share
  }
}
