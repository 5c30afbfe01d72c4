/**
 * The Pulumi.yaml of a program in TypeScript. It names the file: for a folder Pulumi would take what the nearest
 * package.json calls its `main` or `exports`, which is the app.
 */
export function projectFileText(name: string, main: string): string {
  return `name: ${name}\nruntime: nodejs\nmain: ${main}\n`;
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

/**
 * The tsconfig.json that Pulumi compiles the program beside it with. One that `tsc --build` is to follow must emit
 * declarations, to a folder.
 */
export function tsconfigText(declarations?: string): string {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    skipLibCheck: true,
    ...(declarations === undefined
      ? { noEmit: true }
      : { composite: true, emitDeclarationOnly: true, outDir: declarations }),
    types: ['node'],
  };
  return `${JSON.stringify({ compilerOptions, include: ['**/*.ts'] }, null, 2)}\n`;
}
