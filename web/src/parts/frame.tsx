/** What stands around every page: navigation, search, the state of the live connection. */

import { ActionIcon, AppShell, Burger } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKeyboard, IconSearch } from "@tabler/icons-react";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import { Caps, Hint } from "../commands";
import { Surfaces, show } from "../commands/surfaces";
import { client } from "../data/client";
import { usePreferences } from "../data/preferences";
import { useSignIn } from "../data/sign-in";
import { shell } from "../text/shell";
import { Dialogs } from "./confirm";
import css from "./frame.module.css";
import { GlobalCommands } from "./global-commands";
import { LiveBar } from "./live-bar";
import { Navigation } from "./navigation";
import { Notices } from "./notices";
import { SignIn } from "./sign-in";
import { UpdateBar } from "./update-bar";
import { useHeard } from "./use-heard";
import { useRoot } from "./use-root";

const MAIN = "main";

export function Frame() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { needed } = useSignIn();
  useRoot(usePreferences());
  useHeard(client, !needed);
  if (needed) return <SignIn />;
  return (
    <AppShell
      layout="alt"
      header={{ height: 52 }}
      navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: !opened } }}
      transitionDuration={0}
    >
      <SkipLink />
      <AppShell.Header className={css.header}>
        <Burger
          opened={opened}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={shell.menu}
          aria-expanded={opened}
        />
        <Brand className={css.narrow} />
        <SearchDoor />
        <div className={css.spacer} />
        <Hint command="help" title={shell.help}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={shell.help} onClick={() => show("help")}>
            <IconKeyboard size={18} stroke={1.75} aria-hidden />
          </ActionIcon>
        </Hint>
      </AppShell.Header>
      <AppShell.Navbar className={css.navbar} aria-label={shell.navigation}>
        <Brand className={css.wide} />
        <Navigation onGo={close} />
      </AppShell.Navbar>
      <AppShell.Main id={MAIN} className={css.main} tabIndex={-1}>
        <LiveBar />
        <UpdateBar />
        <div className={css.content}>
          <Outlet />
        </div>
      </AppShell.Main>
      <Notices />
      <Dialogs />
      <Surfaces />
      <GlobalCommands menu={opened} onClose={close} />
    </AppShell>
  );
}

function Brand({ className = "" }: { className?: string | undefined }) {
  return (
    <Link to="/" className={`${css.brand} ${className}`} aria-label={shell.name}>
      <img src="./assets/headway.svg" alt="" width={22} height={22} />
      <span className={css.brandWord}>{shell.name}</span>
    </Link>
  );
}

function SearchDoor() {
  return (
    <button type="button" className={css.search} title={shell.searchLabel} onClick={() => show("palette")}>
      <IconSearch size={15} stroke={2} aria-hidden />
      <span className={css.searchWords}>{shell.search}</span>
      <span aria-hidden>
        <Caps keys="mod+k" />
      </span>
    </button>
  );
}

/** Its address is whole, because a bare #main would be taken from where the pages are mounted. */
function SkipLink() {
  useLocation(); // drawn anew for each address
  const skip = (event: MouseEvent) => {
    event.preventDefault(); // what stands in the address already, such as lines of a log, is still meant
    const main = document.getElementById(MAIN);
    main?.focus();
    main?.scrollIntoView();
  };
  return (
    <a className={css.skip} href={`${window.location.pathname}${window.location.search}#${MAIN}`} onClick={skip}>
      {shell.skip}
    </a>
  );
}
