import { createServer } from 'node:http';
import { Emulator } from './emulator.mjs';
import { seed } from './seed.mjs';

/**
 * Runs the emulator for tests in other processes. Prints one line of JSON with the URL of its control:
 *   POST /worlds          a world             → {id, url, env, certificate}
 *   GET  /worlds/<id>     the calls that a world saw
 *   POST /tokens          {subject, audience} → {token}
 *   POST /seed            secrets and parameters
 * Ends when its standard input does.
 */
const emulator = await Emulator.start();
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const control = createServer((request, response) => {
  void answer(request).then(
    (value) => send(response, 200, value),
    (error) => send(response, 500, { error: String(error?.stack ?? error) }),
  );
});

async function answer(request) {
  const [, kind, id] = request.url.split('/');
  if (request.method === 'GET') return { calls: emulator.gateways[Number(id)].calls };
  const input = await readJson(request);
  switch (kind) {
    case 'worlds': {
      const { url, env } = await emulator.createWorld(input);
      return { id: emulator.gateways.length - 1, url, env, certificate: emulator.certificate };
    }
    case 'tokens':
      return { token: await emulator.issuer.issue(input) };
    case 'seed': {
      const binaries = Object.entries(input.binaries ?? {}).map(([name, text]) => [name, Buffer.from(text, 'base64')]);
      await seed(emulator.moto.url, { ...input, secrets: { ...input.secrets, ...Object.fromEntries(binaries) } });
      return {};
    }
    default:
      throw new Error(`nothing at ${request.url}`);
  }
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text || '{}');
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function stop() {
  emulator.stop();
  control.close();
  control.closeAllConnections();
}

process.stdin.resume();
process.stdin.once('end', stop);
process.once('SIGTERM', stop);
control.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ control: `http://127.0.0.1:${control.address().port}`, moto: emulator.moto.url }));
});
