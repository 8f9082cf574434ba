/** The one file for somebody who helps from afar. */

import { Button } from "@mantine/core";
import { prefix } from "../data/client";
import { support as texts } from "../text/parts";

export function SupportBundle() {
  return (
    <Button component="a" href={`${prefix}/api/v1/support`} download={texts.file} variant="default" size="xs">
      {texts.download}
    </Button>
  );
}
