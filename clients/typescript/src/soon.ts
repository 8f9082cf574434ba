/** Calls after what is waiting already. Unlike timers it is not held back in hidden pages. */

const waiting: (() => void)[] = [];
let channel: MessageChannel | null = null;

export function soon(call: () => void): void {
  if (typeof document === "undefined" || typeof MessageChannel === "undefined") {
    setTimeout(call, 0);
    return;
  }
  channel ??= opened();
  waiting.push(call);
  channel.port2.postMessage(null);
}

function opened(): MessageChannel {
  const one = new MessageChannel();
  one.port1.onmessage = () => waiting.shift()?.();
  return one;
}
