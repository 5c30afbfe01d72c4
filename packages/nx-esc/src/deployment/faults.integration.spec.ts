import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DEPLOYMENT_FAULTS } from '../testing/faults/deployment-faults';
import { INTERRUPTIONS } from '../testing/faults/deployment-interruptions';
import { FILES } from '../testing/faults/deployment-row';
import { type CommandResult, TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(240_000);

/** Rows that run side by side: most of their time is waiting. */
const SIDE_BY_SIDE = 3;
const ROWS = [...DEPLOYMENT_FAULTS, ...INTERRUPTIONS];

describe('deploying when something goes wrong', () => {
  const outcomes = new Map<
    string,
    { readonly result: CommandResult; readonly failure: object | undefined; readonly left: string[] }
  >();

  const roots: string[] = [];

  beforeAll(async () => {
    const queue = ROWS.values();
    const work = async (): Promise<void> => {
      for (const [name, , act, files] of queue) {
        const workspace = new TestWorkspace({ ...FILES, ...files });
        try {
          const result = await act(workspace);
          outcomes.set(name, { result, failure: failureOf(workspace), left: workspace.filesWith('hush-hush') });
        } finally {
          roots.push(workspace.root);
          workspace.remove();
        }
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  });

  /** What still runs in one of the workspaces, which are gone. */
  function runningIn(roots: readonly string[]): string[] {
    return readdirSync('/proc').flatMap((pid) => {
      if (!/^\d+$/.test(pid)) return [];
      try {
        const folder = readlinkSync(`/proc/${pid}/cwd`);
        return roots.some((root) => folder.startsWith(root)) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
      } catch {
        return [];
      }
    });
  }

  function failureOf(workspace: TestWorkspace): object | undefined {
    try {
      return (JSON.parse(workspace.read('.cache/summary.json')) as { failure?: object }).failure;
    } catch {
      return undefined;
    }
  }

  test.each(ROWS.map(([name, end]) => [name, end.failure ?? 'success', end] as const))(
    '%s: %s',
    (name, _failure, end) => {
      const { result, failure, left } = outcomes.get(name)!;
      const { code, output } = result;
      const [failureClass, failureCode] = end.failure?.split('/') ?? [];
      if (failure !== undefined || end.failure === undefined) {
        const expected = end.failure && { class: failureClass, code: failureCode, exitCode: end.exit };
        expect({ output, failure }).toMatchObject({ failure: expected });
        expect({ output, code }).toMatchObject({ code: end.failure === undefined ? 0 : 1 });
      } else {
        expect({ output, code }).toMatchObject({ code: end.exit });
        expect(output).toContain(`${end.failure}: `);
      }
      if (end.says !== undefined) expect(output).toMatch(end.says);
      expect(output).not.toMatch(/internal error|hush-hush|s3cret-/);
      // Written by hand in the environment itself, and nowhere else.
      expect(left.filter((file) => !file.endsWith('/api/esc/dev.yaml'))).toEqual([]);
    },
  );

  test('afterwards nothing of them is running', async () => {
    for (let attempt = 0; attempt < 100 && runningIn(roots).length > 0; attempt += 1) await delay(100);
    expect(runningIn(roots)).toEqual([]);
  });
});
