import { keyIdOf, packCiphertext, unpackCiphertext } from './secret-ciphertext';

test('a ciphertext names its key and holds an age file', () => {
  const keyId = keyIdOf('age1example');
  const packed = packCiphertext({ keyId, ageFile: Buffer.from('age-encryption.org/v1\n') });
  expect(Buffer.from(packed).toString('latin1')).toMatch(/^nxe\x01[^]{8}age-encryption.org\/v1\n$/);
  expect(unpackCiphertext(packed)).toEqual({ keyId, ageFile: Buffer.from('age-encryption.org/v1\n') });
});

test.each(['', 'nxe\x01', 'nxe\x02123456789', 'something else'])('%j is none of ours', (text) => {
  expect(unpackCiphertext(Buffer.from(text, 'latin1'))).toBeUndefined();
});
