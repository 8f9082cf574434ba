/** What surrounds every page: theme, client, queries, address. */

import { HeadwayProvider } from "@headway/client/react";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { askWhileHeard } from "./data/asking";
import { client } from "./data/client";
import { queries } from "./data/queries";
import { schemeManager } from "./data/scheme";
import { signInNeeded } from "./data/sign-in";
import { router } from "./router";
import { theme, variables } from "./theme";

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
// Where the library that holds the page still below a dialog looks for it.
Object.assign(globalThis, { __webpack_nonce__: nonce });
// The parts that Mantine's dialogs are made of write a style of their own while one is open.
setNonce(nonce);
askWhileHeard(client.connection, signInNeeded);

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={schemeManager}
      cssVariablesResolver={variables}
      getStyleNonce={() => nonce}
    >
      <HeadwayProvider client={client}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </HeadwayProvider>
    </MantineProvider>
  );
}
