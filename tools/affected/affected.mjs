import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPacked, packPackages } from '../packages/install-packed.mjs';
import { CHANGES, FILES } from './workspace.mjs';

/**
 * Tries the table of docs/affected.md: makes each change in a git history, with each version of Nx and the packed
 * packages, and compares what `nx affected -t deploy` would run, for which projects the cached `esc-check` runs anew, and
 * what `nx-esc affected` names. `--write` writes what it finds into the table.
 */
const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const page = join(root, 'docs', 'affected.md');
const VERSIONS = ['22.7.12', '23.2.1', '24.0.6'];
/** The version with which plugins run in processes of their own, as is the default; with the others they do not. */
const ISOLATED = '23.2.1';
const ROW = /^\| (?!change|-)([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm;

const MAJORS = VERSIONS.map((version) => Number(version.split('.')[0]));
const checkOf = (major) => `check with Nx ${major}`;

function main(args) {
  const expected = new Map(
    [...readFileSync(page, 'utf8').matchAll(ROW)].map(([, change, older, newer, checked, values]) => [
      change,
      {
        22: older,
        23: older,
        24: newer,
        values,
        ...Object.fromEntries(MAJORS.map((major) => [checkOf(major), checked])),
      },
    ]),
  );
  const found = new Map(Object.keys(CHANGES).map((change) => [change, {}]));
  const tarballs = packPackages(root);
  const tasksOfRunMany = {};
  for (const version of VERSIONS) {
    const install = installPacked(root, { name: `nx-${version}`, packages: { nx: version }, tarballs });
    const workspace = new Workspace(install, version === ISOLATED);
    try {
      const major = Number(version.split('.')[0]);
      workspace.projectsChecked();
      for (const [change, files] of Object.entries(CHANGES)) {
        workspace.commit(files);
        found.get(change)[major] = workspace.affectedTasks(major);
        found.get(change)[checkOf(major)] = workspace.projectsChecked();
        if (version === VERSIONS[1]) found.get(change).values = workspace.affectedByValue();
        workspace.reset();
      }
      workspace.commit(CHANGES['a value in `api/esc/prod.yaml`']);
      // Before Nx 24, what `--graph` shows holds the dependencies that the arguments leave out.
      if (major >= 24) tasksOfRunMany[version] = workspace.tasksOfRunMany();
    } finally {
      workspace.remove();
    }
  }
  if (args.includes('--write')) writeTable(found);
  report(found, args.includes('--write') ? undefined : expected, tasksOfRunMany);
}

function report(found, expected, tasksOfRunMany) {
  let [passed, failed] = [0, 0];
  for (const [version, tasks] of Object.entries(tasksOfRunMany)) {
    if (tasks === 'api:deploy') passed += 1;
    else {
      failed += 1;
      console.log(`✗ what "nx-esc affected -f run-many" prints makes Nx ${version} run ${tasks}, not api:deploy`);
    }
  }
  const differences = [...(expected ?? found).keys()].filter((change) => !found.has(change));
  for (const change of differences) console.log(`✗ the page has a change that nobody tries: ${change}`);
  failed += differences.length;
  for (const [change, results] of found) {
    for (const [column, result] of Object.entries(results)) {
      const wanted = expected === undefined ? result : expected.get(change)?.[column];
      if (wanted === result) passed += 1;
      else {
        failed += 1;
        console.log(`✗ ${change} (${column})\n    the page says: ${wanted}\n    found:         ${result}`);
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function writeTable(found) {
  for (const [change, results] of found) {
    const isSame =
      results[22] === results[23] && MAJORS.every((major) => results[checkOf(major)] === results[checkOf(23)]);
    if (!isSame) throw new Error(`versions of Nx differ for ${change}: ${JSON.stringify(results)}`);
  }
  const rows = [...found].map(
    ([change, results]) =>
      `| ${change} | ${results[23]} | ${results[24]} | ${results[checkOf(23)]} | ${results.values} |`,
  );
  const head = '| change | Nx 22 and 23 | Nx 24 | `esc-check` | `nx-esc affected` |';
  const table = [head, '| - | - | - | - | - |', ...rows].join('\n');
  const text = readFileSync(page, 'utf8').replace(/(<!-- table -->\n)[^]*?(\n<!-- end -->)/, `$1\n${table}\n$2`);
  writeFileSync(page, text);
  run(process.execPath, [join(root, 'node_modules/prettier/bin/prettier.cjs'), '--write', page], root);
}

class Workspace {
  folder = mkdtempSync(join(tmpdir(), 'nx-esc-affected-'));

  constructor(install, isIsolated) {
    this.isIsolated = isIsolated;
    symlinkSync(join(install, 'node_modules'), join(this.folder, 'node_modules'));
    this.#write(FILES);
    this.#git('init', '-q', '-b', 'main');
    this.#git('add', '.');
    this.#git('commit', '-qm', 'base');
    this.#git('tag', 'base');
  }

  commit(files) {
    for (const [file, edit] of Object.entries(files)) {
      if (edit === null) rmSync(join(this.folder, file));
      else this.#write({ [file]: edit(FILES[file]) });
    }
    this.#git('add', '-A');
    this.#git('commit', '-qm', 'change');
  }

  reset() {
    this.#git('reset', '-q', '--hard', 'base');
  }

  /** Before Nx 24 projects are selected; since then it is tasks. */
  affectedTasks(major) {
    const nx = this.#node('node_modules/nx/dist/bin/nx.js', 'node_modules/nx/bin/nx.js');
    const range = ['--base=base', '--head=HEAD'];
    if (major < 24)
      return listOf(JSON.parse(nx('show', 'projects', '--affected', ...range, '--with-target=deploy', '--json')));
    const output = nx('affected', '-t', 'deploy', ...range, '--graph=stdout', '--excludeTaskDependencies');
    const { tasks } = JSON.parse(output.slice(output.indexOf('{')));
    return listOf(Object.values(tasks.tasks).map(({ target: { project } }) => project));
  }

  /** Runs all checks; answers the projects whose last result does not hold any more. */
  projectsChecked() {
    const nx = this.#node('node_modules/nx/dist/bin/nx.js', 'node_modules/nx/bin/nx.js');
    const output = nx('run-many', '-t', 'esc-check', '--output-style=static');
    const tasks = [...output.matchAll(/^\S*.*nx run ([\w-]+):esc-check(.*)$/gm)];
    if (tasks.length === 0) throw new Error(`no check has run: ${output}`);
    return listOf(tasks.filter(([, , note]) => !/cache/.test(note)).map(([, project]) => project));
  }

  /** What Nx runs by the arguments that `nx-esc affected` gives it. */
  tasksOfRunMany() {
    const args = this.#node('node_modules/nx-esc/bin/nx-esc.js')(
      'affected',
      '--env=prod',
      '--base=base',
      '--head=HEAD',
      '--format=run-many',
    );
    const nx = this.#node('node_modules/nx/dist/bin/nx.js', 'node_modules/nx/bin/nx.js');
    const output = nx(...args.trim().split(' '), '--graph=stdout');
    return listOf(Object.keys(JSON.parse(output.slice(output.indexOf('{'))).tasks.tasks));
  }

  affectedByValue() {
    const { affected } = JSON.parse(
      this.#node('node_modules/nx-esc/bin/nx-esc.js')('affected', '--base=base', '--head=HEAD', '--format=json'),
    );
    return listOf(affected.map(({ stack }) => stack));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(files) {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      writeFileSync(join(this.folder, file), text);
    }
  }

  #git(...args) {
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], this.folder);
  }

  /** The first of some scripts that is there: Nx 22 keeps its own elsewhere. */
  #node(...scripts) {
    return (...args) => {
      for (const script of scripts) {
        try {
          readFileSync(join(this.folder, script));
        } catch {
          continue;
        }
        const env = this.isIsolated ? {} : { NX_ISOLATE_PLUGINS: 'false' };
        return run(process.execPath, [join(this.folder, script), ...args], this.folder, env);
      }
      throw new Error(`there is none of ${scripts.join(', ')}`);
    };
  }
}

function listOf(names) {
  return names.length === 0 ? 'nothing' : [...new Set(names)].sort().join(', ');
}

function run(command, args, cwd, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      NX_DAEMON: 'false',
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
      NX_CACHE_DIRECTORY: join(cwd, '.cache', 'nx'),
      NX_WORKSPACE_DATA_DIRECTORY: join(cwd, '.cache', 'data'),
      FORCE_COLOR: '0',
      ...env,
    },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}${stdout}`);
  return stdout;
}

main(process.argv.slice(2));
