import type { LogSource } from './item.ts';

/** A word as a shell takes it, quoted only where it must be. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The unit of deploy/systemd/, and the container of docker-compose.yml. */
export const unit = 'brownie-metadata-api';

/** A pipeline that prints the last lines of a log that `filter`, of jq, selects. */
export function showLog(source: LogSource, filter: string): string {
  // @NOTE other programs may write into the same stream: what is no JSON object is passed by.
  const jq = `jq -cR 'fromjson? | objects | select(${filter})'`;
  const rest = `${source.kind === 'file' ? ` ${shellWord(source.path)}` : ''} | tail -n 20`;
  const from = {
    file: '',
    journal: `journalctl --output cat --no-pager --since -7d --unit ${unit} --unit '${unit}@*' | `,
    container: `docker logs ${unit} 2>&1 | `,
  }[source.kind];
  return `${from}${jq}${rest}`;
}

/** Asks an instance for its metrics, as its operator where a token is set. */
export const showMetrics = (url: string): string =>
  `curl -sS -H "Authorization: Bearer \${OPERATOR_TOKEN:-}" ${shellWord(`${url}/metrics`)}`;
