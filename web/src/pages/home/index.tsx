import { Title } from "@mantine/core";
import { pages } from "../../text/pages";

export default function HomePage() {
  return <Title order={1}>{pages.home}</Title>;
}
