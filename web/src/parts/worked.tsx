/** How long a job has worked, in words. */

import { type Working, workedUntil, works } from "../data/worked";
import { duration, running } from "../text/words";
import { useWorded } from "./now";

export function Worked({ job, begun = null }: { job: Working; begun?: string | null }) {
  const words = useWorded((now) => (works(job) ? running : duration)(workedUntil(job, begun, now)));
  return <span className="hw-figures">{words}</span>;
}
