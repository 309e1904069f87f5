import manifest from '../../../package.json' with { type: 'json' };

/** The version of this package, as `/health` and the documents give it. */
export const version: string = manifest.version;
