import { isAgeKey, isKmsKey, Recipients } from './recipients-file';

const ANNA = 'age1xjchn03ee3myr5xydemujyqfp2x4x9l2vl6j6z9umrawjgtvwsvq6sv05h';
const CI = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
const read = (text: string): Recipients => new Recipients('/w/esc.recipients.yaml', text);

const FILE = `recipients:
  anna: ${ANNA} # since 2026
  ci: ${CI}
groups:
  prod:
    environments: ['*/prod', infra/*]
    recipients: [ci]
`;

test('groups are found by the patterns of their environments, and limit who opens them', () => {
  const recipients = read(FILE);
  expect(['api/prod', 'infra/dev', 'api/dev'].map((name) => recipients.groupOf(name))).toEqual([
    'prod',
    'prod',
    'default',
  ]);
  expect(recipients.recipientsOf('prod').map(({ name }) => name)).toEqual(['ci']);
  expect(recipients.recipientsOf('default').map(({ name }) => name)).toEqual(['anna', 'ci']);
  expect(recipients.nameOf(ANNA)).toBe('anna');
});

test.each([
  [
    'an unknown recipient of a group',
    FILE.replace('[ci]', '[ben]'),
    'group prod names the recipient "ben", who is not listed',
  ],
  ['a private key', 'recipients:\n  anna: AGE-SECRET-KEY-1QQQ\n', 'the key of recipient "anna" is neither'],
  ['what is no map', '- a\n', 'the file holds no map'],
  ['broken YAML', 'recipients: {\n', ''],
  ['a damaged key', 'keys:\n  default:\n    - public: x\n', 'a key of group "default" is damaged'],
])('refuses %s', (_name, text, message) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ code: 'recipients-invalid', message: expect.stringContaining(message) as string }),
  );
});

test('no message quotes a key', () => {
  expect(() => read('recipients:\n  anna: AGE-SECRET-KEY-1QQQ\n')).toThrow(/^(?!.*QQQ)/);
});

test('tells keys by their form', () => {
  expect([ANNA, CI, 'age1', 'arn:aws:iam::123456789012:user/x'].map((key) => [isAgeKey(key), isKmsKey(key)])).toEqual([
    [true, false],
    [false, true],
    [false, false],
    [false, false],
  ]);
});
