import { escapeControls } from './escape-controls';

test.each([
  ['\x1b[2Jgone\x07', '\\x1b[2Jgone\\x07'],
  ['a\rb\x7f', 'a\\x0db\\x7f'],
  ['\x9b31m', '\\x9b31m'],
  ['user\u202enimda', 'user\\u202enimda'],
  ['tab\tand\nline, é漢🙂', 'tab\tand\nline, é漢🙂'],
])('writes %p out', (text, expected) => {
  expect(escapeControls(text)).toBe(expected);
});
