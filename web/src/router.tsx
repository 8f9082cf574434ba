/** Which page stands at which address. What can be chosen on a page stands in its address: see each page's search. */

import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { prefix } from "./data/client";
import { homeSearch } from "./pages/home/address";
import { jobsSearch } from "./pages/jobs/address";
import { recoverySearch } from "./pages/recovery/address";
import { sessionSearch } from "./pages/sessions/address";
import { Fault, NoSuchPage } from "./parts/fault";
import { Frame } from "./parts/frame";
import { late } from "./parts/late";

const root = createRootRoute({ component: Frame });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: homeSearch,
  component: late(() => import("./pages/home")),
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: jobsSearch,
  component: late(() => import("./pages/jobs")),
});
const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  component: late(() => import("./pages/job")),
});
const sessions = createRoute({
  getParentRoute: () => root,
  path: "/sessions",
  component: late(() => import("./pages/sessions")),
});
const session = createRoute({
  getParentRoute: () => root,
  path: "/sessions/$id",
  validateSearch: sessionSearch,
  component: late(() => import("./pages/sessions/session")),
});
const recovery = createRoute({
  getParentRoute: () => root,
  path: "/recovery",
  validateSearch: recoverySearch,
  component: late(() => import("./pages/recovery")),
});
const health = createRoute({
  getParentRoute: () => root,
  path: "/health",
  component: late(() => import("./pages/health")),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: late(() => import("./pages/settings")),
});
/** The page stays; it looks itself which of its sections is meant. */
const section = createRoute({ getParentRoute: () => settings, path: "$section" });

export const router = createRouter({
  routeTree: root.addChildren([home, jobs, job, sessions, session, recovery, health, settings.addChildren([section])]),
  basepath: prefix || "/",
  scrollRestoration: true,
  defaultPreload: "intent",
  defaultErrorComponent: Fault,
  defaultNotFoundComponent: NoSuchPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
