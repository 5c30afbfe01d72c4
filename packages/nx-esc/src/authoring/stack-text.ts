/** The Pulumi.yaml of a project whose program is in TypeScript, in a folder of its own or beside the file. */
export function projectFileText(name: string, directory: string | undefined): string {
  const main = directory === undefined ? '' : `main: ${directory}/\n`;
  return `name: ${name}\nruntime: nodejs\n${main}`;
}

/** The file of a stack; with an environment, it names that. */
export function stackFileText(environment: string | undefined): string {
  if (environment === undefined) return '# The configuration of the stack.\n';
  return `# Variables, files and configuration come from this environment.
environment:
  - ${environment}
`;
}

/** A program that does nothing yet but say what it is. */
export function programText(name: string): string {
  return `import { getStack } from '@pulumi/pulumi';

// Resources go here. What is exported is an output of the stack: environments can read it with fn::open::pulumi-stacks.
export const service_name = \`${name}-\${getStack()}\`;
`;
}

/** Pulumi compiles the program with the tsconfig.json beside it. */
export const TSCONFIG_TEXT = `{
  "compilerOptions": {
    "target": "es2022",
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "strict": true,
    "skipLibCheck": true,
    "noEmit": true,
    "types": ["node"]
  },
  "include": ["**/*.ts"]
}
`;
