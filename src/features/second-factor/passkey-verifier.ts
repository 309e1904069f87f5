import type { Assertion, NewCredential } from './passkey-schemas.ts';
import type { VerifiedPasskey } from './passkey-store.ts';

export interface PasskeyOptions {
  /** Of the pages that ask for passkeys, as browsers send them; one at least. */
  readonly origins: readonly string[];
  /** The domain that passkeys are for. */
  readonly rpId: string;
}

/** EdDSA, ES256 and RS256, as COSE counts them: what authenticators have. */
export const algorithms = [-8, -7, -257] as const;

/**
 * Verifies what authenticators answer, by `@simplewebauthn/server`. The challenge is its caller's: it must have been taken. User
 * verification is asked for always. undefined for whatever does not hold.
 */
export class PasskeyVerifier {
  readonly #options: PasskeyOptions;

  constructor(options: PasskeyOptions) {
    this.#options = options;
  }

  async registration(credential: NewCredential, challenge: string): Promise<VerifiedPasskey | undefined> {
    const { origins, rpId } = this.#options;
    const { verifyRegistrationResponse } = await library();
    return await orRefused(async () => {
      if (!(await isWithoutCertificates(credential)) || isOfAnotherFrame(credential)) {
        return undefined;
      }
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: asLibraryReads(credential) as never,
        expectedChallenge: challenge,
        expectedOrigin: [...origins],
        expectedRPID: rpId,
        requireUserVerification: true,
        supportedAlgorithmIDs: [...algorithms],
      });
      // @NOTE the name of the key is signed by nothing where there is no attestation; it is what the authenticator's data say.
      if (!verified || registrationInfo.credential.id !== credential.id) {
        return undefined;
      }
      const { id: credentialId, publicKey, counter } = registrationInfo.credential;
      return { credentialId, publicKey, counter, transports: credential.response.transports ?? [] };
    });
  }

  /** The count of uses that the authenticator says; whether it may be is for who knows the last one. */
  async assertion(credential: Assertion, challenge: string, publicKey: Buffer): Promise<number | undefined> {
    const { origins, rpId } = this.#options;
    const { verifyAuthenticationResponse } = await library();
    return await orRefused(async () => {
      if (isOfAnotherFrame(credential)) {
        return undefined;
      }
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: asLibraryReads(credential) as never,
        expectedChallenge: challenge,
        expectedOrigin: [...origins],
        expectedRPID: rpId,
        requireUserVerification: true,
        credential: { id: credential.id, publicKey: Uint8Array.from(publicKey), counter: 0 },
      });
      return verified ? authenticationInfo.newCounter : undefined;
    });
  }
}

/** @NOTE loaded where a passkey is looked at first: it takes a quarter of a second and 28 MB, and most services have none. */
const library = () => import('@simplewebauthn/server');

/**
 * Whether no certificate would be looked at. @NOTE the library fetches the revocation lists that certificates name, from wherever a
 * stranger's certificate says. None is asked for (`attestation: none`), so browsers send none.
 */
async function isWithoutCertificates({ response }: NewCredential): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const attestation = decodeAttestationObject(
    Uint8Array.from(Buffer.from(response.attestationObject, 'base64url')),
  );
  const format = attestation.get('fmt');
  return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined);
}

interface ClientData {
  readonly challenge?: unknown;
  readonly crossOrigin?: unknown;
}

const clientDataOf = ({ response }: Assertion | NewCredential): ClientData | undefined => {
  try {
    const data: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString('utf8'));
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
};

/** The challenge that was signed, as the browser says. */
export const challengeOf = (credential: Assertion | NewCredential): string | undefined => {
  const challenge = clientDataOf(credential)?.challenge;
  return typeof challenge === 'string' ? challenge : undefined;
};

/** @NOTE pages of other sites that show ours in a frame: nothing of ours does so. */
const isOfAnotherFrame = (credential: Assertion | NewCredential): boolean =>
  clientDataOf(credential)?.crossOrigin === true;

const asLibraryReads = (credential: Assertion | NewCredential) => ({
  clientExtensionResults: {},
  ...credential,
});

/** @NOTE the library throws for whatever is wrong, and for whatever it cannot read. */
async function orRefused<Result>(work: () => Promise<Result | undefined>): Promise<Result | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** The id of a user as authenticators keep it: its 16 bytes. */
export const userHandleOf = (userId: string): string =>
  Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');

/** The id of a user in a user handle; undefined for one that is none of ours. */
export function userOfHandle(handle: string | null | undefined): string | undefined {
  const bytes = Buffer.from(handle ?? '', 'base64url');
  return bytes.length === 16
    ? bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : undefined;
}
