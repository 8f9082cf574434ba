/** What went in, what came out, and what can be undone. */

import { Copy } from "../../../parts/copy";
import { job as text } from "../../../text/job";
import { useJob } from "../followed";
import { JsonTree } from "../json-tree";
import { Panel, Quiet } from "../panel";
import { Artifacts } from "./artifacts";
import { Undos } from "./undos";

export default function Output() {
  return (
    <>
      <Result />
      <Artifacts />
      <Undos />
      <Input />
    </>
  );
}

/** How jobs end that were not done with what they were to do. */
const PARTIAL = new Set(["failed", "cancelled"]);

function Result() {
  const { result, state, ended_at } = useJob();
  const title = PARTIAL.has(state) && result !== null ? text.output.partial : text.output.result;
  if (result === null) {
    return (
      <Panel title={title}>
        <Quiet>{ended_at === null ? text.output.notYet : text.output.noResult}</Quiet>
      </Panel>
    );
  }
  return (
    <Panel title={title} actions={<Copy value={JSON.stringify(result, null, 2)} what={text.output.theResult} />}>
      <JsonTree value={result} />
    </Panel>
  );
}

function Input() {
  const { input } = useJob();
  const isEmpty = input === null || (typeof input === "object" && Object.keys(input).length === 0);
  if (isEmpty) {
    return (
      <Panel title={text.output.input}>
        <Quiet>{text.output.noInput}</Quiet>
      </Panel>
    );
  }
  return (
    <Panel
      title={text.output.input}
      actions={<Copy value={JSON.stringify(input, null, 2)} what={text.output.theInput} />}
    >
      <JsonTree value={input} />
    </Panel>
  );
}
