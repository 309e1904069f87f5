import http from 'node:http';
import type { Plugin } from 'rolldown';

const name = 'virtual:light-http';

/**
 * Has what is built take `node:http` without what Node.js loads for a name of it, whoever imports which. An `import` of that module
 * asks for every name that it has, `WebSocket` among them, and so loads all of undici: 13 MB and a tenth of a start.
 */
export function lightHttp(): Plugin {
  const exported = Object.entries(Object.getOwnPropertyDescriptors(http))
    .filter(([, { get }]) => get === undefined)
    .map(([key]) => key);
  return {
    name: 'light-http',
    resolveId: {
      filter: { id: /^(node:)?http$/ },
      // @NOTE `require` asks for no name.
      handler: (_id, _importer, { kind }) => (kind === 'import-statement' ? name : undefined),
    },
    load: {
      filter: { id: /^virtual:light-http$/ },
      handler: () =>
        `const http = process.getBuiltinModule('node:http');
export const { ${exported.join(', ')} } = http;
export default http;`,
    },
  };
}
