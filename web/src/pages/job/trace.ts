/** A traceback without the frames of libraries: those of the job's own code tell what to mend. */

const FRAME = /^ {2}File "(?<path>[^"]+)", line \d+/;
const LIBRARY =
  /\/(site-packages|dist-packages|lib\/python\d[\d.]*)\/|\/headway\/(runtime|tracker|store|model)\/|^<frozen /;

export interface Cleaned {
  text: string;
  /** How many lines were left out. */
  hidden: number;
}

/** The last frame of a traceback stays also when it is a library's: there it was raised. */
export function cleaned(trace: string): Cleaned {
  const lines = trace.trimEnd().split("\n");
  const blocks = blocksOf(lines);
  const kept = blocks.filter((block, index) => !isLibrary(block) || !isFrame(blocks[index + 1]));
  const text = kept.flat().join("\n");
  return { text, hidden: lines.length - kept.flat().length };
}

/** Frames with the lines below them; every other line for itself. */
function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (last !== undefined && isFrame(last) && line.startsWith("    ")) last.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

function isFrame(block: readonly string[] | undefined): boolean {
  return block?.[0] !== undefined && FRAME.test(block[0]);
}

function isLibrary(block: readonly string[]): boolean {
  const path = FRAME.exec(block[0] ?? "")?.groups?.path;
  return path !== undefined && LIBRARY.test(path);
}
