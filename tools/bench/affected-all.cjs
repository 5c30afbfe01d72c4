/**
 * Compares what all stacks of a workspace receive before and after the edit of one file: the long way, with every
 * environment opened at both revisions. Arguments: the file, and what it was before, in base64.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { entriesOf, openEnvironment, plainData, secret, writeJson } = require('../../packages/esc-eval');

const [edited, before] = [process.argv[2], Buffer.from(process.argv[3], 'base64').toString()];
const ANY = { always: true };

function hostOf(read) {
  return {
    loadEnvironment: (name) => {
      const [project, environment] = name.split('/');
      return { source: read(`packages/${project}/esc/${environment}.yaml`) };
    },
    loadProvider: () => ({
      inputs: ANY,
      outputs: ANY,
      open: (inputs) => {
        const { stacks } = JSON.parse(writeJson(plainData(inputs, { reveal: true })));
        return Object.fromEntries(
          Object.entries(stacks).map(([key, { stack }]) => [key, { url: secret(`url of ${stack}`) }]),
        );
      },
    }),
    loadRotator: () => {
      throw new Error('no rotators');
    },
  };
}

async function receivedBy(project, stack, host, read) {
  const source = read(`packages/${project}/esc/${stack}.yaml`);
  const { environment } = await openEnvironment({ name: `${project}/${stack}`, source, host });
  const values = entriesOf(environment.root);
  return ['environmentVariables', 'files', 'pulumiConfig']
    .map((section) => (values.has(section) ? writeJson(plainData(values.get(section), { reveal: true })) : ''))
    .join('\n');
}

async function main() {
  const texts = new Map();
  const now = (file) => {
    const text = texts.get(file) ?? readFileSync(file, 'utf8');
    texts.set(file, text);
    return text;
  };
  const then = (file) => (file === edited ? before : now(file));
  const [older, newer] = [hostOf(then), hostOf(now)];
  const affected = [];
  for (const project of readdirSync('packages')) {
    for (const stack of ['dev', 'staging', 'prod']) {
      const [a, b] = [await receivedBy(project, stack, older, then), await receivedBy(project, stack, newer, now)];
      const config = join('packages', project, `Pulumi.${stack}.yaml`);
      if (a !== b || then(config) !== now(config)) affected.push(`${project}/${stack}`);
    }
  }
  console.log(JSON.stringify(affected));
}

void main();
