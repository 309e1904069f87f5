import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../platform/system/package-root.ts';

const shipped = join(packageRoot, 'deploy/nginx/brownie.conf');

/** What differs between two places that the shipped file serves: nothing but addresses and where its log goes. */
export interface NginxPlace {
  /** What nginx listens on: `127.0.0.1:8080`. */
  readonly listen: string;
  /** Of the instances, in place of api1:8080, api2:8080, api3:8080. */
  readonly instances: readonly [string, string, string];
  readonly accessLog: string;
}

/**
 * `deploy/nginx/brownie.conf` for another place, every other letter as it is shipped. Throws where the file does not
 * have what is to be replaced exactly once.
 */
export async function nginxSite({ listen, instances, accessLog }: NginxPlace): Promise<string> {
  const [first, second, third] = instances;
  const replacements = [
    [' listen 80;', ` listen ${listen};`],
    [' api1:8080 ', ` ${first} `],
    [' api2:8080 ', ` ${second} `],
    [' api3:8080 ', ` ${third} `],
    [' /var/log/nginx/access.log ', ` ${accessLog} `],
  ] as const;
  let site = await readFile(shipped, 'utf8');
  for (const [from, to] of replacements) {
    if (site.split(from).length !== 2) {
      throw new Error(`deploy/nginx/brownie.conf does not have "${from.trim()}" exactly once`);
    }
    site = site.replace(from, to);
  }
  return site;
}
