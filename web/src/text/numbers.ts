/** Numbers as people read them. */

const GROUPED = new Intl.NumberFormat("en-GB", { useGrouping: true, maximumFractionDigits: 1 });

/** 12 400, with thin spaces. */
export function count(n: number): string {
  return GROUPED.format(n).replaceAll(",", "\u202f");
}
