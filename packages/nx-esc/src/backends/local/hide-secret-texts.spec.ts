import { hideSecretTexts } from './hide-secret-texts';

test.each([
  ['a: { fn::secret: hunter2 }', 'a: { fn::secret: [secret]'],
  ['a:\n  fn::secret: hunter2\n  b: 1', 'a:\n  fn::secret: [secret]\n  b: 1'],
  [
    'a:\n  "fn::secret": |\n    one\n\n    two\nb: 1',
    'a:\n  "fn::secret": [secret]\n    [secret]\n\n    [secret]\nb: 1',
  ],
  ['a:\n  fn::secret:\n    ciphertext: x\nb: 1', 'a:\n  fn::secret:\n    [secret]\nb: 1'],
  ['a:\n  fn::secret: |\n-----BEGIN KEY-----\nMIIabc=\nb: 1', 'a:\n  fn::secret: [secret]\n[secret]\n[secret]\nb: 1'],
  ['a: 1\nb: ${c}', 'a: 1\nb: ${c}'],
])('hides the plain text of %p', (source, shown) => {
  expect(hideSecretTexts(source)).toBe(shown);
});
