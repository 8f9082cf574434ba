/** What the job was configured with, and what was otherwise in the run before it. Secrets are told of, never shown. */

import type { components } from "@headway/client";
import { Link } from "@tanstack/react-router";
import { Copy } from "../../../parts/copy";
import { Empty } from "../../../parts/empty";
import table from "../../../parts/table.module.css";
import { configuration as text } from "../../../text/job/configuration";
import { JsonTree } from "../json-tree";
import { Panel, Quiet } from "../panel";
import { Read } from "../read";
import { useConfiguration } from "../reads";
import css from "./configuration.module.css";

type Configuration = components["schemas"]["JobConfiguration"];
type Change = components["schemas"]["ConfigChange"];

export default function ConfigurationTab() {
  const query = useConfiguration();
  return <Read query={query}>{(configuration) => <Drawn configuration={configuration} />}</Read>;
}

function Drawn({ configuration }: { configuration: Configuration }) {
  const { config, version } = configuration;
  const isEmpty = Object.keys(config).length === 0;
  return (
    <>
      <Changes configuration={configuration} />
      <Panel
        title={text.title}
        about={<From configuration={configuration} />}
        bare={isEmpty}
        actions={isEmpty ? undefined : <Copy value={JSON.stringify(config, null, 2)} what={text.theConfig} />}
      >
        {isEmpty ? (
          <Empty kind="nothing yet" title={text.none} snippet={text.snippet(configuration.session)}>
            {text.noneText}
          </Empty>
        ) : (
          <JsonTree key={version} value={config} />
        )}
      </Panel>
    </>
  );
}

function From({ configuration: { session, version, current } }: { configuration: Configuration }) {
  const search = version === null ? {} : { tab: "config", to: `v${version}` };
  return (
    <>
      {version !== null && `${text.version(version)}, `}
      {text.of}{" "}
      <Link to="/sessions/$id" params={{ id: session }} search={search as never}>
        {session}
      </Link>
      {current !== null && version !== null && current !== version && `, ${text.newer(current)}`}
    </>
  );
}

function Changes({ configuration: { previous, previous_version, changes } }: { configuration: Configuration }) {
  if (previous === null) {
    return (
      <Panel title={text.changes} bare>
        <Quiet>{text.first}</Quiet>
      </Panel>
    );
  }
  const about = (
    <Link to="/jobs/$id" params={{ id: previous }}>
      {text.previous(previous.slice(-8), previous_version)}
    </Link>
  );
  return (
    <Panel title={text.changes} about={about} bare>
      {changes.length === 0 ? <Quiet>{text.unchanged}</Quiet> : <Table changes={changes} />}
    </Panel>
  );
}

function Table({ changes }: { changes: readonly Change[] }) {
  const { key, change, from, to } = text.columns;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{key}</th>
          <th scope="col">{change}</th>
          <th scope="col">{from}</th>
          <th scope="col">{to}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((one) => (
          <tr key={one.path}>
            <td className={table.mono} data-wide>
              {one.path}
            </td>
            <td>
              <span className={css.change} data-change={one.change}>
                {text.words[one.change] ?? one.change}
              </span>
            </td>
            <Side value={one.from} label={from} absent={one.change === "added"} secret={one.secret} kind="from" />
            <Side value={one.to} label={to} absent={one.change === "removed"} secret={one.secret} kind="to" />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface SideProps {
  value: unknown;
  label: string;
  absent: boolean;
  secret: boolean;
  kind: "from" | "to";
}

function Side({ value, label, absent, secret, kind }: SideProps) {
  if (absent) return <td className={table.quiet}>{text.nothing}</td>;
  return (
    <td data-label={label} className={secret ? table.quiet : table.mono}>
      {secret ? (
        text.secret
      ) : (
        <span className={css.value} data-side={kind}>
          {JSON.stringify(value)}
        </span>
      )}
    </td>
  );
}
