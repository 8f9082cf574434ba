import { Title } from "@mantine/core";
import { pages } from "../../text/pages";

export default function SessionPage() {
  return <Title order={1}>{pages.session}</Title>;
}
