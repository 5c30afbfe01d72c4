import { PassphraseCrypter, PassphraseError } from './passphrase-crypter';

/** Made by `pulumi stack init` of pulumi 3.254.0 with the passphrase `x`. */
const SALT = 'v1:rLCEgAL+CUk=:v1:NbomLIFm+nyQ0c3k:gag6v5nCCAmXGH3Ox1FGg3YfWSQ36Q==';

test('recognises the passphrase of a stack that pulumi made', async () => {
  const crypter = await PassphraseCrypter.create('x', SALT);
  expect(crypter.decrypt(crypter.encrypt('sécret'))).toBe('sécret');
  expect(crypter.encrypt('a')).not.toBe(crypter.encrypt('a'));
});

test('refuses another passphrase', async () => {
  await expect(PassphraseCrypter.create('y', SALT)).rejects.toThrow(PassphraseError);
});
