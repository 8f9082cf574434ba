/** A network that can be cut: it passes bytes on to a server. */

import { connect, createServer, type Server as Listener, type Socket } from "node:net";

export class Network {
  readonly #target: URL;
  readonly #pairs = new Set<[Socket, Socket]>();
  readonly #listener: Listener;
  #mode: "open" | "refused" | "silent" = "open";
  #without: RegExp | null = null;
  /** Connections that were made through it, by their first line. */
  readonly asked: string[] = [];

  constructor(target: string) {
    this.#target = new URL(target);
    this.#listener = createServer((near) => this.#join(near));
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#listener.listen(0, "127.0.0.1", done));
    const address = this.#listener.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((done) => this.#listener.close(done));
  }

  /** Breaks all connections; new ones are made. */
  cut(): void {
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
    this.#pairs.clear();
  }

  /** Breaks all connections, and refuses new ones. */
  refuse(): void {
    this.#mode = "refused";
    this.cut();
  }

  /** Lets connections stand, and passes nothing on. */
  silence(): void {
    this.#mode = "silent";
  }

  /** Lets the connections that there are die unseen: nothing passes over them, and nobody is told. New ones are made. */
  lose(): void {
    for (const [near, far] of this.#pairs) {
      near.removeAllListeners("data").resume();
      far.removeAllListeners("data").resume();
    }
  }

  /** Refuses requests that fit. */
  forbid(request: RegExp | null): void {
    this.#without = request;
  }

  restore(): void {
    this.#mode = "open";
  }

  #join(near: Socket): void {
    if (this.#mode === "refused") {
      near.destroy();
      return;
    }
    const far = connect(Number(this.#target.port), this.#target.hostname);
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    near.on("data", (data: Buffer) => this.#pass(data, far, near));
    far.on("data", (data) => this.#mode === "open" && near.write(data));
    for (const one of pair) {
      one.on("error", () => undefined);
      one.on("close", () => {
        this.#pairs.delete(pair);
        near.destroy();
        far.destroy();
      });
    }
  }

  #pass(data: Buffer, far: Socket, near: Socket): void {
    if (this.#mode !== "open") return;
    const line = data.subarray(0, 200).toString("latin1").split("\r\n")[0] ?? "";
    if (/^[A-Z]+ \/.* HTTP/.test(line)) this.asked.push(line);
    if (this.#without?.test(line)) near.destroy();
    else far.write(data.toString("latin1").replace(/^Host: .*$/im, `Host: ${this.#target.host}`), "latin1");
  }
}
