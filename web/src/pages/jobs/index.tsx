import { Title } from "@mantine/core";
import { pages } from "../../text/pages";

export default function JobsPage() {
  return <Title order={1}>{pages.jobs}</Title>;
}
