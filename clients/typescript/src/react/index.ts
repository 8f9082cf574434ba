/** Headway's jobs in React. */

export { HeadwayProvider, useClient } from "./context.js";
export { type JobActions, type JobOptions, type JobState, useJob } from "./use-job.js";
export { useConnection, useJobs } from "./use-jobs.js";
export { type Resumable, useResumableJob } from "./use-resumable-job.js";
export { type Submitting, useSubmitJob } from "./use-submit-job.js";
