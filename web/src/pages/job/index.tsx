import { Title } from "@mantine/core";
import { pages } from "../../text/pages";

export default function JobPage() {
  return <Title order={1}>{pages.job}</Title>;
}
