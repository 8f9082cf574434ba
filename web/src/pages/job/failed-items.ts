/** How many items of the job have failed: of all its ledgers, read where anything says that some may have. */

import type { JobView } from "@headway/client";
import { useView } from "./followed";
import { useLedgers } from "./reads";

export function useFailedItems(): number {
  const { data: ledgers = [] } = useLedgers(useView(mayHaveFailed));
  return ledgers.reduce((sum, ledger) => sum + ledger.failed, 0);
}

function mayHaveFailed({ job }: JobView): boolean {
  return job !== null && (job.warnings > 0 || (job.progress?.failed ?? 0) > 0);
}
