import type { NormalizedOptions } from '../../workspace/plugin-options';
import { environmentTargetNames } from './targets';

/** A name of an environment or stack in a command line. */
export interface NamedInCommand {
  readonly name: string;
  readonly kind: 'environment' | 'reference' | 'stack';
  /** Where the name begins in the text. */
  readonly at: number;
  /** The project that the command is for, where it is for one. */
  readonly project?: string;
}

interface Word {
  readonly text: string;
  readonly at: number;
}

const SEPARATORS = /(?:&&|\|\||[;|\n])/;
const UNQUALIFIED_FLAGS = ['--env', '-e', '-c', '--configuration'];

/** Finds what the commands in a text name: those of nx, of nx-esc and of pulumi. */
export function namesInCommands(text: string, options: NormalizedOptions): NamedInCommand[] {
  return commandsIn(text)
    .flatMap((words) => {
      const start = words.findIndex(({ text: word }) => /(?:^|\/)(?:nx|nx-esc|pulumi)$/.test(word));
      if (start < 0) return [];
      const rest = words.slice(start + 1);
      const program = (words[start] as Word).text.replace(/^.*\//, '');
      if (program === 'nx') return namesForNx(rest, options);
      return program === 'pulumi' ? namesForPulumi(rest) : namesForNxEsc(rest);
    })
    .filter(({ name }) => /^[\w./@-]+$/.test(name));
}

/** Tells whether a text runs a deployment. */
export function deploysIn(text: string, { deployTargetName, destroyTargetName }: NormalizedOptions): boolean {
  return commandsIn(text).some((words) => {
    const texts = words.map(({ text: word }) => word);
    const start = texts.findIndex((word) => /(?:^|\/)(?:nx|nx-esc|pulumi)$/.test(word));
    if (start < 0) return false;
    const rest = texts.slice(start + 1);
    if ((texts[start] as string).endsWith('pulumi')) return rest.some((word) => /^(?:up|update|destroy)$/.test(word));
    return rest.some((word) =>
      word.split(/[:,=]/).some((part) => part === deployTargetName || part === destroyTargetName),
    );
  });
}

function commandsIn(text: string): Word[][] {
  const commands: Word[][] = [];
  let at = 0;
  for (const command of text
    .replace(/\\\r?\n/g, (match) => ' '.repeat(match.length))
    .split(new RegExp(`(${SEPARATORS.source})`))) {
    commands.push([...command.matchAll(/[^\s"']+/g)].map(({ 0: word, index }) => ({ text: word, at: at + index })));
    at += command.length;
  }
  return commands;
}

function namesForNx(words: readonly Word[], options: NormalizedOptions): NamedInCommand[] {
  const ours = environmentTargetNames(options);
  const found: NamedInCommand[] = [];
  let project: string | undefined;
  let isOurs = false;
  for (const [index, { text, at }] of words.entries()) {
    const [owner, target, configuration] = text.split(':');
    if (owner !== undefined && target !== undefined && ours.includes(target)) {
      isOurs = true;
      project = owner;
      if (configuration !== undefined) {
        found.push({ name: configuration, kind: 'environment', at: at + owner.length + target.length + 2, project });
      }
    } else if (text.split(/[,=]/).some((part) => ours.includes(part))) {
      isOurs = true;
      const next = words[index + 1]?.text;
      if (index === 0 && next !== undefined && !next.startsWith('-')) project = next;
    }
  }
  if (!isOurs) return [];
  const flags = flagValues(words, UNQUALIFIED_FLAGS).map(({ text, at }): NamedInCommand => ({
    name: text,
    kind: 'environment',
    at,
    ...(project !== undefined && { project }),
  }));
  return [...found, ...flags];
}

function namesForNxEsc([command, ...words]: readonly Word[]): NamedInCommand[] {
  const [first] = words.filter(({ text }) => !text.startsWith('-'));
  const names: NamedInCommand[] = flagValues(words, ['--env']).map(({ text, at }) => ({
    name: text,
    kind: 'environment',
    at,
  }));
  if (first !== undefined && ['open', 'run'].includes(command?.text ?? ''))
    names.push({ name: first.text, kind: 'reference', at: first.at });
  return names;
}

function namesForPulumi(words: readonly Word[]): NamedInCommand[] {
  return flagValues(words, ['--stack', '-s']).map(({ text, at }) => ({ name: text, kind: 'stack', at }));
}

function flagValues(words: readonly Word[], flags: readonly string[]): Word[] {
  return words.flatMap(({ text, at }, index): Word[] => {
    if (flags.includes(text)) {
      const next = words[index + 1];
      return next === undefined || next.text.startsWith('-') ? [] : [next];
    }
    const flag = flags.find((each) => text.startsWith(`${each}=`));
    return flag === undefined ? [] : [{ text: text.slice(flag.length + 1), at: at + flag.length + 1 }];
  });
}
