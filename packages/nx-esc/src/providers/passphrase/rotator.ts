import { randomInt } from 'node:crypto';
import { entriesOf, EscNumber, type ExportedValue, ProviderFault } from 'esc-eval';
import { createTextRotator } from '../rotation-state';

const LENGTH = { default: 5, minimum: 3, maximum: 15 };

/** `fn::rotate::passphrase`: words of the English list of BIP 39, 11 bits each. */
export const passphraseRotator = createTextRotator(
  {
    type: 'object',
    properties: {
      length: { type: 'number', minimum: LENGTH.minimum, maximum: LENGTH.maximum },
      separator: { type: 'string' },
      capitalize: { type: 'boolean' },
    },
  },
  generatePassphrase,
);

async function generatePassphrase(inputs: ExportedValue): Promise<string> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  const given = entriesOf(inputs);
  const length = given.get('length')?.value;
  const separator = given.get('separator')?.value;
  const count = length instanceof EscNumber ? Number(length.text) : LENGTH.default;
  if (!Number.isInteger(count)) throw new ProviderFault('the length must be a whole number');
  const capitalizes = given.get('capitalize')?.value === true;
  const words = Array.from({ length: count }, () => {
    const word = wordlist[randomInt(wordlist.length)] as string;
    return capitalizes ? word.charAt(0).toUpperCase() + word.slice(1) : word;
  });
  return words.join(typeof separator === 'string' ? separator : '-');
}
