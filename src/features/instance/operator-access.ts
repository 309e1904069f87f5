import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../platform/errors/api-error.ts';
import { AddressSet } from '../../platform/http/address-set.ts';

export interface OperatorAccessOptions {
  /** Addresses and networks in CIDR notation. */
  readonly allowedAddresses: readonly string[];
  readonly token: string | undefined;
  /** Whether `/metrics` is for operators alone: in production, where they have no port of their own. */
  readonly areMetricsGated?: boolean;
}

/** Who is an operator: by address, or by the operator's token. */
export class OperatorAccess {
  readonly #addresses: AddressSet;
  readonly #token: Buffer | undefined;
  readonly #areMetricsGated: boolean;

  constructor({ allowedAddresses, token, areMetricsGated = false }: OperatorAccessOptions) {
    this.#areMetricsGated = areMetricsGated;
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

  /** @param address of the client; undefined where it cannot be known, which is nobody's */
  isOperator(address: string | undefined, authorization: string | undefined): boolean {
    return this.#hasToken(authorization) || (address !== undefined && this.#addresses.has(address));
  }

  /** Throws 401 for whoever may not see `/metrics`. */
  requireMetrics(address: string | undefined, authorization: string | undefined): void {
    if (this.#areMetricsGated && !this.isOperator(address, authorization)) {
      throw new ApiError('auth.unauthenticated', {
        why: 'metrics are for METADATA_OPS_ALLOWED_ADDRESSES and METADATA_OPERATOR_TOKEN, or on METADATA_OPS_PORT',
      });
    }
  }
}

/** @NOTE compared by digest, so that neither length nor content shows in the time it takes. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
