/** A workspace with every way in which one deployment can rest on a file of another project. */
export const FILES = {
  'nx.json': JSON.stringify({ analytics: false, defaultBase: 'main', plugins: ['nx-esc'] }, null, 2),
  'package.json': JSON.stringify({ name: 'workspace', private: true, workspaces: ['infra', 'api', 'web', 'tool'] }),
  // Nx knows the packages that inputs name from the lockfile.
  'package-lock.json': JSON.stringify({
    name: 'workspace',
    lockfileVersion: 3,
    packages: {
      '': { name: 'workspace', devDependencies: { 'nx-esc': '1.0.0' } },
      'node_modules/nx-esc': { version: '1.0.0', dev: true },
    },
  }),
  '.gitignore': 'node_modules\n.nx\n.cache\n',
  'README.md': 'A workspace.\n',
  'default/esc/defaults.yaml': 'values: { region: eu-west-1 }\n',
  'shared/esc/tls.yaml': 'values: { port: 443, ciphers: modern }\n',
  'parts/network.ts': "export const cidr = '10.0.0.0/16';\n",
  ...stack('infra', {
    'index.ts':
      "import { cidr } from '../parts/network';\nimport { size } from './size';\nexport const url = `${cidr}${size}`;\n",
    'size.ts': 'export const size = 1;\n',
    'Pulumi.staging.yaml': 'config: { infra:zone: a }\n',
    'Pulumi.prod.yaml': 'config: { infra:zone: b }\n',
  }),
  ...stack('api', {
    'index.ts': 'export const url = 1;\n',
    'Pulumi.staging.yaml': 'environment: [api/staging]\n',
    'Pulumi.prod.yaml': 'environment: [api/prod]\n',
    'esc/base.yaml':
      'imports: [default/defaults]\nvalues:\n  port: 8080\n  unused: 1\n  environmentVariables: { PORT: "${port}", REGION: "${region}" }\n',
    'esc/staging.yaml': `imports: [api/base]\nvalues:\n  stage: staging\n${opens('infra/staging')}`,
    'esc/prod.yaml': `imports: [api/base, shared/tls]\nvalues:\n  stage: prod\n${opens('infra/prod')}    TLS: "\${port}"\n`,
  }),
  ...stack('web', {
    'index.ts':
      "import { getStack, StackReference } from '@pulumi/pulumi';\nexport const api = new StackReference(`organization/api/${getStack()}`);\n",
    'Pulumi.staging.yaml': 'config: { web:title: Web }\n',
    'Pulumi.prod.yaml': 'config: { web:title: Web }\n',
  }),
  ...stack('tool', {
    'index.ts': 'export const tool = 1;\n',
    'Pulumi.prod.yaml': '',
    'esc/prod.yaml': 'values: { environmentVariables: { STAGE: prod } }\n',
    'esc/spare.yaml': 'values: { a: 1 }\n',
  }),
};

function stack(name, files) {
  const manifests = {
    'package.json': JSON.stringify({ name }),
    'Pulumi.yaml': `name: ${name}\nruntime: nodejs\nmain: index.ts\n`,
  };
  return Object.fromEntries(
    Object.entries({ ...manifests, ...files }).map(([file, text]) => [`${name}/${file}`, text]),
  );
}

function opens(stackName) {
  return `  infra:\n    fn::open::pulumi-stacks:\n      stacks:\n        it: { stack: ${stackName} }\n  environmentVariables:\n    URL: "\${infra.it.url}"\n`;
}

/** The changes of the table in docs/affected.md, by what it calls them; null deletes a file. */
export const CHANGES = {
  'a comment in `api/esc/prod.yaml`': { 'api/esc/prod.yaml': (text) => `${text}# why\n` },
  'a value in `api/esc/base.yaml`': { 'api/esc/base.yaml': (text) => text.replace('8080', '8081') },
  'a key in `api/esc/base.yaml` that nothing uses': {
    'api/esc/base.yaml': (text) => text.replace('unused: 1', 'unused: 2'),
  },
  'a value in `api/esc/prod.yaml`': {
    'api/esc/prod.yaml': (text) => text.replace('    TLS', '    MORE: "1"\n    TLS'),
  },
  'a value in `shared/esc/tls.yaml`, which `api/prod` imports': {
    'shared/esc/tls.yaml': (text) => text.replace('443', '8443'),
  },
  'a value in `default/esc/defaults.yaml`, which `api/base` imports': {
    'default/esc/defaults.yaml': (text) => text.replace('eu-west-1', 'eu-west-2'),
  },
  '`infra/Pulumi.staging.yaml`': { 'infra/Pulumi.staging.yaml': (text) => text.replace('zone: a', 'zone: c') },
  'a program file of `infra`': { 'infra/size.ts': (text) => text.replace('1', '2') },
  'a file outside of `infra` that its program imports': {
    'parts/network.ts': (text) => text.replace('10.0', '10.1'),
  },
  'the program of `web`, which reads the stacks of `api`': { 'web/index.ts': (text) => `${text}// more\n` },
  'the `README.md` of the workspace': { 'README.md': (text) => `${text}More.\n` },
  'the `README.md` of `api`': { 'api/README.md': () => 'Text.\n' },
  'a new environment of `tool`': { 'tool/esc/dev.yaml': () => 'values: {}\n' },
  'a deleted environment of `tool`': { 'tool/esc/spare.yaml': null },
  '`nx.json`': { 'nx.json': (text) => text.replace('{', '{ "parallel": 2,') },
};
