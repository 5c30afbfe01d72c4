import { randomInt } from 'node:crypto';
import { entriesOf, EscNumber, type ExportedValue, ProviderFault } from 'esc-eval';
import { createTextRotator } from '../rotation-state';

const LENGTH = { default: 16, minimum: 8, maximum: 100 };
const CLASSES = [
  { name: 'lower', minimum: 'minLower', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { name: 'upper', minimum: 'minUpper', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { name: 'numeric', minimum: 'minNumeric', characters: '0123456789' },
  { name: 'special', minimum: 'minSpecial', characters: '!@#$%&*()-_=+[]{}<>:?' },
] as const;

const COUNT = { type: 'number', minimum: 0 };

/** `fn::rotate::password`: random passwords; the previous one stays known until the next rotation. */
export const passwordRotator = createTextRotator(
  {
    type: 'object',
    properties: {
      length: { type: 'number', minimum: LENGTH.minimum, maximum: LENGTH.maximum },
      ...Object.fromEntries(
        CLASSES.flatMap(({ name, minimum }) => [
          [name, { type: 'boolean' }],
          [minimum, COUNT],
        ]),
      ),
      overrideSpecial: { type: 'string' },
    },
  },
  generatePassword,
);

/** Draws every character by itself, and shuffles: no place of a password says of which class its character is. */
function generatePassword(inputs: ExportedValue): string {
  const given = entriesOf(inputs);
  const number = (name: string, absent: number): number => {
    const value = given.get(name)?.value;
    return value instanceof EscNumber ? Number(value.text) : absent;
  };
  const length = number('length', LENGTH.default);
  const override = given.get('overrideSpecial')?.value;
  const classes = CLASSES.filter(({ name }) => given.get(name)?.value !== false).map(
    ({ name, minimum, characters }) => ({
      characters: [...(name === 'special' && typeof override === 'string' && override !== '' ? override : characters)],
      minimum: number(minimum, 0),
    }),
  );
  const alphabet = classes.flatMap(({ characters }) => characters);
  const required = classes.flatMap(({ characters, minimum }) => draw(characters, minimum));
  if (![length, ...classes.map(({ minimum }) => minimum)].every(Number.isInteger))
    throw new ProviderFault('lengths and minimums must be whole numbers');
  if (alphabet.length === 0) throw new ProviderFault('a password needs at least one class of characters');
  if (required.length > length)
    throw new ProviderFault(`the minimums add up to ${required.length}, which is more than the length of ${length}`);
  return shuffle([...required, ...draw(alphabet, length - required.length)]).join('');
}

function draw(characters: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] as string);
}

/** Fisher and Yates. */
function shuffle(items: string[]): string[] {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [items[index], items[other]] = [items[other] as string, items[index] as string];
  }
  return items;
}
