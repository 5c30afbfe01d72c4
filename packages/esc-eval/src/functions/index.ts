import { concat, fromJson, toJson, toText, toYaml } from './data-functions';
import { final, validate } from './final-validate';
import type { BuiltinFunction } from './function';
import { open, openShort } from './open';
import { rotate, rotateShort } from './rotate';
import { secret } from './secret';
import { fromBase64, join, split, toBase64 } from './text-functions';

/** The builtin functions of the language; `fn::open::NAME` and `fn::rotate::NAME` stand for any name. */
const FUNCTIONS: Readonly<Record<string, BuiltinFunction>> = {
  'fn::concat': concat,
  'fn::final': final,
  'fn::fromBase64': fromBase64,
  'fn::fromJSON': fromJson,
  'fn::join': join,
  'fn::open': open,
  'fn::rotate': rotate,
  'fn::secret': secret,
  'fn::split': split,
  'fn::toBase64': toBase64,
  'fn::toJSON': toJson,
  'fn::toString': toText,
  'fn::toYAML': toYaml,
  'fn::validate': validate,
};

/** Finds the function that a call names; the parser makes calls of known names only. */
export function functionNamed(name: string): BuiltinFunction {
  const builtin = FUNCTIONS[name];
  if (builtin !== undefined) return builtin;
  return name.startsWith('fn::open::') ? openShort : rotateShort;
}
