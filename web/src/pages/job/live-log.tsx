/** The log, with the newest of what is followed. */

import { useView } from "./followed";
import { LogTab } from "./log";

export default function LiveLog() {
  const view = useView((all) => all);
  return view.job === null ? null : <LogTab job={view.job} view={view} />;
}
