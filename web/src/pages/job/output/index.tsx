/** What went in, what came out, and what can be undone. */

import { Copy } from "../../../parts/copy";
import { output as text } from "../../../text/job/output";
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
  const title = PARTIAL.has(state) && result !== null ? text.partial : text.result;
  if (result === null) {
    return (
      <Panel title={title}>
        <Quiet>{ended_at === null ? text.notYet : text.noResult}</Quiet>
      </Panel>
    );
  }
  return (
    <Panel title={title} actions={<Copy value={JSON.stringify(result, null, 2)} what={text.theResult} />}>
      <JsonTree value={result} />
    </Panel>
  );
}

function Input() {
  const { input } = useJob();
  const isEmpty = input === null || (typeof input === "object" && Object.keys(input).length === 0);
  if (isEmpty) {
    return (
      <Panel title={text.input}>
        <Quiet>{text.noInput}</Quiet>
      </Panel>
    );
  }
  return (
    <Panel title={text.input} actions={<Copy value={JSON.stringify(input, null, 2)} what={text.theInput} />}>
      <JsonTree value={input} />
    </Panel>
  );
}
