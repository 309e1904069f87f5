import { RefusedError } from '../../platform/errors/operation-error.ts';
import { factsIn } from '../../platform/tls/certificate.ts';
import { pairFault } from '../../platform/tls/pair-fault.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import type { Contents } from './files.ts';
import type { Rotation } from './rotate-leaf.ts';

/** Brings back all the files that were in use before the last change. Throws RefusedError where they are of no use now. */
export async function rollBack(
  folder: CertificateFolder,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Rotation> {
  const previous = await folder.previous();
  if (previous === undefined) {
    throw new RefusedError(`${folder.path} holds nothing to go back to`);
  }
  const { generation, contents } = previous;
  for (const purpose of ['client', 'server'] as const) {
    const {
      'ca.crt': authorities,
      [`${purpose}.crt` as const]: certificate,
      [`${purpose}.key` as const]: key,
    } = contents;
    const fault =
      certificate === undefined || key === undefined
        ? undefined
        : pairFault({ certificate, key, authorities, purpose });
    if (fault !== undefined) {
      throw new RefusedError(`The ${purpose} of before is refused, and nothing is changed: ${fault}`);
    }
  }
  const before = leaves(await folder.read());
  if (!dryRun) {
    await folder.use(generation);
  }
  return { before, after: leaves(contents), generation: dryRun ? undefined : generation };
}

const leaves = (contents: Contents) =>
  (['ca.crt', 'client.crt', 'server.crt'] as const).flatMap((name) => factsIn(contents[name]));
