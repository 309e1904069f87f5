import { readDsn } from '../platform/database/dsn.ts';
import { type Examination, examineScene } from './doctor/examination.ts';
import type { Fault, Injected, Scene } from './doctor/fault.ts';
import { activityFaults, leaveTransactionOpen } from './doctor/faults-of-activity.ts';
import { configurationFaults, furtherConfigurationFaults } from './doctor/faults-of-configuration.ts';
import { machineFaults } from './doctor/faults-of-machines.ts';
import { graveSchemaFaults, schemaFaults } from './doctor/faults-of-schema.ts';
import { openScene } from './doctor/open-scene.ts';
import { isOfSpeed } from './doctor/speed.ts';
import type { Drill, Figure } from './drill.ts';

interface Tally {
  injected: number;
  named: number;
  withoutRemedy: number;
  falseAlarms: number;
  secrets: number;
  slowestSeconds: number;
}

/** Puts faults into a healthy system, one at a time, and lets `brownie doctor` look for each. */
export const doctorFaults: Drill = {
  name: 'doctor',
  shows: 'Doctor names the cause of each fault before anything else, and is silent on a healthy system.',
  programs: ['redis-server', 'openssl'],
  async run({ directory, say }) {
    await using scene = await openScene(directory);
    const tally: Tally = {
      injected: 0,
      named: 0,
      withoutRemedy: 0,
      falseAlarms: 0,
      secrets: 0,
      slowestSeconds: 0,
    };
    const examine = examinerOf(scene, tally, say);
    await examine.healthy();
    const open = await leaveTransactionOpen(scene);
    // @NOTE these are worse than a transaction left open, which ages meanwhile.
    for (const fault of [...configurationFaults, ...graveSchemaFaults]) {
      await examine.fault(fault);
    }
    await examine.fault({
      name: 'a transaction left open',
      expected: 'activity.idle-in-transaction',
      inject: () => open.aged().then(() => ({ undo: open.undo })),
    });
    const others = [...furtherConfigurationFaults, ...schemaFaults, ...activityFaults, ...machineFaults];
    for (const fault of others) {
      await examine.fault(fault);
    }
    await examine.healthy();
    return figuresOf(tally);
  },
};

function examinerOf(scene: Scene, tally: Tally, say: (line: string) => void) {
  const secrets = secretsOf(scene);
  const lookOnce = async (variables?: Injected['variables']): Promise<Examination> => {
    const examination = await examineScene(scene, variables);
    tally.slowestSeconds = Math.max(tally.slowestSeconds, examination.seconds);
    const all = [
      ...secrets,
      ...Object.values(variables ?? {}).filter((value) => /^[\w+/]{43}=$/.test(value)),
    ];
    tally.secrets += all.filter((secret) => examination.output.includes(secret)).length;
    return examination;
  };
  /** Looks again, five times at most, where what was found may come from how busy the machine is. */
  const look = async (
    isExpected: (examination: Examination) => boolean,
    variables?: Injected['variables'],
  ): Promise<Examination> => {
    for (let left = 5; ; left -= 1) {
      const examination = await lookOnce(variables);
      const ofSpeed = [...examination.findings, ...examination.missed].filter(isOfSpeed);
      if (left === 0 || ofSpeed.length === 0 || isExpected(examination)) {
        return examination;
      }
      say(`looks again: ${ofSpeed.map(({ check, finding }) => `${check}: ${finding}`).join('; ')}`);
    }
  };
  return {
    async healthy(): Promise<void> {
      const { code, findings, missed, remarks } = await look((examination) => examination.code === 0);
      const alarms = [
        ...[...findings, ...missed].map(({ check, finding }) => `${check}: ${finding}`),
        ...(remarks === '' ? [] : [remarks]),
      ];
      say(`healthy: exit code ${code}${alarms.map((alarm) => `; ${alarm}`).join('')}`);
      tally.falseAlarms += alarms.length + (code === 0 ? 0 : 1);
    },
    async fault({ name, expected, inject }: Fault): Promise<void> {
      const injected = await inject(scene);
      if (injected === undefined) {
        say(`${name}: this machine does not let us make it`);
        return;
      }
      try {
        const names = ({ code, findings: [worst] }: Examination): boolean =>
          worst?.check === expected && code === (worst.severity === 'critical' ? 1 : 3);
        const examination = await look(names, injected.variables);
        const { code, findings } = examination;
        const [worst] = findings;
        tally.injected += 1;
        const isNamed = names(examination);
        tally.named += isNamed ? 1 : 0;
        tally.withoutRemedy += findings.filter(({ remedy }) => (remedy ?? '') === '').length;
        const others = findings.slice(1).map(({ check }) => check);
        say(
          `${isNamed ? 'named' : `NOT NAMED (${expected}, exit code ${code})`}: ${name}: ${worst?.check}: ${worst?.finding}` +
            `${others.length === 0 ? '' : ` (then ${others.join(', ')})`}`,
        );
      } finally {
        await injected.undo?.();
      }
    },
  };
}

const secretsOf = ({ variables, redis }: Scene): readonly string[] => [
  redis.password,
  variables['METADATA_JWT_SECRET'] ?? '',
  ...['METADATA_POSTGRES_DSN', 'METADATA_POSTGRES_MIGRATION_DSN'].map(
    (name) => readDsn(variables[name] ?? '').password ?? '',
  ),
];

const figuresOf = (tally: Tally): readonly Figure[] => [
  // @NOTE all but the one that a machine may refuse to be given: a disk that is full takes the right to mount one.
  { name: 'faults injected', value: tally.injected, unit: 'faults', atLeast: 42 },
  { name: 'faults not named first', value: tally.injected - tally.named, unit: 'faults', atMost: 0 },
  { name: 'findings without a remedy', value: tally.withoutRemedy, unit: 'findings', atMost: 0 },
  { name: 'false alarms on the healthy system', value: tally.falseAlarms, unit: 'alarms', atMost: 0 },
  { name: 'secrets in what was printed', value: tally.secrets, unit: 'secrets', atMost: 0 },
  { name: 'slowest examination', value: tally.slowestSeconds, unit: 's', atMost: 30 },
];
