import { startTestService } from '../testing/test-service';

jest.setTimeout(120_000);

const ENVIRONMENTS = '/api/esc/environments/acme';
const OPENS = 5000;
const AT_A_TIME = 64;

test(`${OPENS} opens, ${AT_A_TIME} at a time: each is answered, with its own values`, async () => {
  const service = await startTestService();
  try {
    const put = async (name: string, text: string): Promise<void> => {
      await service.fetch(ENVIRONMENTS, { method: 'POST', body: JSON.stringify({ project: 'api', name }) });
      const { status } = await service.fetch(`${ENVIRONMENTS}/api/${name}`, { method: 'PATCH', body: text });
      expect(status).toBe(200);
    };
    await put('base', 'values:\n  region: eu-west-1\n  token: {fn::secret: correct-horse-battery}\n');
    for (let index = 0; index < 10; index += 1) {
      await put(
        `e${index}`,
        `imports: [api/base]
values:
  index: ${index}
  opened: {fn::open::test: {answer: "\${token}/${index}"}}
  environmentVariables: {ANSWER: "\${opened.answer}"}
`,
      );
    }
    let next = 0;
    const client = async (): Promise<void> => {
      while (next < OPENS) {
        const index = next++ % 10;
        const path = `${ENVIRONMENTS}/api/e${index}/open`;
        const opened = await service.fetch(path, { method: 'POST' });
        const { id } = (await opened.json()) as { id: string };
        const read = await service.fetch(`${path}/${id}?property=environmentVariables.ANSWER`);
        expect([opened.status, read.status]).toEqual([200, 200]);
        expect(await read.json()).toMatchObject({ value: `correct-horse-battery/${index}`, secret: true });
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, client));
    expect(service.answered.filter(({ route }) => route?.endsWith('/open'))).toHaveLength(OPENS);
    expect(service.faults).toEqual([]);
  } finally {
    await service.close();
  }
});
