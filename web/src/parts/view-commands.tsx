/** The saved views in the palette, on every page. */

import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { register } from "../commands/registry";
import { useViews } from "../data/views";
import { commands } from "../text/commands";
import { views as texts } from "../text/views";

export function ViewCommands() {
  const navigate = useNavigate();
  const saved = useViews();
  useEffect(() => {
    const ends = saved.map(({ name }) =>
      register({
        id: `view ${name}`,
        title: texts.command(name),
        scope: "everywhere",
        group: commands.groups.go,
        run: () => void navigate({ to: "/jobs", search: { view: name } }),
      }),
    );
    return () => {
      for (const end of ends) end();
    };
  }, [saved, navigate]);
  return null;
}
