import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/**
 * Finds or installs the `pulumi` command with a Node.js language host, and prints the folder they are in as the last
 * line. In this order: on the PATH if recent enough, in the cache where the npm package `pulumi` and the Automation API
 * keep it, the official download, a build from the Go modules. What it does is said on standard error.
 */
const VERSION = '3.254.0';
const MINIMUM = [3, 200];
const REACHABLE_WITHIN_MS = 5000;
const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

export async function provision(env = process.env) {
  const onPath = await findOnPath(env);
  if (onPath !== undefined) return onPath;
  const home = env.PULUMI_HOME ?? join(homedir(), '.pulumi');
  const bin = join(home, 'versions', VERSION, 'bin');
  if (await isUsable(bin)) {
    await renewLanguageHost(bin);
    return bin;
  }
  const started = Date.now();
  if (await isReachable('https://get.pulumi.com/releases/sdk/')) {
    say(`downloading pulumi ${VERSION} (about a minute)`);
    await download(home);
  } else {
    say(`the official download cannot be reached: building pulumi ${VERSION} from its Go modules (about five minutes)`);
    await build(bin, env);
  }
  if (!(await isUsable(bin))) throw new Error(`what was installed in ${bin} is not pulumi ${VERSION}`);
  say(`pulumi ${VERSION} is in ${bin} (${Math.round((Date.now() - started) / 1000)} s)`);
  return bin;
}

async function findOnPath(env) {
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    if (!(await isExecutable(join(folder, 'pulumi')))) continue;
    const version = await versionOf(folder);
    if (version === undefined || !isRecent(version)) {
      say(`${join(folder, 'pulumi')} is ${version ?? 'no working pulumi'}: too old, looking further`);
      return undefined;
    }
    return (await isExecutable(join(folder, 'pulumi-language-nodejs'))) ? folder : undefined;
  }
  return undefined;
}

async function isUsable(bin) {
  if (!(await isExecutable(join(bin, 'pulumi'))) || !(await isExecutable(join(bin, 'pulumi-language-nodejs'))))
    return false;
  return (await versionOf(bin)) === VERSION;
}

async function versionOf(folder) {
  try {
    const { stdout } = await run(join(folder, 'pulumi'), ['version'], {
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
    });
    return /^v?(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1];
  } catch {
    return undefined;
  }
}

function isRecent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

async function isExecutable(file) {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isReachable(url) {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(REACHABLE_WITHIN_MS) });
    return true;
  } catch {
    return false;
  }
}

async function download(home) {
  const { PulumiCommand } = await import('@pulumi/pulumi/automation/index.js');
  await PulumiCommand.install({
    version: (await import('semver')).default.parse(VERSION),
    root: join(home, 'versions', VERSION),
  });
}

/** Builds beside the target and moves the finished folder in place: an interrupted build leaves nothing there. */
async function build(bin, env) {
  const version = dirname(bin);
  await mkdir(dirname(version), { recursive: true });
  await removeUnfinished(dirname(version));
  const unfinished = await mkdtemp(join(dirname(version), '.unfinished-'));
  const source = await mkdtemp(join(tmpdir(), 'pulumi-build-'));
  const clean = () => Promise.all([unfinished, source].map((folder) => rm(folder, { recursive: true, force: true })));
  const stop = () => void clean().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await cp(join(here, 'source'), source, { recursive: true });
    await mkdir(join(unfinished, 'bin'));
    await goBuild(source, join(unfinished, 'bin', 'pulumi'), env);
    await installLanguageHost(join(unfinished, 'bin'));
    await rm(version, { recursive: true, force: true });
    await rename(unfinished, version);
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
    await clean();
  }
}

async function removeUnfinished(folder) {
  for (const name of await readdir(folder)) {
    if (name.startsWith('.unfinished-')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function goBuild(cwd, output, env) {
  const variable = 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version';
  const args = ['build', '-trimpath', '-ldflags', `-s -w -X ${variable}=v${VERSION}`, '-o', output];
  await new Promise((resolve, reject) => {
    const child = spawn('go', [...args, 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi'], {
      cwd,
      env: { ...env, GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const heartbeat = setInterval(() => say('still building'), 60_000);
    child.once('error', (error) => reject(new Error(`go is needed to build pulumi: ${error.message}`)));
    child.once('close', (code) => {
      clearInterval(heartbeat);
      if (code === 0) resolve();
      else reject(new Error(`go build ended with exit code ${code}`));
    });
  });
}

/** The Node.js language host is not among the Go modules that can be built: small scripts of ours do its job. */
async function installLanguageHost(bin) {
  const host = join(bin, 'language-host');
  await cp(join(here, 'language-host'), host, { recursive: true });
  for (const name of ['pulumi-language-nodejs', 'pulumi-resource-pulumi-nodejs']) {
    const script = `#!/bin/sh\nexec "${process.execPath}" "$(dirname "$(readlink -f "$0")")/language-host/${name}.cjs" "$@"\n`;
    await writeFile(join(bin, name), script, { mode: 0o755 });
  }
}

/** A build is kept between runs; our scripts beside it are those of this checkout. */
async function renewLanguageHost(bin) {
  const [from, to] = [join(here, 'language-host'), join(bin, 'language-host')];
  for (const name of await readdir(from)) {
    const text = await readFile(join(from, name));
    const kept = await readFile(join(to, name)).catch(() => undefined);
    // The official distribution has a host of its own.
    if (kept === undefined || kept.equals(text)) continue;
    const partial = join(to, `.${name}.${process.pid}`);
    await writeFile(partial, text);
    await rename(partial, join(to, name));
  }
}

function say(text) {
  process.stderr.write(`pulumi: ${text}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await provision());
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
}
