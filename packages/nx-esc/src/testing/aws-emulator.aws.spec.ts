import { AwsEmulator, trustPolicy } from './aws-emulator';

jest.setTimeout(60_000);

const SUBJECT = 'repo:acme/shop:environment:staging';

describe('the STS of the emulator', () => {
  let emulator: AwsEmulator;
  beforeAll(async () => (emulator = await AwsEmulator.start()));
  afterAll(() => emulator.stop());

  const forged =
    'eyJhbGciOiJSUzI1NiIsImtpZCI6ImVtdWxhdG9yIn0.eyJpc3MiOiJodHRwczovL3Rva2VuLmFjdGlvbnMuZ2l0aHVidXNlcmNvbnRlbnQuY29tIiwiYXVkIjoic3RzLmFtYXpvbmF3cy5jb20iLCJzdWIiOiJyZXBvOmFjbWUvc2hvcDplbnZpcm9ubWVudDpzdGFnaW5nIn0.AAAA';

  test.each<[string, { subject?: string; audience?: string; token?: string; name?: string }, RegExp]>([
    ['lets in whom the role trusts', {}, /<AccessKeyId>/],
    ['refuses another subject', { subject: 'repo:acme/shop:pull_request' }, /AccessDenied/],
    ['refuses another audience', { audience: 'other' }, /Incorrect token audience/],
    ['refuses a forged signature', { token: forged }, /InvalidIdentityToken/],
    ['refuses the name of a session', { name: 'repo:acme/shop' }, /ValidationError/],
    ['refuses a name that is too long', { name: 'x'.repeat(65) }, /ValidationError/],
  ])('%s', async (_name, { subject = SUBJECT, audience = 'sts.amazonaws.com', token, name = 'job' }, answer) => {
    const world = await emulator.createWorld({
      subject: SUBJECT,
      audiences: ['sts.amazonaws.com'],
      roles: { 'api-deploy': { trust: trustPolicy(SUBJECT) } },
    });
    const body = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::123456789012:role/api-deploy',
      RoleSessionName: name,
      WebIdentityToken: token ?? (await emulator.issueToken({ subject, audience })),
    });
    const response = await fetch(world.url, { method: 'POST', body });
    expect(await response.text()).toMatch(answer);
  });
});
