/** Whether the server asks for a token, and how to leave. */

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { client } from "../../data/client";
import { signOut } from "../../data/sign-in";
import { settings as texts } from "../../text/settings";
import { Row, Section } from "./row";

export function Account() {
  const { data } = useQuery({
    queryKey: ["login"],
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/login", { signal })).data,
  });
  if (data === undefined) return null;
  return (
    <Section name="sign-in" title={texts.account}>
      <Row label={data.needed ? texts.signedIn : texts.notNeeded}>
        {data.needed && (
          <Button variant="default" size="xs" onClick={() => void signOut()}>
            {texts.signOut}
          </Button>
        )}
      </Row>
    </Section>
  );
}
