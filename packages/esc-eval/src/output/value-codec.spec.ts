import { checkEnvironment } from '../environment';
import { createTestHost } from '../testing';
import { renderValue } from './render';
import { decodeValue, encodeValue } from './value-codec';

test('restores values, flags and texts that are no UTF-8', async () => {
  const source = `values:
  number: 1.50
  big: 123456789012345678901234567890
  nothing: null
  list: [true, { fn::secret: hunter2 }, { __proto__: x }]
  bytes: { fn::fromBase64: /v8= }
  opened: { fn::open::test: {} }
`;
  const { environment } = await checkEnvironment({ name: 'test', source, host: createTestHost({ environments: {} }) });
  const { root } = environment!;
  const restored = decodeValue(encodeValue(root));
  for (const reveal of [true, false]) {
    expect(renderValue(restored, 'json', { reveal })).toBe(renderValue(root, 'json', { reveal }));
  }
  expect((restored.value as ReadonlyMap<string, unknown>).get('bytes')).toMatchObject({
    value: (root.value as ReadonlyMap<string, { value: unknown }>).get('bytes')?.value,
  });
});
