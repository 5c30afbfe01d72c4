import { parseLifetime } from './lifetime';

test.each([
  ['90s', 90],
  ['2h', 7200],
  ['1h30m', 5400],
  ['24h', 86_400],
])('%s', (text, seconds) => {
  expect(parseLifetime(text)).toBe(seconds * 1000);
});

test.each(['', '2', '2d', '0h', '25h', '-1h', '1h ', '1.5h'])('refuses %p', (text) => {
  expect(() => parseLifetime(text)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
});
