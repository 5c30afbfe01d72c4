import { byteLength, compareBytes, decodeUtf8, encodeUtf8, normalizeBytes, sortKeys } from './byte-string';

test.each([[Uint8Array.of(0x61, 0xff, 0xc3)], [Uint8Array.of(0xed, 0xa0, 0x80)], [new TextEncoder().encode('日本🙂')]])(
  'keeps the bytes %p through a string',
  (bytes) => {
    const text = decodeUtf8(bytes);
    expect([...encodeUtf8(text)]).toEqual([...bytes]);
    expect(byteLength(text)).toBe(bytes.length);
  },
);

test('joins bytes that have come to form a character', () => {
  const halves = decodeUtf8(Uint8Array.of(0xc3)) + decodeUtf8(Uint8Array.of(0xa9));
  expect(normalizeBytes(halves)).toBe('é');
});

test('sorts by bytes, not by UTF-16 units', () => {
  expect(sortKeys(['\u{1f642}', '\ue000', 'a'])).toEqual(['a', '\ue000', '\u{1f642}']);
  expect(compareBytes('a', 'ab')).toBeLessThan(0);
});
