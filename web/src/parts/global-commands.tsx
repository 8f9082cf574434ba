/** Commands that can be given on every page. */

import { useMantineColorScheme } from "@mantine/core";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { useCommand } from "../commands";
import { openBy } from "../data/open";
import { commands as texts } from "../text/commands";
import { pages } from "../text/pages";
import { ViewCommands } from "./view-commands";

export interface GlobalCommandsProps {
  /** Whether the menu of pages lies over the page, on narrow screens. */
  menu: boolean;
  onClose: () => void;
}

export function GlobalCommands({ menu, onClose }: GlobalCommandsProps) {
  const navigate = useNavigate();
  const router = useRouter();
  const { toggleColorScheme } = useMantineColorScheme();
  useEffect(() => openBy((id) => void navigate({ to: "/jobs/$id", params: { id } })), [navigate]);
  const go = texts.groups.go;
  const group = texts.groups.everywhere;
  const scope = "everywhere";
  useCommand({
    id: "go.home",
    keys: "g h",
    title: texts.go(pages.home),
    scope,
    group: go,
    run: () => navigate({ to: "/" }),
  });
  useCommand({
    id: "go.jobs",
    keys: "g j",
    title: texts.go(pages.jobs),
    scope,
    group: go,
    run: () => navigate({ to: "/jobs" }),
  });
  useCommand({
    id: "go.sessions",
    keys: "g s",
    title: texts.go(pages.sessions),
    scope,
    group: go,
    run: () => navigate({ to: "/sessions" }),
  });
  useCommand({
    id: "go.recovery",
    keys: ["g r", "R"],
    title: texts.go(pages.recovery),
    scope,
    group: go,
    run: () => navigate({ to: "/recovery" }),
  });
  useCommand({
    id: "go.health",
    keys: "g e",
    title: texts.go(pages.health),
    scope,
    group: go,
    run: () => navigate({ to: "/health" }),
  });
  useCommand({
    id: "go.settings",
    keys: "g ,",
    title: texts.go(pages.settings),
    scope,
    group: go,
    run: () => navigate({ to: "/settings" }),
  });
  useCommand({ id: "theme", keys: ".", title: texts.toggleTheme, scope, group, run: () => toggleColorScheme() });
  useCommand({
    id: "back",
    keys: "Escape",
    title: texts.goBack,
    scope,
    group,
    palette: false,
    run: () => (menu ? onClose() : router.history.back()),
    when: () => menu || router.history.canGoBack(),
  });
  return <ViewCommands />;
}
