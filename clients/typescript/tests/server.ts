/** A real server with a database of its own, and jobs that a test moves on by hand. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Job } from "../src/index.js";

const PROGRAM = resolve(import.meta.dirname, "../../../.venv/bin/headway");
const STARTS_MS = 50_000;

export class Server {
  address = "";
  readonly #folder = mkdtempSync(join(tmpdir(), "headway-client-"));
  #process: ChildProcess | null = null;

  /** Starts it; again on the same port and database after a stop. */
  async start(...more: string[]): Promise<this> {
    const port = this.address === "" ? await freePort() : new URL(this.address).port;
    const child = spawn(PROGRAM, ["serve", "--json", "--slots", "0", "--port", port, ...more], {
      env: { ...process.env, HEADWAY_URL: join(this.#folder, "jobs.db") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    this.address = (JSON.parse(await firstLine(child)) as { address: string }).address;
    return this;
  }

  /** Ends it without a goodbye. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A file beside its database. */
  file(name: string, content: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** A job that runs, until `tell` ends it. */
  async job(more: object = {}): Promise<Job> {
    return (await this.post("/jobs", { type: "test", start: true, worker: "test", ...more })) as Job;
  }

  /** Reports what the one who runs a job has done. */
  async tell(job: Pick<Job, "id">, report: object, attempt = 1): Promise<void> {
    await this.post(`/jobs/${job.id}/attempts/${attempt}`, report);
  }

  async post(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    const answer = await fetch(`${this.address}/api/v1${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  async get(path: string): Promise<unknown> {
    return (await fetch(`${this.address}/api/v1${path}`)).json();
  }
}

/**
 * A port that nobody has, below those that the system hands out: while a server is away between two starts, its port is
 * given to nobody else.
 */
async function freePort(): Promise<string> {
  for (;;) {
    const port = 10_100 + Math.floor(Math.random() * 20_000);
    const tried = createServer();
    const free = await new Promise<boolean>((done) => {
      tried.once("error", () => done(false));
      tried.listen(port, "127.0.0.1", () => tried.close(() => done(true)));
    });
    if (free) return String(port);
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = "";
    let complained = "";
    const timer = setTimeout(() => fail(new Error(`The server did not start: ${complained}`)), STARTS_MS);
    child.stderr?.on("data", (data: Buffer) => {
      complained += data.toString();
    });
    child.stdout?.on("data", (data: Buffer) => {
      said += data.toString();
      if (!said.includes("\n")) return;
      clearTimeout(timer);
      done(said);
    });
    child.once("exit", () => fail(new Error(`The server ended: ${complained}`)));
  });
}
