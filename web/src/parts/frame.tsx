/** What stands around every page: navigation, search, the state of the live connection. */

import { AppShell } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";

export function Frame() {
  return (
    <AppShell padding="md">
      <AppShell.Main id="main">
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
