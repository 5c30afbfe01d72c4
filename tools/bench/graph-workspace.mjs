import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const ENVIRONMENTS = ['base', 'dev', 'staging', 'prod'];
const STACKS = ['dev', 'staging', 'prod'];

/**
 * Writes a workspace of `count` projects with four environments each, which import one another and read the stacks of
 * others, and with programs that hold stack references: what the projects of one team of ten have with their own, and
 * with the first project of the team before. `extras` adds files to every project.
 */
export function writeGraphWorkspace(folder, count, { nodeModules, extras = () => ({}) }) {
  rmSync(folder, { recursive: true, force: true });
  write(folder, 'package.json', JSON.stringify({ name: 'workspace', private: true, workspaces: ['packages/*'] }));
  write(folder, '.gitignore', 'node_modules\n.nx\n.cache\n');
  write(folder, 'package-lock.json', JSON.stringify({ name: 'workspace', lockfileVersion: 3, packages: {} }));
  symlinkSync(nodeModules, join(folder, 'node_modules'));
  for (let index = 0; index < count; index += 1) {
    const name = nameOf(index);
    const files = { ...projectFiles(index), ...extras(index, name) };
    for (const [file, text] of Object.entries(files)) write(folder, `packages/${name}/${file}`, text);
  }
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    ['-c', 'user.name=b', '-c', 'user.email=b@b', 'commit', '-qm', 'b'],
  ]) {
    spawnSync('git', args, { cwd: folder });
  }
}

export function nameOf(index) {
  return `p${String(index).padStart(4, '0')}`;
}

function projectFiles(index) {
  const name = nameOf(index);
  const upstream = index === 0 ? undefined : nameOf(index - (index % 10 === 0 ? 10 : 1));
  const files = {
    'package.json': JSON.stringify({ name }),
    'Pulumi.yaml': `name: ${name}\nruntime: nodejs\nmain: index.ts\n`,
    'index.ts': program(name, upstream),
    'src/service.ts': `export const service = '${name}';\n`.repeat(20),
    'src/queue.ts': `export const queue = '${name}';\n`.repeat(20),
    'esc/base.yaml': `values:\n  name: ${name}\n  port: ${8000 + index}\n  region: eu-west-1\n  domain: example.com\n`,
  };
  for (const stack of STACKS) {
    files[`Pulumi.${stack}.yaml`] = `environment:\n  - ${name}/${stack}\nconfig:\n  ${name}:size: small\n`;
    files[`esc/${stack}.yaml`] = environment(name, stack, upstream);
  }
  return files;
}

function program(name, upstream) {
  const reference =
    upstream === undefined
      ? ''
      : `const upstream = new pulumi.StackReference(\`organization/${upstream}/\${pulumi.getStack()}\`);\nexport const above = upstream.getOutput('url');\n`;
  return `import * as pulumi from '@pulumi/pulumi';\n\n${reference}export const url = 'https://${name}.example.com';\n`;
}

function environment(name, stack, upstream) {
  const imports = [`${name}/base`, ...(upstream === undefined ? [] : [`${upstream}/base`])];
  const stacks = upstream === undefined ? '' : `      stacks:\n        above: { stack: ${upstream}/${stack} }\n`;
  return [
    `imports:\n${imports.map((each) => `  - ${each}\n`).join('')}values:\n`,
    stacks === '' ? '' : `  infra:\n    fn::open::pulumi-stacks:\n${stacks}`,
    `  stage: ${stack}\n  url: https://${stack}.\${domain}\n  database:\n    host: db.\${stage}.\${domain}\n    port: 5432\n`,
    '  environmentVariables:\n    STAGE: ${stage}\n    URL: ${url}\n    DATABASE_HOST: ${database.host}\n',
    upstream === undefined ? '' : '    ABOVE: ${infra.above.url}\n',
    `  pulumiConfig:\n    ${name}:region: \${region}\n`,
  ].join('');
}

function write(folder, file, text) {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
