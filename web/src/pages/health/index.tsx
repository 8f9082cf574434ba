import { Title } from "@mantine/core";
import { pages } from "../../text/pages";

export default function HealthPage() {
  return <Title order={1}>{pages.health}</Title>;
}
