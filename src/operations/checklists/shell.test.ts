import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord, showLog, showMetrics } from './shell.ts';

test('a word reaches a program as it is, whatever is in it', () => {
  for (const word of ['service.log', '/var/log/my service.log', `it's $HOME; "x" \`y\` *`]) {
    const echoed = execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });
    expect(echoed).toBe(word);
  }
  expect(shellWord('service.log')).toBe('service.log');
});

test('what is printed runs as it is: the file and the address are in it, no variable has to be set', () => {
  const commands = [
    showLog({ kind: 'file', path: '/var/log/my service.log' }, '.level == "error"'),
    showLog({ kind: 'journal' }, '.level == "error"'),
    showLog({ kind: 'container' }, '.level == "error"'),
    showMetrics('http://10.0.0.7:9090'),
  ];
  expect(commands[0]).toContain(`'/var/log/my service.log' | tail`);
  expect(commands[3]).toContain('http://10.0.0.7:9090/metrics');
  for (const command of commands) {
    // With -n it is read and not run.
    execFileSync('sh', ['-n', '-c', command]);
    expect(command.match(/\$(?!\{\w+:-)/g), command).toBeNull();
  }
});
