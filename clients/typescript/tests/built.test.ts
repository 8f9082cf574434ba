/** What is built. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { describe, expect, it } from "vitest";
import { schema } from "../scripts/schema.js";

const HERE = resolve(import.meta.dirname, "..");
/** Bytes that a page loads for a live bar. */
const MOST = 15_000;

interface Chunk {
  fileName: string;
  code?: string;
}

async function built(): Promise<Chunk[]> {
  const made = await build({
    root: HERE,
    configFile: resolve(HERE, "vite.element.config.ts"),
    logLevel: "silent",
    build: { write: false },
  });
  return (Array.isArray(made) ? made : [made]).flatMap((one) => ("output" in one ? (one.output as Chunk[]) : []));
}

describe("job-progress.js", () => {
  it("is one file of less than 15 KB, that no policy of a page forbids", async () => {
    const files = await built();
    expect(files.map((file) => file.fileName)).toEqual(["job-progress.js"]);
    const code = files[0]?.code ?? "";
    expect(gzipSync(code, { level: 9 }).length).toBeLessThan(MOST);
    expect(code).not.toMatch(/\beval\(|new Function|innerHTML|setAttribute\([`'"]style|<style/);
  }, 60_000);
});

describe("@headway/client/element", () => {
  it("can be imported where there are no elements, as by what renders pages on a server", async () => {
    expect(typeof HTMLElement).toBe("undefined");
    expect((await import("../src/element/index.js")).JobProgress.name).toBe("JobProgress");
    const code = (await built())[0]?.code ?? "";
    const bundled = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
    expect(Object.keys(bundled)).toContain("JobProgress");
  }, 60_000);
});

describe("schema.ts", () => {
  it("is what the server's document says today (npm run schema makes it anew)", async () => {
    expect(readFileSync(resolve(HERE, "src/schema.ts"), "utf8") === (await schema())).toBe(true);
  }, 60_000);
});
