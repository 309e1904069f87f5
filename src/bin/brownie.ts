#!/usr/bin/env node
// @NOTE plain CommonJS without a type in it, so that an old Node, which can load nothing else here, still gets to say
// what is needed. Everything of the program is behind the import.
const neededMajor = 24;

if (Number(process.versions.node.split('.')[0]) < neededMajor) {
  process.stderr.write(
    `brownie needs Node.js ${neededMajor} or newer; this is ${process.versions.node}. Run it by npm start or bin/brownie, which use the one that npm ci installs, or install Node.js ${neededMajor}.\n`,
  );
  process.exitCode = 1;
} else {
  import('../cli/run.ts').then(({ run }) => run(process.argv));
}
