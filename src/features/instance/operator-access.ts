import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../platform/errors/api-error.ts';
import { AddressSet } from '../../platform/http/address-set.ts';

export interface OperatorAccessOptions {
  /** Addresses and networks in CIDR notation. */
  readonly allowedAddresses: readonly string[];
  readonly token: string | undefined;
}

/** Who is an operator: by address, or by the operator's token. */
export class OperatorAccess {
  readonly #addresses: AddressSet;
  readonly #token: Buffer | undefined;

  constructor({ allowedAddresses, token }: OperatorAccessOptions) {
    this.#addresses = new AddressSet(allowedAddresses);
    this.#token = token === undefined ? undefined : digest(token);
  }

  /**
   * Throws unless a request carries the operator's token: for what changes something an address is not enough. Without a token in
   * the configuration there is no operator: 404.
   */
  requireToken(authorization: string | undefined): void {
    if (this.#token === undefined) {
      throw new ApiError('route.not_found');
    }
    if (!this.#hasToken(authorization)) {
      throw new ApiError('auth.unauthenticated');
    }
  }

  #hasToken(authorization: string | undefined): boolean {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    return this.#token !== undefined && token !== undefined && timingSafeEqual(digest(token), this.#token);
  }

  isOperator(address: string, authorization: string | undefined): boolean {
    return this.#hasToken(authorization) || this.#addresses.has(address);
  }
}

/** @NOTE compared by digest, so that neither length nor content shows in the time it takes. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
