import { Title } from "@mantine/core";
import { pages } from "../../text/pages";

export default function RecoveryPage() {
  return <Title order={1}>{pages.recovery}</Title>;
}
