import { EnvelopeError, openEnvelope, sealEnvelope } from './envelope';

describe('the envelope of a ciphertext', () => {
  test.each([0, 1, 4, 5, 1000])('gives back %i bytes', (length) => {
    const ciphertext = Uint8Array.from({ length }, (_, index) => index % 251);
    const sealed = sealEnvelope(ciphertext);
    if (length < 4) expect(() => openEnvelope(sealed)).toThrow(new EnvelopeError('EOF'));
    else expect(Uint8Array.from(openEnvelope(sealed))).toEqual(ciphertext);
  });

  test('has the bytes that the reference writes', () => {
    const published = 'ZXNjeAAAAAHo9e705fKyKo30VQ==';
    expect(sealEnvelope(openEnvelope(published))).toBe(published);
  });

  test.each([
    ['a changed byte', 'ZXNjeAAAAAHo9e705fKyKo30VA==', 'invalid checksum'],
    ['another magic', 'ZXNjeQAAAAHo9e705fKyKo30VQ==', 'invalid header'],
    ['too few bytes', 'ZXNjeAAAAAE=', 'EOF'],
  ])('refuses %s', (_name, text, message) => {
    expect(() => openEnvelope(text)).toThrow(new EnvelopeError(message));
  });
});
