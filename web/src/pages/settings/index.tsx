import { Title } from "@mantine/core";
import { pages } from "../../text/pages";

export default function SettingsPage() {
  return <Title order={1}>{pages.settings}</Title>;
}
