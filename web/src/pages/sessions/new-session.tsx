/** The dialog that makes a session. */

import { useClient } from "@headway/client/react";
import { Button, Group, JsonInput, NumberInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useCallback, useState } from "react";
import { ask } from "../../parts/confirm";
import { Trouble } from "../../parts/trouble";
import { newSession as words } from "../../text/sessions";
import { readConfig } from "./json";
import { MOST_PLACES, readPlaces } from "./listing";

const USUAL_PLACES = 10;

/** Asks for a new session, and leads to its page. */
export function useNewSession(): () => Promise<void> {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useCallback(async () => {
    const made = await ask<string>((answer) => ({ title: words.title, body: <Form answer={answer} /> }));
    if (made === null) return;
    await queries.invalidateQueries({ queryKey: ["sessions"] });
    await navigate({ to: "/sessions/$id", params: { id: made } });
  }, [navigate, queries]);
}

function Form({ answer }: { answer: (id: string | null) => void }) {
  const client = useClient();
  const [id, setId] = useState("");
  const [type, setType] = useState("");
  const [placesText, setPlaces] = useState<string | number>(USUAL_PLACES);
  const [text, setText] = useState("{}");
  const [problem, setProblem] = useState<unknown>(null);
  const [isAsking, setAsking] = useState(false);
  const read = readConfig(text);
  const places = readPlaces(placesText);

  const create = async (event: FormEvent) => {
    event.preventDefault();
    if (read.config === null || places === null) return;
    setAsking(true);
    try {
      const { data } = await client.rest.POST("/api/v1/sessions", {
        body: {
          id: id.trim() || null,
          job_type: type.trim() || null,
          concurrency: places,
          config: read.config,
        },
      });
      answer(data.id);
    } catch (refused) {
      setProblem(refused);
      setAsking(false);
    }
  };

  return (
    <form onSubmit={create}>
      <Stack gap="sm">
        <TextInput
          label={words.id}
          description={words.idAbout}
          value={id}
          onChange={(e) => setId(e.currentTarget.value)}
        />
        <TextInput label={words.type} value={type} onChange={(e) => setType(e.currentTarget.value)} />
        <NumberInput
          label={words.concurrency}
          clampBehavior="none"
          min={1}
          max={MOST_PLACES}
          value={placesText}
          onChange={setPlaces}
          error={places === null ? words.noPlaces(MOST_PLACES) : null}
        />
        <JsonInput
          label={words.config}
          value={text}
          onChange={setText}
          error={read.problem}
          autosize
          minRows={4}
          maxRows={14}
          spellCheck={false}
        />
        <Trouble error={problem} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => answer(null)}>
            {words.cancel}
          </Button>
          <Button type="submit" disabled={read.config === null || places === null} loading={isAsking}>
            {words.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
