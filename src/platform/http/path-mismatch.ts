import { ApiError } from '../errors/api-error.ts';

/**
 * Throws 422 `request.path_mismatch` where an id in the body, which clients of v1 repeat there, differs from the one
 * in the path.
 */
export function requireMatchingPath(
  body: Readonly<Record<string, string | undefined>>,
  path: Readonly<Record<string, string>>,
): void {
  const faults = Object.entries(path)
    .filter(([name, id]) => body[name] !== undefined && body[name].toLowerCase() !== id)
    .map(([name]) => ({ pointer: `/${name}`, message: 'differs from the id in the path' }));
  if (faults.length > 0) {
    throw new ApiError('request.path_mismatch', { faults });
  }
}
