import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Issued, issueAuthority, issueLeaf } from '../../src/operations/certificates/issue.ts';
import { CertificateFiles, CertificateFilesError } from '../../src/platform/tls/certificate-files.ts';
import { pairFault } from '../../src/platform/tls/pair-fault.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let authority: Issued;
let one: Issued;
let other: Issued;
let ended: Issued;

const request = { purpose: 'client' as const, commonName: 'brownie_service', names: [] };
beforeAll(async () => {
  folder = await temporaryFolder();
  authority = await issueAuthority();
  [one, other, ended] = await Promise.all([
    issueLeaf({ ...request, authority, days: 90 }),
    issueLeaf({ ...request, authority, days: 90 }),
    issueLeaf({ ...request, authority, days: -1 }),
  ]);
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('certificates in files', () => {
  let told: string[];
  let paths: { readonly cert: string; readonly key: string };
  const write = ({ certificate, key }: Issued): void => {
    writeFileSync(paths.cert, certificate);
    writeFileSync(paths.key, key);
  };
  const follow = (): CertificateFiles => {
    const files = new CertificateFiles({ setting: 'SETTING', paths, purpose: 'client' });
    files.follow({
      onRenewed: () => told.push('renewed'),
      onRefused: ({ message }) => told.push(message),
    });
    return files;
  };

  beforeEach(() => {
    told = [];
    paths = { cert: join(folder.path, 'client.crt'), key: join(folder.path, 'client.key') };
    write(one);
  });

  test('are told of once when they change, and never half new', () => {
    const files = follow();
    const first = files.current;
    files.look();
    expect(files.current).toBe(first);
    writeFileSync(paths.key, other.key);
    files.look();
    files.look();
    expect(files.current).toBe(first);
    writeFileSync(paths.cert, other.certificate);
    files.look();
    expect(files.current).toEqual({ cert: other.certificate, key: other.key });
    expect(told).toEqual([expect.stringContaining('the key does not belong to the certificate'), 'renewed']);
  });

  test('that have gone bad leave what was good, and are mended by what was there', () => {
    const files = follow();
    const first = files.current;
    write(ended);
    files.look();
    expect([files.current, files.fault?.message]).toEqual([first, expect.stringContaining('ended on')]);
    write(one);
    files.look();
    expect([files.current, files.fault]).toEqual([first, undefined]);
    expect(told.at(-1)).toBe('renewed');
  });

  test('that are bad from the beginning are refused by the names of files and setting, and no key', () => {
    write({ ...one, key: 'garbage' });
    expect(follow).toThrow(CertificateFilesError);
    expect(follow).toThrow(/^SETTING: .*client\.crt and its key .*client\.key cannot be used/);
    expect(follow).not.toThrow('garbage');
  });
});

describe('a pair', () => {
  const faultOf = (changed: Partial<Parameters<typeof pairFault>[0]>, now?: Date) =>
    pairFault(
      { ...one, authorities: authority.certificate, purpose: 'client', ...changed },
      ...(now === undefined ? [] : [now]),
    );

  test('is sound by its dates to the second', () => {
    const { validFrom, validTo } = new X509Certificate(one.certificate);
    const at = (text: string, offsetMs: number) => new Date(Date.parse(text) + offsetMs);
    expect(faultOf({ authorities: undefined }, at(validFrom, -1))).toContain('begins only on');
    expect(faultOf({}, at(validFrom, 1_000))).toBeUndefined();
    expect(faultOf({}, at(validTo, -1))).toBeUndefined();
    expect(faultOf({}, at(validTo, 0))).toContain('ended on');
  });

  test('is sound where any of several authorities signed it, and none has to be known', async () => {
    const stranger = await issueAuthority();
    expect(faultOf({ authorities: `${stranger.certificate}${authority.certificate}` })).toBeUndefined();
    expect(faultOf({ authorities: stranger.certificate })).toContain('none of the authorities');
    expect(faultOf({ authorities: 'rubbish' })).toContain('authorities');
    expect(faultOf({ authorities: undefined })).toBeUndefined();
  });

  test('is not sound for another purpose, nor with a key under a passphrase', () => {
    expect(faultOf({ purpose: 'server' })).toContain('not made for a server');
    const locked = createPrivateKey(one.key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'secret',
    });
    expect(faultOf({ key: String(locked) })).toContain('without a passphrase');
  });
});
