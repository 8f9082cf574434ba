/** Which page stands at which address. What can be chosen on a page stands in its address: see each page's search. */

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { prefix } from "./data/client";
import { homeSearch } from "./pages/home/address";
import { jobsSearch } from "./pages/jobs/address";
import { recoverySearch } from "./pages/recovery/address";
import { sessionSearch } from "./pages/sessions/address";
import { Fault, NoSuchPage } from "./parts/fault";
import { Frame } from "./parts/frame";

const root = createRootRoute({ component: Frame });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: homeSearch,
  component: lazyRouteComponent(() => import("./pages/home")),
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: jobsSearch,
  component: lazyRouteComponent(() => import("./pages/jobs")),
});
const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  component: lazyRouteComponent(() => import("./pages/job")),
});
const sessions = createRoute({
  getParentRoute: () => root,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./pages/sessions")),
});
const session = createRoute({
  getParentRoute: () => root,
  path: "/sessions/$id",
  validateSearch: sessionSearch,
  component: lazyRouteComponent(() => import("./pages/sessions/session")),
});
const recovery = createRoute({
  getParentRoute: () => root,
  path: "/recovery",
  validateSearch: recoverySearch,
  component: lazyRouteComponent(() => import("./pages/recovery")),
});
const health = createRoute({
  getParentRoute: () => root,
  path: "/health",
  component: lazyRouteComponent(() => import("./pages/health")),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings")),
});

export const router = createRouter({
  routeTree: root.addChildren([home, jobs, job, sessions, session, recovery, health, settings]),
  basepath: prefix || "/",
  scrollRestoration: true,
  defaultPreload: "intent",
  defaultErrorComponent: Fault,
  defaultNotFoundComponent: NoSuchPage,
});

/** Fetches all pages once there is time, so that they can be opened while the server is away. */
export function fetchPages(): void {
  for (const route of Object.values(router.routesById)) {
    router.loadRouteChunk(route)?.catch(() => undefined); // it is fetched again when it is opened
  }
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
