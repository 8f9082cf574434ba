import { Title } from "@mantine/core";
import { pages } from "../../text/pages";

export default function SessionsPage() {
  return <Title order={1}>{pages.sessions}</Title>;
}
