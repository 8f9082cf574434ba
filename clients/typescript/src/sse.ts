/** Reads server-sent events from text that comes in pieces. */

export interface Told {
  name: string;
  id: string | undefined;
  data: string;
}

/** As the standard has it, but that an event has its own id alone: one without is none to go on from. */
export class SseReader {
  #rest = "";
  #name = "message";
  #id: string | undefined;
  #data: string[] = [];

  /** The events that are whole with this piece. */
  take(piece: string): Told[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    return lines.map((line) => this.#line(line)).filter((told) => told !== null);
  }

  #line(line: string): Told | null {
    if (line === "") return this.#whole();
    const [, field, value = ""] = line.match(/^([^:]*)(?:: ?(.*))?$/) ?? [];
    if (field === "event") this.#name = value;
    else if (field === "id") this.#id = value;
    else if (field === "data") this.#data.push(value);
    return null;
  }

  #whole(): Told | null {
    const told = { name: this.#name, id: this.#id, data: this.#data.join("\n") };
    this.#name = "message";
    this.#id = undefined;
    this.#data = [];
    return told.data === "" ? null : told;
  }
}
