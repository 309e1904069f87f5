// What Node.js runs for `brownie`: bin/brownie, npm start, the units of systemd and the images call it.
// @NOTE plain CommonJS in words of long ago, so that an old Node, which can load nothing else here, still gets to say what is
// needed. Everything else is behind the import.
const neededMajor = 24;

const { existsSync } = require('node:fs');
const installed = 'node_modules/.bin/node';

if (Number(process.versions.node.split('.')[0]) < neededMajor) {
  process.stderr.write(
    `brownie needs Node.js ${neededMajor} or newer; this is ${process.versions.node}. ${
      existsSync(`${__dirname}/../${installed}`)
        ? `Run it by npm start or bin/brownie, which use the ${installed} that npm ci installed.`
        : `npm ci installs one as ${installed}, but it is not there: run npm ci again, without --omit=optional (--omit=dev and --ignore-scripts do no harm), or install Node.js ${neededMajor}.`
    }\n`,
  );
  process.exitCode = 1;
} else {
  import('./start.mjs').then(({ start }) => start());
}
