import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { passkeyOptions, type TestApp } from './app.ts';
import type { Client } from './client.ts';
import { password } from './tenant.ts';

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: string | Buffer): string => Buffer.from(data).toString('base64url');

/** Head of a CBOR item (RFC 8949, 3). */
function head(major: number, value: number): Buffer {
  const type = major << 5;
  if (value < 24) {
    return Buffer.from([type | value]);
  }
  return value < 256 ? Buffer.from([type | 24, value]) : Buffer.from([type | 25, value >> 8, value & 255]);
}
const text = (value: string): Buffer => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const bytes = (value: Buffer): Buffer => Buffer.concat([head(2, value.length), value]);
const number = (value: number): Buffer => (value < 0 ? head(1, -1 - value) : head(0, value));
const map = (entries: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([head(5, entries.length), ...entries.flat()]);

/** What an attacker changes of what a browser and an authenticator say. */
export interface Lie {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly isVerified?: boolean;
  readonly isPresent?: boolean;
  readonly counter?: number;
  readonly userHandle?: string | null;
  readonly id?: string;
  /** The attestation: its format and, where one is named, a certificate. */
  readonly attestation?: { readonly format: string; readonly certificate?: Buffer };
}

/** An authenticator with one passkey, and the browser before it: ES256, without attestation (WebAuthn, 6 and 8.7). */
export class Authenticator {
  readonly id = base64url(randomBytes(32));
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  /** How often it was used; authenticators that do not count say zero always. */
  counter = 0;
  doesCount = true;
  #userHandle: string | null = null;

  #clientData(type: string, challenge: string, lie: Lie): Buffer {
    const [origin] = passkeyOptions.origins;
    const data = { type, challenge, origin, crossOrigin: false };
    const { crossOrigin = data.crossOrigin } = lie;
    return Buffer.from(
      JSON.stringify({
        type: lie.type ?? data.type,
        challenge: lie.challenge ?? challenge,
        origin: lie.origin ?? origin,
        crossOrigin,
      }),
    );
  }

  #data(flags: number, lie: Lie): Buffer {
    const { isVerified = true, isPresent = true, rpId = passkeyOptions.rpId } = lie;
    this.counter += this.doesCount ? 1 : 0;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lie.counter ?? this.counter);
    const says = Buffer.from([flags | (isPresent ? 1 : 0) | (isVerified ? 4 : 0)]);
    return Buffer.concat([sha256(rpId), says, counter]);
  }

  /** Makes the passkey: what `navigator.credentials.create()` answers, as JSON. */
  create({ challenge, user }: { challenge: string; user: { id: string } }, lie: Lie = {}) {
    this.#userHandle = user.id;
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const key = map([
      [number(1), number(2)],
      [number(3), number(-7)],
      [number(-1), number(1)],
      [number(-2), bytes(Buffer.from(x, 'base64url'))],
      [number(-3), bytes(Buffer.from(y, 'base64url'))],
    ]);
    const id = Buffer.from(lie.id ?? this.id, 'base64url');
    const attested = Buffer.concat([
      Buffer.alloc(16),
      Buffer.from([id.length >> 8, id.length & 255]),
      id,
      key,
    ]);
    const { format = 'none', certificate } = lie.attestation ?? {};
    const statement: (readonly [Buffer, Buffer])[] =
      certificate === undefined
        ? []
        : [
            [text('alg'), number(-7)],
            [text('sig'), bytes(randomBytes(70))],
            [text('x5c'), Buffer.concat([head(4, 1), bytes(certificate)])],
          ];
    const attestation = map([
      [text('fmt'), text(format)],
      [text('attStmt'), map(statement)],
      [text('authData'), bytes(Buffer.concat([this.#data(64, lie), attested]))],
    ]);
    return {
      id: base64url(id),
      rawId: base64url(id),
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: { credProps: { rk: true } },
      response: {
        clientDataJSON: base64url(this.#clientData('webauthn.create', challenge, lie)),
        attestationObject: base64url(attestation),
        transports: ['internal'],
      },
    };
  }

  /** Signs a challenge: what `navigator.credentials.get()` answers, as JSON. */
  get({ challenge }: { challenge: string }, lie: Lie = {}) {
    const clientData = this.#clientData('webauthn.get', challenge, lie);
    const data = this.#data(0, lie);
    const signature = createSign('sha256')
      .update(Buffer.concat([data, sha256(clientData)]))
      .sign(this.#keys.privateKey);
    const { userHandle = this.#userHandle } = lie;
    const id = lie.id ?? this.id;
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(data),
        signature: base64url(signature),
        ...(userHandle === null ? {} : { userHandle }),
      },
    };
  }
}

/** Adds a passkey for who has the usual password. */
export async function addPasskey(client: Client, authenticator = new Authenticator(), name = 'Laptop') {
  const proposed = await client.post('/auth/mfa/passkeys', { current_password: password });
  expect(proposed.status, JSON.stringify(proposed.body)).toBe(200);
  const added = await client.post('/auth/mfa/passkeys/confirm', {
    name,
    credential: authenticator.create(proposed.body),
  });
  expect(added.status, JSON.stringify(added.body)).toBe(200);
  return {
    authenticator,
    added,
    id: added.body.passkey.id as string,
    recoveryCodes: added.body.recovery_codes as string[],
  };
}

/** A login by the passkey alone. */
export async function logInByPasskey(app: TestApp, authenticator: Authenticator, lie: Lie = {}) {
  const { body } = await app.anonymous.post('/auth/passkeys/challenge', {});
  return await app.anonymous.post('/auth/passkeys/verify', { passkey: authenticator.get(body, lie) });
}
