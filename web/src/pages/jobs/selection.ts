/** Which rows are ticked. Rows ask for themselves alone, so a tick draws one row and not the table. */

export interface Selection {
  ids: ReadonlySet<string>;
  /** Meant are all jobs that fit the query, also those that are not loaded. */
  all: boolean;
}

const NONE: Selection = { ids: new Set(), all: false };

export class Ticks {
  private chosen = NONE;
  private anchor: string | null = null;
  private readonly listeners = new Set<() => void>();

  readonly getSnapshot = (): Selection => this.chosen;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly has = (id: string): boolean => this.chosen.ids.has(id);

  toggle(id: string): void {
    const ids = new Set(this.chosen.ids);
    if (!ids.delete(id)) ids.add(id);
    this.anchor = id;
    this.change({ ids, all: false });
  }

  /** Ticks what stands between the last ticked row and this one. */
  reach(id: string, order: readonly string[]): void {
    const from = order.indexOf(this.anchor ?? id);
    const to = order.indexOf(id);
    if (from < 0 || to < 0) {
      this.toggle(id);
      return;
    }
    const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.change({ ids: new Set([...this.chosen.ids, ...between]), all: false });
  }

  /** Where a range begins, unless one has begun. */
  anchorAt(id: string): void {
    if (this.anchor === null || !this.has(this.anchor)) this.anchor = id;
  }

  every(ids: readonly string[]): void {
    this.change({ ids: new Set(ids), all: false });
  }

  meanAll(all: boolean): void {
    this.change({ ...this.chosen, all });
  }

  clear(): void {
    this.anchor = null;
    this.change(NONE);
  }

  private change(chosen: Selection): void {
    this.chosen = chosen;
    for (const listener of this.listeners) listener();
  }
}
