/** Files that the job has handed over. */

import { IconDownload } from "@tabler/icons-react";
import { prefix } from "../../../data/client";
import { Moment } from "../../../parts/moment";
import table from "../../../parts/table.module.css";
import { output as text } from "../../../text/job/output";
import { size } from "../../../text/words";
import { useJob } from "../followed";
import { Panel, Quiet } from "../panel";
import { Read } from "../read";
import { useArtifacts } from "../reads";
import css from "./output.module.css";

export function Artifacts() {
  const { id } = useJob();
  const query = useArtifacts();
  return (
    <Panel title={text.artifacts} bare>
      <Read query={query} lines={1}>
        {(artifacts) =>
          artifacts.length === 0 ? (
            <Quiet>{text.noArtifacts}</Quiet>
          ) : (
            <table className={table.table} aria-label={text.artifacts}>
              <thead>
                <tr>
                  <th scope="col">{text.columns.name}</th>
                  <th scope="col" className={table.figure}>
                    {text.columns.size}
                  </th>
                  <th scope="col">{text.columns.saved}</th>
                </tr>
              </thead>
              <tbody>
                {artifacts.map(({ name, size: bytes, saved_at }) => (
                  <tr key={name}>
                    <td data-wide>
                      <a
                        className={css.file}
                        href={addressOf(id, name)}
                        download={name.split("/").at(-1)}
                        aria-label={text.download(name)}
                      >
                        <IconDownload size={14} stroke={2} aria-hidden />
                        {name}
                      </a>
                    </td>
                    <td className={table.figure}>{size(bytes)}</td>
                    <td>
                      <Moment at={saved_at} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Read>
    </Panel>
  );
}

function addressOf(id: string, name: string): string {
  return `${prefix}/api/v1/jobs/${id}/artifacts/${name.split("/").map(encodeURIComponent).join("/")}`;
}
