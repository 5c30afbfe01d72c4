import { AwsEmulator, type EmulatedCall } from '../testing/aws-emulator';
import { DEFAULT_WORLD, type FaultRow } from '../testing/faults/fault-row';
import { FAULT_TABLE } from '../testing/faults/fault-table';
import { DEFAULT_VALUES, MANY_SECRETS } from '../testing/faults/opened-values';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(240_000);

/** Rows that run side by side: most of their time is waiting. */
const SIDE_BY_SIDE = 3;
const SECRET = 'postgres://app:password-of-the-database@db/app';

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly stdout: string;
  readonly calls: readonly EmulatedCall[];
}

describe('nx-esc open when something goes wrong', () => {
  const outcomes = new Map<FaultRow, Outcome>();
  let emulator: AwsEmulator;

  beforeAll(async () => {
    emulator = await AwsEmulator.start();
    await emulator.seed({
      region: 'eu-west-1',
      secrets: {
        'myapp/staging/database': SECRET,
        ...Object.fromEntries(MANY_SECRETS.map((name) => [name, `value of ${name}`])),
      },
      parameters: [{ Name: '/app/key', Value: 'parameter-key', Type: 'SecureString' }],
    });
    const tls = await emulator.createWorld({ ...DEFAULT_WORLD, tls: true });
    const queue = FAULT_TABLE.values();
    const work = async (): Promise<void> => {
      for (const row of queue) outcomes.set(row, await run(row, tls.url));
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  });
  afterAll(() => emulator.stop());

  async function run({ faults, world: changes, env = {}, files, values }: FaultRow, tlsUrl: string): Promise<Outcome> {
    const world = await emulator.createWorld({ ...DEFAULT_WORLD, ...changes, ...(faults && { faults }) });
    const workspace = new TestWorkspace({
      'api/project.json': '{"name":"api"}',
      'api/esc/staging.yaml': `values:${values ?? DEFAULT_VALUES}\n`,
      ...files,
    });
    const entries = Object.entries(env).map(([name, value]) => [name, value === 'TLS' ? tlsUrl : value]);
    workspace.variables = { ...world.env, ...(Object.fromEntries(entries) as NodeJS.ProcessEnv) };
    try {
      const result = await workspace.run('nx-esc', ['open', 'api/staging']);
      return { ...result, calls: await emulator.callsOf(world) };
    } finally {
      workspace.remove();
    }
  }

  test('has a row for at least thirty faults', () => {
    expect(FAULT_TABLE.length).toBeGreaterThanOrEqual(30);
    expect(new Set(FAULT_TABLE.map(({ name }) => name)).size).toBe(FAULT_TABLE.length);
  });

  test.each(FAULT_TABLE.map((row) => [row.name, row.failure ?? 'success', row] as const))(
    '%s: %s',
    (_name, _end, row) => {
      const { code, output, stdout, calls } = outcomes.get(row) as Outcome;
      const first = /^[a-z]+\/[a-z-]+(?=: )/m.exec(output.replace(stdout, ''))?.[0];
      expect({ output, code, failure: first }).toEqual({ output, code: row.exit, failure: row.failure });
      if (row.says !== undefined) expect(output).toMatch(row.says);
      // Of Node.js or of the SDK: it is not the user's to mend.
      expect(output).not.toMatch(/Warning: /);
      if (row.failure !== undefined)
        expect(output).not.toMatch(/internal error|password-of-the-database|bearer-of-the-job|\beyJ/);
      if (row.failure !== undefined && row.exit !== 10) expect(output).toMatch(/^ {2}→ /m);
      if (row.asks !== undefined) {
        const [what, times] = row.asks;
        expect(calls.filter(({ service, action }) => [service, action].includes(what))).toHaveLength(times);
      }
    },
  );
});
